"""A ledger with the settings of onrecord.toml behind nginx and behind Caddy: pages, the API, refusals and the stream come
through as the ledger gives them, and each client has the rates of its own network, whatever it says of itself."""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time

RECIPES = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "recipes")
BINARY = os.path.abspath("target/debug/onrecord")
NAME = "ledger.example.org"
BURST = 60


def recipe(name, *replacements):
    """The text of a recipe with other ports and paths; each must be in it."""
    with open(os.path.join(RECIPES, name)) as file:
        text = file.read()
    for old, new in replacements:
        assert old in text, f"{name} has no {old}"
        text = text.replace(old, new)
    return text


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def wait_for(port, process):
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit(f"{process.args} ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{process.args} does not listen")


class Tls(http.client.HTTPSConnection):
    """A connection to a proxy by the ledger's name, from an address of this machine."""

    def __init__(self, port, trusted, source):
        super().__init__(NAME, port, timeout=10)
        self.trusted, self.source = trusted, source

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), 10, (self.source, 0))
        self.sock = self.trusted.wrap_socket(plain, server_hostname=NAME)


def ask(port, trusted, path, source, body=None, headers={}):
    connection = Tls(port, trusted, source)
    connection.request("POST" if body else "GET", path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


def check_answers(port, trusted, network):
    source = f"{network}.1"
    status, headers, page = ask(port, trusted, "/", source)
    assert status == 200 and b"<html" in page and "content-security-policy" in headers, headers
    status, headers, _ = ask(port, trusted, "/api/v1/statements", source, "garbage")
    assert status == 400 and headers["content-type"] == "application/problem+json", (status, headers)
    status, headers, _ = ask(port, trusted, "/api/v1/statements", source, "x" * (161 * 1024))
    assert status == 413, status


def check_rates(port, trusted, network):
    """One client uses up its share; another has its own, and what a client says of itself changes nothing."""
    one, other = f"{network}.2", f"{network}.3"
    statuses = [ask(port, trusted, "/checkpoint", one)[0] for _ in range(BURST * 3)]
    # A share grows by one a second while it is used up.
    assert statuses[0] == 200 and statuses.count(429) > BURST, statuses
    says = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(20)]
    statuses = [ask(port, trusted, "/checkpoint", one, headers=headers)[0] for headers in says]
    assert 429 in statuses, "a client is believed what it says of itself"
    assert ask(port, trusted, "/checkpoint", other)[0] == 200, "all clients share one share"


def check_stream(port, trusted, network, publish):
    """An entry reaches who follows through the proxy while the stream goes on: a proxy that held it back would be found
    out when nothing has come for ten seconds."""
    connection = Tls(port, trusted, f"{network}.4")
    connection.request("GET", "/api/v1/stream")
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    index = publish()
    while True:
        line = answer.readline().decode()
        assert line, "the stream ended"
        if line.startswith("data: ") and json.loads(line[6:]).get("index") == index:
            break
    connection.close()


def publisher(folder, ledger):
    """Signs and publishes an example each time; gives the index."""
    environment = dict(os.environ, ONRECORD_HOME=os.path.join(folder, "home"), ONRECORD_KEY_PASSPHRASE="correct horse")

    def run(*arguments):
        done = subprocess.run([BINARY, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def publish():
        write(folder, "agreement.toml", re.sub(r"[a-z]+\.example", "example.com", run("sign", "--example", "agreement")))
        for name in ("agreement.signed.json", "agreement.key"):
            if os.path.exists(os.path.join(folder, name)):
                os.remove(os.path.join(folder, name))
        run("sign", "agreement", "agreement.toml", "--to", ledger)
        return json.loads(run("publish", "agreement.signed.json", "--to", ledger, "--json"))["index"]

    return publish


def main():
    with tempfile.TemporaryDirectory() as folder:
        ports = {name: free_port() for name in ("ledger", "nginx", "plain", "caddy")}
        key, certificate = (os.path.join(folder, name) for name in ("key.pem", "certificate.pem"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-keyout", key, "-out", certificate, "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"],
            check=True, capture_output=True)
        trusted = ssl.create_default_context(cafile=certificate)
        settings = recipe("onrecord.toml", ("/var/lib/onrecord", os.path.join(folder, "data")),
                          (":8080", f":{ports['ledger']}"))
        settings += f"network_rate = 1\nnetwork_burst = {BURST}\nkey_burst = 60\n"
        nginx = recipe("nginx.conf", ("listen 80;", f"listen {ports['plain']};"),
                       ("listen 443 ssl;", f"listen {ports['nginx']} ssl;"), (":8080", f":{ports['ledger']}"),
                       ("/etc/ssl/onrecord/fullchain.pem", certificate), ("/etc/ssl/onrecord/privkey.pem", key))
        around = (f"daemon off; user root; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}} http {{ access_log off; "
                  + "".join(f"{kind}_temp_path {folder}/{kind}; "
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")))
        # Caddy asks nobody for a certificate here; everything else is as in the recipe.
        caddy = recipe("Caddyfile", (f"{NAME} {{", f"{NAME}:{ports['caddy']} {{\n\ttls {certificate} {key}"),
                       (":8080", f":{ports['ledger']}"))
        caddy = f"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{caddy}"
        home = dict(os.environ, HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder)
        commands = {
            "ledger": [BINARY, "serve", "--config", write(folder, "onrecord.toml", settings)],
            "nginx": ["/usr/sbin/nginx", "-e", f"{folder}/nginx.log", "-c",
                      write(folder, "nginx.conf", f"{around}{nginx}}}")],
            "caddy": ["caddy", "run", "--adapter", "caddyfile", "--config", write(folder, "Caddyfile", caddy)],
        }
        processes = []
        try:
            for name, command in commands.items():
                log = open(os.path.join(folder, f"{name}.said"), "w")
                processes.append(subprocess.Popen(command, stdout=log, stderr=log, env=home))
                wait_for(ports[name], processes[-1])
            publish = publisher(folder, f"http://127.0.0.1:{ports['ledger']}")
            for name, network in (("nginx", "127.0.1"), ("caddy", "127.0.2")):
                check_answers(ports[name], trusted, network)
                check_stream(ports[name], trusted, network, publish)
                check_rates(ports[name], trusted, network)
                print(f"{name}: answers, stream and rates are as the ledger gives them")
            plain = http.client.HTTPConnection("127.0.0.1", ports["plain"], timeout=10)
            plain.request("GET", "/ledger?x=1", headers={"Host": NAME})
            moved = plain.getresponse()
            assert (moved.status, moved.getheader("Location")) == (301, f"https://{NAME}/ledger?x=1")
        except BaseException:
            for name in commands:
                path = os.path.join(folder, f"{name}.said")
                if os.path.exists(path):
                    print(f"--- {name}:", open(path).read()[-3000:])
            raise
        finally:
            for process in reversed(processes):
                process.send_signal(signal.SIGTERM)
                process.wait(20)


main()
