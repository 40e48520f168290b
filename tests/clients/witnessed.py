"""A witness that nobody of this project wrote cosigns a ledger, through growth, restarts and refusals.

Usage: python witnessed.py ONRECORD, ONRECORD being the built binary.
"""

import atexit
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import aics_tlog
import requests

from checks import Checks
from ledger import Ledger, Signer, agreement

CHECKS = Checks()
check = CHECKS.check
ORIGIN = "witnessed.example/log"
PATIENCE = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(what, is_so):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        answer = is_so()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {PATIENCE} s: {what}")


class Process:
    """A server that is killed when the checks end."""

    def __init__(self):
        self.process = None
        atexit.register(self.kill)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def run(self, command, folder):
        out = open(folder / "out", "ab")
        self.process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)


class AicsWitness(Process):
    """The server of aics-witness, in a folder of its own."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        folder.mkdir()
        self.url = f"http://127.0.0.1:{free_port()}"
        listen = self.url.removeprefix("http://")
        told = self.tell("init", "--name", "aics.example/w1", "--listen", listen)
        self.vkey = told.stdout.strip()

    def tell(self, *arguments):
        command = [sys.executable, "-m", "aics_witness", arguments[0], "--config", "witness.json"]
        run = subprocess.run(
            [*command, *arguments[1:]], cwd=self.folder, capture_output=True, text=True, timeout=60
        )
        assert run.returncode == 0, run.stderr
        return run

    def start(self):
        self.run([sys.executable, "-m", "aics_witness", "serve", "--config", "witness.json"], self.folder)
        wait_for("the witness listens", self.answers)

    def answers(self):
        try:
            return requests.get(f"{self.url}/{'0' * 64}/checkpoint", timeout=5).status_code == 404
        except requests.ConnectionError:
            return False

    def take_up(self, vkey):
        self.tell("add-log", "--origin", ORIGIN, "--vkey", vkey)
        self.process.send_signal(signal.SIGHUP)


class Served(Process):
    """`onrecord serve` in a folder of its own."""

    def __init__(self, onrecord, folder):
        super().__init__()
        self.onrecord = str(pathlib.Path(onrecord).resolve())
        self.folder = folder
        folder.mkdir()
        self.url = f"http://127.0.0.1:{free_port()}"
        self.number = 0

    def command(self, data, *options):
        listen = self.url.removeprefix("http://")
        command = [self.onrecord, "serve", "--data", data, "--listen", listen, "--origin", ORIGIN]
        return [*command, "--unlimited", "--reserved-domains=true", *options]

    def start(self, *options):
        self.run(self.command("data", *options), self.folder)
        wait_for("the ledger is ready", self.is_ready)
        return Ledger(self.url)

    def is_ready(self):
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).json()["status"] == "ok"
        except requests.ConnectionError:
            return False

    def grow(self, ledger, count):
        for _ in range(count):
            self.number += 1
            ledger.publish(agreement(ledger, Signer(), self.number))


class Suite:
    """What the checks share: where things are."""

    def __init__(self, onrecord, folder):
        self.onrecord = onrecord
        self.folder = pathlib.Path(folder)

    def announced(self, ledger, key, policy, size):
        """The checkpoint announced, once it has that size; until then each has met the policy."""

        def look():
            answer = requests.get(f"{ledger.url}/checkpoint", timeout=10)
            if answer.status_code == 503:
                assert answer.headers["retry-after"], answer.headers
                return None
            note = aics_tlog.parse_note(answer.text)
            verdict = aics_tlog.verify_checkpoint(note, key, expected_origin=ORIGIN, policy=policy)
            assert verdict.ok, verdict
            return answer.text if answer.text.splitlines()[1] == str(size) else None

        return wait_for(f"a witnessed checkpoint of size {size}", look)

    def judge(self, ledger, index, policy):
        """The exit code of `onrecord verify` for the bundle there is of an entry."""
        path = self.folder / "bundle.onrecord.json"
        path.write_bytes(ledger.get(f"/api/v1/entries/{index}/bundle").content)
        command = [self.onrecord, "verify", str(path), "--policy", str(policy)]
        return subprocess.run(command, capture_output=True, timeout=60).returncode

    @check
    def aics_witness_cosigns_a_ledger_through_refusal_growth_and_restarts(self):
        served = Served(self.onrecord, self.folder / "ledger")
        vkey = served.start().vkey
        served.kill()
        witness = AicsWitness(self.folder / "witness")
        witness.start()
        file = self.folder / "ledger.policy"
        lines = [f"witness aics {witness.vkey} {witness.url}", "quorum aics", ""]
        file.write_text("\n".join(lines))
        options = ["--policy", str(file)]

        # It does not know the log yet, and says 404: publishing goes on, and nothing is announced.
        ledger = served.start(*options)
        assert ledger.policy == f"log {vkey}\n" + "\n".join(lines), ledger.policy
        served.grow(ledger, 3)
        assert requests.get(f"{ledger.url}/checkpoint", timeout=10).status_code == 503
        trusted = self.folder / "trusted.policy"
        trusted.write_text(ledger.policy)
        assert self.judge(ledger, 2, trusted) == 1

        witness.take_up(vkey)
        key = aics_tlog.parse_vkey(vkey)
        policy = aics_tlog.WitnessPolicy(1, (aics_tlog.parse_vkey(witness.vkey),))
        self.announced(ledger, key, policy, 4)
        assert self.judge(ledger, 2, trusted) == 0
        older = self.folder / "older"
        served.kill()
        shutil.copytree(served.folder / "data", older)

        # Growth, and either of them killed and started again.
        ledger = served.start(*options)
        for count, killed in [(1, witness), (300, None), (5, served), (2, witness)]:
            if killed is witness:
                witness.kill()
                served.grow(ledger, count)
                assert self.judge(ledger, served.number, trusted) == 1
                witness.start()
            elif killed is served:
                served.grow(ledger, count)
                served.kill()
                ledger = served.start(*options)
            else:
                served.grow(ledger, count)
            self.announced(ledger, key, policy, 1 + served.number)
            assert self.judge(ledger, served.number, trusted) == 0

        # A copy from before does not start beside a witness that knows more.
        served.kill()
        refused = subprocess.run(
            served.command(str(older), *options), capture_output=True, text=True, timeout=60
        )
        assert refused.returncode == 1, refused
        assert "is not of this tree" in refused.stderr, refused.stderr
        witness.kill()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        CHECKS.run(Suite(sys.argv[1], folder))
