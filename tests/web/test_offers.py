"""Offers that nobody asked for, on their pages: offered, received, taken by a request or left."""

import pytest

from tansiq.desk.cases import making, outward, reading, taking
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.wording import phrase
from tansiq.policy.agreement import Follow
from tests.web.pair import LANGUAGES, Screen, text_of
from tests.world import HOUR, refusal, rule, to, worlds

KINDS = frozenset({"support", "support_offer", "support_note"})
OFFER = {
    "sort": "supplies", "text": "Masks for any clinic", "capability": "Brought to the gate",
    "place-name": "Makhmour", "valid_until": "2020-12-24 12:00",
    "available-from": "2020-12-21 08:00", "available-to": "2020-12-23 18:00",
    "conditions": "You unload", "seats-party": "MPA", "seats-MPA": "liaison-officer",
    "lines-rows": "3", "lines-0-item": "mask", "lines-0-unit": "box", "lines-0-count": "40",
}  # fmt: skip
# What the requester adds to the form that its offer has filled.
ADDED = {
    "sort": "supplies", "text": "Masks for the clinic of the silo", "place-name": "Makhmour",
    "needed_by": "2020-12-23 18:00", "priority": "routine", "seats-party": "MOD",
    "seats-MOD": "liaison-officer", "lines-rows": "3", "lines-0-item": "mask",
    "lines-0-unit": "box", "lines-0-count": "30",
}  # fmt: skip


def _agreed(world, *others):
    for other in others:
        rules = [
            rule(party, f"S-{party}", kinds=KINDS, follow=Follow.WHOLE, automatic=True)
            for party in ("MPA", other)
        ]
        world.agree("MPA", other, *rules)


@pytest.fixture
def world():
    """MPA, and MOD which offers."""
    with worlds("MPA", "MOD") as found:
        _agreed(found, "MOD")
        yield found


def offered(world, party="MOD", **more) -> str:
    answer = Screen(world, party, "liaison-officer").post("/offers/new", OFFER | more)
    assert answer.status_code == 302, text_of(answer)
    world.exchange("MPA", party)
    return answer["Location"]


def case(world, party, address):
    _, _, owner, record = address.split("/")
    desk, viewer = world.desk(party), world.viewer(party)
    view = read.record(desk, viewer, owner, record)
    found = reading.lanes_of(desk, viewer, view, world.actor(party))
    assert found is not None, "it is only heard of"
    return view, found.value


def stage(world, party, address):
    (lane,) = case(world, party, address)[1].lanes
    return lane.stage


def act(world, party, address, name, position="liaison-officer", **form):
    """Post one act of an offer as its page would, and exchange."""
    (lane,) = case(world, party, address)[1].lanes
    answer = Screen(world, party, position).post(
        f"{address}/case/{lane.id}", {"seen": list(lane.newest), "act": name, **form}
    )
    world.exchange("MPA", "MOD")
    return answer


def shown(world, address, party="MPA"):
    """What the form of a request that takes an offer says of its lane."""
    (lane,) = case(world, party, address)[1].lanes
    return {"lane": lane.id, "seen": list(lane.newest), "about": address.removeprefix("/record/")}


def taken(world, address, **more):
    answer = Screen(world, "MPA", "liaison-officer").post(
        "/support/new", ADDED | shown(world, address) | more
    )
    world.exchange("MPA", "MOD")
    return answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_that_is_taken_becomes_a_request(world, language):
    """The button of the offer opens the request with its words; saving that takes the offer and
    asks the party that made it. Both pages lead to one another on both sides, and the lane of the
    request goes on as any other.
    """
    address = offered(world)
    mpa = Screen(world, "MPA", "liaison-officer")
    page = text_of(mpa.get(address, language))
    assert phrase("act.take_offer", language) in page
    answer = act(world, "MPA", address, "take_offer")
    assert answer.status_code == 302
    assert answer["Location"] == f"/support/new?about={address.removeprefix('/record/')}"
    assert stage(world, "MOD", address) == "offered"
    form = text_of(mpa.get(answer["Location"], language))
    assert 'id="takes"' in form
    assert phrase("goes.nothing", language) not in form  # it is asked before it is said
    for words in ("Masks for any clinic", 'value="2020-12-23 18:00"', 'value="40"'):
        assert words in form
    assert '<option value="liaison-officer" selected>' in form
    answer = taken(world, address)
    assert answer.status_code == 302, text_of(answer)
    request = answer["Location"]
    for party in ("MPA", "MOD"):
        assert stage(world, party, address) == "accepted"
        assert stage(world, party, request) == "sent"
        screen = Screen(world, party, "liaison-officer")
        assert f'href="{request}"' in text_of(screen.get(address, language))
        assert f'href="{address}"' in text_of(screen.get(request, language))
    given = {"act": "allot", "l-mask.box": "30", "then": "approve"}
    (lane,) = case(world, "MOD", request)[1].lanes
    answer = Screen(world, "MOD", "liaison-officer").post(
        f"{request}/case/{lane.id}", given | {"seen": list(lane.newest)}
    )
    assert answer.status_code == 302
    world.exchange("MPA", "MOD")
    assert stage(world, "MPA", request) == "approved"


def test_the_request_and_the_step_are_kept_together_or_neither_is(world):
    """A request that cannot be saved, that asks anybody else, or that was filled from a lane that
    has moved since takes no offer, and nothing of it is there.
    """
    address = offered(world)
    before = len(read.page(world.desk("MPA"), world.viewer("MPA"), _requests()).rows)
    for broken in (
        {"lines-rows": "0"}, {"seats-MOD": ""}, {"seen": []}, {"lane": ""},
        {"lines-0-item": "other", "lines-0-named": "Spare rifles"},
    ):  # fmt: skip
        answer = taken(world, address, **broken)
        assert answer.status_code == 422, broken
        assert "Masks for the clinic of the silo" in text_of(answer)
    assert stage(world, "MPA", address) == "offered"
    stale = shown(world, address)
    act(world, "MPA", address, "receive")
    assert taken(world, address, **stale).status_code == 422
    assert stage(world, "MOD", address) == "received"
    act(world, "MOD", address, "withdraw", **{"v-why_not": "not_available"})
    assert taken(world, address, **stale).status_code == 422  # nothing is there to be taken now
    assert len(read.page(world.desk("MPA"), world.viewer("MPA"), _requests()).rows) == before


def _requests():
    return read.Query(kinds=("support",))


def test_an_offer_is_taken_with_a_request_and_in_no_other_way(world):
    """A step alone is refused by the desk, and so is a request that asks one party more."""
    address = offered(world)
    view, found = case(world, "MPA", address)
    (lane,) = found.lanes
    desk, actor = world.desk("MPA"), world.actor("MPA")
    wanted = Wanted(owner="MOD", record=view.value.record, lane=lane.id, act="take_offer",
                    seen=lane.newest)  # fmt: skip
    with refusal("taken_with_a_record"):
        taking.take(desk, actor, wanted)
    body = making.begun(desk, world.viewer("MPA"), view, kind_named("support")).value
    body |= {"priority": "routine", "seats": [*body["seats"], "COA/cleared"]}
    draft = say.Draft(kind="support", body=body, label=to())
    with refusal("made_for_one"), desk.act() as doing:
        making.make(doing, actor, wanted, draft)
    draft = say.Draft(kind="support_offer", body=body, label=to())
    with refusal("act_unknown"), desk.act() as doing:
        making.make(doing, actor, wanted, draft)
    assert stage(world, "MPA", address) == "offered"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_go_together_is_said_beside_its_field(world, language):
    """Supplies without lines, air cover without what of theirs, a weapon by another name, an offer
    without an end or to nobody: nothing is saved, and everything typed is still there.
    """
    screen = Screen(world, "MOD", "liaison-officer")
    for broken in (
        {"sort": "air_cover"}, {"lines-rows": "0"}, {"valid_until": ""}, {"seats-MPA": ""},
        {"lines-0-item": "other", "lines-0-named": "Rifles, used"}, {"lines-0-unit": "kg"},
        {"available-to": ""}, {"sort": "air_cover", "watched": "column", "lines-rows": "0"},
    ):  # fmt: skip
        answer = screen.post("/offers/new", OFFER | broken, language)
        assert answer.status_code == 422, broken
        assert "Masks for any clinic" in text_of(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_is_listed_counted_and_printed(world, language):
    """Its list, board, calendar, map and chart, the inbox and the menu of the party that has it to
    answer, its CSV and its paper say it in the language of the reader.
    """
    address = offered(world)
    mpa = Screen(world, "MPA", "duty-officer")
    for query in ("", "view=board&tab=all", "view=board&by=sort", "view=calendar&month=2020-12",
                  "view=timeline", "view=map", "view=chart&by=sort", "sort=supplies"):  # fmt: skip
        page = mpa.get(f"/offers?{query}", language)
        assert page.status_code == 200
        assert "chart" in query or f'href="{address}"' in text_of(page), query
    assert phrase("choice.sort.supplies", language) in text_of(mpa.get("/offers", language))
    assert f'href="{address}"' in text_of(mpa.get("/inbox", language))
    assert "Masks for any clinic" in text_of(mpa.get("/offers/csv", language))
    paper = text_of(mpa.get(f"{address}/print", language))
    for word in ("field.support_offer.valid_until", "field.conditions", "kind.support_offer"):
        assert phrase(word, language) in paper
    act(world, "MPA", address, "leave_offer", **{"v-why_not": "no_need", "text": "We have some"})
    assert stage(world, "MOD", address) == "declined"
    theirs = text_of(Screen(world, "MOD", "duty-officer").get(address, language))
    assert phrase("choice.why_not.no_need", language) in theirs
    assert "We have some" in theirs
    assert f'href="{address}"' not in text_of(mpa.get("/offers", language))
    assert f'href="{address}"' in text_of(mpa.get("/offers?tab=all", language))


def test_an_offer_lapses_by_itself_and_a_taken_one_does_not(world):
    """At the end of its time the owner's node says so; what was taken stays taken."""
    first, second = (
        offered(world),
        offered(world, text="Gloves", **{"lines-0-item": "gown", "lines-0-unit": "piece"}),
    )
    assert taken(world, first).status_code == 302
    world.clock.time += 200 * HOUR
    for party in ("MPA", "MOD"):
        taking.tick(world.desk(party))
    world.exchange("MPA", "MOD")
    assert [stage(world, "MPA", one) for one in (first, second)] == ["accepted", "lapsed"]
    assert taken(world, second).status_code == 422


def _heard_of(world) -> str:
    """A request that asks MOD, and of which COA hears where it stands."""
    rules = [rule(one, f"S-{one}", kinds=KINDS, follow=Follow.WHOLE, automatic=True)
             for one in ("MPA", "COA")]  # fmt: skip
    heard = rule("MPA", "H-MPA", kinds=frozenset({"support"}), follow=Follow.STAGE)
    world.agree("MPA", "COA", *rules, heard)
    request = Screen(world, "MPA", "liaison-officer").post("/support/new", ADDED)["Location"]
    record = request.rpartition("/")[2]
    actor, desk = world.actor("MPA"), world.desk("MPA")
    old = say.current(desk, actor, record).value
    draft = say.Draft(kind="support", body=old.body, label=to("MOD", "COA"))
    say.revise(desk, actor, record, old.digest, draft)
    world.release("MPA", record, "COA", "H-MPA")
    outward.tick(desk)
    for other in ("MOD", "COA"):
        world.exchange("MPA", other)
    return request


def test_an_offer_about_a_request_that_only_is_heard_of_joins_it():
    """COA hears of a request that asks MOD alone and offers; taking it asks COA in the request that
    is there, in a lane of its own, and MOD learns of neither.
    """
    with worlds("MPA", "MOD", "COA") as world:
        _agreed(world, "MOD")
        request = _heard_of(world)
        record = request.rpartition("/")[2]
        mpa, coa = (Screen(world, party, "liaison-officer") for party in ("MPA", "COA"))
        begins = f"/offers/new?about=MPA/{record}"
        assert f'href="{begins}"' in text_of(coa.get(request))
        assert f'href="{begins}"' not in text_of(
            Screen(world, "MOD", "liaison-officer").get(request)
        )
        form = text_of(coa.get(begins))
        assert '<option value="cleared" selected>' in form  # who wrote it last
        assert 'value="30"' in form
        offer = coa.post("/offers/new", OFFER | {"about": f"MPA/{record}"})["Location"]
        for other in ("COA", "MOD"):
            world.exchange("MPA", other)
        assert f'href="{offer}"' in text_of(mpa.get(request))
        (lane,) = case(world, "MPA", offer)[1].lanes
        answer = mpa.post(
            f"{offer}/case/{lane.id}", {"act": "take_offer", "seen": list(lane.newest)}
        )
        assert answer.status_code == 302, text_of(answer)
        assert answer["Location"] == f"{request}#case"
        before = len(world.sent)
        for other in ("COA", "MOD"):
            world.exchange("MPA", other)
        assert stage(world, "COA", offer) == "accepted"
        assert stage(world, "COA", request) == "sent"
        assert f'href="{offer}"' in text_of(coa.get(request))
        lanes = {one.seat.party: one.stage for one in case(world, "MPA", request)[1].lanes}
        assert lanes == {"MOD": "sent", "COA": "sent"}
        for sender, receiver, parcel in world.sent[before:]:
            assert receiver != "MOD" or b"COA" not in parcel, sender
        with pytest.raises(InputError):
            read.record(world.desk("MOD"), world.viewer("MOD"), "COA", offer.rpartition("/")[2])
