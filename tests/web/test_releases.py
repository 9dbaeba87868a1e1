"""The release panel, the approvals, who holds what, and the recall, on real desks."""

import re

import pytest

from tansiq.desk.records import read, say
from tansiq.domain.parties import Classification
from tansiq.web.releases import inference
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import incident, to, uuid_of

FIRE = uuid_of("fire/1")
ABSENT = uuid_of("nothing has this id")


@pytest.fixture
def world():
    with agreed() as made:
        made.attach("MPA", "photo", b"what it shows", to("MOD"))
        made.write("MPA", "fire", incident(
            to("MOD"), text="Fire near the mill", informant="checkpoint 7", size="two fields",
            internal="the shepherd saw it", attachments=[uuid_of("photo/1")],
        ))  # fmt: skip
        made.write("MPA", "shots", incident(to("MOD"), category="shooting", text="Shots heard"))
        made.write("MPA", "own", incident(text="Ours alone"))
        yield made


@pytest.fixture
def screen(world):
    return Screen(world, "MPA", "liaison-officer")


def seen_of(reply):
    return re.search(r'name="seen" value="([0-9a-f]+)"', reply.content.decode())[1]


def release(screen, record=FIRE, **chosen):
    """What the browser does: look, then press the one button."""
    address = f"/record/MPA/{record}/release"
    form = {"to": "MOD", **chosen}
    page = screen.post(address, form)
    assert page.status_code == 302
    seen = seen_of(screen.get(page["Location"]))
    return screen.post(address, {**form, "seen": seen, "act": "release", "sure": "MOD"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_panel_speaks_three_languages(screen, language):
    """Party, rule, preview, what stays and what can be inferred stand in the reader's language."""
    reply = screen.get(f"/record/MPA/{FIRE}/release?to=MOD", language)
    text = text_of(reply)
    assert reply.status_code == 200
    for key in ("panel.stays", "panel.infer", "field.informant", "infer.place_km5", "panel.below"):
        assert words(key, language) in text
    assert "the shepherd saw it" not in text
    assert "checkpoint 7" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_preview_is_what_the_partner_reads(world, screen, language):
    """The markup in the preview is, byte for byte, the record on the partner's page."""
    address = f"/record/MPA/{FIRE}/release?to=MOD&preview_lang={language}"
    previewed = article(screen.get(address))
    assert release(screen)["Location"] == f"/record/MPA/{FIRE}"
    world.exchange("MPA", "MOD")
    theirs = article(Screen(world, "MOD", "duty-officer").get(f"/record/MPA/{FIRE}", language))
    assert previewed == theirs
    assert "Fire near the mill" in theirs
    assert "photo" in theirs


def article(reply):
    return re.search(r"<article class=\"record\".*?</article>", text_of(reply), re.DOTALL)[0]


def test_a_changed_choice_is_shown_again_before_it_leaves(world, screen):
    """Pressing release with other choices than the preview showed releases nothing."""
    address = f"/record/MPA/{FIRE}/release"
    seen = seen_of(screen.get(f"{address}?to=MOD"))
    form = {
        "to": "MOD",
        "hide": ["done", "unknowns"],
        "act": "release",
        "seen": seen,
        "sure": "MOD",
    }
    reply = screen.post(address, form)
    assert "changed=1" in reply["Location"]
    assert words("panel.changed") in text_of(screen.get(reply["Location"]))
    assert not read.releases_of(world.desk("MPA"), world.viewer("MPA"), FIRE)


def test_hidden_fields_and_a_coarser_place_reach_the_preview_and_the_partner(world, screen):
    """What a person hides beyond the rule stays, and the place is told as coarsely as chosen."""
    release(screen, hide=["grade"], grain="district")
    world.exchange("MPA", "MOD")
    view = read.record(world.desk("MOD"), world.viewer("MOD"), "MPA", FIRE)
    assert "grade" not in view.value.body
    assert view.value.body["place"]["lat"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_party_that_cannot_have_it_shows_why(screen, language):
    """No agreement and no audience each have their reason in words, and no form."""
    for record, party, reason in (
        (FIRE, "JCC", "refused.no_agreement"), (uuid_of("own/1"), "MOD", "refused.not_in_audience"),
    ):  # fmt: skip
        text = text_of(screen.get(f"/record/MPA/{record}/release?to={party}", language))
        assert words(reason, language) in text
        assert "data-preview-form" not in text


def test_refused_attachments_disable_the_act_with_the_reason(world, screen):
    """An attachment above the label's audience cannot go along unseen: the act is refused."""
    world.attach("MPA", "inner", b"not for them", to())
    world.write("MPA", "with", incident(to("MOD"), attachments=[uuid_of("inner/1")]))
    address = f"/record/MPA/{uuid_of('with/1')}/release"
    page = screen.get(f"{address}?to=MOD")
    assert " disabled" in text_of(page)
    form = {"to": "MOD", "act": "release", "seen": seen_of(page)}
    reply = screen.post(address, form)
    assert reply.status_code == 403
    assert words("refused.not_in_audience") in text_of(reply)


def test_withheld_and_absent_records_answer_alike(world):
    """A record above the clearance answers as one that never was, byte for byte."""
    high = to("MOD", classification=Classification.SECRET)
    world.write("MPA", "high", incident(high))
    hidden, screen = uuid_of("high/1"), Screen(world, "MPA", "duty-officer")
    for address in ("/record/MPA/{}/release", "/record/MPA/{}/recall/MOD"):
        for ask in (screen.get, screen.post):
            one, other = ask(address.format(hidden)), ask(address.format(ABSENT))
            assert one.status_code == other.status_code == 404
            assert text_of(one).replace(hidden, ABSENT) == text_of(other)


def test_only_the_owner_releases_and_only_the_watch(world, screen):
    """A partner's record and a role without the mandate are refused in words."""
    release(screen)
    world.exchange("MPA", "MOD")
    theirs = Screen(world, "MOD", "duty-officer").get(f"/record/MPA/{FIRE}/release")
    assert theirs.status_code == 403
    assert words("refused.release_foreign") in text_of(theirs)
    reply = Screen(world, "MPA", "observer").get(f"/record/MPA/{FIRE}/release")
    assert reply.status_code == 403


# The second person -------------------------------------------------------------------------------


def prepared(world, screen):
    release(screen, uuid_of("shots/1"), rule="S-MPA")
    return read.awaiting(world.desk("MPA"), world.viewer("MPA"))[0].release


@pytest.mark.parametrize("language", LANGUAGES)
def test_d13_own_releases_stand_apart_and_are_withdrawn(world, screen, language):
    """The preparer's page asks nothing, counts nothing, and withdraws under "yours"."""
    waiting = prepared(world, screen)
    second = Screen(world, "MPA", "duty-officer", "P-2")
    assert 'count-flash">1<' in text_of(second.get("/approvals", language))
    mine = text_of(screen.get("/approvals", language))
    assert "count-flash" not in mine
    assert waiting not in mine
    assert words("approval.none_decide", language) in mine
    yours = text_of(screen.get("/approvals?tab=yours", language))
    assert waiting in yours
    assert words("approval.withdraw", language) in yours
    assert second.post(f"/approvals/{waiting}", {"decision": "withdraw"}).status_code == 403
    assert screen.post(f"/approvals/{waiting}", {"decision": "withdraw"}).status_code == 302
    assert waiting not in text_of(screen.get("/approvals?tab=all", language))
    assert waiting not in text_of(second.get("/approvals/part", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_may_not_approve_reads_along(world, screen, language):
    """An observer sees what waits without tabs, acts or a number."""
    waiting = prepared(world, screen)
    page = text_of(Screen(world, "MPA", "observer").get("/approvals?tab=decide", language))
    assert waiting in page
    assert "tab=yours" not in page
    assert "count-flash" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_person_sees_the_frozen_preview_and_approves(world, screen, language):
    """Who prepared it cannot approve it; somebody else sees the same bytes and lets it go."""
    waiting = prepared(world, screen)
    mine = text_of(screen.get(f"/approvals/{waiting}", language))
    assert words("refused.same_person", language) in mine
    assert screen.post(f"/approvals/{waiting}", {"decision": "approve"}).status_code == 403
    second = Screen(world, "MPA", "duty-officer", "P-2")
    assert waiting in text_of(second.get("/approvals", language))
    page = second.get(f"/approvals/{waiting}", language)
    assert "Shots heard" in article(page)
    assert words("approval.frozen", language) in text_of(page)
    reply = second.post(f"/approvals/{waiting}", {"decision": "approve"})
    assert reply["Location"] == "/approvals"
    state = read.releases_of(world.desk("MPA"), world.viewer("MPA"), uuid_of("shots/1"))[0].state
    assert state == "sent"
    assert words("approval.decided", language) in text_of(
        second.get(f"/approvals/{waiting}", language)
    )


def test_a_declined_release_never_leaves(world, screen):
    """Declining ends it; a second decision meets words."""
    waiting = prepared(world, screen)
    second = Screen(world, "MPA", "duty-officer", "P-2")
    second.post(f"/approvals/{waiting}", {"decision": "decline"})
    reply = second.post(f"/approvals/{waiting}", {"decision": "approve"})
    assert reply.status_code == 422
    assert words("error.release_decided") in text_of(reply)
    assert second.post(f"/approvals/{waiting}", {"decision": "burn"}).status_code == 422
    assert second.get(f"/approvals/{ABSENT}").status_code == 404


def test_a_record_that_changed_meanwhile_is_not_approved(world, screen):
    """The approver of an older edition is told to prepare it anew."""
    waiting = prepared(world, screen)
    desk, actor, shots = world.desk("MPA"), world.actor("MPA"), uuid_of("shots/1")
    base = say.current(desk, actor, shots).value.digest
    say.revise(desk, actor, shots, base, incident(to("MOD"), category="shooting", text="Changed"))
    second = Screen(world, "MPA", "duty-officer", "P-2")
    assert words("refused.newer_edition") in text_of(second.get(f"/approvals/{waiting}"))
    assert second.post(f"/approvals/{waiting}", {"decision": "approve"}).status_code == 403


# Who holds what ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_holdings_show_who_has_what_and_a_newer_edition(world, screen, language):
    """Sent, delivered, read by position; an older edition at the partner is pointed out."""
    release(screen)
    world.exchange("MPA", "MOD")
    Screen(world, "MOD", "duty-officer").get(f"/record/MPA/{FIRE}")
    world.exchange("MPA", "MOD")
    text = text_of(screen.get("/holdings?party=MOD", language))
    assert words("release_state.read", language) in text
    assert f"/record/MPA/{FIRE}/recall/MOD" in text
    assert words("held.release_newer", language) not in text
    desk, actor = world.desk("MPA"), world.actor("MPA")
    draft = incident(to("MOD"), text="Fire is out")
    say.revise(desk, actor, FIRE, say.current(desk, actor, FIRE).value.digest, draft)
    assert words("held.release_newer", language) in text_of(screen.get("/holdings/part", language))
    assert words("held.newer", language) in text_of(screen.get(f"/record/MPA/{FIRE}", language))
    assert screen.get("/holdings?party=JCC", language).status_code == 200
    narrowed = text_of(screen.get("/holdings?party=MOD&stand=holds", language))
    assert words("stand.holds", language) in narrowed
    assert FIRE not in text_of(screen.get("/holdings?stand=expired", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recall_wants_a_reason_and_claims_nothing(world, screen, language):
    """Without a reason 422; with one the partner erases and says who had read it."""
    address = f"/record/MPA/{FIRE}/recall/MOD"
    assert screen.get(address, language).status_code == 422
    release(screen)
    world.exchange("MPA", "MOD")
    Screen(world, "MOD", "duty-officer").get(f"/record/MPA/{FIRE}")
    assert words("recall.proof", language) in text_of(screen.get(address, language))
    for reason in ("", "because"):
        assert screen.post(address, {"reason": reason}, language).status_code == 422
    assert screen.post(address, {"reason": "error"})["Location"] == f"/record/MPA/{FIRE}"
    world.exchange("MPA", "MOD")
    text = text_of(screen.get(f"/record/MPA/{FIRE}", language))
    assert words("held.opened_to", language) in text
    assert words("recall_reason.error", language) in text
    theirs = text_of(Screen(world, "MOD", "duty-officer").get("/inbox", language))
    assert words("inbox.to_note", language) in theirs
    assert "Fire near the mill" not in theirs


def test_what_the_text_gives_away_is_pointed_out(world):
    """A town in the text beside a coarse place, and hidden words in the text, are named."""
    world.write("MPA", "leak", incident(
        to("MOD"), text="Near Kifri, says checkpoint 7.", informant="Checkpoint 7",
    ))  # fmt: skip
    text = text_of(
        Screen(world, "MPA", "liaison-officer").get(
            f"/record/MPA/{uuid_of('leak/1')}/release?to=MOD"
        )
    )
    assert words("infer.text_place") in text
    assert "Kifri" in text
    assert words("infer.repeated") in text
    assert inference.Inference(key="moment") != inference.Inference(key="state")


def test_nobody_without_a_seat_sees_anything(world):
    """Every page sends who has not signed on to the sign-on."""
    stranger = Screen(world, "MPA", "")
    for address in (f"/record/MPA/{FIRE}/release", "/approvals", "/holdings", "/holdings/part",
                    f"/approvals/{ABSENT}", f"/record/MPA/{FIRE}/recall/MOD"):  # fmt: skip
        assert stranger.get(address)["Location"] == "/sign-on"


def test_the_administrator_reads_no_content(world):
    """The administrator is refused before any record is looked for."""
    screen = Screen(world, "MPA", "administrator")
    for address in (f"/record/MPA/{FIRE}/release", "/approvals", "/holdings"):
        assert screen.get(address).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_d9_the_timeline_of_a_holder_keeps_every_act_also_after_a_recall(world, screen, language):
    """Acknowledged, disputed, acknowledged anew: each stands with its moment, in its order, and
    still does once the record was taken back.
    """
    release(screen)
    world.exchange("MPA", "MOD")
    theirs, seat = world.desk("MOD"), world.actor("MOD", "duty-officer")
    view = read.record(theirs, theirs.viewer(seat), "MPA", FIRE)
    dispute = {"text": "No fire", "grade": "C3"}
    for kind, body in (("acknowledgement", {}), ("dispute", dispute), ("acknowledgement", {})):
        world.clock.time += 60_000
        say.reply(theirs, seat, kind, about=view.value, body=body)
        world.exchange("MPA", "MOD")
    acts = ["acknowledged", "disputed", "acknowledged"]
    assert acts == acts_in(screen, language)
    form = {"reason": "error"}
    assert screen.post(f"/record/MPA/{FIRE}/recall/MOD", form).status_code == 302
    world.exchange("MPA", "MOD")
    assert acts == acts_in(screen, language)
    assert words("release_state.purged", language) in text_of(
        screen.get(f"/record/MPA/{FIRE}", language)
    )


def acts_in(screen, language):
    """What a holder said, as the timeline on the record's page tells it."""
    text = text_of(screen.get(f"/record/MPA/{FIRE}", language)).split('<ol class="history">')[1]
    told = re.findall(r"<b>(.*?)</b>", text.split("</ol>")[0])
    said = {words(f"release_state.{act}", language): act for act in ("acknowledged", "disputed")}
    return [said[word] for word in told if word in said]
