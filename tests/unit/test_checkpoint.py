"""Signed notes and cosignatures, with a real note of another system, and what is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.errors import InputError, ParcelError
from tansiq.log import checkpoint as notes
from tansiq.log import keys
from tansiq.log.checkpoint import Checkpoint

LOG, WITNESS = b"\x01" * 32, b"\x02" * 32
ORIGIN = notes.feed_origin("MPA", "MOD")
NAME = notes.node_name("MOD", "baghdad")
NOW_MS = 1_608_462_000_123
HEAD = Checkpoint(origin=ORIGIN, size=42, root=bytes(range(32)))
NOTE = notes.sign(HEAD, ORIGIN, LOG)

# A real head of the Go checksum database and its published key: another implementation's bytes.
GO_KEY = base64.b64decode("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
GO_NOTE = (
    "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)


def refused(note, code):
    with pytest.raises(ParcelError) as raised:
        notes.verify(note, ORIGIN, ORIGIN, keys.public_of(LOG))
    assert code == raised.value.code


def test_a_real_note_of_another_system_verifies():
    """A head signed by the Go checksum database is read and verified."""
    head = notes.verify(GO_NOTE, "go.sum database tree", "sum.golang.org", GO_KEY[1:])
    assert head.size == 20_852_163
    assert notes.key_id("sum.golang.org", GO_KEY[:1], GO_KEY[1:]).hex() == "033de0ae"


def test_a_signed_head_reads_back():
    """What is signed is what verifies, three lines and one signature line."""
    assert notes.verify(NOTE, ORIGIN, ORIGIN, keys.public_of(LOG)) == HEAD
    assert NOTE.split("\n")[:2] == ["tansiq/feed/MPA/MOD", "42"]
    assert notes.journal_origin("MPA") == "tansiq/journal/MPA"


def test_a_cosignature_reads_back_with_its_second():
    """A receipt verifies for its key, and says when, in whole seconds."""
    cosigned = notes.cosign(NOTE, NAME, WITNESS, NOW_MS)
    head, time_ms = notes.verify_cosignature(cosigned, NAME, keys.public_of(WITNESS), ORIGIN)
    assert head == HEAD
    assert time_ms == 1_608_462_000_000
    assert notes.verify(cosigned, ORIGIN, ORIGIN, keys.public_of(LOG)) == HEAD


def test_the_cosigned_message_is_that_of_the_standard():
    """The signature covers header, time and the whole body, as tlog-cosignature says."""
    cosigned = notes.cosign(NOTE, NAME, WITNESS, NOW_MS)
    value = base64.b64decode(cosigned.split("\n")[-2].split(" ")[2])
    message = b"cosignature/v1\ntime 1608462000\n" + HEAD.body().encode()
    assert int.from_bytes(value[4:12], "big") == 1_608_462_000
    assert keys.verifies(keys.public_of(WITNESS), message, value[12:])


def test_cosigning_again_replaces_the_earlier_line():
    """A note bears one receipt of a key, the latest."""
    once = notes.cosign(NOTE, NAME, WITNESS, NOW_MS)
    again = notes.cosign(once, NAME, WITNESS, NOW_MS + 5_000)
    assert len(once) == len(again)
    found = notes.verify_cosignature(again, NAME, keys.public_of(WITNESS), ORIGIN)
    assert found[1] == 1_608_462_005_000


def test_lines_of_unknown_keys_are_ignored():
    """A line of another name or another key changes nothing, as signed-note demands."""
    others = "".join(
        f"— {name} {base64.b64encode(value).decode()}\n"
        for name, value in (
            (ORIGIN, b"\x00" * 68),
            ("example.org/witness", b"\x01" * 5),
            ("example.org/large", b"\x02" * 1_000),
        )
    )
    assert notes.verify(NOTE + others, ORIGIN, ORIGIN, keys.public_of(LOG)) == HEAD


def test_another_origin_name_or_key_is_refused():
    """A head counts only for exactly the expected origin, name and key."""
    public = keys.public_of(LOG)
    for origin, name, key, code in (
        (notes.feed_origin("MOD", "MPA"), ORIGIN, public, "note_origin"),
        (ORIGIN, "another", public, "note_key"),
        (ORIGIN, ORIGIN, keys.public_of(WITNESS), "note_key"),
        (ORIGIN, ORIGIN, b"short", "note_key"),
    ):
        with pytest.raises(ParcelError) as raised:
            notes.verify(NOTE, origin, name, key)
        assert code == raised.value.code


def test_a_note_signature_is_no_cosignature():
    """The two kinds of signature never stand in for each other, even under one key and name."""
    with pytest.raises(ParcelError, match="key"):
        notes.verify_cosignature(NOTE, ORIGIN, keys.public_of(LOG), ORIGIN)
    cosigned = notes.cosign(NOTE, NAME, WITNESS, NOW_MS)
    with pytest.raises(ParcelError, match="key"):
        notes.verify(cosigned, ORIGIN, NAME, keys.public_of(WITNESS))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("\n42\n", "\n43\n", "note_signature"),
        ("\n42\n", "\n042\n", "note_form"),
        ("\n42\n", "\n-1\n", "note_form"),
        ("\n42\n", "\n٤٢\n", "note_form"),
        ("\n42\n", "\n9007199254740992\n", "note_form"),
        ("\n42\n", "\n42\n\n", "note_form"),
        ("=\n\n", "=\nextension\n\n", "note_form"),
        ("=\n\n", "=\n", "note_form"),
        ("AAEC", "AAE", "note_form"),
        ("Hh8=", "Hh9=", "note_form"),
        ("— ", "- ", "note_form"),
        ("— ", "—  ", "note_form"),
        ("tansiq/feed/MPA/MOD\n42", "tansiq/feed/MPA/MOD \n42", "note_origin"),
        ("tansiq/feed/MPA/MOD\n42", "tansiq/feed/MPA/\x00MOD\n42", "note_form"),
        ("tansiq/feed/MPA/MOD\n42", "tansiq/feed/MPA/\ud800MOD\n42", "note_form"),
        ("tansiq/feed/MPA/MOD\n42", "\n42", "note_form"),
    ],
)
def test_any_other_form_is_refused(old, new, code):
    """A note has one form; each deviation is refused with its code."""
    assert old in NOTE
    refused(NOTE.replace(old, new, 1), code)


def test_a_note_is_bounded_and_whole():
    """Too long, too many lines, twice the same key, cut off: all refused."""
    line = NOTE.split("\n\n")[1]
    refused(NOTE + "— a AAAAAAA=\n" * 40, "note_size")
    refused(NOTE + f"— a {'A' * 9_000}\n", "note_size")
    refused(NOTE + line, "note_key")
    refused(NOTE + "— a AAAAAA==\n", "note_form")
    refused(NOTE[:-1], "note_form")
    refused(NOTE + "\n", "note_form")
    refused("", "note_form")


def test_impossible_times_are_refused():
    """A receipt cannot be dated before 1970 or past the largest number."""
    for now_ms in (0, 999, -1, 2**60):
        with pytest.raises(ParcelError, match="time"):
            notes.cosign(NOTE, NAME, WITNESS, now_ms)


def test_a_changed_time_breaks_the_receipt():
    """The time of a receipt is signed."""
    public = keys.public_of(WITNESS)
    cosigned = notes.cosign(NOTE, NAME, WITNESS, NOW_MS)
    head, last = cosigned[:-1].rsplit(" ", 1)
    value = bytearray(base64.b64decode(last))
    for at, byte, code in (
        (11, value[11] ^ 1, "cosignature_signature"),
        (4, 255, "cosignature_time"),
    ):
        changed = bytearray(value)
        changed[at] = byte
        note = f"{head} {base64.b64encode(changed).decode()}\n"
        with pytest.raises(ParcelError) as raised:
            notes.verify_cosignature(note, NAME, public, ORIGIN)
        assert code == raised.value.code
    with pytest.raises(ParcelError, match="another log"):
        notes.verify_cosignature(cosigned, NAME, public, "another")


@pytest.mark.parametrize("code", ["", "m", "mpa", "MPA/MOD", "MPA\n", "ABCDEFGHI", "M+", "Μ" * 3])
def test_names_that_could_confuse_are_refused(code):
    """Only plain codes can stand in an origin or a key name."""
    for make in (notes.journal_origin, lambda bad: notes.feed_origin("MPA", bad)):
        with pytest.raises(ParcelError):
            make(code)
    for node in ("", "a b", "a+b", "a/b", "a\n", "x" * 33, "-a"):
        with pytest.raises(ParcelError):
            notes.node_name("MPA", node)
    with pytest.raises(ParcelError):
        notes.sign(HEAD, "a b", LOG)


@given(st.text(max_size=200))
def test_arbitrary_text_ends_in_a_parcel_error(text):
    """Text that is no note is refused, whatever it is."""
    for note in (text, NOTE + text, text + NOTE):
        if note in (NOTE, NOTE + text) and not text:
            continue
        try:
            notes.verify(note, ORIGIN, ORIGIN, keys.public_of(LOG))
        except ParcelError:
            continue
        assert note.startswith(NOTE)


def test_keys_show_no_secret():
    """The repr of key objects holds neither seed nor identity."""
    identity = keys.new_age_identity()
    node = keys.NodeKeys.new(LOG, identity)
    assert repr(node) == "NodeKeys()"
    assert repr(keys.AuthorityKeys(seed=LOG)) == "AuthorityKeys()"
    assert node.age_recipient.startswith("age1")
    assert keys.verifies(node.public, b"x", node.sign(b"x"))
    authority = keys.AuthorityKeys(seed=WITNESS)
    assert keys.verifies(authority.public, b"x", authority.sign(b"x"))
    assert keys.age_decrypt(keys.age_encrypt(b"secret", node.age_recipient), identity) == b"secret"


def test_unusable_keys_are_refused():
    """Wrong lengths and wrong spellings never reach the libraries."""
    with pytest.raises(InputError):
        keys.NodeKeys.new(b"short", keys.new_age_identity())
    with pytest.raises(InputError):
        keys.AuthorityKeys(seed=b"")
    for identity in ("", "age1", "AGE-SECRET-KEY-1", "\ud800"):
        with pytest.raises(InputError):
            keys.NodeKeys.new(LOG, identity)
    for recipient in ("", "age1", "\ud800", keys.new_age_identity()):
        with pytest.raises(InputError):
            keys.age_encrypt(b"", recipient)
    assert not keys.verifies(b"", b"", b"")
    assert not keys.verifies(bytes(32), b"", bytes(64))


def test_fingerprint_words_are_words_and_numbers():
    """Eight BIP-39 words from the first 88 bits of SHA-256, numbered from 1."""
    found = keys.fingerprint_words(b"")  # SHA-256 of nothing begins e3b0c442 98fc1c14 9afbf4
    bits = "".join(f"{number - 1:011b}" for _, number in found)
    assert f"{int(bits, 2):022x}" == "e3b0c44298fc1c149afbf4"
    assert len(found) == 8
    # 0xe3b0c442 begins with the eleven bits 11100011101, which is 1821: word number 1822.
    assert found[0] == ("together", 1822)
