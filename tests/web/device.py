"""Devices in software: a telephone that shows codes by RFC 6238, and a security key by WebAuthn.

Both are written from the standards and share nothing with the code under test but CBOR's bytes.
"""

import base64
import hashlib
import hmac
import json
import struct
import time

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def code(secret: str, ahead: int = 0, at: float | None = None, digits: int = 6) -> str:
    """The code of a secret, so many steps of thirty seconds ahead."""
    step = int((time.time() if at is None else at) // 30) + ahead
    key = base64.b32decode(secret.replace(" ", ""))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}}"


def plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SecurityKey:
    """One passkey. What it says can be bent by the test that holds it."""

    def __init__(self, origin: str = "http://localhost") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = b"passkey of a test"
        self.origin = origin
        self.counter = 0
        self.flags = PRESENT | VERIFIED
        self.handle = ""
        self.host = ""

    def _client(self, kind: str, options: dict) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _data(self, flags: int) -> bytes:
        self.counter += 1
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def make(self, options: dict) -> str:
        """The answer to options for a new passkey."""
        options = options["publicKey"]
        self.handle, self.host = options["user"]["id"], options["rp"]["id"]
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        public = cbor.encode({1: 2, 3: -7, -1: 1, **point})
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(self.flags | ATTESTED) + attested
        return self._answer(
            attestationObject=plain(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
            clientDataJSON=plain(self._client("webauthn.create", options)),
        )

    def show(self, options: dict) -> str:
        """The answer to options for a proof."""
        client, data = self._client("webauthn.get", options["publicKey"]), self._data(self.flags)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            authenticatorData=plain(data), clientDataJSON=plain(client), signature=plain(signed),
            userHandle=self.handle,
        )  # fmt: skip

    def _answer(self, **response: str) -> str:
        said = {"id": plain(self.id), "rawId": plain(self.id), "type": "public-key"}
        return json.dumps({**said, "response": response, "clientExtensionResults": {}})
