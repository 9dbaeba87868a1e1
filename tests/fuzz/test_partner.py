"""What a partner or a stranger may send: parcels, entries, cards, agreements, papers, checkpoints.

Together with the forms of ``test_forms.py`` these are more than ten thousand cases; each ends in a
typed error or is taken, in bounded time. Every failure shows the seed and the input.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import zstandard

from tansiq.desk.proof import checking
from tansiq.desk.release import agreements
from tansiq.desk.trust import papers, partners
from tansiq.domain.bounds import BOUNDS
from tansiq.log import cards, checkpoint, keys
from tansiq.log.canonical import base64_text
from tansiq.log.checkpoint import Checkpoint, feed_origin, node_name
from tansiq.log.papers import Revocation, Succession, make_revocation, make_succession
from tansiq.policy.agreement import agreement_from_json
from tansiq.sync import dictionary, parcel
from tests import breadth, seeds, stores
from tests.fuzz import mutate
from tests.fuzz.measure import Measured, peak_of
from tests.fuzz.place import ME, THEY, Target, canonical, settled
from tests.world import DAY, START, authority, card_of, node_keys, worlds

# Damage is found above the store; on PostgreSQL a quarter says that it leaves that store well.
SHARE = breadth.of(4, 1) if stores.on_postgresql() else 1
PARCELS, FRAMES, HEADERS, ENTRIES, CARDS, AGREEMENTS, PAPERS, CHECKPOINTS = (
    count // SHARE for count in (1_500, 500, 700, 1_000, 1_900, 1_800, 600, 2_000)
)
MEMORY_MIB_MAX = 64  # of a parcel: its plain form, its lines and what they say, at their bounds


class _UndoneError(Exception):
    """Leaves an act without keeping anything of it."""


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """A node that has exchanged with its partner."""
    with worlds("MOD", "MPA", "JCC") as made:
        settled(made)
        yield Target(made)


@contextmanager
def undone(target: Target) -> Iterator[None]:
    """Nothing that happens here stays: each case meets the same node."""
    try:
        with target.desk.act():
            yield
            raise _UndoneError  # noqa: TRY301 - the way out of an act
    except _UndoneError:
        return


def feed(target: Target, measured: Measured, data: bytes, shown: object) -> None:
    """One parcel, and then everything is as before."""
    with undone(target):
        measured.run(lambda: target.take(data), shown)


def test_damaged_parcels_end_in_a_code(target, capsys):
    """Sealed bytes, plain forms behind a whole seal, and plain forms signed again, in any way
    damaged.
    """
    chance, measured, plain = seeds.chance("parcels"), Measured("parcels"), target.parcels()
    whole = [target.sealed(one) for one in plain]
    for number in range(PARCELS):
        if number % 3 == 0:
            bad = mutate.damaged(chance.choice(whole), whole, chance)
            feed(target, measured, bad, bad)
            continue
        bad = mutate.damaged(chance.choice(plain), plain, chance)
        if number % 3 == 2:
            feed(target, measured, target.signed(*bad.split(b"\n")[:-2]), bad)
        else:
            feed(target, measured, target.sealed(bad), bad)
    print(measured.told())
    assert measured.count == PARCELS
    assert len(measured.codes) > 8


def test_frames_that_lie_end_in_a_code(target):
    """Frames that are damaged, of unknown or invented size, bombs, and without our dictionary."""
    chance, measured, packed = seeds.chance("frames"), Measured("frames"), dictionary.current()
    prepared = zstandard.ZstdCompressionDict(packed.data)
    silent = zstandard.ZstdCompressor(dict_data=prepared, write_content_size=False)
    plain = target.parcels()
    bombs = [packed.compress(bytes(size << 20)) for size in (8, 9, 64)]
    frames = [*map(packed.compress, plain), *bombs, *map(silent.compress, plain)]
    frames += [silent.compress(bytes(64 << 20)), zstandard.ZstdCompressor().compress(plain[0])]
    for number in range(FRAMES):
        frame = chance.choice(frames)
        if number >= len(frames):
            head = mutate.damaged(frame[:18], frames, chance)
            frame = head + frame[18:] if number % 2 else mutate.damaged(frame, frames, chance)
        feed(target, measured, target.wrapped(frame), frame)
    assert measured.codes.total() == FRAMES
    assert set(measured.codes) & {"parcel_compressed"}


def test_headers_under_a_true_signature_end_in_a_code(target):
    """A partner that signs whatever it likes: every field of the header, the note and the count."""
    chance, measured = seeds.chance("headers"), Measured("headers")
    for _ in range(HEADERS):
        first, *rest = chance.choice(target.parcels()[:2]).split(b"\n")[:-2]
        header = canonical(mutate.changed(json.loads(first), chance))
        if chance.random() < 0.2:
            rest = rest[: chance.randrange(len(rest) + 1)] + rest
        feed(target, measured, target.signed(header, *rest), header)
    assert measured.count == HEADERS
    assert {"parcel_header", "parcel_sender", "parcel_receiver"} <= set(measured.codes)


def test_entries_of_a_good_parcel_harm_only_themselves():
    """Real entries in which something is otherwise, taken and folded; the node stays sound."""
    chance, measured = seeds.chance("entries"), Measured("entries")
    done = 0
    while done < ENTRIES:
        with worlds("MOD", "MPA", "JCC") as made:
            settled(made)
            target = Target(made)
            known = [json.loads(data) for data in target.sent]
            for _ in range(ENTRIES // 2):
                entry = canonical(mutate.changed(chance.choice(known), chance))
                good = target.follows(entry)
                measured.run(partial(target.take, good), entry)
                done += 1
            assert [] == checking.fsck(target.desk, lambda *_: None)
    assert measured.codes["taken"] > ENTRIES // 2
    assert "partner_stopped" not in measured.codes


def test_cards_end_in_a_code(target):
    """Cards damaged as bytes, and cards that say something else under their authority's
    signature.
    """
    chance, measured = seeds.chance("cards"), Measured("cards")
    plain = [card_of(party) for party in ("MPA", "JCC", "MOD")]
    actor = target.made.actor("MOD", "liaison-officer")
    for number in range(CARDS):
        if number % 2:
            bad = mutate.damaged(chance.choice(plain), plain, chance)
        else:
            body = mutate.changed(json.loads(plain[0])["card"], chance)
            signature = authority("MPA").sign(cards._DOMAIN + canonical(body))
            bad = canonical({"card": body, "signature": base64_text(signature)})
        with undone(target):
            measured.run(lambda data=bad: partners.trust(target.desk, actor, data), bad)
    assert measured.count == CARDS
    assert {"card_form", "card_field", "card_signature"} <= set(measured.codes)


def test_agreements_end_in_a_code(target):
    """Agreements that say something else, under the partner's good signature, by every way in."""
    chance, measured = seeds.chance("agreements"), Measured("agreements")
    (known, _), *_ = agreements.agreements(target.desk.board, "MPA")
    text = {**known.to_json(), "version": known.version + 1}
    for number in range(AGREEMENTS):
        body = mutate.changed(text, chance)
        if number % 3 == 0:
            measured.run(lambda value=body: agreement_from_json(value), body)
            continue
        signature = authority("MPA").sign(agreements.DOMAIN + canonical(body))
        item = {"type": "agreement", "agreement": body,
                "signatures": {"MPA": base64_text(signature)}}  # fmt: skip
        if number % 9 == 1:
            item = mutate.changed(item, chance)
        entry = canonical(item)
        with undone(target):
            if number % 3 == 1:
                measured.run(lambda data=entry: target.take(target.follows(data)), entry)
                continue
            with target.desk.act() as act:
                measured.run(lambda act=act, said=item: agreements.take(act, THEY, said), entry)
    assert measured.count == AGREEMENTS
    assert {"agreement_form", "agreement_not_ours", "taken"} & set(measured.codes)


def _papers() -> list[bytes]:
    """A revocation and a succession, as the partner's authority would sign them."""
    mine, new = node_keys("MPA"), keys.public_of(b"n" * 32)
    lost = Revocation(
        party="MPA", authority=authority("MPA").public, node="mpa", public=mine.public,
        revoked_ms=START, lost_ms=START - DAY, reason="lost", replacement=b"",
    )  # fmt: skip
    follows = Succession(
        party="MPA", authority=authority("MPA").public, successor=new, issued_ms=START
    )
    seed = authority("MPA").seed
    return [make_revocation(lost, seed), make_succession(follows, seed), card_of("MPA")]


def test_papers_end_in_a_code(target):
    """Revocations, successions and cards, brought by a person or in the head of a parcel that
    nobody signed.
    """
    chance, measured, plain = seeds.chance("papers"), Measured("papers"), _papers()
    for number in range(PAPERS):
        body = json.loads(plain[number % 3])
        name = next(key for key in body if key != "signature")
        bad = mutate.damaged(plain[number % 3], plain, chance)
        said = {**body, name: mutate.changed(body[name], chance)}
        with undone(target):
            if number % 2:
                measured.run(lambda data=bad: papers.hear(target.desk, data), bad)
            else:
                data = target.follows(papers=[said] * (len(canonical(said)) < 9_000))
                measured.run(lambda data=data: target.take(data), said)
    assert measured.count == PAPERS
    assert len(measured.codes) > 4


def test_checkpoints_end_in_a_code(target):
    """Notes damaged as text, and notes that say something else under a true key."""
    chance, measured = seeds.chance("checkpoints"), Measured("checkpoints")
    origin, mine = feed_origin(THEY, ME), node_keys("MPA")
    name = node_name("MPA", "mpa")
    point = Checkpoint(origin=origin, size=3, root=b"r" * 32)
    note = checkpoint.sign(point, origin, mine.seed)
    plain = [note.encode(), checkpoint.cosign(note, name, mine.seed, START).encode()]
    for number in range(CHECKPOINTS):
        bad = mutate.damaged(chance.choice(plain), plain, chance).decode("utf-8", "surrogateescape")
        ways = (
            lambda text=bad: checkpoint.verify(text, origin, origin, mine.public),
            lambda text=bad: checkpoint.verify_cosignature(text, name, mine.public, origin),
            lambda text=bad: checkpoint.cosign(text, name, mine.seed, START),
        )
        measured.run(ways[number % 3], bad)
        if number % 40 == 0:
            with undone(target):
                told = target.follows(ack=bad.encode("utf-8", "replace").decode()[:9_000])
                measured.run(lambda data=told: target.take(data), bad)
    assert measured.count >= CHECKPOINTS
    assert {"note_form", "note_key", "note_signature"} <= set(measured.codes)


# At their bounds ---------------------------------------------------------------------------------


def _largest(target: Target) -> dict[str, bytes]:
    """The most that a partner can make of what a node reads."""
    many = b'{"a":' + b"[" + b",".join([b"0"] * (BOUNDS.json_items_max - 2)) + b"]}"
    wide = b'{"a":"' + b"x" * (BOUNDS.entry_bytes_max - 8) + b'"}'
    full = BOUNDS.parcel_plain_bytes_max
    packed = dictionary.current()
    return {
        "small entries": target.follows(*[b'{"a":1}'] * BOUNDS.parcel_entries_max),
        "entries of many items": target.follows(*[many] * (full // (len(many) + 40))),
        "wide entries": target.follows(*[wide] * (full // len(wide) - 1)),
        "a bomb": target.wrapped(packed.compress(bytes(64 << 20))),
        "newlines": target.sealed(b"\n" * (full - 1)),
        "brackets": target.sealed(b"[" * (full - 1) + b"\n"),
        "noise": parcel.MAGIC + packed.tag + bytes(BOUNDS.parcel_bytes_max - 8),
        "too much noise": bytes(BOUNDS.parcel_bytes_max * 2),
    }


@pytest.mark.parametrize(
    "name",
    ["small entries", "entries of many items", "wide entries", "a bomb", "newlines", "brackets",
     "noise", "too much noise"],
)  # fmt: skip
def test_the_largest_parcels_cost_a_bounded_amount(target, name):
    """What stands at every bound at once is refused, or taken, in bounded memory."""
    data = _largest(target)[name]
    with undone(target):
        needed = peak_of(lambda: target.take(data))
    assert needed < MEMORY_MIB_MAX, f"{name}: {needed:.0f} MiB"


def test_the_kinds_are_ten_thousand_together():
    """With the forms, what is fuzzed in every build is more than ten thousand inputs."""
    from tests.fuzz.test_forms import FORMS, RAW  # noqa: PLC0415 - Django only where it is needed

    own = PARCELS + FRAMES + HEADERS + ENTRIES + CARDS + AGREEMENTS + PAPERS + CHECKPOINTS
    assert own * SHARE + FORMS + RAW >= 12_000
