"""What is urgent goes before what waits, on every carrier; no record loses its order by it."""

import random
from unittest.mock import patch

import pytest

from tansiq.desk.cases import reading
from tansiq.desk.exchange import exchange
from tansiq.desk.proof import anchors, checking
from tansiq.desk.records import read, say
from tansiq.desk.release import hastening, releasing
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_object
from tansiq.log.merkle import Frontier
from tansiq.log.store import out_log
from tansiq.policy.agreement import Follow
from tests.noninterference.supplies import PLACE
from tests.world import CLEARED, HOUR, START, both_ways, incident, line, rule, to, worlds

MPA, MOD = PartyCode("MPA"), PartyCode("MOD")


@pytest.fixture
def town():
    """Two partners; log lines of MPA go by themselves."""
    lines = rule(MPA, "LINES", kinds=frozenset({"log_line"}), automatic=True)
    with worlds(MPA, MOD) as made:
        made.agree(MPA, MOD, *both_ways(MPA, MOD), lines)
        yield made


def waiting(town, count, name="line"):
    """So many ordinary records that wait."""
    return [town.write(MPA, f"{name} {n}", line(to(MOD), text=f"{name} {n}")) for n in range(count)]


def flash(town, name, **more):
    """A flash incident that was released."""
    record = town.write(MPA, name, incident(to(MOD), severity="flash", **more))
    town.release(MPA, record, MOD, "R-MPA", f"release of {name}")
    return record


def recall(town, record):
    releasing.recall(town.desk(MPA), town.actor(MPA), record, MOD, "error")


def feed(town):
    """What stands in the feed, as the records that it names."""
    entries = town.desk(MPA).store.scan(out_log(MOD))
    items = [decode_object(entry.data) for entry in entries]
    return [(str(item["type"]), str(item.get("record", ""))) for item in items]


def places(town):
    """Each release where the board says that it stands is there."""
    desk = town.desk(MPA)
    for column, kind in (("feed_seq", "edition"), ("recall_seq", "recall")):
        rows = desk.database.rows(
            f"SELECT release, {column} FROM release WHERE {column} IS NOT NULL"
        )
        for release, seq in rows:
            (entry,) = desk.store.read(out_log(MOD), int(seq), int(seq) + 1)
            item = decode_object(entry.data)
            assert item["type"] == kind
            assert release in (item.get("release"), *item.get("releases", []))
    return True


def sound(town):
    """All logs check, and folding again gives the same boards."""
    for desk in town.desks.values():
        assert not checking.fsck(desk, lambda *_: None)
        before = checking.snapshot(desk)
        checking.rebuild(desk, lambda *_: None)
        assert checking.snapshot(desk) == before
    return places(town)


def texts(town):
    """What MOD reads of each record, and in which release."""
    rows = read.page(town.desk(MOD), town.viewer(MOD), read.Query(kinds=("incident", "log_line")))
    return sorted((view.value.record, str(view.value.body["text"])) for view in rows.rows)


@pytest.mark.parametrize("act", ["flash", "recall"])
def test_b5_what_is_urgent_goes_before_what_waits(town, act):
    """The next parcel begins with it, however much waits; the rest follows in its order."""
    known = flash(town, "known")
    town.exchange(MPA, MOD)
    ordinary = waiting(town, 30)
    before = len(feed(town)) - 30
    if act == "flash":
        wanted = ("edition", flash(town, "new"))
    else:
        recall(town, known)
        wanted = ("recall", known)
    assert feed(town)[before] == wanted
    assert [record for _, record in feed(town)[before + 1 :]] == ordinary
    assert sound(town)
    town.exchange(MPA, MOD)
    assert len(texts(town)) == 30 + 2 * (act == "flash")
    assert sound(town)


@pytest.mark.parametrize(
    ("wire", "urgent"),
    [
        ({"kind": "incident", "body": {"severity": "flash"}, "purpose": "support"}, True),
        ({"kind": "incident", "body": {"severity": "routine"}, "purpose": "safety"}, True),
        ({"kind": "incident", "body": {"severity": "routine"}, "purpose": "support"}, False),
        ({"kind": "acknowledgement", "body": {}, "purpose": "answer"}, True),
        ({"kind": "answer", "body": {}, "purpose": "answer"}, False),
        ({"kind": "rfi", "body": {}, "purpose": "safety"}, True),
        ({"kind": "rfi", "body": {}, "purpose": "support"}, False),
        ({"kind": "support", "body": {"priority": "flash"}, "purpose": "support"}, True),
        ({"kind": "support", "body": {"priority": "urgent"}, "purpose": "support"}, False),
        ({"kind": "holiday", "body": {}, "purpose": "safety"}, False),
    ],
)
def test_b5_urgent_are_flash_safety_and_acknowledgements(wire, urgent):
    """By what the record says and by the purpose of its rule; everything else waits its turn."""
    assert hastening.is_urgent(wire) == urgent


def test_b5_what_is_signed_never_moves(town):
    """A parcel that was made, whether it arrived or not, and a stick: what is urgent goes behind
    it, and the partner takes both.
    """
    waiting(town, 10)
    lost = exchange.outgoing(town.desk(MPA), MOD)
    size = len(feed(town))
    waiting(town, 10, "later")
    first, second = flash(town, "first"), flash(town, "second")
    assert feed(town)[size : size + 2] == [("edition", first), ("edition", second)]
    exchange.incoming(town.desk(MOD), exchange.outgoing(town.desk(MPA), MOD))
    exchange.incoming(town.desk(MOD), lost)
    town.exchange(MPA, MOD)
    assert len(texts(town)) == 22
    assert sound(town)


def test_b5_an_edition_takes_along_what_waits_of_its_record(town):
    """An older edition never arrives after a newer one; files stay before what names them."""
    waiting(town, 5)
    file = town.attach(MPA, "a sketch", b"a sketch", to(MOD))
    record = town.write(MPA, "fire", incident(to(MOD), attachments=[file]))
    town.release(MPA, record, MOD, "R-MPA", "one")
    waiting(town, 5, "more")
    desk, actor = town.desk(MPA), town.actor(MPA)
    base = say.current(desk, actor, record).value.digest
    say.revise(desk, actor, record, base,
               incident(to(MOD), severity="flash", text="Now", attachments=[file]))  # fmt: skip
    town.release(MPA, record, MOD, "R-MPA", "two")
    names = [record for _, record in feed(town)]
    where = [n for n, name in enumerate(names) if name in (record, file)]
    assert [names[n] for n in where][:1] + [names[n] for n in where][-1:] == [file, record]
    assert where == list(range(where[0], where[0] + len(where)))
    assert names[where[-1] + 1] != record
    town.exchange(MPA, MOD)
    assert dict(texts(town))[record] == "Now"
    assert sound(town)


def test_b5_anchors_are_found_where_they_went(town):
    """What overtakes an anchor moves it: it is held by the partner once it is signed for, not
    before.
    """
    waiting(town, 5)
    assert anchors.tick(town.desk(MPA)) == 1
    flash(town, "first")
    (anchor,) = [
        anchors.anchor_of(entry.seq, entry.data)
        for entry in town.desk(MPA).store.scan("journal")
        if entry.data and b'"type":"anchored"' in entry.data
    ]
    assert anchors.place_of(town.desk(MPA), anchor, MOD) == anchor.feeds[MOD] + 1
    assert anchors.check(town.desk(MPA)).held_by == ()
    town.exchange(MPA, MOD)
    chain = anchors.check(town.desk(MPA))
    assert (chain.held_by, chain.damages) == ((MOD,), ())


@pytest.mark.parametrize("seed", range(6))
def test_b5_the_partner_reads_the_same_whatever_overtook_what(seed):
    """Releases, edits, recalls and lost parcels at random: with haste and without it the partner
    ends with the same records in the same editions.
    """
    ends = []
    for hasty in (True, False):
        with worlds(MPA, MOD) as town:
            town.agree(MPA, MOD, *both_ways(MPA, MOD))
            with patch.object(hastening, "AHEAD_MAX", hastening.AHEAD_MAX if hasty else 0):
                live(town, random.Random(seed))
            assert sound(town)
            ends.append(texts(town))
    assert ends[0] == ends[1]


def live(town, chance):
    """Some twenty acts, and now and then a parcel, which may be lost."""
    desk, actor, own = town.desk(MPA), town.actor(MPA), []
    for n in range(24):
        draw = chance.random()
        hasty = chance.choice(("flash", "routine", "routine"))
        if draw < 0.5 or not own:
            own.append(town.write(MPA, f"r{n}", incident(to(MOD), severity=hasty, text=f"r{n}")))
            town.release(MPA, own[-1], MOD, "R-MPA", f"release {n}")
        elif draw < 0.75:
            record = chance.choice(own)
            base = say.current(desk, actor, record).value.digest
            draft = incident(to(MOD), severity=hasty, text=f"edit {n}")
            say.revise(desk, actor, record, base, draft)
            town.release(MPA, record, MOD, "R-MPA", f"release {n}")
        elif draw < 0.85:
            record = own.pop(chance.randrange(len(own)))
            recall(town, record)
        else:
            parcel = exchange.outgoing(desk, MOD)
            if chance.random() < 0.6:
                exchange.incoming(town.desk(MOD), parcel)
                exchange.incoming(desk, exchange.outgoing(town.desk(MOD), MPA))
    town.exchange(MPA, MOD)


@pytest.mark.parametrize("ahead", [[9], [4, 9], [3, 4, 5], [5, 6, 9], [3, 9], list(range(3, 10))])
def test_reordering_moves_entries_and_keeps_the_log_whole(town, ahead):
    """Those ahead come first, the others keep their order, and the head is that of the leaves."""
    store = town.desk(MPA).store
    with town.desk(MPA).act():
        store.append("out/XX", [b'{"n":%d}' % n for n in range(10)])
        store.root_at("out/XX", 3)
        store.reorder("out/XX", 3, ahead)
    rest = [n for n in range(3, 10) if n not in ahead]
    entries = list(store.scan("out/XX"))
    assert [entry.seq for entry in entries] == list(range(10))
    assert [decode_object(entry.data)["n"] for entry in entries] == [0, 1, 2, *ahead, *rest]
    assert store.head("out/XX") == Frontier().extend(entry.leaf for entry in entries)


@pytest.fixture
def asked():
    """MPA may ask MOD for support, MOD answers, and lines of both go by themselves."""
    kinds = frozenset({"support", "support_note"})
    with worlds(MPA, MOD) as made:
        rules = [
            one
            for sender in (MPA, MOD)
            for one in (
                rule(sender, f"S-{sender}", kinds=kinds, automatic=True, follow=Follow.WHOLE),
                rule(sender, f"L-{sender}", kinds=frozenset({"log_line"}), automatic=True),
            )
        ]
        made.agree(MPA, MOD, *rules)
        yield made


def need(priority):
    """A request for support that asks MOD."""
    body = {
        "sort": "supplies", "text": "Blood for the clinic", "priority": priority,
        "reason": "None is left", "needed_by": START + 6 * HOUR, "place": PLACE,
        "seats": [f"MOD/{CLEARED}"], "lines": [{"item": "mask", "unit": "piece", "count": 40}],
    }  # fmt: skip
    return say.Draft(kind="support", body=body, label=to(MOD))


def kinds_after(town, party, to_, size):
    """The types and kinds of what stands in a feed from a size on."""
    items = [decode_object(e.data) for e in town.desk(party).store.scan(out_log(to_), start=size)]
    return [str(item.get("act") or item.get("kind") or item["type"]) for item in items]


@pytest.mark.parametrize("priority", ["flash", "urgent"])
def test_b5_an_answer_to_a_flash_request_goes_before_what_waits(asked, priority):
    """The request and each step of its case, with the words beside it, in the order in which they
    were said; a case without such haste waits its turn, and so do receipts.
    """
    town, quick = asked, priority == "flash"
    before = town.desk(MPA).store.head(out_log(MOD)).size
    waiting(town, 9)
    root = town.write(MPA, "need", need(priority))
    assert (kinds_after(town, MPA, MOD, before)[0] == "support") is quick
    town.exchange(MPA, MOD)
    town.exchange(MPA, MOD)
    size = town.desk(MOD).store.head(out_log(MPA)).size
    for n in range(9):
        town.write(MOD, f"their line {n}", line(to(MPA)))
    desk = town.desk(MOD)
    view = read.record(desk, town.viewer(MOD), MPA, root)
    read.mark_read(desk, town.actor(MOD), view)
    town.step(MOD, "hears", (MPA, root), "receive")
    town.step(MOD, "cannot", (MPA, root), "reject", values={"why_not": "no_funds"},
              words={"text": "Ask the others"})  # fmt: skip
    said = ["receive", "support_note", "reject"]
    found = kinds_after(town, MOD, MPA, size)
    assert [one for one in found if one in said] == said
    assert (found[:3] == said) is quick
    assert found[-1] == ("read" if quick else "reject")
    town.exchange(MPA, MOD)
    town.exchange(MPA, MOD)
    lanes = reading.lanes_of(
        town.desk(MPA), town.viewer(MPA), read.record(town.desk(MPA), town.viewer(MPA), MPA, root),
        town.actor(MPA),
    ).value.lanes  # fmt: skip
    assert [lane.stage for lane in lanes] == ["rejected"]
    assert sound(town)
