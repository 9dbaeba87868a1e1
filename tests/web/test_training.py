"""Training on its pages: all cohorts, a cohort, its course, what moves with it, who sees what."""

import csv
import io
import re

import pytest
from icalendar import Calendar

from tansiq.desk.records import read, say
from tansiq.domain.parties import Role
from tansiq.domain.wording import LANGUAGES
from tansiq.policy.agreement import Follow
from tests.web.pair import Screen, text_of, words
from tests.world import rule, to, worlds

MANAGER = "training-manager"
KINDS = frozenset({"course", "cohort", "session", "instructors", "training_room"})
TITLES = {"en": "First aid", "ar": "الإسعافات الأولية", "ckb": "فریاگوزاریی سەرەتایی"}


@pytest.fixture
def world():
    """MPA, whose training COA may see whole and MOD without rooms and sessions."""
    with worlds("MPA", "COA", "MOD") as made:
        for party in ("COA", "MOD"):
            whole = party == "COA"
            kinds = KINDS if whole else frozenset({"course", "cohort"})
            hidden = frozenset() if whole else frozenset({"room", "instructors"})
            made.agree(
                "MPA", party,
                rule("MPA", f"T-{party}", kinds=kinds, automatic=True, purpose="training",
                     follow=Follow.WHOLE, hide=hidden),
            )  # fmt: skip
        yield made


def carry(world):
    for party in ("COA", "MOD"):
        world.exchange("MPA", party)


def write(world, kind, body, *, name="", parties=("COA", "MOD")):
    draft = say.Draft(kind=kind, body=body, label=to(*parties))
    record = world.write("MPA", name or f"{kind} {body.get('code', '')}", draft, MANAGER)
    carry(world)
    return record


def course(world, **more):
    return write(
        world, "course",
        {"code": "C-AID", "text": TITLES["ckb"], "family": "medical", "subject": "first_aid",
         "days": 10, "size_max": 90, **{f"title_{lang}": TITLES[lang] for lang in LANGUAGES},
         **more},
    )  # fmt: skip


def cohort(world, about, code="K-04", **more):
    return write(
        world, "cohort",
        {"about": about, "code": code, "text": f"Cohort {code}", "mode": "in_person",
         "room": "EBL-7", "first_day": "2020-12-06", "last_day": "2020-12-17", "days": 10,
         "places": 90, "subject": "first_aid", **more},
    )  # fmt: skip


def session(world, about, text, first_day, days=5, **more):
    body = {"about": about, "text": text, "first_day": first_day, "days": days, **more}
    return write(world, "session", body, name=f"session {text}")


def move(world, record, name, **said):
    desk, actor = world.desk("MPA"), world.actor("MPA", MANAGER)
    view = read.record(desk, desk.viewer(actor), "MPA", record).value
    with world.names.under(f"{name} {record} {len(world.names.used)}"):
        say.step(desk, actor, record, view.digest, name, said=said)
    carry(world)


def running(world, record, enrolled=86):
    """A cohort on its first day, once its participants are cleared."""
    yes = {"answer": "yes", "day": "2020-11-20", "valid_until": "2021-06-30", "about": record}
    write(world, "clearance", yes, name=f"clearance {record}", parties=())
    for name, said in (("nominate", {"nominated": 90}), ("ask_clearance", {}), ("clear", {}),
                       ("begin", {"enrolled": enrolled})):  # fmt: skip
        move(world, record, name, **said)


def body_of(world, record):
    return read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", record).value.body


def numbers(page, part):
    """The numbers of a list of numbers on the page by its id, each with what it opens."""
    top = page[page.index(f'id="{part}"') :]
    top = top[: top.index("</dl>")]
    found = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', top)
    return {
        address.replace("&amp;", "&"): int(re.sub(r"<[^>]*>|\D", "", text))
        for address, text in found
    }


@pytest.fixture
def taught(world):
    """A cohort that finished, one that is suspended, one that was cancelled."""
    about = course(world)
    done = cohort(world, about, days_done=10)
    running(world, done)
    first = session(world, done, "Bleeding", "2020-12-06")
    second = session(world, done, "Groups", "2020-12-13")
    move(world, first, "hold_session", attended=400)
    move(world, second, "lose_session", reason_class="security", reason="Road closed")
    move(world, done, "finish", days_done=5, finished=84, passed=81)
    still = cohort(world, about, "K-05", places=40)
    move(world, still, "suspend", reason_class="pandemic", reason="Closed", decision="Order 12",
         review="2021-01-05")  # fmt: skip
    off = cohort(world, about, "K-08", places=20)
    move(world, off, "call_off", reason_class="pandemic", reason="Merged", decision="Order 31",
         merged_into="K-12")  # fmt: skip
    return {"course": about, "done": done, "still": still, "off": off, "first": first}


def test_every_number_is_what_its_list_counts(world, taught):
    """Cohorts of each sort, and indicators that add up what stands in the lists that they open."""
    screen = Screen(world, "MPA", MANAGER)
    page = screen.get("/training").content.decode()
    counts = numbers(page, "counts")
    assert counts == {
        "/training": 3, "/training?only=ahead": 0, "/training?only=under_way": 0,
        "/training?only=suspended": 1, "/training?only=finished": 1,
        "/training?only=cancelled": 1, "/training?only=moved": 0,
    }  # fmt: skip
    for address, count in counts.items():
        text = screen.get(address).content.decode()
        assert len(re.findall(r'<tr id="x', text)) == count
    found = numbers(page, "indicators")
    assert found["/training?only=finished"] == 84
    assert found["/training?only=judged"] == 81
    assert found["/sessions?view=list&tab=all&state=held"] == 400
    assert found["/training?only=cancelled"] == 20
    lost = "/sessions?view=list&tab=all&state=lost&reason_class=security"
    assert found[lost] == 5
    assert "Groups" in text_of(screen.get(lost))
    assert "Bleeding" in text_of(screen.get("/sessions?view=list&tab=all&state=held"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_room_speaks_each_language(world, taught, language):
    """Overview, lists, records, forms and the move; the title is the reader's."""
    screen = Screen(world, "MPA", MANAGER)
    for address in (
        "/training", "/training/print", "/cohorts?tab=all", "/courses", "/sessions?tab=all",
        "/instructors", "/training-rooms", "/courses/new", "/instructors/new",
        "/training-rooms/new", f"/cohorts/new?about=MPA/{taught['course']}",
        f"/sessions/new?about=MPA/{taught['still']}", f"/record/MPA/{taught['course']}",
        f"/record/MPA/{taught['done']}", f"/record/MPA/{taught['first']}",
        f"/training/MPA/{taught['still']}/move",
    ):  # fmt: skip
        answer = screen.get(address, language)
        assert answer.status_code == 200, address
        said = re.search(r"\b(training|field|choice|act|state|hint)\.[a-z_]+", text_of(answer))
        assert said is None, (address, said)
    assert TITLES[language] in text_of(screen.get("/training", language))


def test_what_hangs_on_the_dates_moves_with_them(world):
    """Shown first, done by one act: the sessions to come, and no other; the old dates stay as the
    baseline, once; calendars take the new days under the same names, with a higher sequence.
    """
    record = cohort(world, course(world))
    running(world, record)
    held = session(world, record, "Held", "2020-12-06")
    ahead = session(world, record, "Ahead", "2020-12-13")
    move(world, held, "hold_session", attended=400)
    screen = Screen(world, "MPA", MANAGER)
    before = {str(one["uid"]): one for one in calendar(screen, "/cohorts/ics?tab=all")}
    sessions = {str(one["uid"]): one for one in calendar(screen, "/sessions/ics?tab=all")}
    address = f"/training/MPA/{record}/move"
    form = {"first_day": "2020-12-06", "last_day": "2021-01-14", "act": "look"}
    shown = screen.post(address, form).content.decode()
    assert "Ahead" in shown
    assert "Held" not in shown[shown.index('id="moves"') :]
    assert body_of(world, ahead)["first_day"] == "2020-12-13"  # nothing is done yet
    mark = re.search(r'name="shown" value="(\w+)"', shown)[1]
    world.clock.time += 60_000
    answer = screen.post(address, {**form, "act": "move", "shown": mark})
    assert answer.status_code == 302, text_of(answer)
    assert body_of(world, ahead)["first_day"] == "2021-01-10"
    assert body_of(world, held)["first_day"] == "2020-12-06"
    now = body_of(world, record)
    assert (now["last_day"], now["baseline_last"]) == ("2021-01-14", "2020-12-17")
    after = {str(one["uid"]): one for one in calendar(screen, "/cohorts/ics?tab=all")}
    assert after.keys() == before.keys()
    (uid,) = after
    assert after[uid]["sequence"] > before[uid]["sequence"]
    assert str(after[uid]["dtend"].dt) == "2021-01-15"
    later = {str(one["uid"]): one for one in calendar(screen, "/sessions/ics?tab=all")}
    assert {str(one["dtstart"].dt) for one in later.values()} == {"2020-12-06", "2021-01-10"}
    assert later.keys() == sessions.keys()
    carry(world)
    partner = Screen(world, "COA", "adviser").get("/sessions?view=list&tab=all")
    assert "2021-01-10" in text_of(partner)


def calendar(screen, address):
    answer = screen.get(address)
    assert answer.status_code == 200, text_of(answer)
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_a_move_that_was_not_shown_as_it_is_is_shown_again(world):
    """A session that came since stands on the page before anything moves; days that do not go
    together are said beside their field.
    """
    record = cohort(world, course(world))
    screen, address = Screen(world, "MPA", MANAGER), f"/training/MPA/{record}/move"
    form = {"first_day": "2021-01-03", "last_day": "2021-01-14", "act": "look"}
    mark = re.search(r'name="shown" value="(\w+)"', screen.post(address, form).content.decode())[1]
    late = session(world, record, "Came since", "2020-12-06")
    answer = screen.post(address, {**form, "act": "move", "shown": mark})
    assert answer.status_code == 200
    assert "Came since" in text_of(answer)
    assert body_of(world, late)["first_day"] == "2020-12-06"
    wrong = screen.post(address, {**form, "last_day": "2021-01-01"})
    assert wrong.status_code == 422
    assert "2021-01-01" in wrong.content.decode()  # what was typed stays
    next_day = screen.post(address, {**form, "next_day": "2021-02-07"}).content.decode()
    assert "2021-02-07" in next_day[next_day.index('id="moves"') :]


def test_only_who_plans_moves_and_only_what_is_not_over(world, taught):
    """A partner finds no page to move another's cohort; a finished one does not move."""
    move_page = f"/training/MPA/{taught['still']}/move"
    assert Screen(world, "COA", MANAGER).get(move_page).status_code == 404
    assert Screen(world, "MPA", "duty-officer").get(move_page).status_code == 403
    over = f"/training/MPA/{taught['done']}/move"
    form = {"first_day": "2021-01-03", "last_day": "2021-01-14", "act": "look"}
    answer = Screen(world, "MPA", MANAGER).post(over, form)
    assert answer.status_code == 422
    assert words("error.cohort_over", "en") in text_of(answer)


def test_a_party_without_the_sessions_counts_none(world, taught):
    """MOD holds courses and cohorts: no person-days, no lost days, no room, in page and file."""
    whole = Screen(world, "COA", "adviser").get("/training").content.decode()
    assert numbers(whole, "indicators")["/sessions?view=list&tab=all&state=held"] == 400
    screen = Screen(world, "MOD", "duty-officer")
    page = screen.get("/training").content.decode()
    assert numbers(page, "counts")["/training"] == 3
    assert numbers(page, "indicators")["/sessions?view=list&tab=all&state=held"] == 0
    assert "reason_class=security" not in page
    assert "EBL-7" not in text_of(screen.get(f"/record/MPA/{taught['done']}"))
    rows = list(csv.reader(io.StringIO(screen.get("/training/csv").content.decode("utf-8-sig"))))
    assert any("K-04" in row for row in rows)
    assert not any("400" in row for row in rows)


def test_as_of_a_past_day_is_what_was_known_then(world):
    """Before the order nothing was suspended; a moment that is none is said."""
    record = cohort(world, course(world))
    world.clock.time += 86_400_000
    move(world, record, "suspend", reason_class="pandemic", reason="Closed", decision="Order 12",
         review="2021-01-05")  # fmt: skip
    screen, then = Screen(world, "MPA", MANAGER), "as_of=2020-12-20 23:00"
    now = numbers(screen.get("/training").content.decode(), "counts")
    assert now["/training?only=suspended"] == 1
    for only, seen in (("ahead", True), ("suspended", False)):
        sheet = screen.get(f"/training/csv?only={only}&{then}").content.decode("utf-8-sig")
        assert ("K-04" in sheet) == seen
    assert screen.get("/training?as_of=soon").status_code == 200


def test_a_suspension_wants_its_review_and_a_cohort_its_clearance(world):
    """No suspension without the day of its review; none begins that was not cleared."""
    record = cohort(world, course(world))
    screen = Screen(world, "MPA", MANAGER)
    base = read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", record).value.digest
    form = {"base": base, "step": "suspend", "reason_class": "pandemic", "reason": "Closed",
            "decision": "Order 12"}  # fmt: skip
    answer = screen.post(f"/record/MPA/{record}/step", form)
    assert answer.status_code == 422
    assert "Order 12" in answer.content.decode()
    answer = screen.post(f"/record/MPA/{record}/step", {**form, "review": "2021-01-05"})
    assert answer.status_code == 302
    move(world, record, "resume", decision="Order 27")
    now = read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", record).value
    assert (now.state, "review" in now.body) == ("resumed", False)
    page = text_of(screen.get(f"/record/MPA/{record}"))
    assert words("act.ask_clearance", "en") in page
    assert words("act.begin", "en") not in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_who_may_plan_is_offered_it_and_nobody_else(world, taught, role):
    """The page of training offers a new course, and a cohort's page its move, to managers alone."""
    screen = Screen(world, "MPA", role.value.replace("_", "-"))
    manages = role in (Role.TRAINING_MANAGER, Role.SENIOR_DUTY_OFFICER)
    assert ('href="/courses/new"' in screen.get("/training").content.decode()) == manages
    page = screen.get(f"/record/MPA/{taught['still']}").content.decode()
    assert (f"/training/MPA/{taught['still']}/move" in page) == manages


def test_a_cohort_shows_its_course_what_it_serves_and_what_does_not_fit(world):
    """The project by its code where this position may see it; places beyond the course's size."""
    about = course(world)
    served = world.write(
        "MPA", "project",
        say.Draft(kind="project", body={"code": "TRN-04", "text": "Joint staff course",
                                        "workstream": "training"}, label=to("COA")),
        "programme-manager",
    )  # fmt: skip
    record = cohort(world, about, places=91, for_projects="TRN-04, TRN-99")
    page = Screen(world, "MPA", MANAGER).get(f"/record/MPA/{record}")
    assert f"/record/MPA/{served}" in page.content.decode()
    assert words("training.size_not_right", "en") in text_of(page)
    other = Screen(world, "MPA", MANAGER).get(f"/record/MPA/{about}").content.decode()
    assert f"/record/MPA/{record}" in other[other.index('id="cohorts-of"') :]
    partner = Screen(world, "MOD", "duty-officer").get(f"/record/MPA/{record}").content.decode()
    assert f"/record/MPA/{served}" not in partner
