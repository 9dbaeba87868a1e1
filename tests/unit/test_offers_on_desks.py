"""Offers that nobody asked for on real desks: who may take them, what approves them, what a partner
tries with them.
"""

from dataclasses import replace

import pytest

from tansiq.desk.cases import changing, making, reading, taking
from tansiq.desk.proof import checking
from tansiq.desk.records import attention, read, say
from tansiq.domain.cases import Before, LaneId, Seat, Step, StepId
from tansiq.domain.escalation import Haste
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Classification, PartyCode
from tansiq.domain.places import place_named
from tansiq.domain.records import RecordId, ReleaseId
from tansiq.log.canonical import decode_object
from tansiq.policy.agreement import Follow
from tests.chaining import FIRST, SECOND, chained, chains, rounds, says
from tests.world import CLEARED, HOUR, incident, refusal, rule, to, uuid_of, worlds

KINDS = frozenset({"support", "support_offer", "support_note"})
SUPPORT = kind_named("support")


@pytest.fixture
def world():
    """MPA and MOD, which offers, and COA, which offers too."""
    with worlds("MPA", "MOD", "COA") as found:
        for other in ("MOD", "COA"):
            rules = [
                rule(one, f"S-{one}", kinds=KINDS, follow=Follow.WHOLE, automatic=True)
                for one in ("MPA", other)
            ]
            held = dict.fromkeys(map(PartyCode, ("MPA", other)), frozenset({"medical"}))
            found.agree("MPA", other, *rules, held=held)
        yield found


def offer(world, *parties, label=None, **body) -> say.Draft:
    plain = {
        "sort": "transport", "text": "Buses to spare", "place": place_named("Makhmour").to_json(),
        "valid_until": world.clock.time + 40 * HOUR, "seats": [f"{p}/{CLEARED}" for p in parties],
        "amount": {"unit": "vehicle", "value": 6},
    }  # fmt: skip
    return say.Draft(kind="support_offer", body={**plain, **body}, label=label or to(*parties))


def seen(world, party, owner, record, position=CLEARED):
    desk, viewer = world.desk(party), world.viewer(party, position)
    view = read.record(desk, viewer, owner, record)
    return view, reading.lanes_of(desk, viewer, view, world.actor(party, position)).value


def take(world, owner, record, name="taken", position=CLEARED, **body):
    """MPA takes an offer with the words that its form begins with."""
    desk, actor = world.desk("MPA"), world.actor("MPA", position)
    view, _ = seen(world, "MPA", owner, record, position)
    made = making.taken_by(desk, world.viewer("MPA", position), view, actor, SUPPORT)
    begun = making.begun(desk, world.viewer("MPA", position), view, SUPPORT).value
    more = {"priority": "routine", "needed_by": world.clock.time + 30 * HOUR}
    draft = say.Draft(kind="support", body=begun | more | body, label=to())
    with world.names.under(name), desk.act() as act:
        return making.make(act, actor, made.value.wanted(view.value), draft).record


def test_providers_who_offer_the_same_learn_of_no_other(world):
    """Two offers come to MPA; it takes one, and nothing that goes to the other provider differs by
    that.
    """
    ours = world.write("MOD", "offer mod", offer(world, "MPA"))
    theirs = world.write("COA", "offer coa", offer(world, "MPA"))
    for other in ("MOD", "COA"):
        world.exchange("MPA", other)
    before = len(world.sent)
    request = take(world, "MOD", ours)
    for other in ("MOD", "COA"):
        world.exchange("MPA", other)
    for sender, receiver, parcel in world.sent[before:]:
        if receiver == "COA":
            assert request.encode() not in parcel, sender
            assert ours.encode() not in parcel
    assert seen(world, "COA", "COA", theirs)[1].lanes[0].stage == "offered"
    assert seen(world, "MOD", "MOD", ours)[1].lanes[0].stage == "accepted"
    view = read.record(world.desk("MOD"), world.viewer("MOD"), "MPA", request).value
    assert view.body["about"] == ours


def test_what_was_made_of_an_offer_is_as_closed_as_the_offer(world):
    """A request never says an offer's words below the offer's class."""
    high = to("MPA", classification=Classification.RESTRICTED, categories=frozenset({"medical"}))
    record = world.write("MOD", "offer", offer(world, "MPA", label=high))
    world.exchange("MPA", "MOD")
    view, _ = seen(world, "MPA", "MOD", record)
    assert view.value.label.categories == {"medical"}
    request = read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", take(world, "MOD", record))
    assert request.value.label.categories == {"medical"}
    assert request.value.label.readers() == {"MOD"}


def test_only_who_is_offered_it_a_deputy_or_the_lead_takes_it(world):
    """A position without the mandate is not offered the act and cannot take it; who leads can."""
    desk = world.desk("MPA")
    posts = tuple(
        replace(one, deputy="adviser") if one.code == CLEARED else one
        for one in desk.identity.positions
    )
    desk.identity = replace(desk.identity, positions=posts)
    record = world.write("MOD", "offer", offer(world, "MPA"))
    world.exchange("MPA", "MOD")
    view, _ = seen(world, "MPA", "MOD", record)
    able = {
        one.code: making.taken_by(
            desk, world.viewer("MPA", one.code), view, world.actor("MPA", one.code), SUPPORT
        )
        for one in posts
        if one.code in (CLEARED, "adviser", "senior-duty-officer", "support-desk", "observer")
    }
    assert {code for code, made in able.items() if made} == {
        CLEARED, "adviser", "senior-duty-officer",
    }  # fmt: skip
    wanted = able[CLEARED].value.wanted(view.value)
    body = making.begun(desk, world.viewer("MPA"), view, SUPPORT).value
    draft = say.Draft(kind="support", body=body | {"priority": "routine"}, label=to())
    draft = replace(draft, body=draft.body | {"needed_by": world.clock.time + HOUR})
    with refusal("not_the_seat"), desk.act() as act:
        making.make(act, world.actor("MPA", "support-desk"), wanted, draft)
    assert not read.page(desk, world.viewer("MPA"), read.Query(kinds=("support",))).rows


def test_the_chain_that_is_asked_before_giving_approves_an_offer_first(world):
    """An offer is a promise: it leaves after the chain for what a party gives, not after the one
    for what it asks for; nothing of it goes before.
    """
    giving = chains(FIRST, SECOND, before=Before.GIVING, sorts=("transport",))
    chained(world, "MOD", *giving, *chains(FIRST))
    record = world.write("MOD", "offer", offer(world, "MPA"))
    free = world.write("MOD", "other", offer(world, "MPA", sort="translation"))
    world.exchange("MPA", "MOD")
    assert seen(world, "MPA", "MOD", free)[1].lanes
    with refusal("record_absent"):
        seen(world, "MPA", "MOD", record)
    (one,) = rounds(world, "MOD", record, "MOD")
    assert (one.haste, one.each_ms) == (Haste.ROUTINE, 12 * HOUR)
    for position in (FIRST, SECOND):
        says(world, "MOD", record, position, owner="MOD")
    world.exchange("MPA", "MOD")
    assert seen(world, "MPA", "MOD", record)[1].lanes[0].stage == "offered"


def test_a_request_that_takes_an_offer_asks_our_chain_and_the_step_goes(world):
    """The offering party hears that its offer is taken; the request follows once all approved."""
    chained(world, "MPA", *chains(FIRST, SECOND))
    record = world.write("MOD", "offer", offer(world, "MPA"))
    world.exchange("MPA", "MOD")
    request = take(world, "MOD", record)
    world.exchange("MPA", "MOD")
    assert seen(world, "MOD", "MOD", record)[1].lanes[0].stage == "accepted"
    with refusal("record_absent"):
        read.record(world.desk("MOD"), world.viewer("MOD"), "MPA", request)
    for position in (FIRST, SECOND):
        says(world, "MPA", request, position)
    world.exchange("MPA", "MOD")
    assert seen(world, "MOD", "MPA", request)[1].lanes[0].stage == "sent"


def test_who_is_left_out_of_an_offer_hears_that_it_is_withdrawn(world):
    """An offer to two that is written anew for one ends for the other, who reads no word more."""
    draft = offer(world, "MPA")
    world.agree("COA", "MOD", *(
        rule(one, f"S-{one}", kinds=KINDS, follow=Follow.WHOLE, automatic=True)
        for one in ("COA", "MOD")
    ))  # fmt: skip
    both = replace(draft, label=to("MPA", "COA"))
    both = replace(both, body=draft.body | {"seats": [f"COA/{CLEARED}", f"MPA/{CLEARED}"]})
    record = world.write("MOD", "offer", both)
    world.exchange("MOD", "COA")
    world.exchange("MPA", "MOD")
    desk, actor = world.desk("MOD"), world.actor("MOD")
    digest = say.current(desk, actor, record).value.digest
    with world.names.under("anew"):
        changing.restate(desk, actor, record, digest, offer(world, "MPA", text="Three buses"))
    world.exchange("MOD", "COA")
    world.exchange("MPA", "MOD")
    left, _ = seen(world, "COA", "MOD", record)
    assert left.value.body["text"] == "Buses to spare"
    assert seen(world, "COA", "MOD", record)[1].lanes[0].stage == "withdrawn"
    assert seen(world, "MPA", "MOD", record)[1].lanes[0].stage == "offered"


def test_it_rings_for_who_is_offered_it_and_lapses_at_its_owner(world):
    """Not received within a day, and three quarters of its time over: both ring at MPA and not at
    MOD; at its end both hear it.
    """
    record = world.write("MOD", "offer", offer(world, "MPA"))
    world.exchange("MPA", "MOD")
    world.clock.time += 31 * HOUR
    rung = {
        party: {one.clock.name for one in seen(world, party, "MOD", record)[1].lanes[0].rung}
        for party in ("MPA", "MOD")
    }
    assert rung == {"MPA": {"receipt", "decision"}, "MOD": set()}
    world.clock.time += 10 * HOUR
    for party in ("MPA", "MOD"):
        taking.tick(world.desk(party))
        attention.tick(world.desk(party))
    world.exchange("MPA", "MOD")
    assert seen(world, "MPA", "MOD", record)[1].lanes[0].stage == "lapsed"


def test_the_tables_come_out_of_the_logs_again(world):
    """A rebuild gives the same lanes, steps, waits and links at both parties."""
    record = world.write("MOD", "offer", offer(world, "MPA"))
    world.exchange("MPA", "MOD")
    take(world, "MOD", record)
    world.exchange("MPA", "MOD")
    names = ("record", "opening", "step", "lane_due", "tally", "waits")
    for party in ("MPA", "MOD"):
        db = world.desk(party).board.db
        before = {name: sorted(map(str, db.rows(f"SELECT * FROM {name}"))) for name in names}
        checking.rebuild(world.desk(party), lambda _done, _all: None)
        assert before == {
            name: sorted(map(str, db.rows(f"SELECT * FROM {name}"))) for name in names
        }


# What a partner tries ----------------------------------------------------------------------------


def feeds(world, record, act, **values):
    """A step that MOD puts into its feed without asking its own desk."""
    (lane,) = seen(world, "MOD", "MOD", record)[1].lanes
    step = Step(
        author=PartyCode("MOD"), version=1, root=RecordId(record), lane=LaneId(lane.id),
        step=StepId(uuid_of(f"fed {act}")), release=ReleaseId(uuid_of(f"fed {act} r")),
        seat=Seat(PartyCode("MOD"), CLEARED), act=act, after=lane.newest, at=world.clock.time,
        of=StepId(""), values=values,
    )  # fmt: skip
    with world.desk("MOD").act() as doing:
        doing.feed(PartyCode("MPA"), step.to_json())
    world.exchange("MPA", "MOD")


@pytest.mark.parametrize(
    ("act", "values"),
    [("take_offer", {}), ("leave_offer", {"why_not": "terms"}), ("receive", {}),
     ("allot", {"mask.piece": 40})],
)  # fmt: skip
def test_who_offers_neither_takes_nor_leaves_its_own_offer(world, act, values):
    """What the other side alone may do counts for nothing, and no request comes of it."""
    record = world.write("MOD", "offer", offer(world, "MPA"))
    world.exchange("MPA", "MOD")
    feeds(world, record, act, **values)
    (lane,) = seen(world, "MPA", "MOD", record)[1].lanes
    assert lane.stage == "offered"
    assert not any(one.counted for one in lane.said)
    assert not read.page(
        world.desk("MPA"), world.viewer("MPA"), read.Query(kinds=("support",))
    ).rows


def test_an_offer_joins_no_record_that_it_only_names(world):
    """One about an incident of ours, about a request that is closed to the reader or over, or about
    nothing that is there leads to a new request; nobody is asked anew in what it names.
    """
    desk, actor = world.desk("MPA"), world.actor("MPA", "senior-duty-officer")
    body = {
        "sort": "transport", "text": "Buses", "priority": "routine",
        "needed_by": world.clock.time + 30 * HOUR, "seats": [f"COA/{CLEARED}"],
        "place": place_named("Makhmour").to_json(),
    }  # fmt: skip
    high = to("COA", classification=Classification.SECRET)
    over = world.write("MPA", "over", say.Draft(kind="support", body=body, label=to("COA")))
    world.exchange("MPA", "COA")
    (lane,) = seen(world, "MPA", "MPA", over)[1].lanes
    wanted = taking.Wanted(owner="MPA", record=over, lane=lane.id, act="cancel", seen=lane.newest)
    taking.take(desk, world.actor("MPA"), wanted)
    named = {
        "incident": world.write("MPA", "fire", incident(to("MOD"))),
        "secret": world.write("MPA", "high", say.Draft(kind="support", body=body, label=high)),
        "over": over, "nothing": uuid_of("nothing"),
    }  # fmt: skip
    for name, about in named.items():
        record = _names(world, name, about)
        position = "duty-officer" if name == "secret" else CLEARED
        viewer = world.viewer("MPA", position)
        view = read.record(desk, viewer, "MOD", record)
        assert view.value.body["about"] == about
        assert making.named_here(desk, viewer, view, SUPPORT) is None, name
        (lane,) = seen(world, "MPA", "MOD", record)[1].lanes
        wanted = taking.Wanted(
            owner="MOD", record=record, lane=lane.id, act="take_offer", seen=lane.newest
        )
        with refusal("record_absent"), desk.act() as act:
            making.join(act, actor, wanted, uuid_of("another"))


def _names(world, name, about) -> str:
    """An offer of MOD that names a record of which it was never told."""
    record = world.write("MOD", f"offer {name}", offer(world, "MPA"))
    feed = world.desk("MOD").store.scan("out/MPA")
    said = [decode_object(entry.data) for entry in feed if entry.data is not None]
    plain = next(one for one in said if one.get("record") == record)
    again = {**plain, "body": {**plain["body"], "about": about}, "k": 2,
             "release": uuid_of(f"again {name}")}  # fmt: skip
    with world.desk("MOD").act() as doing:
        doing.feed(PartyCode("MPA"), again)
    world.exchange("MPA", "MOD")
    return record


@pytest.mark.parametrize(
    "body",
    [{}, {"lines": [{"item": "mask"}]}, {"available": {"from": 0, "to": 0}}, {"sort": "air_cover"},
     {"lines": [{"named": "Rifles"}]}, {"watched": "site", "text": "x" * 4_000}],
    ids=str,
)  # fmt: skip
def test_whatever_little_an_offer_says_a_request_begins_with_it(world, body):
    """A partner's offer may lack any field: what it says stands in the form, and what does not go
    together is refused when it is saved.
    """
    record = world.write("MOD", "offer", offer(world, "MPA"))
    feed = world.desk("MOD").store.scan("out/MPA")
    said = [decode_object(entry.data) for entry in feed if entry.data is not None]
    plain = next(one for one in said if one.get("record") == record)
    with world.desk("MOD").act() as doing:
        doing.feed(PartyCode("MPA"), {**plain, "body": body, "k": 2, "release": uuid_of("again")})
    world.exchange("MPA", "MOD")
    desk, viewer = world.desk("MPA"), world.viewer("MPA")
    view = read.record(desk, viewer, "MOD", record)
    begun = making.begun(desk, viewer, view, SUPPORT).value
    assert {name: begun[name] for name in body if name != "available"} == {
        name: value for name, value in body.items() if name != "available"
    }
    assert begun["seats"] == [f"MOD/{CLEARED}"]
