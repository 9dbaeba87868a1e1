"""What leaves: the wire edition is what the oracle says, and hiding more never shows more."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import Grain, coarsen
from tansiq.domain.records import ReleaseId
from tansiq.policy.agreement import stricter
from tansiq.policy.comparing import hidden_fields
from tansiq.policy.following import goes_by_itself
from tansiq.policy.release import (
    Proposal,
    due_at,
    matching_rules,
    may_release,
    redact,
    rule_of,
    wire_edition,
)
from tests.oracle import holdings
from tests.oracle import wire as oracle
from tests.property.values import (
    ALL_FIELDS,
    EDGES,
    IDS,
    LABELS,
    PASTS,
    PLACES,
    RULES,
    agreements,
    bodies,
    editions,
    some,
)

GRAINS = st.sampled_from(list(Grain))
PROPOSALS = st.builds(
    Proposal,
    edition=editions(),
    to=st.sampled_from(["MOD", "MPA", "COA"]).map(PartyCode),
    rule=st.sampled_from(["R-1", "R-2", "R-9"]),
    hide=some(*ALL_FIELDS),
    grain=GRAINS,
    known=st.frozensets(IDS),
    past=PASTS,
    loosen=st.booleans(),
    before=st.lists(bodies(KINDS["incident"]), max_size=3).map(tuple),
)


@given(proposal=PROPOSALS, rule=RULES, now=EDGES)
def test_the_wire_edition_is_what_the_oracle_says(proposal, rule, now):
    """Every field of a wire edition beside its ids is as the oracle writes it."""
    edition, kind = proposal.edition, KINDS[proposal.edition.kind]
    release = ReleaseId(edition.record)
    wire = wire_edition(proposal, kind, rule, release=release, ordinal=1, now=now)
    assert wire.viewer.party == proposal.to
    expected = oracle.told_edition(
        edition.to_json(), rule.to_json(), proposal.to, now,
        hide=proposal.hide, grain=proposal.grain.value, known=proposal.known,
        before=proposal.before,
        owner=edition.owner,
    )  # fmt: skip
    assert wire.value.to_json() == {**expected, "release": release, "k": 1}


@given(proposal=PROPOSALS, rule=RULES, more=some(*ALL_FIELDS), grain=GRAINS, ids=st.frozensets(IDS))
def test_hiding_more_never_shows_more(proposal, rule, more, grain, ids):
    """A stricter proposal leaves a part of what the laxer one leaves, place by place."""
    kind = KINDS[proposal.edition.kind]
    lax = redact(proposal, kind, rule)
    stricter = replace(
        proposal,
        hide=proposal.hide | more,
        grain=max(grain, proposal.grain, key=lambda g: g.rank),
        known=proposal.known & ids,
    )
    strict = redact(stricter, kind, rule)
    assert set(strict) <= set(lax)
    for name, value in strict.items():
        if name in ("place", "area"):
            assert Grain(value["grain"]).rank >= Grain(lax[name]["grain"]).rank
        elif name == "unknowns":  # the items stay; what answered one is named to fewer
            for strict_one, lax_one in zip(value, lax[name], strict=True):
                assert strict_one in (lax_one, {**lax_one, "by": ""})
        elif isinstance(value, list):
            assert all(item in lax[name] for item in value)  # a line of a list may be a mapping
        else:
            assert value == lax[name]


@given(proposal=PROPOSALS, rule=RULES)
def test_what_is_hidden_is_named_and_gone(proposal, rule):
    """Each filled field either leaves or is named to the releaser, never both."""
    kind = KINDS[proposal.edition.kind]
    body = redact(proposal, kind, rule)
    hidden = set(hidden_fields(kind, proposal.edition.body, body))
    assert not hidden & set(body)
    filled = {name for name, value in proposal.edition.body.items() if value is not False}
    assert filled <= hidden | set(body)
    assert not set(body) & (kind.always_below() | proposal.edition.tear | rule.hide)


@given(place=PLACES, first=GRAINS, second=GRAINS)
def test_coarsening_is_nested_and_stable(place, first, second):
    """Coarsening twice is coarsening once to the coarser grain; nothing gets finer."""
    coarser = max(first, second, key=lambda grain: grain.rank)
    twice = coarsen(coarsen(place, first), second)
    assert twice == coarsen(place, coarser)
    assert coarsen(twice, second) == twice
    assert twice.grain.rank >= max(place.grain.rank, coarser.rank)
    assert twice.to_json() == oracle.told_place(place.to_json(), coarser.value)


@given(place=PLACES, grain=GRAINS)
def test_places_of_one_cell_are_told_alike(place, grain):
    """From a coarsened position nobody can say where in its cell the place was."""
    assume(place.lat is not None and grain in (Grain.KM1, Grain.KM5))
    told = coarsen(place, grain)
    if told.lat is None:
        return
    high, wide = oracle.SIDES[told.grain.value]
    moved = replace(
        place,
        lat=place.lat - place.lat % high,
        lon=min(place.lon - place.lon % wide + wide - 1, 1_800_000_000),
    )
    assert (coarsen(moved, grain).lat, coarsen(moved, grain).lon) == (told.lat, told.lon)


@given(proposal=PROPOSALS, agreement=st.none() | agreements(), now=EDGES)
def test_release_is_refused_unless_a_rule_in_force_allows_it(proposal, agreement, now):
    """Whether something may leave is what the oracle says; without an agreement it is a no."""
    edition, kind = proposal.edition, KINDS[proposal.edition.kind]
    allowed = may_release(proposal, kind, agreement, now)
    if agreement is None or set(agreement.parties) != {edition.owner, proposal.to}:
        assert not allowed
        return
    expected = holdings.may_release(
        edition.to_json(),
        edition.owner,
        proposal.to,
        agreement.to_json(),
        proposal.rule,
        now=now,
        past=plain_past(proposal.past),
        loosen=proposal.loosen,
    )
    assert bool(allowed) == (expected is not None)
    if expected is not None:
        assert rule_of(proposal, agreement).to_json() == expected


def plain_past(past):
    """What was told before, in the form of the oracle."""
    rules = [rule.to_json() for rule in past.rules]
    return {"holds": past.holds, "ended": past.ended, "rule": past.rule, "rules": rules}


@given(rule=RULES, past=PASTS)
def test_what_goes_by_itself_is_what_the_oracle_says(rule, past):
    """Never what was ended, nor what an earlier edition wanted more approvers for."""
    assert goes_by_itself(rule, past) == holdings.alone(rule.to_json(), plain_past(past))


@given(rule=RULES, others=st.lists(RULES, max_size=3))
def test_joining_rules_never_loosens_and_has_no_order(rule, others):
    """Strictest first, whichever is joined first, and nothing more by being joined again."""
    made = stricter(rule, others)
    assert made == stricter(rule, others[::-1]) == stricter(made, [rule, *others])
    for one in (rule, *others):
        assert made.hide >= one.hide
        assert made.grain.rank >= one.grain.rank
        assert (made.delay, made.approvers) >= (one.delay, 0)
        assert made.approvers >= one.approvers
        assert made.files.rank <= one.files.rank
        assert not one.days or 0 < made.days <= one.days
    assert not (made.automatic and made.approvers)


@given(edition=editions(), agreement=st.none() | agreements(), now=EDGES, holds=st.booleans())
def test_rules_match_only_what_they_name(edition, agreement, now, holds):
    """A matching rule is the owner's, in force, names the kind, and facets and stage if any."""
    kind = KINDS[edition.kind]
    past = {**holdings.NEW, "holds": holds}
    found = matching_rules(agreement, kind, edition, now, holds=holds)
    if agreement is None or not agreement.begins <= now < agreement.ends:
        assert found == ()
        return
    assert set(found) == {
        rule
        for rule in agreement.rules
        if rule.sender == edition.owner and holdings.covers(rule.to_json(), edition.to_json(), past)
    }
    ranks = [(-len(rule.facets), -rule.grain.rank, -rule.approvers) for rule in found]
    assert ranks == sorted(ranks)


@given(proposal=PROPOSALS, rule=RULES, label=LABELS)
def test_nothing_is_due_before_its_embargo_and_delay(proposal, rule, label):
    """A release waits for the embargo of the label and for the delay of the rule."""
    proposal = replace(proposal, edition=replace(proposal.edition, label=label))
    kind, edition = KINDS[proposal.edition.kind], proposal.edition
    due = due_at(proposal, kind, rule)
    assert due >= label.embargo
    if rule.delay:
        assert due >= kind.when(edition.body, edition.at) + rule.delay
    else:
        assert due == label.embargo
