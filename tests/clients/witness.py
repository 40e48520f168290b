"""Public programs meet the witness: the cases of another implementation, and a client that feeds it a ledger.

Usage: tests/with-ledger ONRECORD python witness.py ONRECORD CASES, ONRECORD being the built binary and CASES the
file of the litewitness cases in the crate siglog.
"""

import atexit
import base64
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys

import aics_tlog
import requests
import rfc8785
from aics_tlog.checkpoint import Checkpoint, sign_checkpoint
from aics_witness.feeder import WitnessClient, WitnessConflict, WitnessRejected, merge_cosignatures
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checks import Checks
from ledger import Ledger, Signer, agreement

CHECKS = Checks()
check = CHECKS.check

# Where the cases and tlog-witness 1.1.0 differ: what the standard says instead, and why.
DIFFERENCES = {
    "consistency_1_to_3_unknown_log": (404, "an origin that is not known is 404 and not 403"),
    "consistency_1_to_3_success": (422, "its root is misspelt; the one among `checkpoints` is right"),
}
# The case whose root is misspelt. It is repeated with the right one, which the cases after it build on.
MISSPELT = "consistency_1_to_3_success"


class Witness:
    """`onrecord witness` in a folder of its own, for logs given by their verifier keys."""

    def __init__(self, onrecord, folder, *logs):
        self.onrecord = onrecord
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        atexit.register(self.kill)
        policy = "".join(f"log {log}\n" for log in logs) + "quorum none\n"
        (self.folder / "logs.policy").write_text(policy)
        self.start()

    def start(self):
        command = [self.onrecord, "witness", "--name", "witness.example/w1", "--policy", "logs.policy"]
        command += ["--listen", "127.0.0.1:0", "--data", "data"]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, text=True)
        listening, line = self.process.stdout.readline(), self.process.stdout.readline()
        assert listening.startswith("listening on "), listening
        _, self.name, self.vkey, self.url = line.split()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def add(self, body):
        return requests.post(f"{self.url}/add-checkpoint", data=body.encode(), timeout=10)

    def newest(self, origin):
        name = hashlib.sha256(origin.encode()).hexdigest()
        return requests.get(f"{self.url}/{name}/checkpoint", timeout=10)


class Log:
    """A log that signs whatever it is told to."""

    def __init__(self, origin):
        self.origin = origin
        self.key = Ed25519PrivateKey.generate()
        public = b"\x01" + self.key.public_key().public_bytes_raw()
        name = hashlib.sha256(origin.encode() + b"\n" + public).hexdigest()[:8]
        self.vkey = f"{origin}+{name}+{base64.b64encode(public).decode()}"

    def sign(self, size, root, origin=None):
        checkpoint = Checkpoint(origin or self.origin, size, root)
        return sign_checkpoint(checkpoint, self.key, origin or self.origin).serialise()


def body(old, proof, note):
    return "".join([f"old {old}\n", *(f"{line}\n" for line in proof), "\n", note])


class Suite:
    """What the checks share: a ledger, and the cases."""

    def __init__(self, url, onrecord, folder, cases):
        self.ledger = Ledger(url)
        # It is run in other folders than this one.
        self.onrecord = str(pathlib.Path(onrecord).resolve())
        self.folder = pathlib.Path(folder)
        self.cases = json.loads(pathlib.Path(cases).read_text())
        self.number = 0

    def grow(self, count):
        for _ in range(count):
            self.number += 1
            self.ledger.publish(agreement(self.ledger, Signer(), self.number))
        return self.ledger.text("/checkpoint")

    def prove(self, old, new):
        source = aics_tlog.HttpTileReader(self.ledger.url, proxies={})
        return aics_tlog.consistency_proof_from_tiles(source, old, new)

    @check
    def the_cases_of_litewitness_end_as_the_standard_says(self):
        log = Log(self.cases["log"]["origin"])
        witness = Witness(self.onrecord, self.folder / "cases", log.vkey)
        roots = {one["size"]: one["root_hash_base64"] for one in self.cases["checkpoints"]}
        seen = set()
        for case in self.cases["test_cases"]:
            name, size, expected = case["name"], case["checkpoint_size"], case["expected_status"]
            if name in DIFFERENCES:
                seen.add(name)
                assert expected != DIFFERENCES[name][0], f"{name} differs no longer"
                expected = DIFFERENCES[name][0]
            signer = Log(log.origin) if "invalid_signature" in name else log
            root = base64.b64decode(case["checkpoint_root_base64"])
            note = signer.sign(size, root, case.get("origin"))
            proof = case["proof_hashes_base64"]
            answer = witness.add(body(case["old_size"], proof, note))
            assert answer.status_code == expected, (name, answer.status_code, answer.text)
            if expected == 409:
                assert answer.headers["content-type"] == "text/x.tlog.size", name
                assert answer.text == case["expected_body"], name
            if name == MISSPELT:
                note = log.sign(size, base64.b64decode(roots[size]))
                assert witness.add(body(case["old_size"], proof, note)).status_code == 200
        assert seen == set(DIFFERENCES), seen
        witness.kill()

    @check
    def aics_witness_feeds_it_a_ledger_over_growth_and_a_kill(self):
        witness = Witness(self.onrecord, self.folder / "fed", self.ledger.vkey)
        policy = aics_tlog.WitnessPolicy(1, (aics_tlog.parse_vkey(witness.vkey),))
        key = aics_tlog.parse_vkey(self.ledger.vkey)
        state = self.folder / "fed.state.json"
        for count in [3, 1, 300, 5]:
            note = self.grow(count)
            claim = dict(expected_origin=self.ledger.origin, policy=policy)
            assert not aics_tlog.verify_checkpoint(aics_tlog.parse_note(note), key, **claim).ok
            with WitnessClient(witness.url, witness.vkey, state_path=state) as client:
                line = client.submit(note, self.prove)
            cosigned = merge_cosignatures(note, line).decode()
            verdict = aics_tlog.verify_checkpoint(aics_tlog.parse_note(cosigned), key, **claim)
            assert verdict.ok, verdict
            assert witness.newest(self.ledger.origin).text == cosigned
            witness.kill()
            witness.start()
            assert witness.newest(self.ledger.origin).text == cosigned
        self.verify_with_quorum(witness, note, cosigned)
        witness.kill()

    def verify_with_quorum(self, witness, note, cosigned):
        """The command line believes a bundle whose checkpoint this witness cosigned, and no other."""
        policy = self.folder / "quorum.policy"
        lines = [f"log {self.ledger.vkey}", f"witness w1 {witness.vkey}", "quorum w1", ""]
        policy.write_text("\n".join(lines))
        bundle = self.ledger.bundle(1)
        for checkpoint, expected in [(cosigned, 0), (note, 1)]:
            head, served = bundle["proof"].split("\n\n", 1)
            assert served == note
            path = self.folder / f"quorum-{expected}.onrecord.json"
            path.write_bytes(rfc8785.dumps({**bundle, "proof": f"{head}\n\n{checkpoint}"}))
            command = [self.onrecord, "verify", str(path), "--policy", str(policy)]
            run = subprocess.run(command, capture_output=True, text=True, timeout=60)
            assert run.returncode == expected, run.stdout + run.stderr

    @check
    def aics_witness_is_refused_a_second_history_and_a_rollback(self):
        log = Log("fork.example/log")
        witness = Witness(self.onrecord, self.folder / "forked", log.vkey)
        good, forked = aics_tlog.MerkleTree(), aics_tlog.MerkleTree()
        for number in range(20):
            good.append(b"good %d" % number)
            forked.append(b"forked %d" % number)
        client = WitnessClient(witness.url, witness.vkey, max_attempts=1)
        client.submit(log.sign(8, good.root(8)), good.consistency_proof)
        for size in [8, 9, 20]:
            try:
                client.submit(log.sign(size, forked.root(size)), forked.consistency_proof)
            except WitnessRejected as rejected:
                assert rejected.status == 422, rejected
                continue
            raise AssertionError(f"a second history of size {size} was cosigned")
        try:
            client.submit(log.sign(7, good.root(7)), good.consistency_proof)
        except WitnessConflict as conflict:
            assert conflict.known_size == 8, conflict
        else:
            raise AssertionError("an older checkpoint was cosigned")
        client.submit(log.sign(20, good.root(20)), good.consistency_proof)
        witness.kill()


if __name__ == "__main__":
    CHECKS.run(Suite(os.environ["LEDGER_URL"], sys.argv[1], os.environ["LEDGER_FILES"], sys.argv[2]))
