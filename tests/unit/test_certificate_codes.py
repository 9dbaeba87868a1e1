"""The code of a certificate: what it claims comes back, and nothing else does, at little cost."""

import base64
import json
import time
from dataclasses import replace

import pytest
import rfc8785
from argon2.low_level import Type, hash_secret_raw
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import VerifyKey

from tansiq.domain.errors import ParcelError
from tansiq.log import keys
from tansiq.log.certificates import (
    TYPED_CHARS_MAX,
    Claims,
    is_signed_by,
    make_code,
    mark_of,
    read_code,
)
from tests.world import refusal
from tools import certificate_vectors

SEED = bytes(range(32))
SALT = bytes(range(16))
CLAIMS = Claims(
    party="MPA", serial="0123456789", course="IC-16", level="instructor", begins="2020-10-01",
    ends="2022-10-01", salt=SALT, mark=b"m" * 16,
)  # fmt: skip
CODE = make_code(CLAIMS, SEED)


def signed_again(body: bytes, prefix: bytes = b"tansiq/certificate/v1\n") -> str:
    """A code of any bytes, with a signature that is true of them."""
    signed = keys.sign_message(SEED, prefix + body) + body
    return "TQC1" + base64.b32encode(signed).decode().rstrip("=")


def test_what_was_claimed_comes_back_and_is_signed():
    """Reading gives the claims that were made, and the key that signed them says so."""
    read = read_code(CODE)
    assert CLAIMS == read.claims
    assert is_signed_by(read, keys.public_of(SEED))
    assert not is_signed_by(read, keys.public_of(bytes(32)))


def test_it_fits_a_code_that_a_camera_reads():
    """The text has capitals and digits alone, which a QR code packs densely, and is short."""
    assert CODE.isalnum()
    assert CODE == CODE.upper()
    assert len(CODE) < 520


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        f"  {CODE}\r\n",
        "\n".join(CODE[at : at + 40] for at in range(0, len(CODE), 40)),
        "-".join(CODE[at : at + 5] for at in range(0, len(CODE), 5)),
        "\u2066" + CODE[:9] + "\u200b" + CODE[9:] + "\u2069",
    ],
)
def test_spaces_groups_case_and_invisible_signs_do_not_matter(typed):
    """However somebody types or pastes it off the paper, it is the same code."""
    assert CLAIMS == read_code(typed).claims


@given(st.integers(0, len(CODE) - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_changed_character_is_never_taken_as_signed(at, letter):
    """A code with one character changed is refused or is signed by nobody."""
    changed = CODE[:at] + letter + CODE[at + 1 :]
    if changed == CODE:
        return
    try:
        read = read_code(changed)
    except ParcelError:
        return
    assert not is_signed_by(read, keys.public_of(SEED))


@given(st.text(max_size=600) | st.text("ABCDEFGH234567=", max_size=600).map("TQC1".__add__))
def test_whatever_is_typed_ends_in_a_fault(typed):
    """No text makes anything but a code or a fault with words."""
    with pytest.raises(ParcelError) as caught:
        read_code(typed)
    assert caught.value.code.startswith("certificate_")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "certificate_form"),
        ("TQC1", "certificate_form"),
        ("TQC2" + CODE[4:], "certificate_version"),
        ("ＴＱＣ１" + CODE[4:], "certificate_form"),
        ("TQC1" + "ا" * 40, "certificate_form"),
        ("TQC1" + CODE[5:], "certificate_form"),
        ("A" * (TYPED_CHARS_MAX + 1), "certificate_size"),
        (signed_again(b"{}"), "certificate_form"),
        (signed_again(b"[]"), "certificate_form"),
        (signed_again(b"{" + b"[" * 400), "certificate_form"),
    ],
)
def test_what_is_no_code_says_so(typed, code):
    """Empty, of a later version, in look-alike letters, cut, too long, or signed nonsense."""
    with refusal(code):
        read_code(typed)


@pytest.mark.parametrize(
    "change",
    [
        {"party": "mpa"}, {"serial": "01234567"}, {"serial": "I123456789"}, {"course": ""},
        {"course": "x" * 41}, {"course": "a\u202eb"}, {"course": "a\nb"}, {"level": "A"},
        {"begins": "2020-02-30"}, {"ends": "2020-09-30"}, {"ends": "never"},
        {"salt": b"x"}, {"mark": b""},
    ],
)  # fmt: skip
def test_claims_outside_their_bounds_cannot_be_made_or_read(change):
    """A party that signs what no certificate may say is refused like anybody else."""
    with refusal("certificate_field"):
        replace(CLAIMS, **change)


def test_no_other_statement_of_the_key_is_a_certificate():
    """A signature over the same bytes for another purpose does not count, nor one without any."""
    body = base64.b32decode(CODE[4:] + "=" * (-len(CODE[4:]) % 8))[64:]
    for prefix in (b"", b"tansiq/card/v1\n", b"tansiq/revocation/v1\n", b"tansiq/certificate/v2\n"):
        assert not is_signed_by(read_code(signed_again(body, prefix)), keys.public_of(SEED))
    assert is_signed_by(read_code(signed_again(body)), keys.public_of(SEED))


def test_the_mark_is_of_number_and_salt():
    """The same number under the same salt has the same mark, and nothing else has."""
    assert mark_of("P-101", SALT) == mark_of("P-101", SALT)
    others = {mark_of("P-101", bytes(16)), mark_of("P-102", SALT), mark_of("P-101", SALT)}
    assert 3 == len(others)


def test_a_code_without_end_has_none():
    """No end is said by an empty text."""
    assert "" == read_code(make_code(replace(CLAIMS, ends=""), SEED)).claims.ends


def test_hostile_codes_cost_little():
    """A thousand of the largest that are read at all take less than a second of work."""
    hostile = "TQC1" + "A" * (TYPED_CHARS_MAX - 4)
    began = time.process_time()
    for _ in range(1_000):
        with pytest.raises(ParcelError):
            read_code(hostile)
    assert time.process_time() - began < 1


def test_the_vector_still_holds_and_is_read_without_this_program():
    """The file is what this code makes, and other libraries read it as the specification says."""
    text = certificate_vectors.PATH.read_text("utf-8")
    assert certificate_vectors.text() == text
    said = json.loads(text)
    code = said["code"].removeprefix("TQC1")
    signed = base64.b32decode(code + "=" * (-len(code) % 8))
    signature, body = signed[:64], signed[64:]
    assert rfc8785.dumps(said["claims"]) == body
    key = VerifyKey(base64.b64decode(said["public"]))
    key.verify(b"tansiq/certificate/v1\n" + body, signature)
    mark = hash_secret_raw(
        said["roster"].encode(), base64.b64decode(said["claims"]["salt"]), time_cost=2,
        memory_cost=19_456, parallelism=1, hash_len=16, type=Type.ID,
    )  # fmt: skip
    assert base64.b64decode(said["claims"]["mark"]) == mark
