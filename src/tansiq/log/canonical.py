"""Canonical bytes: a value is written in exactly one way, and anything written otherwise is
refused.

The form is RFC 8785 (JSON Canonicalization Scheme) over a smaller world of values: ``null``,
booleans, integers of at most 53 bits, text without lone surrogates, arrays, and objects with ASCII
keys. There are no floats. In that world sorting keys by byte is sorting them by UTF-16 unit, and
msgspec's deterministic encoder gives the bytes of RFC 8785; the ``rfc8785`` package is the oracle
in the tests.

What must hold: ``decode(encode(v)) == v``; ``decode(b)`` succeeds only where ``encode(decode(b)) ==
b``; a value or a byte string past a bound is refused before it costs much; every refusal is a
ParcelError.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError

JSON: TypeAlias = "bool | int | str | list[JSON] | dict[str, JSON] | None"

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_DECODER: Final = msgspec.json.Decoder(object)

# A string of JSON, matched without backtracking; an unfinished string matches nothing.
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NOT_BRACKETS: Final = bytes(sorted(set(range(256)) - set(b"[]{}")))


def encode(value: JSON, limit: int = BOUNDS.entry_bytes_max) -> bytes:
    """The one byte string of ``value``, at most ``limit`` bytes (RFC 8785)."""
    data = _write(_check(value))
    if len(data) > limit:
        raise ParcelError("canonical_size", limit=limit)
    return data


def decode(data: bytes, limit: int = BOUNDS.entry_bytes_max) -> JSON:
    """The value of ``data``; refuses any byte string that :func:`encode` would not write."""
    if len(data) > limit:
        raise ParcelError("canonical_size", limit=limit)
    _check_nesting(data)
    try:
        value = _DECODER.decode(data)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise ParcelError("canonical_syntax") from None
    checked = _check(value)
    if _write(checked) != data:
        raise ParcelError("canonical_form")
    return checked


def decode_object(data: bytes, limit: int = BOUNDS.entry_bytes_max) -> dict[str, JSON]:
    """As :func:`decode`, and the value must be an object."""
    value = decode(data, limit)
    if not isinstance(value, dict):
        raise ParcelError("canonical_object")
    return value


def decode_kept(data: bytes) -> dict[str, JSON]:
    """As :func:`decode_object`, of an entry that a log of this node holds: its form was checked
    before it was appended, and is not checked again.
    """
    try:
        value = _DECODER.decode(data)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise ParcelError("canonical_syntax") from None
    if not isinstance(value, dict):
        raise ParcelError("canonical_object")
    return value


def text_kept(value: Mapping[str, object]) -> str:
    """The one text of an object that was checked before, as a table of the board keeps it."""
    return _ENCODER.encode(value).decode("utf-8")


def base64_text(data: bytes) -> str:
    """Standard Base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def base64_bytes(text: str, code: str) -> bytes:
    """The bytes of ``text``; refuses with ``code`` where they would be written otherwise."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ParcelError(code) from None
    if base64_text(data) != text:
        raise ParcelError(code)
    return data


def _write(value: JSON) -> bytes:
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        raise ParcelError("canonical_text") from None


def _check(value: object) -> JSON:
    """Walk ``value`` level by level: only the six types, within the bounds of depth, items,
    integers.

    One pass without recursion; a structure that contains itself ends at a bound. Lone surrogates
    are left to the encoder, which meets every character anyway.
    """
    level: list[object] = [value]
    depth, left = 0, BOUNDS.json_items_max
    highest, lowest = BOUNDS.integer_max, -BOUNDS.integer_max
    while level:
        below: list[object] = []
        nested = False
        for item in level:
            kind = type(item)
            if kind is str:
                continue
            if kind is int:
                if not lowest <= item <= highest:  # type: ignore[operator]  # an int, see above
                    raise ParcelError("canonical_integer")
                continue
            if kind is dict:
                _check_keys(item)  # type: ignore[arg-type]  # a dict
                below += item.values()  # type: ignore[attr-defined]
            elif kind is list:
                below += item  # type: ignore[arg-type]  # a list
            elif kind is bool or item is None:
                continue
            else:
                raise ParcelError("canonical_type")
            nested = True
            if len(below) > left:
                raise ParcelError("canonical_items", limit=BOUNDS.json_items_max)
        left -= len(below)
        depth += nested
        if depth > BOUNDS.json_depth_max:
            raise ParcelError("canonical_depth", limit=BOUNDS.json_depth_max)
        level = below
    return value  # type: ignore[return-value]  # the walk has just shown that it is JSON


def _check_keys(item: dict[object, object]) -> None:
    """Keys are ASCII text: then byte, code point and UTF-16 order are the same order."""
    try:
        if "".join(item).isascii():  # type: ignore[arg-type]  # otherwise TypeError
            return
    except TypeError:
        pass
    raise ParcelError("canonical_key")


def _check_nesting(data: bytes) -> None:
    """Refuse deep nesting before a parser walks into it.

    Few opening brackets cannot nest deeply, which settles almost every record without a closer
    look.
    """
    limit = BOUNDS.json_depth_max
    if data.count(b"[") + data.count(b"{") <= limit:
        return
    depth = 0
    for bracket in _STRING.sub(b"", data).translate(None, _NOT_BRACKETS):
        if bracket in b"[{":
            depth += 1
            if depth > limit:
                raise ParcelError("canonical_depth", limit=limit)
        else:
            depth -= 1
