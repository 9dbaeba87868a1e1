"""The secrets of a node: in ``keys/``, sealed with a passphrase by age's own passphrase encryption.

``secrets.age`` holds all that the node needs to run: the seed that signs, the age identity that
opens parcels and those it replaced, the TLS key and certificate of the partner listener, and what
signs sessions. ``authority.age`` holds the seed that signs cards, agreements and revocations; it
may have a passphrase of its own, may lie on another medium, and is not needed to run. Where a
person chose so, the same stands unsealed in ``secrets.json`` and ``authority.seed``.

What must hold: nothing of a sealed secret is ever on the disk in plain; a file is there whole, old
or new; the repr of a keyring shows no secret.
"""

import os
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tansiq.domain.errors import FaultError, StoreError
from tansiq.log.keys import (
    SEED_BYTES,
    AuthorityKeys,
    NodeKeys,
    new_age_identity,
    passphrase_open,
    passphrase_seal,
)
from tansiq.node.files import replace_file

SEALED: Final = "secrets.age"
PLAIN: Final = "secrets.json"
AUTHORITY_SEALED: Final = "authority.age"
AUTHORITY_PLAIN: Final = "authority.seed"
_FILE_BYTES_MAX: Final = 64 * 1024
_OTHERS: Final = 0o077

# How long a certificate holds is the card's to say: a field node with a wrong clock must still be
# able to talk, and RFC 5280 has this date for a certificate without an end of its own.
_FROM: Final = datetime(2000, 1, 1, tzinfo=UTC)
_UNTIL: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

# Gives the passphrase of a file, by the file's name. Raises StoreError where nobody can be asked.
Unlock: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The secrets of one node; its repr shows none of them."""

    node: NodeKeys
    authority: AuthorityKeys | None
    web_secret: str = field(repr=False)
    tls_key: bytes = field(repr=False)  # PEM
    certificate: bytes  # DER
    sealed: bool
    folder: Path


class _Older(msgspec.Struct, forbid_unknown_fields=True):
    age: str
    until: int


class _Secrets(msgspec.Struct, forbid_unknown_fields=True):
    v: int
    seed: str
    age: str
    older: list[_Older]
    tls_key: str
    certificate: str
    web: str


def locked(name: str) -> str:
    """The unlock of who has no passphrase to give."""
    raise StoreError("keys_locked", file=name)


def make_keyring(
    folder: Path, name: str, authority_seed: bytes | None = None, *, passphrase: str = ""
) -> Keyring:
    """Draw all secrets and write them into a new folder, sealed where there is a passphrase.
    Raises StoreError.
    """
    key, certificate = _make_certificate(name)
    keyring = Keyring(
        node=NodeKeys.new(secrets.token_bytes(SEED_BYTES), new_age_identity()),
        authority=AuthorityKeys(seed=authority_seed or secrets.token_bytes(SEED_BYTES)),
        web_secret=secrets.token_bytes(SEED_BYTES).hex(),
        tls_key=key,
        certificate=certificate,
        sealed=bool(passphrase),
        folder=folder,
    )
    try:
        folder.mkdir(mode=0o700)
        keep(keyring, passphrase)
        keep_authority(folder, keyring.authority, passphrase)
    except OSError as error:
        raise StoreError("node_write", folder=folder, reason=error.strerror or "") from None
    return keyring


def keep(keyring: Keyring, passphrase: str) -> None:
    """Write the node's secrets whole, in place of those before. Raises OSError."""
    bundle = _Secrets(
        v=1, seed=keyring.node.seed.hex(), age=keyring.node.age_identity,
        older=[_Older(age=age, until=until) for age, until in keyring.node.older],
        tls_key=keyring.tls_key.decode(), certificate=keyring.certificate.hex(),
        web=keyring.web_secret,
    )  # fmt: skip
    data = msgspec.json.encode(bundle) + b"\n"
    _swap(keyring.folder / SEALED, keyring.folder / PLAIN, data, passphrase)


def keep_authority(path: Path, authority: AuthorityKeys | None, passphrase: str) -> None:
    """Write the authority's secret in a folder of keys, or in a file, in place of the one before.
    Raises OSError.
    """
    if authority is None:
        return
    data = authority.seed.hex().encode() + b"\n"
    if path.is_file():
        replace_file(path, passphrase_seal(data, passphrase) if passphrase else data)
    else:
        _swap(path / AUTHORITY_SEALED, path / AUTHORITY_PLAIN, data, passphrase)


def _swap(sealed: Path, plain: Path, data: bytes, passphrase: str) -> None:
    kept, other = (sealed, plain) if passphrase else (plain, sealed)
    replace_file(kept, passphrase_seal(data, passphrase) if passphrase else data)
    other.unlink(missing_ok=True)


def load_keyring(folder: Path, unlock: Unlock = locked) -> Keyring:
    """The secrets in a folder. Raises StoreError where one is absent, damaged or open to others,
    or where the passphrase is not the right one.
    """
    sealed = (folder / SEALED).exists()
    data = _opened(folder / (SEALED if sealed else PLAIN), unlock)
    file = SEALED if sealed else PLAIN
    try:
        found = msgspec.json.decode(data, type=_Secrets)
        certificate = bytes.fromhex(found.certificate)
        x509.load_der_x509_certificate(certificate)
        node = NodeKeys(
            seed=bytes.fromhex(found.seed), age_identity=found.age,
            older=tuple((old.age, old.until) for old in found.older),
        )  # fmt: skip
    except (msgspec.DecodeError, ValueError, FaultError):
        raise StoreError("key_damaged", file=file) from None
    if len(found.web) != 2 * SEED_BYTES:
        raise StoreError("key_damaged", file=file)
    return Keyring(
        node=node,
        authority=_own_authority(folder, unlock, sealed=sealed),
        web_secret=found.web,
        tls_key=found.tls_key.encode(),
        certificate=certificate,
        sealed=sealed,
        folder=folder,
    )


def _own_authority(folder: Path, unlock: Unlock, *, sealed: bool) -> AuthorityKeys | None:
    """The authority in the node's own folder; None where it is elsewhere or has another
    passphrase than the node: it is then unlocked for one command at a time.
    """
    if (folder / AUTHORITY_PLAIN).exists():
        return load_authority(folder / AUTHORITY_PLAIN, unlock)
    path = folder / AUTHORITY_SEALED
    if not sealed or not path.exists():
        return None
    data = _read(path)
    try:
        return _authority_in(path, passphrase_open(data, unlock(SEALED)))
    except StoreError as fault:
        if fault.code != "keys_passphrase":
            raise
        return None


def load_authority(path: Path, unlock: Unlock = locked) -> AuthorityKeys:
    """The authority's secret in a file, or in a node's folder of keys. Raises StoreError."""
    if path.is_dir():
        sealed = path / AUTHORITY_SEALED
        path = sealed if sealed.exists() else path / AUTHORITY_PLAIN
    return _authority_in(path, _opened(path, unlock))


def _authority_in(path: Path, data: bytes) -> AuthorityKeys:
    try:
        return AuthorityKeys(seed=bytes.fromhex(data.decode("ascii").strip()))
    except (ValueError, FaultError):
        raise StoreError("key_damaged", file=path.name) from None


def renewed(keyring: Keyring, name: str, until_ms: int, now_ms: int) -> Keyring:
    """The same node with new keys: the old age identity opens what is under way until ``until_ms``,
    the old seed is kept nowhere.
    """
    key, certificate = _make_certificate(name)
    kept = [(age, until) for age, until in keyring.node.older if until > now_ms]
    node = NodeKeys(
        seed=secrets.token_bytes(SEED_BYTES),
        age_identity=new_age_identity(),
        older=((keyring.node.age_identity, until_ms), *kept),
    )
    return replace(keyring, node=node, tls_key=key, certificate=certificate)


def new_authority() -> AuthorityKeys:
    """A fresh authority key."""
    return AuthorityKeys(seed=secrets.token_bytes(SEED_BYTES))


def server_context(keyring: Keyring) -> ssl.SSLContext:
    """The TLS of the partner listener. Its key goes to the library through memory, never through a
    file on the disk.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    pem = ssl.DER_cert_to_PEM_cert(keyring.certificate).encode()
    number = os.memfd_create("tansiq", os.MFD_CLOEXEC)
    try:
        os.write(number, pem + keyring.tls_key)
        context.load_cert_chain(f"/proc/self/fd/{number}")
    except (OSError, ssl.SSLError):
        raise StoreError("key_damaged", file=SEALED if keyring.sealed else PLAIN) from None
    finally:
        os.close(number)
    return context


def _opened(path: Path, unlock: Unlock) -> bytes:
    data = _read(path)
    if path.suffix != ".age":
        return data
    return passphrase_open(data, unlock(path.name))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & _OTHERS:
                raise StoreError("key_open", file=path.name)
            return file.read(_FILE_BYTES_MAX)
    except OSError as error:
        raise StoreError("key_unreadable", file=path.name, reason=error.strerror or "") from None


def _make_certificate(name: str) -> tuple[bytes, bytes]:
    """A fresh ECDSA key (PEM) and its own certificate (DER). Whoever pins it trusts it alone."""
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
    return secret, certificate.public_bytes(serialization.Encoding.DER)
