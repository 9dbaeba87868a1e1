"""Canonical bytes, Merkle proofs, signed notes, cards and agreements, as spec/ describes them.

Nothing here imports Tansiq. Whatever does not hold ends in Rejected with a reason of
spec/evidence.md.
"""

import base64
import binascii
import hashlib
import json
import re
import unicodedata

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

INTEGER_MAX = 2**53 - 1
MOMENT_MAX = 253_402_300_799_999
SKEW_MS = 600_000
DEPTH_MAX, ITEMS_MAX, ENTRY_MAX = 12, 4_096, 262_144
CARD_MAX, NOTE_MAX = 8_192, 8_192
PARTY = re.compile(r"[A-Z]{2,8}")
NODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
POSITION = re.compile(r"[a-z][a-z0-9-]{1,31}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HEX32 = re.compile(r"[0-9a-f]{64}")
CLASSES = ("open", "restricted", "confidential", "secret")
FOLLOW, FILES = ("", "stage", "whole"), ("none", "with_approval", "along")
RECEIPTS = ("party", "position")
ONWARD = ("none", "within", "free")
GRAINS = ("exact", "km1", "km5", "district")
CARD_MEMBERS = {"v", "party", "names", "authority", "node", "key", "age", "tls", "address",
                "positions", "issued", "expires"}  # fmt: skip
REVOCATION_MEMBERS = {"v", "party", "node", "authority", "key", "revoked", "lost", "reason",
                      "replacement"}  # fmt: skip
AGREEMENT_MEMBERS = {"type", "id", "version", "parties", "begins", "ends", "clearance", "held",
                     "rules"}  # fmt: skip
RULE_MEMBERS = {"name", "sender", "kinds", "facets", "stages", "hide", "grain", "delay", "days",
                "automatic", "follow", "approvers", "files", "receipts", "onward", "purpose",
                "class_max"}  # fmt: skip


class RejectedError(Exception):
    """It does not hold: why, and where."""

    def __init__(self, reason, where=""):
        super().__init__(f"{reason} {where}".strip())
        self.reason, self.where = reason, where


def need(holds, reason, where=""):
    """Go on only where it holds."""
    if not holds:
        raise RejectedError(reason, where)


# Canonical bytes (section 2) ---------------------------------------------------------------------


def _pairs(pairs):
    found = dict(pairs)
    if len(found) != len(pairs) or not all(name.isascii() for name in found):
        raise ValueError("keys")
    return found


def _no(text):
    raise ValueError(text)


def _whole(text):
    number = int(text) if len(text) < 20 else INTEGER_MAX + 1
    if abs(number) > INTEGER_MAX:
        raise ValueError("integer")
    return number


def encode(value):
    """The canonical bytes of a value."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def decode(data, where="", limit=ENTRY_MAX, reason="canonical"):
    """The value of canonical bytes; anything else is rejected."""
    need(len(data) <= limit, reason, where)
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=_pairs, parse_float=_no, parse_constant=_no,
            parse_int=_whole,
        )  # fmt: skip
        same = encode(value) == data
    except (ValueError, RecursionError):
        raise RejectedError(reason, where) from None
    need(same and _bounded(value), reason, where)
    return value


def _bounded(value):
    count, level = 0, [value]
    for depth in range(DEPTH_MAX + 2):
        inner = [
            part
            for item in level
            if isinstance(item, (dict, list))
            for part in (item.values() if isinstance(item, dict) else item)
        ]
        if any(isinstance(item, (dict, list)) for item in level) and depth >= DEPTH_MAX:
            return False
        count += len(inner)
        if not inner or count > ITEMS_MAX:
            break
        level = inner
    return count <= ITEMS_MAX


def b64(text, reason, where="", size=None):
    """Base64 in its one spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error, AttributeError):
        raise RejectedError(reason, where) from None
    need(base64.b64encode(data).decode() == text, reason, where)
    need(size is None or len(data) == size, reason, where)
    return data


def good(key, message, signature):
    """Whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# Merkle tree (section 3) -------------------------------------------------------------------------


def leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaf_hash, index, size, path):
    """The root that an inclusion proof leads to; None where it fits no tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    here, last, found = index, size - 1, leaf_hash
    for step in path:
        if last == 0:
            return None
        if here % 2 or here == last:
            found = node(step, found)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            found = node(found, step)
        here, last = here // 2, last // 2
    return found if last == 0 else None


def continues(old, new, old_root, new_root, path):
    """Whether the larger tree begins with the smaller (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    steps = path if old & (old - 1) else [old_root, *path]
    here, last = old - 1, new - 1
    while here % 2:
        here, last = here // 2, last // 2
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here % 2 or here == last:
            first, second = node(step, first), node(step, second)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            second = node(second, step)
        here, last = here // 2, last // 2
    return last == 0 and (first, second) == (old_root, new_root)


# Signed notes and receipts (sections 4 and 5) ----------------------------------------------------


def key_id(name, kind, key):
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:4]


def read_note(data, where):
    """The text of a note, its three lines, and its signature lines as (name, value)."""
    need(len(data) <= NOTE_MAX, "note_form", where)
    try:
        text, signatures = data.decode().split("\n\n")
    except ValueError:
        raise RejectedError("note_form", where) from None
    lines, ends = text.split("\n"), signatures.split("\n")
    need(len(lines) == 3 and ends.pop() == "" and 0 < len(ends) <= 32, "note_form", where)
    need(re.fullmatch(r"0|[1-9][0-9]{0,15}", lines[1]), "note_form", where)
    need(int(lines[1]) <= INTEGER_MAX, "note_form", where)
    found = []
    for line in ends:
        match = re.fullmatch(r"— ([^\s+]{1,200}) ([A-Za-z0-9+/]+={0,2})", line)
        need(match, "note_form", where)
        value = b64(match[2], "note_form", where)
        need(len(value) > 4, "note_form", where)
        found.append((match[1], value))
    return text + "\n", lines[0], int(lines[1]), b64(lines[2], "note_form", where, 32), found


def signed_head(data, origin, key, where):
    """The size and root of a head that this key has signed for exactly this log."""
    text, name, size, root, signatures = read_note(data, where)
    need(name == origin, "note_origin", where)
    mine = key_id(origin, b"\x01", key)
    lines = [value[4:] for name, value in signatures if name == origin and value[:4] == mine]
    need(len(lines) == 1 and good(key, text.encode(), lines[0]), "note_signature", where)
    return size, root


def receipt_time(data, name, key, where):
    """When this node signed that it holds all up to the head of a note, in seconds."""
    text, _, _, _, signatures = read_note(data, where)
    mine = key_id(name, b"\x04", key)
    lines = [value[4:] for who, value in signatures if who == name and value[:4] == mine]
    need(len(lines) == 1 and len(lines[0]) == 72, "receipt_signature", where)
    seconds = int.from_bytes(lines[0][:8], "big")
    need(0 < seconds <= INTEGER_MAX // 1000, "receipt_time", where)
    message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
    need(good(key, message, lines[0][8:]), "receipt_signature", where)
    return seconds


# Cards (section 6) -------------------------------------------------------------------------------


def _is_moment(value):
    return type(value) is int and 0 <= value <= MOMENT_MAX


def _is_name(text):
    visible = isinstance(text, str) and 0 < len(text) <= 120 and text == text.strip()
    return visible and all(
        c in "\u200c\u200d"
        or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        for c in text
    )


def _are_names(value):
    return isinstance(value, dict) and set(value) == {"ar", "ckb", "en"} and all(
        map(_is_name, value.values())
    )  # fmt: skip


def read_card(data, where):
    """The body of a card, whole and signed by the authority that it names."""
    value = decode(data, where, CARD_MAX, "card_form")
    need(isinstance(value, dict) and set(value) == {"card", "signature"}, "card_form", where)
    body = value["card"]
    need(isinstance(body, dict) and set(body) == CARD_MEMBERS, "card_form", where)
    texts = all(isinstance(body[name], str) for name in ("party", "node", "age", "tls", "address"))
    need(texts and body["v"] == 1 and _are_names(body["names"]), "card_form", where)
    need(PARTY.fullmatch(body["party"]) and NODE.fullmatch(body["node"]), "card_form", where)
    authority = b64(body["authority"], "card_form", where, 32)
    key = b64(body["key"], "card_form", where, 32)
    need(key != authority and body["age"].startswith("age1"), "card_form", where)
    need(isinstance(body["positions"], list) and len(body["positions"]) <= 24, "card_form", where)
    for item in body["positions"]:
        need(isinstance(item, dict) and set(item) == {"code", "names"}, "card_form", where)
        need(POSITION.fullmatch(str(item["code"])), "card_form", where)
        need(_are_names(item["names"]), "card_form", where)
    issued, expires = body["issued"], body["expires"]
    need(_is_moment(issued) and _is_moment(expires) and 0 < issued < expires, "card_form", where)
    need(expires - issued <= 3_660 * 86_400_000, "card_form", where)
    signature = b64(value["signature"], "card_form", where, 64)
    need(good(authority, b"tansiq/card/v1\n" + encode(body), signature), "card_signature", where)
    return {**body, "authority": authority, "key": key}


def read_revocation(data, authority, where):
    """The key of a node that counts no longer, and since when it is in doubt."""
    value = decode(data, where, 12_288, "revocation_form")
    need(
        isinstance(value, dict) and set(value) == {"revocation", "signature"},
        "revocation_form",
        where,
    )
    body = value["revocation"]
    need(isinstance(body, dict) and set(body) == REVOCATION_MEMBERS, "revocation_form", where)
    need(_is_moment(body["lost"]) and _is_moment(body["revoked"]), "revocation_form", where)
    need(b64(body["authority"], "revocation_form", where, 32) == authority, "card_untrusted", where)
    signature = b64(value["signature"], "revocation_form", where, 64)
    message = b"tansiq/revocation/v1\n" + encode(body)
    need(good(authority, message, signature), "revocation_form", where)
    return b64(body["key"], "revocation_form", where, 32), body["lost"]


# Agreements (agreement.md) -----------------------------------------------------------------------


def read_agreement(data, authorities, where):
    """An agreement that both parties' authorities have signed."""
    value = decode(data, where, reason="agreement_form")
    need(
        isinstance(value, dict) and set(value) == {"agreement", "signatures"},
        "agreement_form",
        where,
    )
    text, signatures = value["agreement"], value["signatures"]
    need(isinstance(text, dict) and set(text) == AGREEMENT_MEMBERS, "agreement_form", where)
    parties, rules = text["parties"], text["rules"]
    need(text["type"] == "agreement" and isinstance(rules, list), "agreement_form", where)
    two = (
        isinstance(parties, list)
        and len(parties) == 2
        and parties == sorted(set(map(str, parties)))
    )
    need(two and _is_moment(text["begins"]) and _is_moment(text["ends"]), "agreement_form", where)
    for name in ("clearance", "held"):
        need(
            isinstance(text[name], dict) and set(text[name]) == set(parties),
            "agreement_form",
            where,
        )
    need(all(level in CLASSES for level in text["clearance"].values()), "agreement_form", where)
    for rule in rules:
        need(isinstance(rule, dict) and set(rule) == RULE_MEMBERS, "agreement_form", where)
        need(rule["sender"] in parties and rule["class_max"] in CLASSES, "agreement_form", where)
        need(rule["onward"] in ONWARD and rule["grain"] in GRAINS, "agreement_form", where)
        need(rule["follow"] in FOLLOW and rule["files"] in FILES, "agreement_form", where)
        need(rule["receipts"] in RECEIPTS, "agreement_form", where)
        facets = rule["facets"]
        need(isinstance(facets, dict) and len(facets) <= 6, "agreement_form", where)
        need(all(facets.values()) and rule["approvers"] in (0, 1, 2), "agreement_form", where)
        need(not (rule["automatic"] and rule["approvers"]), "agreement_form", where)
    need(isinstance(signatures, dict), "agreement_form", where)
    message = b"tansiq/agreement/v2\n" + encode(text)
    for party in parties:
        need(party in authorities, "card_missing", where)
        need(party in signatures, "agreement_signature", where)
        signature = b64(signatures[party], "agreement_signature", where, 64)
        need(good(authorities[party], message, signature), "agreement_signature", where)
    return text
