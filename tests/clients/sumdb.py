"""The Go packages sumdb/note and sumdb/tlog read a ledger while it grows.

Usage: tests/with-ledger ONRECORD python sumdb.py SUMDB, SUMDB being the built program in tests/clients/sumdb.
"""

import os
import pathlib
import subprocess
import sys

from checks import Checks
from ledger import Ledger, Signer, agreement

CHECKS = Checks()
check = CHECKS.check


class Suite:
    """What the checks share: a ledger, and the program that reads it."""

    def __init__(self, url, program, folder):
        self.ledger = Ledger(url)
        self.program = program
        self.state = pathlib.Path(folder) / "checkpoint"
        self.number = 0

    def read(self, vkey):
        command = [self.program, self.ledger.url, vkey, str(self.state)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    @check
    def sumdb_opens_its_notes_reads_its_tiles_and_checks_its_proofs(self):
        size = 1
        for count in [0, 1, 6, 250, 45]:
            for _ in range(count):
                self.number += 1
                self.ledger.publish(agreement(self.ledger, Signer(), self.number))
            size += count
            run = self.read(self.ledger.vkey)
            assert run.returncode == 0, run.stderr
            assert run.stdout.startswith(f"{size} entries of "), run.stdout

    @check
    def sumdb_refuses_a_checkpoint_that_was_changed_since(self):
        text = self.state.read_text()
        origin, size, root, rest = text.split("\n", 3)
        self.state.write_text("\n".join([origin, size, root[::-1], rest]))
        assert self.read(self.ledger.vkey).returncode != 0
        self.state.write_text(text)
        assert self.read(self.ledger.vkey).returncode == 0


if __name__ == "__main__":
    CHECKS.run(Suite(os.environ["LEDGER_URL"], sys.argv[1], os.environ["LEDGER_FILES"]))
