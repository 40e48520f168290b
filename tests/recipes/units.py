"""systemd reads the units, knows every setting in them, and finds the service well confined."""

import os
import subprocess
import tempfile

RECIPES = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "recipes")
BINARY = os.path.abspath("target/debug/onrecord")
UNITS = ["onrecord.service", "onrecord-backup.service", "onrecord-backup.timer"]
# What `systemd-analyze security` may find, of 100: its word for less than 25 is OK.
EXPOSURE_MAX = 25


def read(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


with tempfile.TemporaryDirectory() as folder:
    paths = []
    for name in UNITS:
        with open(os.path.join(RECIPES, name)) as file:
            text = file.read()
        assert name.endswith(".timer") or "/usr/local/bin/onrecord " in text, name
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "w") as file:
            file.write(text.replace("/usr/local/bin/onrecord", BINARY))
    code, said = read("systemd-analyze", "verify", "--man=no", *paths)
    # It speaks of whatever else is on the machine too.
    ours = [line for line in said.splitlines() if folder in line or "onrecord" in line]
    assert not ours, "\n".join(ours)
    services = [path for path in paths if path.endswith(".service")]
    for path in services:
        code, said = read("systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSURE_MAX}", path)
        lines = said.strip().splitlines()
        assert code == 0, "\n".join(line for line in lines if not line.startswith("\N{CHECK MARK}"))
        print(lines[-1].strip("\N{RIGHTWARDS ARROW} "))
    # The check sees what it is to see.
    with open(paths[0], "a") as file:
        file.write("\n[Service]\nNoSuchSetting=yes\n")
    code, said = read("systemd-analyze", "verify", "--man=no", paths[0])
    assert "NoSuchSetting" in said, said
print(f"{len(UNITS)} units are read by systemd")
