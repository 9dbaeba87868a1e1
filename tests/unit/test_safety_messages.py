"""Safety messages at desks: to every party at once, read back there, telephoned, stood down."""

import pytest

from tansiq.board import node_state
from tansiq.desk.cases import reading, taking
from tansiq.desk.operations import safety
from tansiq.desk.proof import checking
from tansiq.desk.records import alerts, attention, read, say
from tansiq.domain.escalation import Haste, Rung
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Role
from tansiq.domain.places import place_named
from tansiq.log.canonical import decode_object
from tansiq.log.store import out_log
from tests.world import CLEARED, HOUR, START, incident, line, refusal, rule, to, worlds

MINUTE = HOUR // 60
OTHERS = ("COA", "MOD")
TEXT = "All vehicles stop at the camp clinic"
PLACE = place_named("Khazir").to_json()


@pytest.fixture
def town():
    """MPA has agreed with two others, and neither text says a word of safety messages."""
    with worlds("MPA", *OTHERS) as made:
        for other in OTHERS:
            lines = rule("MPA", f"LINES-{other}", kinds=frozenset({"log_line"}), automatic=True)
            made.agree("MPA", other, lines)
        yield made


def warn(town, name="stop", position=CLEARED, **body):
    """MPA sends a message."""
    desk, actor = town.desk("MPA"), town.actor("MPA", position)
    with town.names.under(name):
        return safety.send(desk, actor, {"text": TEXT, "place": PLACE, **body})


def met(town, *others):
    for other in others or OTHERS:
        town.exchange("MPA", other)


def told(town, record, party="MPA", position=CLEARED):
    """What one party knows of who was told, by party."""
    desk, actor = town.desk(party), town.actor(party, position)
    viewer = desk.viewer(actor)
    root = read.record(desk, viewer, "MPA", record)
    return {one.party: one for one in safety.tellings(desk, viewer, root, actor).value}


def back(town, record, party="MOD", position=CLEARED, *, typed="Khazir", confirmed=True):
    """Somebody there reads it back."""
    desk = town.desk(party)
    with town.names.under(f"{party} {position} reads {record} back {len(town.names.used)}"):
        safety.read_back(
            desk, town.actor(party, position), "MPA", record, typed=typed, confirmed=confirmed
        )


def call(town, record, party="MOD", result="read_back", whom="duty_officer"):
    """MPA telephones."""
    with town.names.under(f"call {party} {len(town.names.used)}"):
        safety.called(town.desk("MPA"), town.actor("MPA"), record, party, whom=whom, result=result)


def end(town, record):
    with town.names.under(f"end {record}"):
        safety.stand_down(town.desk("MPA"), town.actor("MPA"), record)


def alarm(town, party, position, *, after=0):
    """What sounds for a position."""
    town.clock.time += after
    desk = town.desk(party)
    attention.tick(desk)
    return attention.sounding(desk, town.viewer(party, position)).number


def test_one_sentence_goes_to_every_party_without_approval_and_is_read_back(town):
    """The sender sees when each was told, and by which position it was read back."""
    record = warn(town)
    met(town)
    assert {one.stage for one in told(town, record).values()} == {"not_read_back"}
    town.clock.time += 40_000
    back(town, record)
    met(town)
    here = told(town, record)
    assert [here[party].stage for party in OTHERS] == ["not_read_back", "read_back"]
    (said,) = here["MOD"].steps("read_back")
    assert (said.step.seat.position, said.step.at) == (CLEARED, START + 40_000)
    assert here["MOD"].sent == here["COA"].sent == START
    assert here["MOD"].came


def test_a_party_learns_nothing_of_the_others(town):
    """Who else was told, read it back or was telephoned is on no other party's page or disk."""
    record = warn(town)
    met(town)
    call(town, record, "MOD", "no_answer")
    back(town, record)
    met(town)
    assert list(told(town, record, "COA")) == ["COA"]
    held = b"".join(e.data or b"" for e in town.desk("COA").store.scan("in/MPA"))
    assert b"MOD" not in held
    assert b"no_answer" not in held
    assert told(town, record, "COA")["COA"].steps("called", "read_back") == ()


@pytest.mark.parametrize("position", ["adviser", "support-desk", "programme-manager"])
def test_whoever_acts_may_send_it(town, position):
    """Not the watch alone: who hears of the danger first sends it."""
    record = warn(town, position=position)
    met(town)
    assert list(told(town, record, "MOD")) == ["MOD"]


@pytest.mark.parametrize("position", ["auditor", "administrator", "observer"])
def test_who_only_looks_on_sends_none(town, position):
    """Nor does one who may see nothing."""
    with refusal("mandate"):
        warn(town, position=position)


def test_no_form_narrows_it(town):
    """Whatever label and tear line somebody gives it, it goes whole to every party at once."""
    draft = say.Draft(
        kind="safety_message", body={"text": TEXT, "place": PLACE},
        label=to("MOD", embargo=START + HOUR, expires=START + 2), tear=frozenset({"place", "text"}),
    )  # fmt: skip
    record = town.write("MPA", "narrow", draft)
    met(town)
    for party in OTHERS:
        view = read.record(town.desk(party), town.viewer(party), "MPA", record).value
        assert view.body == {"text": TEXT, "place": PLACE}
        assert view.label.expires == 0


def test_it_rings_until_it_was_read_back_and_not_until_it_was_heard(town):
    """The watch at once, everybody who acts after a minute; to have heard it silences nothing."""
    record = warn(town)
    met(town)
    assert alarm(town, "MOD", "duty-officer") == 1
    assert alarm(town, "MOD", "adviser", after=MINUTE - 1) == 0
    assert alarm(town, "MOD", "adviser", after=1) == 1
    assert alarm(town, "MOD", "liaison-officer") == 1
    for idle in ("auditor", "observer"):
        assert alarm(town, "MOD", idle) == 0
    attention.hear(town.desk("MOD"), town.actor("MOD"))
    assert alarm(town, "MOD", "duty-officer") == 1
    back(town, record, position="adviser")
    assert alarm(town, "MOD", "duty-officer", after=HOUR) == 0
    assert alarm(town, "COA", "duty-officer") == 1, "another party's reading ends nothing here"


def test_it_stands_on_every_page_there_and_says_that_one_must_act(town):
    """Whoever may read sees it in the bar before it rings for that position."""
    warn(town)
    met(town)
    first = alerts.alerts(town.desk("MOD"), town.viewer("MOD", "adviser"), 9).first
    assert first is not None
    assert (first.haste, first.must_act) == (Haste.SAFETY, True)


def test_the_sender_is_rung_for_each_party_that_has_not_read_it_back_in_a_minute(town):
    """Then it telephones; what a party has read back rings for nobody."""
    record = warn(town)
    met(town)
    assert alarm(town, "MPA", "duty-officer") == 0
    back(town, record)
    met(town)
    assert alarm(town, "MPA", "duty-officer", after=MINUTE) == 1
    (one,) = attention.waiting(town.desk("MPA"), town.viewer("MPA"))
    assert one.stand.reached[0].rung is Rung.POSITION
    call(town, record, "COA", "no_answer")
    assert alarm(town, "MPA", "duty-officer") == 1
    call(town, record, "COA")
    assert alarm(town, "MPA", "duty-officer", after=HOUR) == 0


def test_the_call_log_says_who_was_called_when_and_by_whom(town):
    """Also where the node does not answer; what was read back there later counts as well."""
    record = warn(town)
    call(town, record, "COA", "busy", "headquarters")
    town.clock.time += MINUTE
    call(town, record, "COA", whom="liaison_officer")
    coa = told(town, record)["COA"]
    assert coa.stage == "by_telephone"
    first, second = (*coa.steps("called"), *coa.steps("by_telephone"))
    assert (first.step.at, first.step.values["whom"], first.step.values["result"]) == (
        START, "headquarters", "busy"
    )  # fmt: skip
    assert (second.step.at, second.step.seat.position) == (START + MINUTE, CLEARED)
    met(town)
    assert alarm(town, "COA", "duty-officer") == 1, "it rings there until it is read back there"
    back(town, record, "COA")
    met(town)
    assert told(town, record)["COA"].stage == "read_back"
    with refusal("step_not_from_here"):
        call(town, record, "COA")


@pytest.mark.parametrize("given", [{"result": "read"}, {"whom": "anybody"}])
def test_a_call_has_a_known_result(town, given):
    """And a known callee: no text travels in a step."""
    record = warn(town)
    with refusal("choice_unknown" if "result" in given else "step_not_from_here"):
        call(town, record, **given)


def test_read_back_there_while_it_was_read_back_on_the_telephone(town):
    """Both were done unaware of each other: both sides say that it was read back, and see both."""
    record = warn(town)
    met(town)
    back(town, record)
    call(town, record)
    met(town)
    for party in ("MPA", "MOD"):
        mod = told(town, record, party)["MOD"]
        assert mod.stage == "read_back"
        assert len(mod.steps("read_back", "by_telephone")) == 2
    assert alarm(town, "MPA", "duty-officer", after=HOUR) == 1, "COA alone has not"
    assert alarm(town, "MOD", "duty-officer") == 0


def test_it_is_stood_down_for_all_and_rings_no_more(town):
    """Also where nobody had read it back; nothing counts after it."""
    record = warn(town)
    met(town)
    back(town, record)
    town.exchange("MPA", "MOD")
    end(town, record)
    met(town)
    for party in OTHERS:
        assert told(town, record, party)[party].stage == "stood_down"
        assert alarm(town, party, "duty-officer", after=HOUR) == 0
    with refusal("step_not_from_here"):
        back(town, record, "COA")
    with refusal("step_not_from_here"):
        end_again = town.desk("MPA"), town.actor("MPA")
        safety.stand_down(*end_again, record)


def test_one_that_cannot_be_told_the_end_keeps_no_other_waiting():
    """The agreement with one has ended meanwhile: the others hear the end all the same."""
    with worlds("MPA", *OTHERS) as town:
        town.agree("MPA", "COA", ends=START + HOUR)
        town.agree("MPA", "MOD")
        record = warn(town)
        town.clock.time += HOUR
        end(town, record)
        stages = {party: one.stage for party, one in told(town, record).items()}
        assert stages == {"COA": "not_read_back", "MOD": "stood_down"}


def test_nobody_but_its_sender_stands_it_down(town):
    """Another party has no such act, and none of a telephone."""
    record = warn(town)
    met(town)
    for act in (safety.stand_down, safety.follow_up):
        with refusal("record_absent"):
            act(town.desk("MOD"), town.actor("MOD"), record)
    with refusal("record_absent"):
        safety.called(
            town.desk("MOD"), town.actor("MOD"), record, "COA", whom="headquarters", result="busy"
        )


@pytest.mark.parametrize(
    ("typed", "confirmed", "code"),
    [
        ("Makhmour", True, "not_said_back"),
        ("", True, "not_said_back"),
        ("Khazir", False, "sentence_not_read"),
    ],
)
def test_what_was_not_said_back_rightly_does_not_count(town, typed, confirmed, code):
    """Another place, nothing, or a sentence that nobody says to have read: it rings on."""
    record = warn(town)
    met(town)
    with refusal(code):
        back(town, record, typed=typed, confirmed=confirmed)
    assert told(town, record, "MOD")["MOD"].stage == "not_read_back"
    assert alarm(town, "MOD", "duty-officer") == 1


def test_no_other_door_takes_its_steps(town):
    """The page of any case would read it back without the words: it may not."""
    record = warn(town)
    met(town)
    desk, actor = town.desk("MOD"), town.actor("MOD")
    view = read.record(desk, desk.viewer(actor), "MPA", record)
    (lane,) = reading.lanes_of(desk, desk.viewer(actor), view, actor).value.lanes
    for act in kind_named("safety_message").case.acts:
        wanted = taking.Wanted(
            owner="MPA", record=record, lane=lane.id, act=act.name, seen=lane.newest
        )
        with refusal("act_unknown"):
            taking.take(desk, actor, wanted)


def test_who_only_looks_on_reads_nothing_back(town):
    """An auditor sees the message and answers for nobody."""
    record = warn(town)
    met(town)
    with refusal("mandate"):
        back(town, record, position="auditor")


def test_it_goes_before_all_that_waits_and_so_do_its_steps(town):
    """On both sides: message, what is read back, and the end."""
    for n in range(5):
        town.write("MPA", f"line {n}", line(to("MOD"), text=f"line {n}"))
    record = warn(town)
    end(town, record)
    entries = [decode_object(e.data) for e in town.desk("MPA").store.scan(out_log("MOD"))]
    lines = [n for n, e in enumerate(entries) if e.get("kind") == "log_line"]
    mine = [n for n, e in enumerate(entries) if record in (e.get("record"), e.get("root"))]
    assert len(mine) == 2
    assert max(mine) < min(lines)
    assert node_state.hastened(town.desk("MPA").board, "MOD") > max(mine)


def test_a_party_without_an_agreement_is_named_as_not_told():
    """The message goes to the others, and the sender sees whom to telephone."""
    with worlds("MPA", *OTHERS) as town:
        town.agree("MPA", "MOD")
        record = warn(town)
        town.exchange("MPA", "MOD")
        here = told(town, record)
        assert (here["COA"].lane, here["COA"].stage) == (None, "")
        assert here["MOD"].stage == "not_read_back"
        end(town, record)
        assert told(town, record)["MOD"].stage == "stood_down"


def test_an_incident_and_a_review_are_made_by_one_act_for_the_own_party_alone(town):
    """The review says who was told when, and is made once."""
    record = warn(town)
    met(town)
    back(town, record)
    met(town)
    desk, actor = town.desk("MPA"), town.actor("MPA")
    with town.names.under("follow up"):
        made = safety.follow_up(desk, actor, record)
    with town.names.under("follow up again"):
        assert safety.follow_up(desk, actor, record) == made
    review = read.record(desk, desk.viewer(actor), "MPA", made).value
    happened = read.record(desk, desk.viewer(actor), "MPA", review.body["incident"]).value
    assert (happened.body["text"], happened.body["place"]) == (TEXT, PLACE)
    assert not happened.label.readers()
    rows = [(row["done"], row["party"]) for row in review.body["timeline"]]
    assert [row for row in rows if row[0] != "came"] == [
        ("sent", "COA"), ("sent", "MOD"), ("read_back", "MOD")
    ]  # fmt: skip
    met(town)
    for party in OTHERS:
        with refusal("record_absent"):
            read.record(town.desk(party), town.viewer(party), "MPA", made)


def test_a_message_without_a_place_makes_an_incident_too(town):
    """Its place is not known, and nothing is made up."""
    desk, actor = town.desk("MPA"), town.actor("MPA")
    with town.names.under("nowhere"):
        record = safety.send(desk, actor, {"text": TEXT})
    with town.names.under("follow"):
        made = safety.follow_up(desk, actor, record)
    assert read.record(desk, desk.viewer(actor), "MPA", made).value.body["text"] == TEXT


def test_logs_and_board_agree_after_all_of_it(town):
    """Folded again from the logs alone, every node says the same."""
    record = warn(town)
    met(town)
    call(town, record, "COA", "busy")
    back(town, record)
    met(town)
    end(town, record)
    met(town)
    for party in ("MPA", *OTHERS):
        assert checking.fsck(town.desk(party), lambda *_: None) == []


def test_other_records_do_not_go_by_the_rule_of_joining(town):
    """It covers safety messages and nothing else."""
    record = town.write("MPA", "fire", incident(to("MOD"), severity="flash"))
    with refusal("no_rule"):
        town.release("MPA", record, "MOD", "SAFETY-MPA")


def test_every_role_that_acts_may_read_it_back():
    """What may be sent may be read back: the roles are the same."""
    declared = kind_named("safety_message").case
    assert declared.act("read_back").roles == kind_named("safety_message").writers
    assert Role.AUDITOR not in declared.act("read_back").roles
