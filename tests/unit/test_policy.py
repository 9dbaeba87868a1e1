"""Mandates as a table of every role and every act, and the second person's rules."""

from dataclasses import replace

import pytest

from tansiq.domain.errors import Granted, Refused
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.labels import TRAINING_ALONE, Label, audience_of
from tansiq.domain.parties import (
    Actor,
    Classification,
    PartyCode,
    Role,
    Viewer,
    partner_viewer,
)
from tansiq.domain.records import Edition, RecordId
from tansiq.policy.agreement import Follow, Receipts
from tansiq.policy.comparing import hidden_fields
from tansiq.policy.following import names_positions, receipt_moment, step_goes
from tansiq.policy.mandate import Act, may_approve, may_do, may_step, may_withdraw, may_write
from tansiq.policy.release import (
    Proposal,
    may_read,
    open_all,
    open_for,
    redact,
    reread,
)
from tansiq.policy.seal import Released, Sealed, relabel, seal
from tests.world import START, agreement_of, rule, uuid_of

# One column a role, in this order; x = may.
ROLES = """senior_duty_officer duty_officer liaison_officer support_desk programme_manager
    training_manager adviser auditor administrator observer"""
ACTS = """
read             x x x x x x x x - x
prepare_release  x x x - - - - - - -
approve_release  x x x - - - - - - -
recall           x x x - - - - - - -
exchange         x x x - - - - - x -
join             x - x - - - - - x -
sign_agreement   x - x - - - - - - -
import           x x x - - - - - - -
catalogue        x x x x - - - - x -
see_holdings     x x x x x x x x - x
see_links        x x x x x x x x x x
verify           x - - - - - - x x -
audit            - - - - - - - x - -
export_evidence  x - x - - - - x - -
see_sign_ons     - - - - - - - x x -
say_duty         x x x - - - - - - -
telephone        x x x - - - - - - -
publish          x x x - x - - - - -
"""
WRITING = """
log_line         x x x x x x - - - -
incident         x x x - - - - - - -
rfi              x x x x - - x - - -
answer           x x x - - - - - - -
acknowledgement  x x x x - - x - - -
dispute          x x x - - - - - - -
attachment       x x x x x x - - - -
support          x x x x - - x - - -
support_offer    x x x x - - x - - -
support_note     x x x - - - - - - -
stock            x x x x - - x - - -
project          x - - - x - - - - -
evidence         x - - - x - - - - -
evidence_note    x - x - x - x x - -
course           x - - - - x - - - -
cohort           x - - - - x - - - -
session          x - - - - x - - - -
suspension       x - - - - x - - - -
instructors      x - - - - x - - - -
training_room    x - - - - x - - - -
publication      x x x - x - - - - -
planned_activity x x x - - - - - - -
safety_message   x x x x x x x - - -
medevac          x x x x x x x - - -
crossing         x x x x x x x - - -
after_action     x x x x x x x - - -
protected_site   x x x x x x x - - -
lesson           x x x x x x x - - -
assessment       x x x - - - - - - -
assessment_note  x x x - - - - - - -
coordination_line x x x - - - - - - -
meeting          x x x - - - - - - -
meeting_note     x x x - - - - - - -
joint_operation  x x x - - - - - - -
operation_part   x x x - - - - - - -
passage          x x x - - - - - - -
certificate      - - - - - x - - - -
clearance        - - - - - x - - - -
withdrawn_list   - - - - - x - - - -
catch_up         x - - - - x - - - -
plan_proposal    x - - - - x - - - -
"""


def cells(table):
    """(name, role, may) of every cell."""
    for row in table.strip().splitlines():
        name, *marks = row.split()
        for role, mark in zip(ROLES.split(), marks, strict=True):
            yield name, Role(role), mark == "x"


def test_the_tables_are_complete():
    """Every act, every kind and every role has its cell."""
    assert {name for name, _, _ in cells(ACTS)} == {act.value for act in Act}
    assert {name for name, _, _ in cells(WRITING)} == set(KINDS)
    assert set(ROLES.split()) == {role.value for role in Role}


@pytest.mark.parametrize(("act", "role", "may"), list(cells(ACTS)))
def test_each_role_may_do_what_the_table_says(act, role, may):
    """A cell of the table is what the mandate answers, with its reason."""
    assert may_do(role, Act(act)) == (Granted("mandate") if may else Refused("mandate"))


@pytest.mark.parametrize(("kind", "role", "may"), list(cells(WRITING)))
def test_each_role_may_write_what_the_table_says(kind, role, may):
    """A cell of the table is what the mandate answers for a kind."""
    assert bool(may_write(role, KINDS[kind])) == may


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_each_step_is_for_its_roles_and_states(kind):
    """No other role takes a step, and no state lets it go that the kind does not name."""
    for step in kind.transitions:
        for role in Role:
            for state in kind.states:
                answer = may_step(role, step, state)
                assert bool(answer) == (role in step.roles and state in step.sources)
                if not answer:
                    code = "step_not_from_here" if role in step.roles else "mandate"
                    assert answer == Refused(code)


FIRST = Actor(party=PartyCode("MPA"), position="liaison", role=Role.LIAISON_OFFICER, person="P-1")


def test_the_second_person_is_another_person_with_the_mandate():
    """Not the same person in another position, and nobody without the mandate."""
    second = replace(FIRST, position="duty", role=Role.DUTY_OFFICER, person="P-2")
    assert may_approve([FIRST], second) == Granted("second_person")
    assert may_approve([FIRST], replace(second, person="P-1")) == Refused("same_person")
    assert may_approve([FIRST], replace(second, role=Role.AUDITOR)) == Refused("mandate")
    assert may_approve([FIRST, second], second) == Refused("same_person")


def test_only_the_preparer_withdraws():
    """At whatever position that person sits, as long as it may prepare releases."""
    assert may_withdraw(FIRST, replace(FIRST, role=Role.DUTY_OFFICER)) == Granted("mandate")
    assert may_withdraw(FIRST, replace(FIRST, person="P-2")) == Refused("not_preparer")
    assert may_withdraw(FIRST, replace(FIRST, role=Role.AUDITOR)) == Refused("mandate")


VIEWER = partner_viewer(PartyCode("MOD"), Classification.RESTRICTED)
OPEN = Label(audience=(frozenset({PartyCode("MOD")}),))


def test_a_partner_as_a_whole_reads_as_an_observer():
    """Nothing is held and nothing is cleared beyond what the agreement says."""
    assert VIEWER.role is Role.OBSERVER
    assert not VIEWER.categories


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("party", ["MPA", "MOD"])
def test_what_is_for_one_role_is_for_its_own_party(role, party):
    """Only the training manager of the owner reads it: no audience, class or category that anybody
    holds opens it to another.
    """
    label = Label(categories=frozenset({TRAINING_ALONE}), audience=audience_of(PartyCode("MOD")))
    held = frozenset({TRAINING_ALONE, "medical", "liaison", "source"})
    who = Viewer(party=PartyCode(party), position="x", role=Role(role),
                 clearance=Classification.SECRET, categories=held)  # fmt: skip
    may = (party, role) == ("MPA", Role.TRAINING_MANAGER)
    assert may == bool(may_read(who, PartyCode("MPA"), label))


def test_values_are_sealed_and_released_in_policy_only():
    """Neither constructor works without the private token, and neither shows its value."""
    with pytest.raises(TypeError):
        Sealed("secret", owner=PartyCode("MPA"), label=OPEN, key=object())
    with pytest.raises(TypeError):
        Released("secret", viewer=VIEWER, key=None)
    closed = seal("secret", owner=PartyCode("MPA"), label=OPEN)
    opened = open_for(VIEWER, closed, 0)
    assert opened is not None
    assert opened.value == "secret"
    assert "secret" not in repr(closed) + repr(opened)


def test_what_is_withheld_leaves_no_gap():
    """Opening many gives the visible ones in order and nothing in place of the others."""
    hidden = seal("b", owner=PartyCode("MPA"), label=Label())
    shown = [seal(value, owner=PartyCode("MPA"), label=OPEN) for value in "ac"]
    assert [v.value for v in open_all(VIEWER, [shown[0], hidden, shown[1]], 0)] == ["a", "c"]
    assert open_for(VIEWER, hidden, 0) is None
    assert open_for(VIEWER, relabel(shown[0], hidden), 0) is None


def test_a_view_of_a_released_edition_is_for_the_same_viewer():
    """Reading a released value again opens it for nobody else."""
    opened = open_for(VIEWER, seal("a", owner=PartyCode("MPA"), label=OPEN), 0)
    assert opened is not None
    assert reread(opened, "view").viewer is VIEWER


def test_the_names_of_own_positions_never_leave():
    """Even a kind that forgot to keep them below the line does not tell a partner of them."""
    kind = Kind(
        name="odd", version=1, states=("saved",),
        fields=(Field(name="tell", type=Type.POSITIONS), Field(name="text", type=Type.TEXT)),
    )  # fmt: skip
    edition = Edition(
        record=RecordId(uuid_of("odd")), owner=FIRST.party, kind="odd", version=1, number=1,
        previous="", state="saved", label=OPEN, body={"tell": ["desk"], "text": "x"},
        tear=frozenset(), author=FIRST, at=START,
    )  # fmt: skip
    proposal = Proposal(edition=edition, to=PartyCode("MOD"), rule="R-1")
    assert redact(proposal, kind, rule("MPA", "R-1")) == {"text": "x"}
    assert hidden_fields(kind, edition.body, {"text": "x"}) == ("tell",)


def test_a_step_goes_as_far_as_the_rule_follows():
    """Whole, the stage alone or not at all; never above what the receiver may read of the root."""
    agreement = agreement_of("MPA", "MOD")
    found = []
    for follow in Follow:
        one = rule("MPA", "R-1", follow=follow)
        given = {"kind": "incident", "label": OPEN, "agreement": agreement, "to": PartyCode("MOD")}
        found.append(step_goes((one,), **given))
        assert step_goes((one,), **{**given, "kind": "question"}) is Follow.NOTHING
        high = replace(OPEN, classification=Classification.SECRET)
        assert step_goes((one,), **{**given, "label": high}) is Follow.NOTHING
        held = replace(OPEN, categories=frozenset({"medical"}))
        assert step_goes((one,), **{**given, "label": held}) is Follow.NOTHING
    assert found == list(Follow)
    assert step_goes((), **given) is Follow.NOTHING


def test_receipts_name_positions_where_agreed_and_always_for_safety():
    """Else the party alone, in its minute; of an unknown rule nothing is named."""
    plain, named = (rule("MPA", "R-1", receipts=value) for value in Receipts)
    assert [names_positions(one, "routine") for one in (None, plain, named)] == [False, False, True]
    assert names_positions(replace(plain, purpose="safety"), "routine")
    assert names_positions(None, "flash")
    assert [receipt_moment(125_999, exact=exact) for exact in (True, False)] == [125_999, 120_000]
