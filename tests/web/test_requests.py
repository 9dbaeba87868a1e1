"""Requests for information on the page: asking, acting in a lane, what was typed, what is told."""

import re

import pytest

from tansiq.desk.cases import reading
from tansiq.desk.exchange import exchange
from tansiq.desk.records import read, say
from tansiq.domain.parties import PartyCode
from tansiq.domain.wording import phrase
from tansiq.policy.agreement import Follow
from tests import world as worlds
from tests.web.pair import KEY, LANGUAGES, Screen, text_of, words
from tests.world import CLEARED, Classification, incident, rule, to, uuid_of

KINDS = frozenset({"rfi", "answer"})
QUESTION = {
    "text": "Is the bridge open?",
    "needed_by": "2020-12-21 12:00",
    "seats-party": ["MOD"],
    "seats-MOD": "liaison-officer",
}


RULES = tuple(
    rule(sender, f"Q-{sender}", kinds=KINDS, automatic=True, follow=Follow.WHOLE,
         class_max=Classification.SECRET)
    for sender in ("MPA", "MOD")
)  # fmt: skip
INCIDENTS = rule("MOD", "I-MOD", kinds=frozenset({"incident"}))


@pytest.fixture
def world():
    with worlds.worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *RULES, INCIDENTS)
        yield made


@pytest.fixture
def asker(world):
    return Screen(world, "MPA", "duty-officer")


@pytest.fixture
def asked(world):
    return Screen(world, "MOD", "liaison-officer")


def ask(world, screen, **form):
    """Write a request on the page; its id."""
    answer = screen.post("/requests/new", {**QUESTION, **form}, "en")
    assert answer.status_code == 302, text_of(answer)
    world.exchange("MPA", "MOD")
    return answer["Location"].rpartition("/")[2]


def lane_at(world, party, record):
    desk, viewer = world.desk(party), world.viewer(party)
    view = read.record(desk, viewer, "MPA", record)
    (lane,) = reading.lanes_of(desk, viewer, view, world.actor(party)).value.lanes
    return lane


def act(world, screen, record, name, *, language="en", **form):
    party = screen.desk.me
    lane = lane_at(world, party, record)
    data = {"act": name, "seen": list(lane.newest), **form}
    answer = screen.post(f"/record/MPA/{record}/case/{lane.id}", data, language)
    world.exchange("MPA", "MOD")
    return answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_and_its_answer_stand_on_both_pages(world, asker, asked, language):
    """Who asks and who is asked read the same acts, in their own language, without a bare key."""
    record = ask(world, asker)
    page = text_of(asked.get(f"/record/MPA/{record}", language))
    assert words("case.ours", language) in page
    assert words("act.no_information", language) in page
    assert not KEY.search(page)
    assert act(world, asked, record, "accept").status_code == 302
    done = act(world, asked, record, "answer", text="It is open", **{"grade-r": "B"})
    assert done.status_code == 302
    page = text_of(asker.get(f"/record/MPA/{record}", language))
    assert "It is open" in page
    assert words("state.answered", language) in page
    assert words("act.satisfied", language) in page
    assert not KEY.search(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_taken_loses_nothing_that_was_typed(world, asker, asked, language):
    """The page comes back as it stands now, with the reason and the words."""
    record = ask(world, asker)
    lane = lane_at(world, "MOD", record)
    act(world, asked, record, "receive")
    stale = {"act": "answer", "seen": list(lane.newest), "text": "Long words of mine"}
    answer = asked.post(f"/record/MPA/{record}/case/{lane.id}", stale, language)
    assert answer.status_code == 422
    assert "Long words of mine" in text_of(answer)
    assert words("error.case_moved", language) in text_of(answer)
    assert act(world, asked, record, "decline").status_code == 422  # without a reason
    assert lane_at(world, "MOD", record).stage == "received"


def test_a_request_without_a_seat_is_not_written(world, asker):
    """Who is asked is demanded, with an error beside the field; the words stay."""
    answer = asker.post("/requests/new", {**QUESTION, "seats-MOD": ""}, "en")
    assert answer.status_code == 422
    assert "Is the bridge open?" in text_of(answer)


def test_the_page_of_a_request_stands_in_the_requests(world, asker, asked):
    """On both sides the first crumb leads to the requests, also where it is released."""
    record = ask(world, asker)
    for page in (
        asker.get(f"/record/MPA/{record}"), asked.get(f"/record/MPA/{record}"),
        asker.get(f"/record/MPA/{record}/release"), asker.get(f"/record/MPA/{record}/edit"),
    ):  # fmt: skip
        assert '<ol class="crumbs"><li><a href="/requests">' in text_of(page)


def test_a_request_stated_anew_stands_after_what_was_said_before(world, asker, asked):
    """The acts of a lane and new editions of the request stand in the order of their moments."""
    record = ask(world, asker)
    assert act(world, asked, record, "decline", **{"v-reason": "other"}).status_code == 302
    world.clock.time += 60_000
    form = text_of(asker.get(f"/record/MPA/{record}/edit"))
    base = re.search(r'name="base" value="([^"]*)"', form)[1]
    new = {**QUESTION, "text": "Is the mill open?", "base": base, "audience": ["MOD"]}
    assert asker.post(f"/record/MPA/{record}/edit", new, "en").status_code == 302
    page = text_of(asker.get(f"/record/MPA/{record}"))
    assert page.index(words("did.decline", "en")) < page.index(words("case.restated", "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_printed_list_names_its_part_in_words(asker, language):
    """A tab or a stage is said in the reader's language; what is no word of ours stays as given."""
    page = text_of(asker.get("/requests/print?tab=all", language))
    assert f"<dd>{words('tab.all', language)}</dd>" in page
    assert words("state.sent", language) in text_of(
        asker.get("/requests/print?state=sent", language)
    )
    assert asker.get("/requests/print?tab=nowhere", language).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_that_cannot_be_read_is_named_as_the_filter_is(asker, language):
    """The reason names the filter in the reader's language, and no part of an address."""
    for name in ("as_of", "since", "until"):
        answer = asker.get(f"/requests?{name}=nonsense", language)
        fault = text_of(answer).partition('id="filter-fault"')[2].partition("</p>")[0]
        assert words(f"list.{name}", language) in fault
        assert f" {name}" not in fault


def test_a_request_is_not_redirected_to_who_asks_or_who_is_asked(world, asker, asked):
    """The party that a seat names is a third one."""
    record = ask(world, asker)
    page = text_of(asked.get(f"/record/MPA/{record}"))
    choice = re.search(r'<select[^>]* name="v-to".*?</select>', page, re.DOTALL)[0]
    assert re.findall(r'value="([^"]+)"', choice) == []


@pytest.mark.parametrize("party", ["ZZZ", "MPA"])
def test_nobody_is_asked_who_is_no_partner(world, asker, party):
    """A made-up party, or the own one, in a form that no page shows: nothing is written."""
    seats = {"seats-party": [party], f"seats-{party}": "duty-officer"}
    answer = asker.post("/requests/new", {**QUESTION, **seats}, "en")
    assert answer.status_code == 422
    assert words("error.party_unknown") in text_of(answer)
    assert not world.desk("MPA").board.db.rows("SELECT record FROM record")


def test_a_request_may_be_about_a_record(world, asker):
    """The record stands in the form and beside the request."""
    record = world.write("MPA", "fire", incident(to("MOD"), text="Fire near the mill"))
    form = text_of(asker.get(f"/requests/new?about=MPA/{record}"))
    assert "Fire near the mill" in form
    made = ask(world, asker, about=f"MPA/{record}")
    assert "Fire near the mill" in text_of(asker.get(f"/record/MPA/{made}"))
    assert "Fire near the mill" not in text_of(asker.get(f"/requests/new?about=MPA/{uuid_of('x')}"))


def test_an_act_of_the_other_side_is_refused(world, asker, asked):
    """Nobody answers for the other side, and an unknown act is not there."""
    record = ask(world, asker)
    lane = lane_at(world, "MPA", record)
    path = f"/record/MPA/{record}/case/{lane.id}"
    data = {"act": "answer", "seen": list(lane.newest)}
    assert asker.post(path, data, "en").status_code == 422
    assert asker.post(path, {**data, "act": "expire"}, "en").status_code == 422
    assert asker.post(path, {**data, "act": "explode"}, "en").status_code == 404
    assert lane_at(world, "MPA", record).stage == "sent"


# The list ----------------------------------------------------------------------------------------


def counted(screen, language="en"):
    """What stands beside the requests in the navigation; none where nothing does."""
    page = screen.get("/keys", language).content.decode()
    entry = re.search(r'<a href="/requests".*?</a>', page, re.DOTALL)
    number = re.search(r'class="count[^"]*"[^>]*>\D*(\d+)', entry[0])
    return int(number[1]) if number else 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_requests_stand_in_a_list_a_board_and_a_calendar(world, asker, asked, language):
    """Open requests come first; the board stands by stage, the calendar by the day of need; every
    view speaks the language.
    """
    first = ask(world, asker)
    second = ask(world, asker, text="Is the hospital reached?", needed_by="2020-12-22 12:00")
    act(world, asked, second, "no_information")
    act(world, asker, second, "satisfied")
    asker.get("/keys")  # the next page says what was done last
    for address, held in (
        ("/requests", (first,)),
        ("/requests?tab=all", (first, second)),
        ("/requests?view=board&tab=all", (first, second)),
        ("/requests?view=calendar&month=2020-12&tab=all", (first, second)),
        ("/requests?tab=all&owner=MPA", (first, second)),
        ("/requests?tab=all&owner=MOD", ()),
    ):
        page = asker.get(address, language).content.decode()
        assert not KEY.search(page), address
        for record in (first, second):
            assert (f"/record/MPA/{record}" in page) is (record in held), (address, record)
    board = text_of(asker.get("/requests?view=board&tab=all", language))
    for stage in ("sent", "closed"):
        assert words(f"state.{stage}", language) in board


def test_the_navigation_counts_the_requests_that_wait_for_our_act(world, asker, asked):
    """One that is sent waits for the seat, one that is answered for who asked, one that is closed
    for nobody.
    """
    record = ask(world, asker)
    assert (0, 1) == (counted(asker), counted(asked))
    act(world, asked, record, "answer", text="It is open")
    assert (1, 0) == (counted(asker), counted(asked))
    act(world, asker, record, "satisfied")
    assert (0, 0) == (counted(asker), counted(asked))


def test_the_navigation_counts_no_request_that_its_reader_may_not_see():
    """Who may not see the request is not told that one waits."""
    cleared = dict.fromkeys(("MPA", "MOD"), Classification.SECRET)
    with worlds.worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *RULES, clearance=cleared)
        asker, asked = (Screen(made, party, CLEARED) for party in ("MPA", "MOD"))
        record = ask(made, asker, **{"class": "secret", "seats-MOD": CLEARED})
        assert (1, 0) == (counted(asked), counted(Screen(made, "MOD", "duty-officer")))
        act(made, asked, record, "answer", text="It is open")
        assert (1, 0) == (counted(asker), counted(Screen(made, "MPA", "duty-officer")))


# Whose act it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_act_of_another_position_is_not_offered_and_the_page_says_whose_it_is(
    world, asker, asked, language
):
    """Any watch officer may say that it came; only the seat that is asked, its deputy and who leads
    the watch may answer.
    """
    record = ask(world, asker)
    path = f"/record/MPA/{record}"
    other, lead = (Screen(world, "MOD", one) for one in ("duty-officer", "senior-duty-officer"))
    page = text_of(other.get(path, language))
    assert words("act.receive", language) in page
    assert words("act.no_information", language) not in page
    assert words("case.others", language) in page
    for screen in (asked, lead):
        page = text_of(screen.get(path, language))
        assert words("act.no_information", language) in page
        assert words("case.others", language) not in page
    refused = act(world, other, record, "answer", language=language, text="It is open")
    assert refused.status_code == 422
    assert words("refused.not_the_seat", language) in text_of(refused)
    assert "It is open" in text_of(refused)
    assert act(world, other, record, "receive").status_code == 302
    assert act(world, lead, record, "accept").status_code == 302
    assert act(world, asked, record, "answer", text="It is open").status_code == 302
    assert words("case.others", language) not in text_of(asker.get(path, language))


def odd_step(record, lane, act, **odd):
    plain = {
        "type": "step", "v": 1, "root": record, "lane": lane, "step": uuid_of(f"odd {act}"),
        "release": uuid_of(f"r odd {act}"), "seat": "MOD/liaison-officer", "act": act, "of": "",
        "after": [], "values": {}, "at": 0,
    }  # fmt: skip
    return {**plain, **odd}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "odd",
    [
        {"values": {"odd": 5}}, {"act": "unheard-of"}, {"act": "redirect", "values": {"to": 5}},
        {"act": "redirect", "values": {"to": ["MOD/xx"]}}, {"act": "decline"},
        {"act": "decline", "values": {"reason": ["MOD/xx"]}}, {"act": "expire"}, {"v": 9},
        {"act": "redirect", "values": {"to": "ZZZ"}}, {"of": uuid_of("nothing"), "act": "settle"},
    ],
    ids=str,
)  # fmt: skip
def test_an_odd_step_of_a_partner_is_read_on_every_page(world, asker, odd, language):
    """Accepted, whatever it counts for: the record, its print, the lists and the inbox answer."""
    record = ask(world, asker)
    with world.desk("MOD").act() as doing:
        lane = lane_at(world, "MPA", record).id
        doing.feed(PartyCode("MPA"), odd_step(record, lane, **{"act": "accept", **odd}))
    exchange.incoming(world.desk("MPA"), world.send("MOD", "MPA"))
    assert lane_at(world, "MPA", record).said
    about = f"/record/MPA/{record}"
    for address in (about, f"{about}/part", f"{about}/print", "/requests", "/inbox", "/watch"):
        assert asker.get(address, language).status_code == 200, address


def test_words_stand_beside_a_step_of_their_own_author(world, asker, asked):
    """Who is asked names the asker's own act in its answer: its words stand apart, not under it."""
    record = ask(world, asker)
    act(world, asked, record, "answer", text="It is open")
    act(world, asker, record, "ask_again")
    again = lane_at(world, "MPA", record).said[-1].step
    assert again.author == "MPA"
    body = {"about": record, "step": again.step, "text": "Words under the act of another"}
    world.write("MOD", "words", say.Draft(kind="answer", body=body, label=to("MPA")))
    world.exchange("MPA", "MOD")
    page = text_of(asker.get(f"/record/MPA/{record}"))
    assert "It is open" in page
    assert "Words under the act of another" not in page.partition('id="replies"')[0]
    assert words("case.step_absent") in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sent_request_is_edited_and_its_addressee_reads_what_changed(
    world, asker, asked, language
):
    """The form asks for nobody's audience, says what becomes of who is added and left out; who is
    asked reads field by field what changed, and both that the answer is to the edition before.
    """
    record = ask(world, asker)
    act(world, asked, record, "answer", text="It is open", **{"grade-r": "B"})
    at = f"/record/MPA/{record}"
    form = text_of(asker.get(f"{at}/edit", language))
    assert 'name="audience"' not in form
    assert words("case.asked_anew", language) in form
    base = re.search(r'name="base" value="([0-9a-f]{64})"', form)[1]
    new = {**QUESTION, "text": "Is the new bridge open?", "base": base, "audience": ["MOD"]}
    assert asker.post(f"{at}/edit", new, language).status_code == 302
    world.exchange("MPA", "MOD")
    for screen in (asker, asked):
        page = text_of(screen.get(at, language))
        assert words("case.changed", language) in page
        assert "<ins>" in page
        assert page.count(f'id="behind-{lane_at(world, "MPA", record).id}"') == 1
        assert not KEY.search(page)


def test_a_seat_that_was_asked_stays(world, asker):
    """Another position of a party that was asked is refused, with the reason beside the field."""
    record = ask(world, asker)
    at = f"/record/MPA/{record}"
    base = re.search(r'name="base" value="([0-9a-f]{64})"', text_of(asker.get(f"{at}/edit")))[1]
    form = {**QUESTION, "seats-MOD": "adviser", "base": base}
    answer = asker.post(f"{at}/edit", form)
    assert answer.status_code == 422
    assert phrase("error.seat_settled", "en", party="MOD") in text_of(answer)
