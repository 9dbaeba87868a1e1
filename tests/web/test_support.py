"""Support requests on their pages: asking, promising, sending, and the receipt that closes."""

import pytest

from tansiq.desk.cases import reading, taking
from tansiq.desk.records import read, say
from tansiq.desk.support.figures import figures_of
from tansiq.domain.cases import LaneId, Seat, Step, StepId
from tansiq.domain.parties import Classification, PartyCode
from tansiq.domain.places import place_named
from tansiq.domain.records import RecordId, ReleaseId, reference
from tansiq.domain.wording import phrase
from tansiq.policy.agreement import Follow
from tests.web.pair import LANGUAGES, Screen, text_of
from tests.world import HOUR, rule, to, uuid_of, worlds

KINDS = frozenset({"support", "support_note"})
NEED = {
    "sort": "supplies", "text": "Masks for the clinic", "priority": "urgent",
    "reason": "None are left", "needed_by": "2020-12-24 12:00", "place-name": "Makhmour",
    "seats-party": "MOD", "seats-MOD": "liaison-officer", "lines-rows": "3",
    "lines-0-item": "mask", "lines-0-unit": "box", "lines-0-count": "40",
    "lines-1-item": "gloves", "lines-1-unit": "pair", "lines-1-count": "1,000",
}  # fmt: skip


@pytest.fixture
def world():
    with worlds("MPA", "MOD") as found:
        rules = [
            rule(party, f"S-{party}", kinds=KINDS, follow=Follow.WHOLE, automatic=True)
            for party in ("MPA", "MOD")
        ]
        found.agree("MPA", "MOD", *rules)
        yield found


def asked(world, **more) -> str:
    answer = Screen(world, "MPA", "duty-officer").post("/support/new", NEED | more)
    assert answer.status_code == 302, text_of(answer)
    world.exchange("MPA", "MOD")
    return answer["Location"]


def lane(world, party, record):
    desk, viewer = world.desk(party), world.viewer(party)
    view = read.record(desk, viewer, "MPA", record.rpartition("/")[2])
    (found,) = reading.lanes_of(desk, viewer, view).value.lanes
    return found


def act(world, party, record, **form):
    """Post one act of a lane as its page would, and exchange."""
    found = lane(world, party, record)
    answer = Screen(world, party, "liaison-officer").post(
        f"{record}/case/{found.id}", {"seen": list(found.newest), **form}
    )
    world.exchange("MPA", "MOD")
    return answer


def sums(world, party, record):
    return {str(one.line): one.sums for one in lane(world, party, record).goods}


def test_a_need_goes_to_a_receipt_with_one_key_for_each_step(world):
    """Promised and approved, sent, received with what is damaged, and closed; both sides hold the
    same figures after each exchange.
    """
    record = asked(world)
    given = {"act": "allot", "l-mask.box": "40", "l-gloves.pair": "600", "then": "approve_partly"}
    assert act(world, "MOD", record, **given).status_code == 302
    assert lane(world, "MPA", record).stage == "partly_approved"
    assert (
        act(world, "MOD", record, act="refuse_lines", **{"l-gloves.pair": "400"}).status_code == 302
    )
    sent = {"act": "dispatch", "l-mask.box": "40", "l-gloves.pair": "600", "then": "deliver",
            "v-expected": "2020-12-21 09:00"}  # fmt: skip
    assert act(world, "MOD", record, **sent).status_code == 302
    (consignment,) = lane(world, "MPA", record).consignments
    page = text_of(Screen(world, "MPA", "duty-officer").get(record))
    assert "Consignment" in page
    assert "Delivered, receipt missing" in page
    came = {"act": "receipt", "of": consignment.sent.step, "l-mask.box": "37",
            "l-mask.box.damaged": "2", "l-gloves.pair": "600", "then": "confirm_receipt",
            "v-met": "partly"}  # fmt: skip
    assert act(world, "MPA", record, **came).status_code == 302
    for party in ("MPA", "MOD"):
        found = sums(world, party, record)
        masks, gloves = found["mask.box"], found["gloves.pair"]
        assert (masks.good, masks.damaged, masks.lost, masks.under_way) == (37, 2, 1, 0)
        assert (gloves.good, gloves.refused, gloves.undecided(1000)) == (600, 400, 0)
        assert lane(world, party, record).stage == "closed"
    assert "Did not come" in text_of(Screen(world, "MOD", "duty-officer").get(record))


def test_the_first_receipt_leaves_the_request_open_where_more_is_to_come(world):
    """Only a receipt closes, and one that is typed without a second act closes nothing."""
    record = asked(world)
    act(world, "MOD", record, act="allot", then="approve", **{"l-mask.box": "40"})
    act(world, "MOD", record, act="dispatch", then="deliver_partly", **{"l-mask.box": "12"})
    (first,) = lane(world, "MPA", record).consignments
    act(world, "MPA", record, act="receipt", of=first.sent.step, **{"l-mask.box": "12"})
    found = lane(world, "MOD", record)
    assert found.stage == "partly_delivered"
    assert sums(world, "MOD", record)["mask.box"].open == 28
    page = text_of(Screen(world, "MOD", "liaison-officer").get(record))
    assert 'value="28"' in page  # what is still to be sent is in the form


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_go_together_is_said_beside_its_field(world, language):
    """Air cover without what of one's own, supplies without lines, haste without a reason, and a
    unit in which an item is not counted: nothing is saved, and everything typed is still there.
    """
    screen = Screen(world, "MPA", "duty-officer")
    for broken in (
        {"sort": "air_cover"}, {"lines-rows": "0"}, {"reason": ""}, {"lines-1-unit": "box",
        "lines-1-item": "rice"}, {"lines-1-item": "mask", "lines-1-unit": "box"},
        {"lines-1-count": ""},
    ):  # fmt: skip
        answer = screen.post("/support/new", NEED | broken, language)
        assert answer.status_code == 422, broken
        assert "Masks for the clinic" in text_of(answer)


def test_a_count_that_is_none_keeps_what_was_typed(world):
    """An act whose counts cannot be read is not taken, and says so in its own form."""
    record = asked(world)
    for broken in ({}, {"l-mask.box": "many"}, {"x-count": "3"}, {"l-mask.box": "9" * 20}):
        before = lane(world, "MOD", record).newest
        answer = act(world, "MOD", record, act="allot", **broken)
        assert answer.status_code == 422
        assert lane(world, "MOD", record).newest == before
    assert act(world, "MOD", record, act="allot", then="cancel",
               **{"l-mask.box": "1"}).status_code == 302  # fmt: skip
    assert lane(world, "MOD", record).stage == "sent"  # an act that may not follow is not taken


def test_what_resembles_an_open_request_is_shown_before_it_is_sent(world):
    """A second need of the same item near the same town is shown once, saved when asked again, and
    linked where the writer says that it is the same; the link stays here.
    """
    first = asked(world).rpartition("/")[2]
    screen = Screen(world, "MPA", "duty-officer")
    second = NEED | {"text": "Masks for the school", "lines-rows": "1"}
    answer = screen.post("/support/new", second)
    assert answer.status_code == 409
    assert first in text_of(answer)
    answer = screen.post("/support/new", second | {"alike": first, "same_need": first})
    assert answer.status_code == 302
    world.exchange("MPA", "MOD")
    record = answer["Location"].rpartition("/")[2]
    view = read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", record)
    assert view.value.body["same_need"] == [first]
    theirs = read.record(world.desk("MOD"), world.viewer("MOD"), "MPA", record)
    assert "same_need" not in theirs.value.body
    other = NEED | {"text": "Far away", "place-name": "Sinjar"}
    assert screen.post("/support/new", other).status_code == 302


def test_a_request_that_may_not_be_seen_resembles_nothing(world):
    """MOD's own need is not shown to MPA, to which it was never released."""
    theirs = NEED | {"seats-party": "MPA", "seats-MPA": "liaison-officer"}
    theirs.pop("seats-MOD")
    answer = Screen(world, "MOD", "duty-officer").post("/support/new", theirs)
    assert answer.status_code == 302  # not exchanged: MPA does not hold it
    assert Screen(world, "MPA", "duty-officer").post("/support/new", NEED).status_code == 302


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figures_open_the_lists_that_they_count(world, language):
    """Time in each stage, the share of what is urgent, what is open longest and what came short:
    of what the viewer may see, at both parties, and each leads to a list or a record.
    """
    record = asked(world)
    asked(world, **{"text": "Soap", "place-name": "Sinjar", "priority": "routine"})
    world.clock.time += 3 * HOUR
    act(world, "MOD", record, act="allot", then="approve", **{"l-mask.box": "40"})
    world.clock.time += 2 * HOUR
    act(world, "MOD", record, act="dispatch", then="deliver", **{"l-mask.box": "40"})
    (sent,) = lane(world, "MPA", record).consignments
    act(world, "MPA", record, act="receipt", of=sent.sent.step, **{"l-mask.box": "35"})
    for party in ("MPA", "MOD"):
        found = figures_of(world.desk(party), world.viewer(party))
        stages = {one.stage: one for one in found.stages}
        assert stages["sent"].lanes == 2
        assert stages["sent"].standing == 1
        assert stages["approved"].median_ms == 2 * HOUR
        assert [(one.party, one.total, one.percent) for one in found.shares] == [("MPA", 2, 50)]
        assert [str(one.goods.line) for one in found.short] == ["mask.box"]
        assert len(found.longest) == 2
        page = text_of(Screen(world, party, "duty-officer").get("/support/figures", language))
        assert f"{record}#lane-" in page
        assert "/support?tab=all&owner=MPA&priority=urgent" in page
        assert "/support?tab=all&state=sent" in page


def test_a_receipt_is_typed_back_from_paper_by_the_code_of_its_consignment(world):
    """The printed request says the code; typed as it is read, it leads to the consignment's form at
    whoever may see it, and to nobody else; a code that is none is said to be none.
    """
    record = asked(world)
    act(world, "MOD", record, act="allot", then="approve", **{"l-mask.box": "40"})
    act(world, "MOD", record, act="dispatch", then="deliver", **{"l-mask.box": "40"})
    (sent,) = lane(world, "MPA", record).consignments
    code = reference(sent.sent.step)
    mpa = Screen(world, "MPA", "duty-officer")
    assert f"C-{code}" in text_of(mpa.get(f"{record}/print"))
    for typed in (code, f"C-{code.lower()}", f" c-{code} ".replace("0", "O").replace("1", "I")):
        answer = mpa.get(f"/support/receipt?code={typed.strip()}")
        assert answer.status_code == 302
        assert answer["Location"].startswith(record)
        assert f'id="{answer["Location"].partition("#")[2]}"' in text_of(mpa.get(record))
    assert mpa.get("/support/receipt?code=C-00000").status_code == 404
    for none in ("what", "C-UUUUU", "C-123456"):
        assert mpa.get(f"/support/receipt?code={none}").status_code == 404
    assert mpa.get("/support/receipt").status_code == 200


def crossed(world) -> str:
    """A request of which both sides decided at once, each without word of the other."""
    record = asked(world)
    act(world, "MOD", record, act="offer")
    for party, form in (
        ("MPA", {"act": "take_offer"}), ("MOD", {"act": "reject", "v-why_not": "no_funds"}),
    ):  # fmt: skip
        found = lane(world, party, record)
        answer = Screen(world, party, "liaison-officer").post(
            f"{record}/case/{found.id}", {"seen": list(found.newest), **form}
        )
        assert answer.status_code == 302, text_of(answer)
    world.exchange("MPA", "MOD")
    return record


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contested_lane_shows_what_each_side_said_and_one_act_settles_it(world, language):
    """Both pages name both acts and say what to do; the requester alone has a button for each, and
    after one of them both sides stand at the same stage.
    """
    record = crossed(world)
    mine, theirs = lane(world, "MPA", record), lane(world, "MOD", record)
    assert {one.step.act for one in mine.contested} == {"take_offer", "reject"}
    for party, found, word in (
        ("MPA", mine, "case.contested_ours"), ("MOD", theirs, "case.contested_theirs"),
    ):  # fmt: skip
        page = text_of(Screen(world, party, "liaison-officer").get(record, language))
        shown = page[page.index('class="notice notice-warn stack contested"') :]
        shown = shown[: shown.index("</section>")]
        for one in found.contested:
            assert phrase(f"did.{one.step.act}", language) in shown
        assert phrase(word, language, party="Ministry of Peshmerga")[-40:] in shown
        assert shown.count("<form") == (2 if party == "MPA" else 0)
    chosen = next(one.step for one in mine.contested if one.step.act == "take_offer")
    assert act(world, "MOD", record, act="settle", of=chosen.step).status_code != 302
    assert act(world, "MPA", record, act="settle", of=chosen.step).status_code == 302
    for party in ("MPA", "MOD"):
        found = lane(world, party, record)
        assert (found.stage, found.contested) == ("approved", ())


def sent_goods(world) -> str:
    """A request of which all masks were promised, sent and said to be delivered."""
    record = asked(world)
    act(world, "MOD", record, act="allot", then="approve", **{"l-mask.box": "40"})
    act(world, "MOD", record, act="dispatch", then="deliver", **{"l-mask.box": "40"})
    return record


def feeds(world, sides: str, record: str, name: str, act: str, **given) -> None:
    """A step that one party puts into its feed to the other without asking its own desk, knowing
    what the lane holds and nothing else.
    """
    party, other = sides.split()
    found = lane(world, party, record)
    step = Step(
        author=PartyCode(party), version=1, root=RecordId(record.rpartition("/")[2]),
        lane=LaneId(found.id), step=StepId(uuid_of(name)), release=ReleaseId(uuid_of(f"{name} r")),
        seat=Seat(PartyCode(party), "liaison-officer"), act=act, after=found.newest,
        at=world.clock.time, of=StepId(given.pop("of", "")), values=given,
    )  # fmt: skip
    with world.desk(party).act() as doing:
        doing.feed(PartyCode(other), step.to_json())


def test_what_the_provider_says_came_closes_nothing(world):
    """A provider that signs for its own delivery, past its own desk, counts nothing and closes
    nothing at the requester.
    """
    record = sent_goods(world)
    (sent,) = lane(world, "MPA", record).consignments
    feeds(world, "MOD MPA", record, "signed", "receipt", of=sent.sent.step, **{"mask.box": 40})
    feeds(world, "MOD MPA", record, "closed", "confirm_receipt", met="whole")
    world.exchange("MPA", "MOD")
    found = lane(world, "MPA", record)
    assert (found.stage, found.consignments[0].receipt) == ("delivered", None)
    assert sums(world, "MPA", record)["mask.box"].good == 0
    assert len([one for one in found.said if not one.counted]) == 2


def test_of_two_receipts_that_crossed_the_page_shows_the_one_that_counts(world):
    """A requester that went back to an older state signs twice: the smaller count stands in the
    sums and on the page, however late the greater one left.
    """
    record = sent_goods(world)
    (sent,) = lane(world, "MPA", record).consignments
    for name, count in (("less", 30), ("more", 40)):
        world.clock.time += HOUR
        feeds(world, "MPA MOD", record, name, "receipt", of=sent.sent.step,
              **{"mask.box": count})  # fmt: skip
    world.exchange("MPA", "MOD")
    (shown,) = lane(world, "MOD", record).consignments
    assert shown.receipt.values["mask.box"] == 30
    assert sums(world, "MOD", record)["mask.box"].good == 30


def test_what_is_above_a_clearance_resembles_nothing_and_is_in_no_figure(world):
    """A need that a position may not read is not shown as the same, and no share counts it."""
    body = {
        "sort": "supplies", "text": "Masks for the minister", "priority": "flash", "reason": "None",
        "needed_by": world.clock.time + 90 * HOUR, "seats": ["MOD/liaison-officer"],
        "place": place_named("Makhmour").to_json(),
        "lines": [{"item": "mask", "unit": "box", "count": 3}],
    }  # fmt: skip
    secret = to("MOD", classification=Classification.SECRET)
    world.write("MPA", "secret", say.Draft(kind="support", body=body, label=secret))
    screen = Screen(world, "MPA", "duty-officer")
    assert screen.post("/support/new", NEED).status_code == 302
    found = figures_of(world.desk("MPA"), world.viewer("MPA", "duty-officer"))
    assert [(one.total, dict(one.pressing)) for one in found.shares] == [
        (1, {"flash": 0, "urgent": 1})
    ]
    assert figures_of(world.desk("MPA"), world.viewer("MPA")).shares[0].total == 2


def test_no_time_signs_and_none_approves(world):
    """Clocks run out, and both nodes look: what waits for a decision or a receipt still waits."""
    record = asked(world)
    world.clock.time += 5 * HOUR
    for party in ("MPA", "MOD"):
        taking.tick(world.desk(party))
    assert lane(world, "MPA", record).stage == "sent"
    act(world, "MOD", record, act="allot", then="approve", **{"l-mask.box": "40"})
    act(world, "MOD", record, act="dispatch", then="deliver", **{"l-mask.box": "40"})
    world.clock.time += 200 * HOUR
    for party in ("MPA", "MOD"):
        taking.tick(world.desk(party))
    assert lane(world, "MPA", record).stage == "delivered"


def test_each_of_two_providers_counts_its_own():
    """What one of them promises and sends stands in its lane alone; the requester adds up."""
    with worlds("MPA", "MOD", "COA") as world:
        for other in ("MOD", "COA"):
            rules = [
                rule(party, f"S-{party}", kinds=KINDS, follow=Follow.WHOLE, automatic=True)
                for party in ("MPA", other)
            ]
            world.agree("MPA", other, *rules)
        answer = Screen(world, "MPA", "duty-officer").post(
            "/support/new",
            NEED | {"seats-party": ["MOD", "COA"], "seats-COA": "liaison-officer"},
        )
        record = answer["Location"]
        for other, count in (("MOD", "30"), ("COA", "10")):
            world.exchange("MPA", other)
            given = {"act": "allot", "then": "approve_partly", "l-mask.box": count}
            assert act(world, other, record, **given).status_code == 302
            world.exchange("MPA", other)
        desk, viewer = world.desk("MPA"), world.viewer("MPA")
        view = read.record(desk, viewer, "MPA", record.rpartition("/")[2])
        case = reading.lanes_of(desk, viewer, view).value
        counted = {
            one.seat.party: [line.sums.allotted for line in one.goods][:1] for one in case.lanes
        }
        assert counted == {"MOD": [30], "COA": [10]}
        assert case.goods[0].sums.allotted == 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_thousands_stand_apart_wherever_goods_are_counted(world, language):
    """On the request, in its lane, on paper and in the list that a figure opens."""
    record = asked(world)
    act(world, "MOD", record, act="allot", then="approve_partly", **{"l-gloves.pair": "1000"})
    act(world, "MOD", record, act="dispatch", then="deliver_partly", **{"l-gloves.pair": "1000"})
    screen = Screen(world, "MPA", "duty-officer")
    for address in (record, f"{record}/print"):
        page = text_of(screen.get(address, language))
        assert '<bdi dir="ltr">1,000</bdi>' in page
        assert '<bdi dir="ltr">1000</bdi>' not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_many_kinds_calls_a_field_as_its_kind_does(world, language):
    """The inbox says of a support request what its own page says, and no words of questions."""
    asked(world)
    page = text_of(Screen(world, "MOD", "liaison-officer").get("/inbox", language))
    assert phrase("field.support.needed_by", language) in page
    assert phrase("field.needed_by", language) not in page
