"""Speaks to a ledger over HTTP, and writes statements from docs/protocol.md alone.

Nothing of onrecord is used here: what this file signs was built by other people's libraries.
"""

import base64
import datetime
import hashlib
import json
import os

import requests
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

PAYLOAD_TYPE = "application/vnd.onrecord.statement.v1+json"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MULTICODEC = b"\xed\x01"


def b64(data):
    return base64.b64encode(data).decode()


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Ledger:
    """A running ledger at a URL."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.session = requests.Session()
        self.policy = self.text("/log.policy")
        self.vkey = next(
            line.split()[1] for line in self.policy.splitlines() if line.startswith("log ")
        )
        self.origin = self.vkey.split("+", 1)[0]

    def get(self, path):
        answer = self.session.get(self.url + path, timeout=30)
        answer.raise_for_status()
        return answer

    def text(self, path):
        return self.get(path).content.decode()

    def bundle(self, index):
        return self.get(f"/api/v1/entries/{index}/bundle").json()

    def publish(self, submission):
        answer = self.session.post(
            self.url + "/api/v1/statements", json=submission, timeout=30
        )
        if answer.status_code != 201:
            raise RuntimeError(f"{answer.status_code}: {answer.text}")
        return answer.json()


class Signer:
    """A fresh key, and its names."""

    def __init__(self):
        self.key = Ed25519PrivateKey.generate()
        public = self.key.public_key().public_bytes_raw()
        self.did = did_key(public)
        self.keyid = key_id(public)

    def sign(self, statement):
        payload = rfc8785.dumps(statement)
        head = f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} {len(payload)} ".encode()
        signature = {"keyid": self.keyid, "sig": b64(self.key.sign(head + payload))}
        return {
            "payload": b64(payload),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [signature],
        }


def did_key(public):
    number = int.from_bytes(MULTICODEC + public, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return "did:key:z" + digits


def public_key(did):
    number = 0
    for character in did.removeprefix("did:key:z"):
        number = number * 58 + BASE58.index(character)
    return Ed25519PublicKey.from_public_bytes(number.to_bytes(34, "big")[2:])


def key_id(public):
    """The fingerprint that `ssh-keygen -l` prints."""
    blob = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20" + public
    return "SHA256:" + b64(hashlib.sha256(blob).digest()).rstrip("=")


def disclosure(name, value):
    return b64url(rfc8785.dumps([b64url(os.urandom(16)), name, value]))


def agreement(ledger, signer, number):
    """An agreement in words of its own, ready to submit."""
    words = [
        disclosure("title", f"Agreement {number}"),
        disclosure("commitment_1", f"Acme refunds EUR {number}.00 – “soon”."),
    ]
    digests = [b64url(hashlib.sha256(word.encode()).digest()) for word in words]
    now = datetime.datetime.now(datetime.timezone.utc)
    statement = {
        "kind": "agreement",
        "log": ledger.origin,
        "signers": [signer.did],
        "nonce": b64url(os.urandom(16)),
        "claimed_at": now.strftime("%Y-%m-%dT%H:%M:00Z"),
        "_sd": sorted(digests),
        "_sd_alg": "sha-256",
        "subjects": ["acme.example"],
        "basis": "spoken",
        "commitments": [{"by": "acme.example", "due": "2030-12"}],
        "offers": "closed",
        "lang": "en",
    }
    return {"envelope": signer.sign(statement), "disclosures": words}


def entry_of(bundle):
    """The leaf's bytes and what they say."""
    leaf = base64.b64decode(bundle["entry"], validate=True)
    return leaf, json.loads(leaf)
