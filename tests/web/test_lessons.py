"""Lessons on their pages: drawn from what happened, let go on by the owner, measured as a list."""

import re

import pytest

from tansiq.desk.records import say
from tansiq.policy.agreement import Follow
from tests.unit.test_lessons import ACTS, DUE, JUDGE, OWNER, carry, says, seen, status
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.world import incident, rule, to, worlds


@pytest.fixture
def world():
    """MPA with an observation that MOD and COA have."""
    with worlds("MPA", "MOD", "COA") as made:
        for other in ("MOD", "COA"):
            made.agree("MPA", other, *(
                rule(one, f"L-{one}", kinds=frozenset({"lesson"}), automatic=True,
                     follow=Follow.WHOLE)
                for one in ("MPA", other)
            ))  # fmt: skip
        body = {"text": "Ambulance held", "observed_what": "Held for 50 minutes at two posts"}
        draft = say.Draft(kind="lesson", body=body, label=to("MOD", "COA"))
        made.record = made.write("MPA", "lesson", draft, OWNER)
        carry(made)
        yield made


def moves(world, screen, name, language="en", **more):
    """Press a button of the owner's page as it stands."""
    page = screen.get(f"/record/MPA/{world.record}", language).content.decode()
    part = page[page.index('id="lesson"') :]
    found = {"seen": re.findall(r'name="seen" value="([^"]+)"', part)[:3]}
    form = {"move": name, "base": seen(world).value.digest, **more}
    form["seen"] = sorted(set(found["seen"]))
    done = screen.post(f"/lessons/{world.record}/go-on", form, language)
    carry(world)
    return done


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lesson_goes_through_its_pages(world, language):
    """Each move is offered when it may be taken, each answer to whom it was asked; the page says
    where it stands, who acts until when, and the measure counts it at the end.
    """
    owner, judge = Screen(world, "MPA", OWNER), Screen(world, "MOD", OWNER)
    address = f"/record/MPA/{world.record}"
    assert words("act.ask_judgement", language) in text_of(owner.get(address, language))
    assert moves(world, owner, "ask_judgement", language, seats=[JUDGE]).status_code == 302
    page = text_of(judge.get(address, language))
    for name, shown in (("is_lesson", True), ("action_done", False), ("change_works", False)):
        assert (words(f"act.{name}", language) in page) is shown, name
    early = moves(world, owner, "identify_lesson", language)
    assert early.status_code == 422
    assert words("error.lesson_no_answer", language) in text_of(early)
    says(world, "MOD", "is_lesson")
    assert moves(world, owner, "identify_lesson", language).status_code == 302
    late = moves(world, owner, "assign_action", language, seats=[ACTS], due="")
    assert late.status_code == 422
    assert 'id="move-assign_action" open' in late.content.decode()
    assert moves(world, owner, "assign_action", language, seats=[ACTS], due=DUE).status_code == 302
    shown = text_of(owner.get(address, language))
    assert DUE in shown
    assert words("choice.status.assigned", language) in shown
    told = text_of(Screen(world, "COA", OWNER).get(address, language))
    assert DUE in told[told.index('id="lesson"') :]
    says(world, "COA", "action_done")
    assert moves(world, owner, "note_done", language).status_code == 302
    assert moves(world, owner, "ask_validation", language, seats=[JUDGE]).status_code == 302
    says(world, "MOD", "change_works")
    assert moves(world, owner, "note_learned", language).status_code == 302
    assert status(world, "COA") == "learned"
    for screen in (owner, judge):
        measured = text_of(screen.get("/lessons/measure", language))
        assert "100" in measured
        assert "Ambulance held" in measured
        assert screen.get("/lessons?tab=all", language).status_code == 200
    assert "Ambulance held" in text_of(owner.get("/lessons?tab=all&status=learned", language))
    assert "Ambulance held" not in text_of(owner.get("/lessons?tab=all&status=rejected", language))


def test_a_lesson_is_drawn_from_an_incident_and_from_a_review(world):
    """The page of either offers it; the form begins with what happened there and names it."""
    screen = Screen(world, "MPA", OWNER)
    fire = world.write("MPA", "fire", incident())
    body = {"text": "The night at the clinic", "happened": "Nobody read it back",
            "why": "The telephone was dead", "otherwise": "A second number"}  # fmt: skip
    draft = say.Draft(kind="after_action", body=body, label=to())
    review = world.write("MPA", "review", draft, OWNER)
    for record, held in ((fire, ""), (review, "Nobody read it back")):
        page = screen.get(f"/record/MPA/{record}").content.decode()
        assert f"/lessons/new?about=MPA/{record}" in page
        form = screen.get(f"/lessons/new?about=MPA/{record}").content.decode()
        assert held in form
    assert "A second number" in form
    given = {"text": "Second number", "observed_what": "Nobody read it back",
             "about": f"MPA/{review}"}  # fmt: skip
    made = screen.post(f"/lessons/new?about=MPA/{review}", given)
    assert made.status_code == 302, text_of(made)[:500]
    assert "The night at the clinic" in text_of(screen.get(made["Location"]))


def test_who_does_not_own_it_lets_nothing_go_on(world):
    """A partner has no such form, and its post finds nothing; nor does that of a reader."""
    partner = Screen(world, "MOD", OWNER)
    page = partner.get(f"/record/MPA/{world.record}").content.decode()
    assert "go-on" not in page
    form = {"move": "ask_judgement", "base": seen(world).value.digest, "seats": [JUDGE]}
    assert partner.post(f"/lessons/{world.record}/go-on", form).status_code == 404
    reader = Screen(world, "MPA", "observer")
    assert reader.post(f"/lessons/{world.record}/go-on", form).status_code in (403, 404, 422)
    assert status(world) is None


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_an_assessment_says_on_what_it_rests(world, language):
    """It is begun from an incident and takes a record and a list; what is not there is asked again,
    and what is typed stays.
    """
    screen = Screen(world, "MPA", OWNER)
    fire = world.write("MPA", "fire", incident())
    new = f"/assessments/new?about=MPA/{fire}"
    assert new in screen.get(f"/record/MPA/{fire}").content.decode()
    given = {"text": "It will burn again", "confidence": "low", "good_until": "2020-12-01"}
    made = screen.post(new, {**given, "about": f"MPA/{fire}"})
    assert made.status_code == 302, text_of(made)[:500]
    basis = f"/assessments/{made['Location'].rpartition('/')[2]}/basis"
    absent = screen.post(basis, {"rests_on": "I-00000"}, language)
    assert absent.status_code == 422
    assert "I-00000" in absent.content.decode()
    for typed in (f"/record/MPA/{world.record}", "/incidents?severity=urgent&view=chart"):
        assert screen.post(basis, {"rests_on": typed}, language).status_code == 302
    page = screen.get(made["Location"], language)
    shown, html = text_of(page), page.content.decode()
    assert words("assessment.no_longer_good", language) in shown
    assert words("confidence.means.low", language) in shown
    assert "Ambulance held" in shown
    opens = re.search(r'href="(/incidents[?]severity=urgent&amp;as_of=[^"]+)"', html)
    assert screen.get(opens[1].replace("&amp;", "&"), language).status_code == 200
    assert screen.post(basis, {"off": "0"}, language).status_code == 302
    assert "severity=urgent" not in screen.get(made["Location"]).content.decode()
