"""Who is asked about what waits for a second person, and who takes it back."""

import pytest

from tansiq.desk.proof import audit
from tansiq.desk.records import approvals, read
from tansiq.desk.records.approvals import Wanted, Whose
from tansiq.desk.release import releasing
from tansiq.domain.parties import Classification, PartyCode
from tests.world import incident, prepare_seen, rule, to, worlds
from tests.world import refusal as refused

HIGH = Classification.CONFIDENTIAL


@pytest.fixture
def town():
    """P-1 prepared a release that one other person approves, and one that two do."""
    with worlds("MPA", "MOD") as made:
        level = dict.fromkeys((PartyCode("MPA"), PartyCode("MOD")), HIGH)
        rules = (rule("MPA", "ONE", approvers=1, class_max=HIGH),
                 rule("MPA", "TWO", approvers=2, class_max=HIGH))  # fmt: skip
        made.agree("MPA", "MOD", *rules, clearance=level)
        for name in ("ONE", "TWO"):
            prepare(made, name, to("MOD"), name)
        yield made


def prepare(made, name, label, by_rule):
    record = made.write("MPA", name, incident(label))
    wish = releasing.Wish(record=record, to="MOD", rule=by_rule)
    with made.names.under(f"prepare {name}"):
        return prepare_seen(made.desk("MPA"), made.actor("MPA", person="P-1"), wish)


def asked(town, whose, person):
    wanted, viewer = Wanted(whose=whose, person=person), town.viewer("MPA", "duty-officer")
    found = read.awaiting(town.desk("MPA"), viewer, wanted)
    counted = approvals.counts(town.desk("MPA"), viewer, wanted, 9)
    assert sum(counted.values()) == len(found)
    return [one.rule for one in found]


def test_d13_each_is_asked_what_each_can_decide(town):
    """The preparer is asked nothing and sees the own ones apart; who approved is asked no more."""
    desk = town.desk("MPA")
    second = town.actor("MPA", "duty-officer", person="P-2")
    assert asked(town, Whose.DECIDE, "P-1") == []
    assert asked(town, Whose.YOURS, "P-1") == ["ONE", "TWO"]
    assert asked(town, Whose.DECIDE, "P-2") == ["ONE", "TWO"]
    assert approvals.to_decide(desk, town.actor("MPA", person="P-1"), 9) == 0
    assert approvals.to_decide(desk, second, 9) == 2
    for one in read.awaiting(desk, town.viewer("MPA")):
        releasing.approve(desk, second, one.release)
    assert approvals.to_decide(desk, second, 9) == 0
    assert asked(town, Whose.DECIDE, "P-3") == asked(town, Whose.ALL, "P-2") == ["TWO"]
    assert asked(town, Whose.YOURS, "P-2") == []
    assert approvals.to_decide(desk, town.actor("MPA", "observer", person="P-3"), 9) == 0


def test_d13_who_prepared_a_release_withdraws_it(town):
    """Nobody else does, and nothing leaves; the journal says who took it back."""
    desk = town.desk("MPA")
    one = read.awaiting(desk, town.viewer("MPA"))[0]
    with refused("not_preparer"):
        releasing.withdraw(desk, town.actor("MPA", "duty-officer", person="P-2"), one.release)
    releasing.withdraw(desk, town.actor("MPA", person="P-1"), one.release)
    identity = one.record.value.record
    (state,) = read.releases_of(desk, town.viewer("MPA"), identity)
    assert (state.state, state.released_at) == ("declined", 0)
    assert asked(town, Whose.ALL, "P-1") == ["TWO"]
    auditor = town.actor("MPA", "auditor", person="P-9")
    auditor = town.viewer("MPA", "auditor")
    events = audit.timeline(desk, auditor, f"MPA/{identity}", audit.Filter())
    assert [(e.act, e.person) for e in events][-1] == ("withdrawn", "P-1")


def test_a_count_says_nothing_of_hidden_releases(town):
    """A release of a record above the reader's clearance is counted in no part and no badge."""
    prepare(town, "high", to("MOD", classification=HIGH), "ONE")
    asked(town, Whose.ALL, "P-2")
    second = town.actor("MPA", "duty-officer", person="P-2")
    assert approvals.to_decide(town.desk("MPA"), second, 9) == 2
    every = approvals.counts(town.desk("MPA"), town.viewer("MPA"), Wanted(), 9)
    assert every == {"MOD": 3}
