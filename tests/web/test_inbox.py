"""The inbox and the replies, on two real desks."""

import html
import re
from dataclasses import replace
from random import Random

import pytest

from tansiq.desk.cases import reading, taking
from tansiq.desk.records import inbox, read, say
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import Refused, RefusedError
from tansiq.domain.parties import Classification
from tansiq.domain.wording import phrase
from tansiq.web.inbox import views
from tests import world as worlds
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import CLEARED, HOUR, incident, line, to, uuid_of

FIRE = uuid_of("fire/1")
ABSENT = uuid_of("nothing has this id")
TOLD = re.compile(r'</span><time dir="ltr"[^>]*>([^<]*)</time>')


@pytest.fixture
def world():
    with agreed() as made:
        fire = incident(to("MOD"), text="Fire near the mill", informant="checkpoint 7")
        made.write("MPA", "fire", fire)
        made.write("MPA", "call", line(to("MOD"), text="The road is closed"))
        made.release("MPA", FIRE, "MOD", "R-MPA")
        made.release("MPA", uuid_of("call/1"), "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        yield made


@pytest.fixture
def screen(world):
    return Screen(world, "MOD", "duty-officer")


def reply(screen, kind, record=FIRE, owner="MPA", language="en", **form):
    return screen.post(f"/record/{owner}/{record}/reply/{kind}", form, language)


def ask(world):
    """MOD asks MPA about the fire; the id of the request."""
    desk, actor = world.desk("MOD"), world.actor("MOD", "duty-officer")
    about = read.record(desk, world.viewer("MOD"), "MPA", FIRE).value
    record = say.reply(desk, actor, "rfi", about=about, body=worlds.asking("MPA"))
    world.exchange("MPA", "MOD")
    return record


def state_of(world):
    return read.releases_of(world.desk("MPA"), world.viewer("MPA"), FIRE)[0].state


@pytest.mark.parametrize("language", LANGUAGES)
def test_facets_narrow_to_a_partner_and_a_kind(screen, language):
    """Each value links to its list and says how many stand there; what is none asks nothing."""
    text = text_of(screen.get("/inbox?kind=incident", language))
    assert f"i{FIRE}" in text
    assert f"i{uuid_of('call/1')}" not in text
    assert words("kind.log_line", language) in text
    assert "/inbox?kind=incident&owner=MPA" in text
    both = text_of(screen.get("/inbox?owner=MPA&tab=waits", language))
    assert f"i{FIRE}" in both
    assert f"i{uuid_of('call/1')}" in both
    assert f"i{FIRE}" in text_of(screen.get("/inbox/part?kind=none&owner=ZZZ", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_acknowledged_stands_first(screen, language):
    """Before: under its heading; after: below the others, with our answer beside it."""
    text = text_of(screen.get("/inbox", language))
    assert words("inbox.head_new", language) in text
    assert words("inbox.head_done", language) not in text
    assert words("inbox.not_approving", language) in text
    reply(screen, "acknowledgement")
    text = text_of(screen.get("/inbox/part", language))
    assert text.index(words("inbox.head_new", language)) < text.index(uuid_of("call/1"))
    assert text.index(uuid_of("call/1")) < text.index(words("inbox.head_done", language))
    assert text.index(words("inbox.head_done", language)) < text.index(f"i{FIRE}")


def test_filters_show_what_they_say(world, screen):
    """All, not acknowledged, questions: each counts and lists the same rows."""
    reply(screen, "acknowledgement")
    assert f"i{FIRE}" in text_of(screen.get("/inbox?tab=all"))
    assert f"i{FIRE}" not in text_of(screen.get("/inbox?tab=waits"))
    assert words("inbox.none") in text_of(screen.get("/inbox?tab=requests"))
    ask(world)
    ours = Screen(world, "MPA", "duty-officer")
    assert words("kind.rfi") in text_of(ours.get("/inbox?tab=requests"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["dispute", "acknowledgement"])
def test_each_reply_has_a_form_beside_the_record(screen, kind, language):
    """The partner's record stands beside the form, in three languages."""
    text = text_of(screen.get(f"/record/MPA/{FIRE}/reply/{kind}", language))
    assert "Fire near the mill" in text
    assert "checkpoint 7" not in text
    assert words(f"reply.title_{kind}", language) in text
    assert words(f"reply.send_{kind}", language) in text


def test_acknowledging_is_one_button_and_reaches_the_owner(world, screen):
    """One POST without a form page; the owner sees it after the next exchange."""
    sent = reply(screen, "acknowledgement", back="inbox")
    assert sent["Location"] == "/inbox"
    world.exchange("MPA", "MOD")
    assert state_of(world) == "acknowledged"


@pytest.mark.parametrize("language", LANGUAGES)
def test_d_wish_several_are_acknowledged_together_each_by_itself(world, screen, language):
    """One form, an entry for each; flash, absent and own ones are named and stay; once is enough;
    an observer may not.
    """
    world.write("MPA", "flash", incident(to("MOD"), severity="flash"))
    world.release("MPA", uuid_of("flash/1"), "MOD", "R-MPA")
    world.write("MOD", "ours", incident(to("MPA")))
    world.exchange("MPA", "MOD")
    text = text_of(screen.get("/inbox?tab=waits", language))
    call, flash = uuid_of("call/1"), uuid_of("flash/1")
    offered = re.findall(r'name="record" value="([^"]+)"', text)
    assert sorted(offered) == sorted([f"MPA/{FIRE}", f"MPA/{call}"])
    address = "/inbox/acknowledge?tab=waits"
    none = screen.post(address, {}, language)
    assert none.status_code == 422
    assert words("inbox.none_chosen", language) in text_of(none)
    odd = [f"MPA/{flash}", f"MPA/{ABSENT}", f"MOD/{uuid_of('ours/1')}", "MPA/x\x00"]
    refused = screen.post(address, {"record": [*odd, f"MPA/{FIRE}"]}, language)
    assert refused.status_code == 422
    told = text_of(refused).partition('id="not-acknowledged"')[2].partition("<live-region")[0]
    assert phrase("inbox.not_acknowledged", language, count=len(odd)) in told
    assert words("refused.acknowledged_alone", language) in told
    assert told.count(words("error.record_absent", language)) == 2
    for again in (False, True):
        done = screen.post(address, {"record": [f"MPA/{FIRE}", f"MPA/{call}"]}, language)
        assert done["Location"] == "/inbox?tab=waits"
        said = phrase("told.acknowledged", language, count=1)
        assert (said in text_of(screen.get("/inbox", language))) is not again
    world.exchange("MPA", "MOD")
    desk, viewer = world.desk("MPA"), world.viewer("MPA")
    for record, answers in ((FIRE, 1), (call, 1), (flash, 0)):
        (found,) = read.releases_of(desk, viewer, record)
        assert len(found.answers) == answers
    assert Screen(world, "MOD", "observer").post(address, {"record": offered}).status_code == 403


def test_d_wish_what_no_rule_lets_go_does_not_keep_the_others(world, screen, monkeypatch):
    """One of three is refused as it is said: two are acknowledged, and of the third nothing is
    kept.
    """
    call, real = uuid_of("call/1"), say.reply

    def fussy(desk, actor, kind, *, about, body):
        done = real(desk, actor, kind, about=about, body=body)
        if about.record == call:
            raise RefusedError(Refused("no_rule"))
        return done

    monkeypatch.setattr(say, "reply", fussy)
    sent = screen.post("/inbox/acknowledge", {"record": [f"MPA/{call}", f"MPA/{FIRE}"]})
    assert sent.status_code == 422
    assert words("refused.no_rule") in text_of(sent)
    waiting = [v.value.record for v in inbox.unread(world.desk("MOD"), world.viewer("MOD")).rows]
    assert waiting == [call]


def test_a_request_waits_for_whose_turn_it_is(world):
    """It stands in the inbox of who is asked until it is answered, then in that of who asked."""
    record = ask(world)
    mpa, mod = (world.desk(party) for party in ("MPA", "MOD"))
    assert state_of(world) == "questioned"
    assert [v.value.record for v in inbox.unread(mpa, world.viewer("MPA")).rows] == [record]
    waiting = {v.value.record for v in inbox.unread(mod, world.viewer("MOD")).rows}
    view = read.record(mpa, world.viewer("MPA"), "MOD", record)
    (lane,) = reading.lanes_of(mpa, world.viewer("MPA"), view, world.actor("MPA")).value.lanes
    taking.take(
        mpa, world.actor("MPA"),
        taking.Wanted(
            owner="MOD", record=record, lane=lane.id, act="no_information", seen=lane.newest
        ),
    )  # fmt: skip
    assert not inbox.unread(mpa, world.viewer("MPA")).rows
    world.exchange("MPA", "MOD")
    after = {v.value.record for v in inbox.unread(mod, world.viewer("MOD")).rows}
    assert after == waiting | {record}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_with_a_gap_is_shown_again_with_what_was_typed(screen, language):
    """422, an error beside the field, and not one word lost."""
    sent = reply(screen, "dispute", language=language, text="", internal="typed inside")
    text = text_of(sent)
    assert sent.status_code == 422
    assert "typed inside" in text
    assert words("page.errors", language) in text


def test_a_reply_that_no_rule_lets_go_is_refused_in_words():
    """Nothing is written that would silently stay here."""
    with worlds.worlds("MPA", "MOD") as world:
        world.agree("MPA", "MOD", worlds.rule("MPA", "R-MPA"))
        world.write("MPA", "fire", incident(to("MOD")))
        world.release("MPA", FIRE, "MOD", "R-MPA")
        world.exchange("MPA", "MOD")
        screen = Screen(world, "MOD", "duty-officer")
        sent = reply(screen, "dispute", text="Not so", **{"grade-r": "B", "grade-c": "2"})
        assert sent.status_code == 403
        assert words("refused.no_rule") in text_of(sent)
        assert "Not so" in text_of(sent)


def test_own_records_and_foreign_kinds_take_no_reply(world, screen):
    """Replies go to partners' records, and an answer stands beside a step."""
    ours = Screen(world, "MPA", "duty-officer")
    assert ours.get(f"/record/MPA/{FIRE}/reply/dispute").status_code == 403
    assert screen.get(f"/record/MPA/{FIRE}/reply/answer").status_code == 404
    assert screen.get(f"/record/MPA/{FIRE}/reply/incident").status_code == 404
    observer = Screen(world, "MOD", "observer")
    assert observer.post(f"/record/MPA/{FIRE}/reply/acknowledgement").status_code == 403


def test_withheld_and_absent_answer_alike(world):
    """A partner's record above the clearance is absent for a reply too, and leaves no row."""
    high = to("MOD", classification=Classification.SECRET)
    world.write("MPA", "high", incident(high, text="Above"), CLEARED)
    screen = Screen(world, "MOD", "duty-officer")
    for ask in (screen.get, screen.post):
        for kind in ("dispute", "acknowledgement"):
            hidden = ask(f"/record/MPA/{uuid_of('high/1')}/reply/{kind}")
            absent = ask(f"/record/MPA/{ABSENT}/reply/{kind}")
            assert hidden.status_code == absent.status_code == 404
            assert text_of(hidden).replace(uuid_of("high/1"), ABSENT) == text_of(absent)


def test_reading_for_a_reply_is_told_to_the_owner(world, screen):
    """Whoever saw the record beside the form has read it."""
    screen.get(f"/record/MPA/{FIRE}/reply/dispute")
    world.exchange("MPA", "MOD")
    state = read.releases_of(world.desk("MPA"), world.viewer("MPA"), FIRE)[0]
    assert state.read_by == ("duty-officer",)


def test_nobody_without_a_seat_and_no_administrator(world):
    """The sign-on for a stranger, words for the administrator."""
    for address in ("/inbox", "/inbox/part", f"/record/MPA/{FIRE}/reply/dispute"):
        assert Screen(world, "MOD", "").get(address)["Location"] == "/sign-on"
        assert Screen(world, "MOD", "administrator").get(address).status_code == 403


def shown(screen, address):
    """The rows of a list from page to page."""
    rows = []
    while address:
        text = text_of(screen.get(address))
        rows += re.findall(r'id="i([0-9a-f-]{36})"', text)
        further = re.search(r'<nav class="pages".*?href="([^"]+)"', text, re.DOTALL)
        address = html.unescape(further[1]) if further else ""
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_every_number_of_the_inbox_counts_rows_each_of_which_stands_once(world, monkeypatch, seed):
    """Whatever came, was acknowledged, changed anew or asked of us and by us, in whatever order:
    tabs and facets count the rows that their lists show from page to page, and no row stands twice.
    """
    monkeypatch.setattr(inbox, "BOUNDS", replace(BOUNDS, page_rows_max=3))
    query_of = views.query_of
    monkeypatch.setattr(views, "query_of", lambda *about: replace(query_of(*about), limit=4))
    chance, mod = Random(seed), Screen(world, "MOD", "duty-officer")
    records, open_here = [FIRE, uuid_of("call/1")], list[str]()
    for number in range(14):
        match chance.choice(("write", "acknowledge", "revise", "ask", "answer", "asked")):
            case "write":
                made = incident(to("MOD"), text=f"Fire {number}")
                records.append(world.write("MPA", f"more {number}", made))
                world.release("MPA", records[-1], "MOD", "R-MPA", name=f"r {number}")
            case "acknowledge":
                reply(mod, "acknowledgement", chance.choice(records))
            case "revise":
                desk, actor = world.desk("MPA"), world.actor("MPA")
                record = chance.choice([one for one in records if one != uuid_of("call/1")])
                base = say.current(desk, actor, record).value.digest
                say.revise(desk, actor, record, base, incident(to("MOD"), text=f"Anew {number}"))
                world.release("MPA", record, "MOD", "R-MPA", name=f"again {number}")
            case "ask":
                open_here.append(ask(world))
            case "answer" if open_here:
                root = "MOD", open_here.pop()
                world.step("MPA", f"answer {number}", root, "no_information")
            case "asked":
                asked = say.Draft(kind="rfi", body=worlds.asking("MOD"), label=to("MOD"))
                world.write("MPA", f"asked {number}", asked)
        world.clock.time += 1_000
        world.exchange("MPA", "MOD")
    for party in ("MOD", "MPA"):
        screen = Screen(world, party, "duty-officer")
        text = text_of(screen.get("/inbox"))
        counted = re.findall(
            r'href="(/inbox[^"]*)"[^>]*>[^\n]*?<span class="count"><bdi dir="ltr">(\d+)', text
        )
        assert counted
        for address, number in counted:
            rows = shown(screen, html.unescape(address))
            assert len(set(rows)) == len(rows) == int(number), (address, number)


def test_a_row_says_one_thing_of_what_we_did(world, screen):
    """After a newer edition it waits, and the acknowledgement of the earlier one is not shown
    beside that; two acknowledgements of one edition are one.
    """
    reply(screen, "acknowledgement")
    reply(screen, "acknowledgement")
    row = text_of(screen.get("/inbox?kind=incident"))
    assert row.count(f">{words('kind.acknowledgement')}<") == 1
    assert words("inbox.waits") not in row
    desk, actor = world.desk("MPA"), world.actor("MPA")
    base = say.current(desk, actor, FIRE).value.digest
    world.clock.time += 1_000
    say.revise(desk, actor, FIRE, base, incident(to("MOD"), text="Two fires"))
    world.release("MPA", FIRE, "MOD", "R-MPA", name="again")
    world.exchange("MPA", "MOD")
    row = text_of(screen.get("/inbox?kind=incident"))
    assert row.count(words("inbox.waits")) == 1
    assert f">{words('kind.acknowledgement')}<" not in row


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_of_another_day_is_shown_with_its_day(world, screen, language):
    """Beside a record stands the time alone of what was said on its day; of another day never."""
    reply(screen, "dispute", text="Our post saw no fire")
    world.clock.time += 26 * HOUR
    next_day = Screen(world, "MOD", "duty-officer")
    reply(next_day, "acknowledgement")
    rows = text_of(next_day.get("/inbox", language))
    told = TOLD.findall(rows.partition(f'id="i{FIRE}"')[2].partition("</ul>")[0])
    assert sorted(map(len, told)) == [len("14:05"), len("2020-12-01 14:05")]
