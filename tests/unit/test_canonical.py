"""Canonical bytes against the rfc8785 package, and everything that must be refused."""

import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.log.canonical import base64_bytes, base64_text, decode, decode_object, encode

VECTORS = json.loads(
    (Path(__file__).parents[2] / "spec/vectors/canonical.json").read_text(encoding="utf-8")
)
INTEGERS = st.integers(-BOUNDS.integer_max, BOUNDS.integer_max)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
).filter(lambda value: depth_of(value) <= BOUNDS.json_depth_max)


def depth_of(value):
    if isinstance(value, list | dict):
        return 1 + max(
            map(depth_of, value if isinstance(value, list) else value.values()), default=0
        )
    return 0


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


@given(VALUES)
def test_same_bytes_as_rfc8785(value):
    """Within the value domain the bytes are those of RFC 8785, and they read back."""
    data = encode(value)
    assert rfc8785.dumps(value) == data
    assert value == decode(data)


@given(VALUES)
def test_any_other_spelling_is_refused(value):
    """The ordinary spelling of JSON is accepted only where it happens to be the canonical one."""
    canonical = encode(value)
    for spelling in (
        json.dumps(value).encode(),
        json.dumps(value, ensure_ascii=False).encode(),
        json.dumps(value, indent=1).encode(),
    ):
        if spelling == canonical:
            assert value == decode(spelling)
        else:
            with pytest.raises(ParcelError):
                decode(spelling)


@given(st.binary(max_size=60))
def test_arbitrary_bytes_end_in_a_parcel_error(data):
    """Bytes that nobody wrote on purpose are refused, or are canonical."""
    try:
        value = decode(data)
    except ParcelError:
        return
    assert data == encode(value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.0, "canonical_type"),
        (b"bytes", "canonical_type"),
        ((1, 2), "canonical_type"),
        ({1}, "canonical_type"),
        ([object()], "canonical_type"),
        ({"a": float("nan")}, "canonical_type"),
        (2**53, "canonical_integer"),
        (-(2**53), "canonical_integer"),
        ({1: 2}, "canonical_key"),
        ({"é": 1}, "canonical_key"),
        ("\ud800", "canonical_text"),
        ({"a": ["\udfff"]}, "canonical_text"),
        (nested(BOUNDS.json_depth_max + 1), "canonical_depth"),
        ([0] * (BOUNDS.json_items_max + 1), "canonical_items"),
        ([[0] * 2_000] * 3, "canonical_items"),
        ("x" * BOUNDS.entry_bytes_max, "canonical_size"),
    ],
)
def test_values_outside_the_domain_are_refused(value, code):
    """A value that has no canonical bytes is refused with the code of its reason."""
    with pytest.raises(ParcelError) as raised:
        encode(value)
    assert code == raised.value.code


def test_values_at_the_bounds_are_accepted():
    """The bounds themselves are within bounds."""
    for value in (
        nested(BOUNDS.json_depth_max),
        [0] * BOUNDS.json_items_max,
        BOUNDS.integer_max,
        "x" * (BOUNDS.entry_bytes_max - 2),
    ):
        assert value == decode(encode(value))


def test_a_value_that_contains_itself_is_refused():
    """A cycle ends at a bound instead of running for ever."""
    cycle = []
    cycle.append(cycle)
    with pytest.raises(ParcelError):
        encode(cycle)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 40_000,
        b"[" + b'"[' * 50_000,
        b"9" * 200_000,
        b'"' + b"\\" * 200_001,
        b"[" + b"[]," * 60_000 + b"[]]",
        b'"' + b"x" * BOUNDS.entry_bytes_max + b'"',
    ],
)
def test_costly_bytes_are_refused_quickly(data):
    """Deep, long or unfinished input neither exhausts the stack nor takes long."""
    with pytest.raises(ParcelError):
        decode(data)


def test_depth_is_refused_before_the_parser():
    """Deep nesting is named as such even where the rest is no JSON: no parser has met it."""
    for data in (b"[" * 100_000, b'{"a":' * 13 + b"nonsense", b'"]]]",' + b"[" * 13):
        with pytest.raises(ParcelError) as raised:
            decode(data)
        assert raised.value.code == "canonical_depth"


def test_brackets_within_text_do_not_count_as_nesting():
    """Only structure nests; a text may hold any number of brackets."""
    value = {"a": "[" * 100 + '\\"' + "{" * 100}
    assert value == decode(encode(value))


def test_an_object_is_asked_for_by_name():
    """decode_object refuses every value but an object."""
    assert decode_object(b'{"a":1}') == {"a": 1}
    with pytest.raises(ParcelError, match="object"):
        decode_object(b"[]")


@pytest.mark.parametrize("text", ["AA", "AA=", "AB==", "AA==\n", " AA==", "A-_=", "é", "====", "A"])
def test_base64_has_one_spelling(text):
    """Base64 that another writer would write otherwise is refused."""
    with pytest.raises(ParcelError):
        base64_bytes(text, "note_form")
    assert base64_bytes(base64_text(b"\x00"), "note_form") == b"\x00"


@pytest.mark.parametrize("case", VECTORS["accepted"])
def test_accepted_vectors(case):
    """Every accepted vector is written and read alike by us and by the oracle."""
    data = bytes.fromhex(case["bytes_hex"])
    assert data == encode(case["value"]) == rfc8785.dumps(case["value"])
    assert case["value"] == decode(data)


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["why"])
def test_refused_vectors(case):
    """Every refused vector is refused."""
    with pytest.raises(ParcelError):
        decode(bytes.fromhex(case["bytes_hex"]))
