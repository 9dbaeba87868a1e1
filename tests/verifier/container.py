"""The zip file of evidence: its bounds, its sums, and who has signed them."""

import base64
import hashlib
import io
import re
import zipfile
import zlib

try:
    from tests.verifier.formats import RejectedError, good, need
except ImportError:  # as a script
    from formats import RejectedError, good, need

FILE_MAX = 64 << 20
MEMBER_MAX = 16 << 20
TOTAL_MAX = 256 << 20
MEMBERS_MAX = 20_000
NAME = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}/){0,3}[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}")
PLAIN = {"SHA256SUMS", "STATEMENT.txt", "STATEMENT.sig"}
TYPE = "tansiq/evidence/v1"
PEM = bytes.fromhex("302a300506032b6570032100")


def unpack(data):
    """The files of a zip, each within its bounds; nothing is written anywhere."""
    need(len(data) <= FILE_MAX, "zip_size")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise RejectedError("zip_form") from None
    need(len(members) <= MEMBERS_MAX, "zip_size")
    files, total = {}, 0
    for member in members:
        name = member.orig_filename
        need(NAME.fullmatch(name) and ".." not in name.split("/"), "zip_name", repr(name[:80]))
        need(member.external_attr >> 28 in (0, 8), "zip_name", name)  # a plain file, no link
        need(name not in files, "zip_twice", name)
        need(not member.flag_bits & 1, "zip_form", name)
        need(member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), "zip_form", name)
        total += member.file_size
        need(member.file_size <= MEMBER_MAX and total <= TOTAL_MAX, "zip_size", name)
        files[name] = _read(archive, member)
    return files


def _read(archive, member):
    try:
        with archive.open(member) as stream:
            found = stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise RejectedError("zip_form", member.filename) from None
    need(len(found) == member.file_size, "zip_size", member.filename)
    return found


def check_sums(files):
    """Every file is named once with its sum, and nothing else is there."""
    need(PLAIN <= set(files), "file_missing", ", ".join(sorted(PLAIN - set(files))))
    try:
        lines = files["SHA256SUMS"].decode("ascii").split("\n")
    except ValueError:
        raise RejectedError("sums_form") from None
    need(lines.pop() == "", "sums_form")
    named = {}
    for line in lines:
        match = re.fullmatch(r"([0-9a-f]{64})  (\S+)", line)
        need(match and match[2] not in named, "sums_form", line[:80])
        named[match[2]] = match[1]
    for name, digest in named.items():
        need(name in files, "file_missing", name)
        need(hashlib.sha256(files[name]).hexdigest() == digest, "sums_differ", name)
    extra = set(files) - set(named) - PLAIN
    need(not extra, "file_extra", ", ".join(sorted(extra)))


def check_statement(files, party, card, made):
    """The node of the maker has signed the sums."""
    digest = hashlib.sha256(files["SHA256SUMS"]).hexdigest()
    expected = f"{TYPE}\n{party} {card['node']}\n{made}\n{digest}\n".encode()
    need(files["STATEMENT.txt"] == expected, "statement_form")
    key = card["key"]
    need(good(key, files["STATEMENT.txt"], files["STATEMENT.sig"]), "statement_signature")
    need("node.pem" in files, "file_missing", "node.pem")
    text = base64.b64encode(PEM + key).decode()
    pem = f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n".encode()
    need(files["node.pem"] == pem, "statement_key")
