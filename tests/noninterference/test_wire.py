"""What goes to a partner, on every carrier, is the same whatever that partner may not see."""

import asyncio
import re

import pytest

from tansiq.carriers import bundle
from tansiq.carriers.https import PATH, PartnerListener
from tansiq.desk.exchange import exchange
from tansiq.desk.proof import anchors
from tansiq.domain.parties import PartyCode
from tansiq.log import keys
from tansiq.log.canonical import decode_object
from tests import breadth, stores
from tests.noninterference import scene
from tests.noninterference.browser import scope_of
from tests.noninterference.pair import told
from tests.noninterference.story import BUSY, CALM, Case
from tests.world import uuid_of

# What goes to whom, no store decides: on PostgreSQL, where a story takes long, everyday to one.
BOTH = {"partner": Case.PARTNER, "third": Case.THIRD}
ASKED = breadth.of(["partner"], list(BOTH)) if stores.on_postgresql() else list(BOTH)
TO_PARTNERS = pytest.mark.parametrize("case", [BOTH[one] for one in ASKED], ids=ASKED)


def opened(world, receiver):
    """Every parcel to a party, opened."""
    return [plain for _, to, plain in world.sent if to == receiver]


@TO_PARTNERS
def test_every_parcel_says_the_same(case):
    """Entries, numbers, heads, receipts and signatures are equal, parcel by parcel."""
    with told(case) as pair:
        calm, busy = (opened(world, pair.party) for world, _ in pair.worlds())
        assert calm == busy
        assert not any(re.search(b"zqcalm|zqbusyword", plain) for plain in calm + busy)


@TO_PARTNERS
def test_sealed_parcels_have_the_same_length(case, tmp_path, monkeypatch):
    """Neither a wire nor a stick tells by its length what else the sender did."""
    with told(case) as pair:
        monkeypatch.setattr(keys, "age_encrypt", unpadded)
        files = []
        for world, word in pair.worlds():
            folder = tmp_path / word
            folder.mkdir()
            written = bundle.write(world.desk("MPA"), folder, PartyCode(pair.party))
            files.append([(one.path.name, one.entries, len(one.data)) for one in written])
        assert files[0] == files[1]


@TO_PARTNERS
def test_nothing_hidden_stands_anywhere_on_the_partners_disk(case):
    """No table, log, index or page of the partner's database holds a hidden word."""
    with told(case) as pair:
        for world, word in pair.worlds():
            dump = stores.dump(world.desk(pair.party).database)
            assert word not in dump
            assert word.encode().hex().upper() not in dump


def test_a_link_to_what_was_never_released_is_not_on_the_wire():
    """A released record that points at an unreleased one leaves without the pointer."""
    with told(Case.PARTNER) as pair:
        for name in ("kept own 0", "kept own 1"):
            record = uuid_of(f"{name}/1").encode()
            assert not any(record in plain for plain in opened(pair.busy, "MOD"))


def test_a_partner_is_told_of_no_other_partner():
    """No parcel to MOD names JCC: neither as a reader, nor as somebody who answered. Only the round
    of a joint operation does: it names to all who take part who they are.
    """
    with told(Case.PARTNER) as pair:
        lines = [line for plain in opened(pair.busy, "MOD") for line in plain.split(b"\n")]
        naming = [line for line in lines if b"JCC" in line]
        assert {decode_object(line).get("act") for line in naming} == {"ask_operation"}


# The listener ------------------------------------------------------------------------------------


def unpadded(plain, recipient):
    """Age adds a stanza of random length on purpose; without it the lengths can be compared."""
    return b"sealed for " + recipient.encode() + plain


def knock(desk, body, method="POST", path=PATH):
    """One request to the listener for partners: status, headers, and how long the answer is."""
    codes, sent = [], []

    async def work(receive, parcel):
        return receive(parcel)

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    listener = PartnerListener(lambda data: exchange.answer(desk, data), work, codes.append)
    asyncio.run(listener(scope_of(method, path, {}), receive, send))
    return sent[0]["status"], sent[0]["headers"], len(sent[1]["body"]), codes


@TO_PARTNERS
def test_the_listener_answers_alike(case, monkeypatch):
    """A good parcel, an old one, a damaged one, one of a stranger, no parcel, no such path."""
    with told(case) as pair:
        answers = []
        sealed = [exchange.outgoing(w.desk(pair.party), PartyCode("MPA")) for w, _ in pair.worlds()]
        monkeypatch.setattr(keys, "age_encrypt", unpadded)
        for (world, _), parcel in zip(pair.worlds(), sealed, strict=True):
            desk, sender = world.desk("MPA"), world.desk(pair.party)
            asked = [
                parcel,
                parcel,
                parcel[:-1] + bytes([parcel[-1] ^ 1]),
                b"",
                b"TSQ1",
                exchange.outgoing(desk, sender.me),
            ]
            got = [knock(desk, body) for body in asked]
            got += [knock(desk, parcel, "GET"), knock(desk, parcel, path="/other")]
            answers.append(got)
        assert answers[0] == answers[1]


def test_a_refusal_says_nothing_but_no():
    """Whatever is wrong, a stranger gets the same empty answer; the reason stays in our log."""
    with told(Case.PARTNER) as pair:
        desk = pair.busy.desk("MPA")
        bodies = [b"", b"TSQ1", b"x" * 100, exchange.outgoing(desk, PartyCode("MOD"))]
        got = [knock(desk, body)[:3] for body in bodies] + [knock(desk, b"", "GET")[:3]]
        assert [got[0]] * len(got) == got
        assert (400, 0) == (got[0][0], got[0][2])


def test_the_words_of_the_worlds_differ():
    """The two worlds are told apart by a word that the other does not hold."""
    assert CALM.word not in BUSY.word
    assert scene.ABSENT not in scene.records()[:-1]


# Anchors -----------------------------------------------------------------------------------------


@TO_PARTNERS
def test_an_anchor_tells_the_clock_and_nothing_else(case):
    """Whatever else the sender wrote: as many anchors, of the same size, at the same moments, and
    the commitments differ in their digits alone.
    """
    with told(case) as pair:
        found = []
        for world, _ in pair.worlds():
            begun = len(world.sent)
            for _ in range(3):
                world.clock.time += 7 * 3_600_000
                anchors.tick(world.desk("MPA"))
                world.exchange("MPA", pair.party)
            plain = [text for _, to, text in world.sent[begun:] if to == pair.party]
            lines = [line for text in plain for line in text.split(b"\n")[1:-3]]
            masked = [re.sub(rb'"commitment":"[0-9a-f]{64}"', b"-", line) for line in lines]
            found.append((masked, [len(text.split(b"\n")[0]) for text in plain]))
        assert found[0] == found[1]
        assert 3 == sum(b'"type":"anchor"' in line for line in found[0][0])
