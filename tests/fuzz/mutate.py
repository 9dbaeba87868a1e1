"""Mutations: of bytes without regard to what they mean, and of values that stay canonical."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

NESTED = 3_000
ODD_TEXTS = (
    "", " ", "\x00", "\n", "\u202e", "\u200b", "\ufeff", "\U0010ffff", "٣", "A" * 300, "a" * 70_000,
    "../../etc/passwd", "' OR 1=1 --", "<script>", "=1+1", "JCC", "MPA", "MOD", "mod", "journal",
    "00000000-0000-4000-8000-000000000000", "AGE-SECRET-KEY-1", "https://[::1]:1", "9" * 40,
)  # fmt: skip
ODD_NUMBERS = (0, -1, 1, 2**31, 2**53 - 1, -(2**53 - 1), 253_402_300_799_999, 253_402_300_800_000)
ODD_VALUES: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": None}, [1, "a", {}])
INSERTED = (
    b"\x00", b"\n", b"\r\n", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf", b"\\ud800", b"\\u0000",
    b'"', b"\\", b"{", b"}", b"]", b",", b"NaN", b"-0", b"1e400", b"1.5", b"9" * 400, b"0" * 60,
    b'"type":"edition",', b"\xe2\x80\xae", b"%00", b"\xf0\x28\x8c\x28", b"/*", b"\xef\xbb\xbf",
)  # fmt: skip


def damaged(data: bytes, others: list[bytes], chance: Random) -> bytes:
    """Some bytes with one to three kinds of damage."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(DAMAGES)(data, others, chance)
    return data


def _place(data: bytes, chance: Random) -> int:
    return chance.randrange(len(data) + 1)


def _flipped(data: bytes, others: list[bytes], chance: Random) -> bytes:
    changed = bytearray(data or b"\x00")
    for _ in range(chance.choice((1, 1, 2, 8))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(data: bytes, others: list[bytes], chance: Random) -> bytes:
    return data[: _place(data, chance)]


def _gap(data: bytes, others: list[bytes], chance: Random) -> bytes:
    first, second = sorted((_place(data, chance), _place(data, chance)))
    return data[:first] + data[second:]


def _twice(data: bytes, others: list[bytes], chance: Random) -> bytes:
    first, second = sorted((_place(data, chance), _place(data, chance)))
    return data[:second] + data[first:second] * chance.choice((1, 2, 9)) + data[second:]


def _spliced(data: bytes, others: list[bytes], chance: Random) -> bytes:
    other = chance.choice(others)
    return data[: _place(data, chance)] + other[_place(other, chance) :]


def _inserted(data: bytes, others: list[bytes], chance: Random) -> bytes:
    at = _place(data, chance)
    return data[:at] + chance.choice(INSERTED) + data[at:]


def _doubled_member(data: bytes, others: list[bytes], chance: Random) -> bytes:
    """An object that says the same name twice."""
    at = data.find(b"{", _place(data, chance))
    end = data.find(b",", at)
    if at < 0 or end < 0:
        return data + data
    return data[: at + 1] + data[at + 1 : end + 1] + data[at + 1 :]


def _deep(data: bytes, others: list[bytes], chance: Random) -> bytes:
    at = data.find(b":", _place(data, chance)) + 1
    opening = chance.choice((b"[", b'{"a":'))
    return data[:at] + opening * NESTED + data[at:]


def _number(data: bytes, others: list[bytes], chance: Random) -> bytes:
    places = [n for n, byte in enumerate(data) if 0x30 <= byte <= 0x39]
    if not places:
        return data
    at = chance.choice(places)
    told = chance.choice((b"9" * 30, b"-1", b"0", b"1e9", b"9007199254740993", b"00", b"9" * 5_000))
    return data[:at] + told + data[at + 1 :]


DAMAGES: tuple[Callable[[bytes, list[bytes], Random], bytes], ...] = (
    _flipped, _flipped, _cut, _gap, _twice, _spliced, _inserted, _inserted, _doubled_member, _deep,
    _number, _number,
)  # fmt: skip


# Values ------------------------------------------------------------------------------------------


def changed(value: Any, chance: Random) -> Any:
    """A value of JSON in which one or two places say something else."""
    made = json.loads(json.dumps(value))
    for _ in range(chance.choice((1, 1, 2))):
        made = _change_somewhere(made, chance)
    return made


def _change_somewhere(value: Any, chance: Random) -> Any:
    places = list(_places(value))
    if not places:
        return _odd(value, chance)
    holder, name = chance.choice(places)
    how = chance.random()
    if how < 0.15 and isinstance(holder, dict):
        del holder[name]
    elif how < 0.25 and isinstance(holder, dict):
        holder[chance.choice(("extra", "type", "v", "", "__class__", "release"))] = holder[name]
    elif how < 0.35 and isinstance(holder, list):
        holder.extend(holder[name : name + 1] * chance.choice((1, 3, 200)))
    else:
        holder[name] = _odd(holder[name], chance)
    return value


def _places(value: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in list(items):
        yield value, name
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _odd(value: Any, chance: Random) -> Any:
    how = chance.random()
    if how < 0.4 and isinstance(value, str):
        return chance.choice((value + "x", value[:-1], value.upper(), value * 2, value + "\u202e"))
    if how < 0.4 and type(value) is int:
        return chance.choice((value + 1, value - 1, -value, value * 1000))
    return deepcopy(chance.choice(chance.choice((ODD_TEXTS, ODD_NUMBERS, ODD_VALUES))))
