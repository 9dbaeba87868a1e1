"""Sealed checks as messages, without nodes: both sides' answers, and what a hostile one sends."""

import dataclasses

import pytest

from tansiq.domain.errors import ParcelError
from tansiq.log import sealed
from tools import sealed_vectors

SEED = bytes(range(32))
KEY = bytes(range(32, 64))
OURS = {b"o|%d" % n for n in range(7)} | {b"n|%d" % n for n in range(9)}
THEIRS = {b"o|6", b"n|8", b"n|100"}
SIZE = 20


def test_vectors_still_hold() -> None:
    """The file of vectors is what this code makes today."""
    assert sealed_vectors.PATH.read_text("utf-8") == sealed_vectors.text()


def told() -> sealed.Answer:
    return sealed.answer(KEY, sealed.question(SEED, OURS, SIZE), THEIRS, 30)


def test_the_asker_learns_what_both_have() -> None:
    """Exactly the elements that both sides have come out, whatever the sizes are padded to."""
    assert sealed.met(SEED, OURS, SIZE, told()) == {b"o|6", b"n|8"}


def test_a_question_follows_from_its_seed_and_says_nothing_without() -> None:
    """The same seed asks the same to the byte, whatever order the elements came in; another seed
    shares no element with it, and of one set nobody sees how large it was.
    """
    data = sealed.question(SEED, OURS, SIZE)
    assert data == sealed.question(SEED, sorted(OURS, reverse=True), SIZE)
    other = sealed.question(KEY, OURS, SIZE)
    cut = [{one[at : at + 32] for at in range(0, len(one), 32)} for one in (data, other)]
    assert not cut[0] & cut[1]
    assert len(data) == len(sealed.question(SEED, {b"o|1"}, SIZE)) == 32 * SIZE


def test_commitments_bind_and_hide() -> None:
    """A commitment changes with the seed and with anything that it binds."""
    one = sealed.commitment(SEED, {"begins": 1})
    assert one == sealed.commitment(SEED, {"begins": 1})
    assert (
        len({one, sealed.commitment(SEED, {"begins": 2}), sealed.commitment(KEY, {"begins": 1})})
        == 3
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"proof": bytes(64)}, "sealed_proof"),
        ({"proof": b""}, "sealed_form"),
        ({"public": bytes(32)}, "sealed_proof"),
        ({"public": b"\xff" * 31}, "sealed_proof"),
        ({"evaluated": b""}, "sealed_form"),
        ({"evaluated": bytes(32 * SIZE)}, "sealed_proof"),
        ({"evaluated": bytes(32 * SIZE - 1)}, "sealed_form"),
        ({"outputs": b"short"}, "sealed_form"),
        ({"outputs": b""}, "sealed_form"),
    ],
)  # fmt: skip
def test_a_hostile_answer_is_refused_by_name(changed, code) -> None:
    """Garbage, wrong sizes, another key and a bad proof end in a typed refusal, and nothing of the
    answer is used.
    """
    with pytest.raises(ParcelError) as refused:
        sealed.met(SEED, OURS, SIZE, dataclasses.replace(told(), **changed))
    assert refused.value.code == code


def test_one_element_under_another_key_is_seen() -> None:
    """An answerer that marks one element with another key is refused."""
    right, marked = told(), sealed.answer(SEED, sealed.question(SEED, OURS, SIZE), THEIRS, 30)
    mixed = right.evaluated[:-32] + marked.evaluated[-32:]
    with pytest.raises(ParcelError):
        sealed.met(SEED, OURS, SIZE, dataclasses.replace(right, evaluated=mixed))


@pytest.mark.parametrize("asked", [b"", bytes(32), b"\xff" * 64, bytes(33)])
def test_a_hostile_question_is_refused(asked) -> None:
    """A question that is no list of elements is not evaluated."""
    with pytest.raises(ParcelError):
        sealed.answer(KEY, asked, THEIRS, 30)


def test_parts_are_what_was_named() -> None:
    """What came in parts counts only as the bytes that were named."""
    data = sealed.question(SEED, OURS, SIZE)
    cut = list(sealed.parts(data, 100))
    assert sealed.joined(cut, len(data), sealed.digest(data)) == data
    for bad in (cut[1:], cut[::-1], [*cut, b"x"]):
        with pytest.raises(ParcelError):
            sealed.joined(bad, len(data), sealed.digest(data))
