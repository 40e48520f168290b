"""Public clients that know nothing of this project read a running ledger.

Usage: tests/with-ledger ONRECORD python readers.py ONRECORD, ONRECORD being the built binary.
Each check is also shown to fail on changed input.
"""

import base64
import os
import pathlib
import subprocess
import sys

import aics_tlog
import rfc8785
from aics_tlog import tiles as aics_tiles
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from proofbundle.tlogproof import format_tlog_proof, parse_tlog_proof, verify_tlog_proof
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey
from tlog_scales import backend, reader, signing, tlog
from tlog_scales import tiles as scales_tiles

from checks import Checks
from ledger import Ledger, Signer, agreement, entry_of, key_id, public_key

EARLY = 150
LATE = 450
CHECKS = Checks()
check = CHECKS.check


class Suite:
    """What the checks share: a ledger with two checkpoints, the later beyond a full tile."""

    def __init__(self, url, onrecord, folder):
        self.ledger = Ledger(url)
        self.onrecord = onrecord
        self.folder = pathlib.Path(folder)
        self.policy = self.folder / "log.policy"
        self.policy.write_text(self.ledger.policy)
        self.fill(EARLY)
        self.early = self.ledger.text("/checkpoint")
        self.fill(LATE)
        self.late = self.ledger.text("/checkpoint")
        self.indices = [0, 1, 127, 255, 256, LATE - 1]

    def fill(self, count):
        start = getattr(self, "published", 0)
        for number in range(start, count):
            self.ledger.publish(agreement(self.ledger, Signer(), number))
        self.published = count

    def checkpoint(self, text):
        key = aics_tlog.parse_vkey(self.ledger.vkey)
        note = aics_tlog.parse_note(text)
        return aics_tlog.verify_checkpoint(note, key, expected_origin=self.ledger.origin)

    def tiles(self):
        head = self.checkpoint(self.late)
        source = aics_tlog.HttpTileReader(self.ledger.url, proxies={})
        return aics_tlog.VerifiedTileReader(source, head.size, head.root), head

    def verify(self, name, bundle):
        """The exit code of `onrecord verify`."""
        path = self.folder / f"{name}.onrecord.json"
        path.write_bytes(rfc8785.dumps(bundle))
        command = [self.onrecord, "verify", str(path), "--policy", str(self.policy)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.said = run.stdout + run.stderr
        return run.returncode

    # aics-tlog

    @check
    def aics_tlog_verifies_the_checkpoint(self):
        assert self.checkpoint(self.early).ok
        head = self.checkpoint(self.late)
        assert head.ok and head.size >= LATE, head
        lines = self.late.split("\n")
        lines[1] = str(int(lines[1]) + 1)
        assert not self.checkpoint("\n".join(lines)).ok

    @check
    def aics_tlog_verifies_inclusion(self):
        source, head = self.tiles()
        for index in self.indices:
            leaf, _ = entry_of(self.ledger.bundle(index))
            proof = aics_tlog.inclusion_proof_from_tiles(source, index, head.size)
            claim = (index, head.size, proof, head.root)
            assert aics_tlog.verify_leaf_inclusion(leaf, *claim), index
            assert not aics_tlog.verify_leaf_inclusion(leaf + b" ", *claim), index
            assert aics_tlog.read_entry(source, index, head.size) == leaf

    @check
    def aics_tlog_verifies_consistency(self):
        source, late = self.tiles()
        early = self.checkpoint(self.early)
        assert early.size < late.size
        proof = aics_tlog.consistency_proof_from_tiles(source, early.size, late.size)
        claim = (early.size, late.size, early.root)
        assert aics_tlog.verify_consistency(*claim, late.root, proof)
        assert not aics_tlog.verify_consistency(*claim, early.root, proof)

    @check
    def aics_tlog_audits_every_tile(self):
        _, head = self.tiles()
        source = aics_tlog.HttpTileReader(self.ledger.url, proxies={})
        report = aics_tlog.audit_tiles(source, head.size, head.root)
        assert report.size == head.size and report.bundles >= 2, report

    @check
    def aics_tlog_reads_the_partial_tiles_of_every_size(self):
        source = aics_tlog.HttpTileReader(self.ledger.url, proxies={})
        early = self.checkpoint(self.early)
        exact = aics_tiles.tree_root_from_tiles(source, early.size)
        assert exact == early.root

    # proofbundle

    @check
    def proofbundle_verifies_a_proof_made_by_the_ledger(self):
        for index in self.indices:
            proof = self.ledger.text(f"/api/v1/entries/{index}/proof")
            leaf, _ = entry_of(self.ledger.bundle(index))
            trust = {"expected_origin": self.ledger.origin}
            verdict = verify_tlog_proof(proof, leaf, self.ledger.vkey, **trust)
            assert verdict["ok"] and verdict["index"] == index, verdict
            assert not verify_tlog_proof(proof, leaf + b" ", self.ledger.vkey, **trust)["ok"]

    @check
    def onrecord_verifies_a_proof_made_by_proofbundle(self):
        bundle = self.ledger.bundle(256)
        parsed = parse_tlog_proof(bundle["proof"])
        parts = (parsed["proof"], parsed["checkpoint"])
        bundle["proof"] = format_tlog_proof(256, *parts)
        assert self.verify("proofbundle", bundle) == 0, self.said
        bundle["proof"] = format_tlog_proof(257, *parts)
        assert self.verify("proofbundle-wrong", bundle) == 1, self.said

    # tlog-scales

    @check
    def tlog_scales_verifies_a_proof_made_by_the_ledger(self):
        key = signing.Vkey.from_string(self.ledger.vkey)
        for index in self.indices:
            bundle = self.ledger.bundle(index)
            leaf, _ = entry_of(bundle)
            head, note = bundle["proof"].split("\n\n", 1)
            checkpoint = tlog.Checkpoint.from_text(note)
            checkpoint.verify(key)
            hashes = [base64.b64decode(line) for line in head.split("\n")[2:]]
            proof = tlog.InclusionProof(index, checkpoint.size, hashes)
            proof.check(scales_tiles.leaf_hash(leaf), checkpoint.root_hash)

    @check
    def onrecord_verifies_a_proof_made_by_tlog_scales(self):
        tool = pathlib.Path(sys.executable).parent / "tlog-tiles"
        for index in self.indices:
            made = [str(tool), "gen-proof", self.ledger.url, str(index)]
            proof = subprocess.run(made, capture_output=True, check=True, timeout=60).stdout
            bundle = self.ledger.bundle(index)
            bundle["proof"] = proof.decode()
            assert self.verify(f"scales-{index}", bundle) == 0, self.said
        bundle["entry"] = self.ledger.bundle(1)["entry"]
        assert self.verify("scales-wrong", bundle) == 1, self.said

    @check
    def tlog_scales_computes_the_signed_root(self):
        source = reader.TilesReader(backend.make_backend(self.ledger.url))
        checkpoint = source.get_checkpoint()
        assert source.calculate_root_hash() == checkpoint.root_hash
        assert source.get_entry(1) == entry_of(self.ledger.bundle(1))[0]

    # securesystemslib

    @check
    def securesystemslib_verifies_the_envelope(self):
        for index in self.indices:
            _, entry = entry_of(self.ledger.bundle(index))
            keys = [dsse_key(did) for did in entry["links"]["signers"]]
            envelope = Envelope.from_dict(entry["envelope"])
            assert len(envelope.verify(keys, len(keys))) == len(keys)
            envelope.payload += b" "
            try:
                envelope.verify(keys, len(keys))
            except VerificationError:
                continue
            raise AssertionError("a changed payload verified")

    # openssl

    @check
    def openssl_verifies_the_signature(self):
        _, entry = entry_of(self.ledger.bundle(1))
        envelope = Envelope.from_dict(entry["envelope"])
        (signature,) = envelope.signatures.values()
        (did,) = entry["links"]["signers"]
        pem = public_key(did).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        files = {"key.pem": pem, "sig": bytes.fromhex(signature.signature)}
        for name, data in files.items():
            (self.folder / name).write_bytes(data)
        assert self.openssl(envelope.pae()) == 0
        assert self.openssl(envelope.pae() + b" ") != 0

    def openssl(self, message):
        (self.folder / "message").write_bytes(message)
        command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile sig"
        run = subprocess.run(command.split(), cwd=self.folder, capture_output=True, timeout=60)
        return run.returncode


def dsse_key(did):
    key = public_key(did)
    return SSlibKey.from_crypto(key, keyid=key_id(key.public_bytes_raw()))


if __name__ == "__main__":
    CHECKS.run(Suite(os.environ["LEDGER_URL"], sys.argv[1], os.environ["LEDGER_FILES"]))
