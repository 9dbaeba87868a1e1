"""Sealed checks between two nodes: what each side learns, budgets, restarts, hostile partners."""

import base64
from dataclasses import replace

import pytest

from tansiq.board import sealed_checks
from tansiq.board.fold import fold_run
from tansiq.desk.operations import answering, sealed
from tansiq.desk.records import say
from tansiq.desk.trust import restarting
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.labels import Classification
from tansiq.domain.operations import sealing
from tansiq.log import ristretto
from tansiq.log.canonical import decode_object
from tansiq.log.store import JOURNAL, in_log, out_log
from tests.activities import SPOT, planned
from tests.world import DAY, HOUR, START, refusal, to, worlds

HERE = {**SPOT, "metres": 500}
FAR = {**HERE, "positions": [[367_000_000, 428_000_000]]}
POINT = ristretto.base_times(b"\x01" + bytes(31))
NEXT = {**HERE, "positions": [[358_250_000, 435_800_000]]}  # four kilometres from edge to edge


@pytest.fixture
def world():
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        yield made


def plan(world, party, name, **more):
    """A sealed movement."""
    label = more.pop("label", None) or to()
    given = {"area": HERE, "sealed": "sealed", "activity": "movement", "margin_metres": 2_500,
             "begins": START + 2 * HOUR, "until": START + 3 * HOUR}  # fmt: skip
    return world.write(party, name, replace(planned(**{**given, **more}), label=label))


def step(world, record, name):
    desk, actor = world.desk("MPA"), world.actor("MPA")
    say.step(desk, actor, record, view_of(world, record).value.digest, name)


def ask(world, record, name, party="MPA", of="MOD"):
    with world.names.under(name):
        sealed.ask(world.desk(party), world.actor(party), record, of)


def settle(world, rounds=1):
    """Parcels both ways, with what each node does by itself between them."""
    for n in range(rounds):
        world.exchange("MPA", "MOD")
        for party in ("MOD", "MPA"):
            with world.names.under(f"tick {party} {n} {world.clock.time} {len(world.sent)}"):
                answering.tick(world.desk(party))
        world.exchange("MOD", "MPA")
        answering.tick(world.desk("MPA"))


def view_of(world, record, party="MPA"):
    return sealed.read.record(world.desk(party), world.viewer(party), party, record)


def newest(world, record):
    return sealed.standing(world.desk("MPA"), view_of(world, record)).value.partners[0].check


def answer_to(world, record, name):
    ask(world, record, name)
    settle(world)
    check = newest(world, record)
    return check.state, check.reason


@pytest.mark.parametrize(
    ("theirs", "word"),
    [({}, "overlap"), ({"area": NEXT}, "near"), ({"area": FAR}, "clear"),
     ({"begins": START + 8 * HOUR, "until": START + 10 * HOUR}, "clear"),
     ({"sealed": "open"}, "overlap"), ({"area": None}, "clear")],
)  # fmt: skip
def test_the_asker_learns_one_word(world, theirs, word):
    """Overlap, near or clear, of sealed and of open plans that were not shown; the partner learns
    of the activity nothing that is in it.
    """
    if theirs.get("area", SPOT):
        plan(world, "MOD", "theirs", **theirs)
    ours = plan(world, "MPA", "ours", text="Move along the canal")
    assert answer_to(world, ours, "ask") == (word, "")
    sent = b"".join(data for sender, _, data in world.sent if sender == "MPA")
    assert b'"sealed_asked"' in sent
    for secret in (b"canal", b"Makhmour", ours.encode(), b"357800000", b'"record"'):
        assert secret not in sent
    desk = world.desk("MPA")
    assert not sealed.between(world.desk("MOD"), world.actor("MOD"), "MPA").ours.checks < 10
    assert sealed.between(desk, world.actor("MPA"), "MOD").ours.checks == 9
    assert sealed.between(world.desk("MOD"), world.actor("MOD"), "MPA").theirs.checks == 9


def test_the_answer_is_the_same_size_whatever_is_planned(world):
    """A node with no plan and one with several answer with as many bytes, under another key each
    time.
    """
    ours = plan(world, "MPA", "ours")
    answer_to(world, ours, "first")
    for n in range(3):
        begins = START + (2 + 8 * n) * HOUR
        plan(world, "MOD", f"theirs {n}", begins=begins, until=begins + HOUR)
    answer_to(world, ours, "second")
    said = [decode_object(e.data) for e in world.desk("MPA").store.scan(in_log("MOD")) if e.data]
    heads = [one for one in said if one["type"] == "sealed_answered"]
    bodies = [one for one in said if one["type"] == "sealed_part"]
    assert len({one["key"] for one in heads}) == 2
    sizes = {len(str(one["data"])) for one in bodies}
    assert len(heads) == 2
    assert len(sizes) == len(bodies) // 2


def test_it_goes_by_stick_and_across_restarts(world):
    """Nothing is held in memory: each node is opened anew between the trips, and folding again from
    the logs gives the same answer.
    """
    plan(world, "MOD", "theirs")
    ours = plan(world, "MPA", "ours")
    ask(world, ours, "ask")
    world.clock.time += HOUR
    world.exchange("MPA", "MOD", rounds=1)
    for party in ("MPA", "MOD"):
        world.desk(party).board.forget()
    with world.names.under("answer"):
        answering.tick(world.desk("MOD"))
    for party in ("MOD", "MPA"):
        desk = world.desk(party)
        with desk.database.transaction():
            desk.board.drop()
            kept = ((e.seq, decode_object(e.data)) for e in desk.store.scan(JOURNAL) if e.data)
            fold_run(desk.board, kept)
    world.exchange("MOD", "MPA", rounds=1)
    answering.tick(world.desk("MPA"))
    assert newest(world, ours).state == "overlap"
    assert not answering.tick(world.desk("MPA"))
    assert not answering.tick(world.desk("MOD"))


def test_budget_counts_on_both_sides(world, monkeypatch):
    """After the checks of a day (here two) the asker's node asks no more; a bent one is refused by
    the other, and a day later both go on.
    """
    monkeypatch.setattr(sealing, "BOUNDS", replace(BOUNDS, sealed_checks_a_day=2))
    ours = plan(world, "MPA", "ours")
    for n in range(2):
        assert answer_to(world, ours, f"ask {n}")[0] == "clear"
    with refusal("sealed_budget"):
        ask(world, ours, "one more")
    bent(world, {"size": 250}, bytes(32 * 250))
    settle(world)
    assert last_refusal(world) == "budget"
    world.clock.time += DAY
    later = {"begins": world.clock.time + HOUR, "until": world.clock.time + 2 * HOUR}
    assert answer_to(world, plan(world, "MPA", "later", **later), "again")[0] == "clear"


def bent(world, header, data, check="0" * 8 + "-0000-4000-8000-" + "0" * 12):
    """What a bent node says in its feed."""
    said = {"type": "sealed_asked", "check": check, "size": 250, "commitment": "0" * 64,
            "digest": sealed.sealed.digest(data), "at": world.clock.time, **header}  # fmt: skip
    with world.desk("MPA").act() as act:
        act.feed_all("MOD", [said, *sealed.in_parts(check, "asked", data)])


def last_refusal(world):
    said = [decode_object(e.data) for e in world.desk("MPA").store.scan(in_log("MOD")) if e.data]
    return [one for one in said if one["type"].startswith("sealed_")][-1]["reason"]


@pytest.mark.parametrize(
    ("header", "data"),
    [({}, bytes(32 * 250)), ({}, b"\xff" * 32 * 250), ({"digest": "1" * 64}, bytes(32 * 250)),
     ({}, b"\x01" * (32 * 250 + 5)), ({}, POINT * 249 + b"\xff" * 32),
     ({}, POINT * 249 + bytes(32))],
)  # fmt: skip
def test_a_hostile_question_gets_a_word(world, header, data):
    """Garbage, a wrong length, a digest that does not fit or one last element that is none get the
    typed refusal and nothing that a key has touched; it costs no part of the budget, and so it
    costs the node nothing: no plan is looked at for it.
    """
    plan(world, "MOD", "theirs")
    bent(world, header, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_checks, "plans", lambda *_: pytest.fail("plans were looked at"))
        settle(world)
    assert last_refusal(world) == "form"
    assert sealed.between(world.desk("MOD"), world.actor("MOD"), "MPA").theirs.checks == 10


@pytest.mark.parametrize("size", [0, -1, 7, 10**9, "250", None])
def test_sizes_that_are_none_are_not_taken(world, size):
    """A question of another size than the four is no question: people hear that an entry cannot be
    used, and nothing is answered.
    """
    bent(world, {"size": size}, bytes(32))
    settle(world)
    assert not sealed_checks.with_party(world.desk("MOD").board, "MPA", 9)


def test_who_asks_without_end_crowds_out_itself_alone(world):
    """Of what a bent partner asks, one question is answered at a time, so that others have their
    turn; what this node asked itself stays in the list, and what is asked again is asked once.
    """
    theirs = plan(world, "MOD", "theirs")
    ask(world, theirs, "ask", party="MOD", of="MPA")
    for n in range(4):
        bent(world, {}, b"\xff" * 32 * 250, check=f"{n:08x}-0000-4000-8000-" + "0" * 12)
        bent(world, {"size": 1_000}, b"\xff", check=f"{n:08x}-0000-4000-8000-" + "0" * 12)
    world.exchange("MPA", "MOD")
    board = world.desk("MOD").board
    assert len(sealed_checks.questions(board, 0)) == 1
    assert [one.ours for one in sealed_checks.with_party(board, "MPA", 2)].count(True) == 1
    assert answering.tick(world.desk("MOD")) == 1


def test_who_was_stopped_is_answered_once_the_link_goes_on(world):
    """What a partner asked before its link was stopped waits, and is compared with the plans of the
    day on which people let the link go on.
    """
    bent(world, {}, b"\xff" * 32 * 250)
    world.exchange("MPA", "MOD")
    restarting.stop(world.desk("MOD"), world.actor("MOD", "liaison-officer"), "MPA")
    assert answering.tick(world.desk("MOD")) == 0


def test_a_question_without_its_bytes_waits_and_harms_nobody(world):
    """A round that is broken off is looked at no more than others, and ends nothing."""
    bent(world, {}, bytes(31))
    settle(world)
    ours = plan(world, "MPA", "ours")
    assert answer_to(world, ours, "ask")[0] == "clear"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"proof": base64.b64encode(bytes(64)).decode()}, "proof"),
        ({"key": base64.b64encode(bytes(32)).decode()}, "proof"),
        ({"key": "?"}, "form"),
        ({"digest": "1" * 64}, "form"),
        ({"until": START}, "reach"),
        ({"begins": START + 90 * DAY}, "reach"),
    ],
)  # fmt: skip
def test_a_hostile_answer_is_no_answer(world, monkeypatch, change, reason):
    """A bad proof, another key, bytes that do not fit, an answer for other hours: the check has
    failed, says why, and is never read as clear.
    """
    real = answering._end

    def bent_end(desk, check, state, why, said):
        return real(desk, check, state, why, [{**said[0], **change}, *said[1:]])

    monkeypatch.setattr(answering, "_end", bent_end)
    ours = plan(world, "MPA", "ours")
    assert answer_to(world, ours, "ask") == ("failed", reason)


def test_the_first_word_stands(world):
    """An answer that was given cannot be changed by a second one, nor by a refusal."""
    plan(world, "MOD", "theirs")
    ours = plan(world, "MPA", "ours")
    assert answer_to(world, ours, "ask")[0] == "overlap"
    check = newest(world, ours)
    with world.desk("MOD").act() as act:
        act.feed("MPA", {"type": "sealed_refused", "check": check.ref, "reason": "many", "at": 1})
    settle(world)
    assert newest(world, ours).state == "overlap"


def test_what_is_too_much_is_refused_before_anything_leaves(world):
    """Too large, too far, changed to open, another's, no partner: nothing is sent."""
    desk, size = world.desk("MPA"), world.desk("MPA").store.head(out_log("MOD")).size
    large = plan(world, "MPA", "large", area={**SPOT, "metres": 12_000})
    far = plan(world, "MPA", "far", begins=START + 40 * DAY, until=START + 40 * DAY + HOUR)
    openly = plan(world, "MPA", "openly", sealed="open")
    for record, code in ((large, "sealed_area"), (far, "sealed_far"), (openly, "record_absent")):
        with refusal(code):
            ask(world, record, f"ask {record}")
    with refusal("partner_unknown"):
        ask(world, plan(world, "MPA", "fine"), "nobody", of="COA")
    with refusal("mandate"):
        sealed.ask(desk, world.actor("MPA", "auditor"), large, "MOD")
    assert desk.store.head(out_log("MOD")).size == size


def test_who_calls_off_what_was_checked_waits(world):
    """After an activity that was checked is cancelled nothing is asked for an hour: plans are not
    made in order to ask.
    """
    first, second = plan(world, "MPA", "first"), plan(world, "MPA", "second", area=FAR)
    answer_to(world, first, "ask")
    with refusal("sealed_not_checked"):
        sealed.agreed(world.desk("MPA"), world.actor("MPA"), second)
    step(world, first, "cancel_activity")
    with refusal("sealed_cool_down"):
        ask(world, second, "too soon")
    world.clock.time += HOUR + 1
    assert answer_to(world, second, "later")[0] == "clear"
    hidden = plan(world, "MPA", "hidden", label=to(classification=Classification.SECRET))
    answer_to(world, hidden, "ask hidden")
    step(world, hidden, "cancel_activity")
    duty = world.actor("MPA", "duty-officer")
    with refusal("sealed_cool_down"):
        ask(world, second, "by who saw it")
    with world.names.under("by who may not know of it"):
        sealed.ask(world.desk("MPA"), duty, second, "MOD")


def test_where_no_agreement_is_in_force_nothing_is_asked_or_answered():
    """What joining signed allows it; when the newest agreement has ended, nobody asks, and a bent
    node that does is refused.
    """
    with worlds("MPA", "MOD") as world:
        world.agree("MPA", "MOD", ends=START + HOUR)
        ours = plan(world, "MPA", "ours")
        world.clock.time += HOUR
        with refusal("sealed_no_agreement"):
            ask(world, ours, "ask")
        bent(world, {}, bytes(32 * 250))
        settle(world)
        assert last_refusal(world) == "agreement"


def test_more_than_an_answer_holds_is_refused_and_nothing_left_out(world):
    """A node with more plans than an answer holds says so; it never answers with a part of them.
    To find that out it had to look at them, so it counts.
    """
    for n in range(4):
        plan(world, "MOD", f"theirs {n}", area={**SPOT, "metres": 30_000},
             until=START + 30 * HOUR)  # fmt: skip
    ours = plan(world, "MPA", "ours")
    assert answer_to(world, ours, "ask") == ("refused", "many")
    assert sealed.between(world.desk("MOD"), world.actor("MOD"), "MPA").theirs.checks == 9


def test_a_commitment_opens_for_the_auditor(world):
    """The auditor sees that the check was for this activity and asked about nothing else, also
    after the activity has changed; for a colleague there is no such page.
    """
    ours = plan(world, "MPA", "ours")
    answer_to(world, ours, "ask")
    desk, ref = world.desk("MPA"), newest(world, ours).ref
    opened = sealed.open_commitment(desk, world.actor("MPA", "auditor"), ref).value
    assert opened.fits
    assert opened.record == ours
    with refusal("mandate"):
        sealed.open_commitment(desk, world.actor("MPA"), ref)
    seed, bound = sealed.secret_of(desk, newest(world, ours))
    other = {**bound, "volume": {**bound["volume"], "area": FAR}}
    assert sealed.sealed.commitment(seed, other) != opened.check.commitment


def test_what_moved_after_the_check_is_said_to_be_another(world):
    """An agreed change of state leaves the answer as it is; another time or place makes it one of
    an older plan, and the page says so.
    """
    ours = plan(world, "MPA", "ours")
    answer_to(world, ours, "ask")
    before = sealed.standing(world.desk("MPA"), view_of(world, ours)).value.partners[0]
    assert not before.changed
    desk, actor = world.desk("MPA"), world.actor("MPA")
    sealed.agreed(desk, actor, ours)
    view = view_of(world, ours)
    assert view.value.state == "agreed"
    assert not sealed.standing(desk, view).value.partners[0].changed
    moved = {**view.value.body, "until": START + 4 * HOUR}
    draft = say.Draft(kind="planned_activity", body=moved, label=to())
    say.revise(desk, actor, ours, view.value.digest, draft)
    assert sealed.standing(desk, view_of(world, ours)).value.partners[0].changed


def test_bounds_fit_the_entries() -> None:
    """A part is never longer than an entry may be, and a question has no more parts than are taken
    up.
    """
    assert BOUNDS.sealed_part_bytes_max * 4 // 3 < BOUNDS.entry_bytes_max
    most = 5_000 * 32 + 20_000 * 8
    assert most <= 64 * BOUNDS.sealed_part_bytes_max
