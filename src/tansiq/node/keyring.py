"""The secrets of a node: files in ``keys/`` that only the node's own user can read.

``node.seed`` signs, ``node.age`` opens parcels, ``partner.key`` and ``partner.pem`` are the TLS key
and certificate of the partner listener, ``web.secret`` signs sessions. ``authority.seed`` signs
cards and agreements; where a party keeps its authority elsewhere, the file is absent.
"""

import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tansiq.domain.errors import StoreError
from tansiq.log.keys import SEED_BYTES, AuthorityKeys, NodeKeys, new_age_identity

NODE_SEED: Final = "node.seed"
NODE_AGE: Final = "node.age"
AUTHORITY_SEED: Final = "authority.seed"
WEB_SECRET: Final = "web.secret"  # noqa: S105 - a file's name
TLS_KEY: Final = "partner.key"
TLS_CERTIFICATE: Final = "partner.pem"
_FILE_BYTES_MAX: Final = 16 * 1024
_OTHERS: Final = 0o077

# How long a certificate holds is the card's to say: a field node with a wrong clock must still be
# able to talk, and RFC 5280 has this date for a certificate without an end of its own.
_FROM: Final = datetime(2000, 1, 1, tzinfo=UTC)
_UNTIL: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The secrets of one node; its repr shows none of them."""

    node: NodeKeys
    authority: AuthorityKeys | None
    web_secret: str = field(repr=False)
    certificate: bytes  # DER
    folder: Path


def make_keyring(folder: Path, name: str, authority_seed: bytes | None = None) -> Keyring:
    """Draw all secrets and write them into a new folder. Raises StoreError."""
    try:
        folder.mkdir(mode=0o700)
        _write(folder / NODE_SEED, _hex_line(secrets.token_bytes(SEED_BYTES)))
        _write(folder / NODE_AGE, new_age_identity().encode() + b"\n")
        seed = authority_seed or secrets.token_bytes(SEED_BYTES)
        _write(folder / AUTHORITY_SEED, _hex_line(seed))
        _write(folder / WEB_SECRET, _hex_line(secrets.token_bytes(SEED_BYTES)))
        key, certificate = _make_certificate(name)
        _write(folder / TLS_KEY, key)
        _write(folder / TLS_CERTIFICATE, certificate)
    except OSError as error:
        raise StoreError("node_write", folder=folder, reason=error.strerror or "") from None
    return load_keyring(folder)


def load_keyring(folder: Path) -> Keyring:
    """The secrets in a folder. Raises StoreError where one is absent, damaged or open to others."""
    authority: AuthorityKeys | None = None
    if (folder / AUTHORITY_SEED).exists():
        authority = AuthorityKeys(seed=_seed(folder / AUTHORITY_SEED))
    pem = _read(folder / TLS_CERTIFICATE)
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise StoreError("key_damaged", file=TLS_CERTIFICATE) from None
    return Keyring(
        node=NodeKeys(seed=_seed(folder / NODE_SEED), age_identity=_line(folder / NODE_AGE)),
        authority=authority,
        web_secret=_seed(folder / WEB_SECRET).hex(),
        certificate=certificate.public_bytes(serialization.Encoding.DER),
        folder=folder,
    )


def load_authority(path: Path) -> AuthorityKeys:
    """The authority's secret in a file, or in a node's ``keys`` folder. Raises StoreError."""
    return AuthorityKeys(seed=_seed(path / AUTHORITY_SEED if path.is_dir() else path))


def _hex_line(secret: bytes) -> bytes:
    return secret.hex().encode() + b"\n"


def _write(path: Path, data: bytes) -> None:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & _OTHERS:
                raise StoreError("key_open", file=path.name)
            return file.read(_FILE_BYTES_MAX)
    except OSError as error:
        raise StoreError("key_unreadable", file=path.name, reason=error.strerror or "") from None


def _line(path: Path) -> str:
    try:
        return _read(path).decode("ascii").strip()
    except UnicodeDecodeError:
        raise StoreError("key_damaged", file=path.name) from None


def _seed(path: Path) -> bytes:
    try:
        seed = bytes.fromhex(_line(path))
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise StoreError("key_damaged", file=path.name)
    return seed


def _make_certificate(name: str) -> tuple[bytes, bytes]:
    """A fresh ECDSA key and its own certificate, both PEM. Whoever pins it trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return secret, certificate.public_bytes(serialization.Encoding.PEM)
