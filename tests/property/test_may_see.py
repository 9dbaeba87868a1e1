"""Who may see: the product and the oracle agree on every label, and joining never widens."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from tansiq.domain.errors import Granted, Refused
from tansiq.domain.labels import CONTRADICTION, Label, audience_of, join
from tansiq.domain.parties import Classification, PartyCode, Role, Viewer
from tansiq.domain.wording import LANGUAGES
from tansiq.policy.release import may_read, may_see
from tests.oracle import labels as oracle
from tests.property.values import EDGES, LABELS, NOW, PARTIES, VIEWERS, plain_viewer

OWNER = PartyCode("MPA")
READER = Viewer(
    party=PartyCode("MOD"), position="desk", role=Role.DUTY_OFFICER,
    clearance=Classification.SECRET, categories=frozenset({"medical", "liaison", "source"}),
)  # fmt: skip
SEEN = Label(audience=audience_of(PartyCode("MOD")))


@given(viewer=VIEWERS, owner=PARTIES, label=LABELS, now=EDGES)
@example(viewer=READER, owner=OWNER, label=Label(audience=()), now=NOW)
@example(viewer=READER, owner=OWNER, label=Label(audience=(frozenset(),)), now=NOW)
@example(viewer=READER, owner=OWNER, label=SEEN, now=NOW)
@example(viewer=READER, owner=OWNER, label=replace(SEEN, embargo=NOW), now=NOW)
@example(viewer=READER, owner=OWNER, label=replace(SEEN, embargo=NOW + 1), now=NOW)
@example(viewer=READER, owner=OWNER, label=replace(SEEN, expires=NOW), now=NOW)
@example(viewer=READER, owner=OWNER, label=replace(SEEN, expires=NOW + 1), now=NOW)
@example(viewer=READER, owner=READER.party, label=replace(SEEN, policy="OTHER-9"), now=NOW)
def test_the_product_and_the_oracle_agree(viewer, owner, label, now):
    """For all viewers, owners, labels and moments both give the same answer."""
    who, plain = plain_viewer(viewer), label.to_json()
    assert bool(may_see(viewer, owner, label, now)) == oracle.may_see(who, owner, plain, now)
    assert bool(may_read(viewer, owner, label)) == oracle.may_read(who, owner, plain)


@given(viewer=VIEWERS, owner=PARTIES, label=LABELS, now=EDGES)
def test_every_answer_gives_its_reason_in_words(viewer, owner, label, now):
    """Each yes and each no has a reason that reads in three languages."""
    decision = may_see(viewer, owner, label, now)
    assert isinstance(decision, Granted if decision else Refused)
    assert len({decision.text(language) for language in LANGUAGES}) == 3


@given(viewer=VIEWERS, owner=PARTIES, label=LABELS)
def test_an_empty_audience_is_the_owner_alone(viewer, owner, label):
    """Neither an absent nor an empty audience lets anybody else in."""
    for audience in ((), (frozenset(),), (frozenset(), *label.audience)):
        closed = Label(audience=audience)
        assert not may_read(viewer, owner, closed) or viewer.party == owner


@given(viewer=VIEWERS, label=LABELS, now=EDGES)
def test_nobody_sees_earlier_than_the_embargo_or_later_than_the_expiry(viewer, label, now):
    """Both edges count: at the embargo it opens, at the expiry it is closed."""
    if viewer.party == OWNER or not may_see(viewer, OWNER, label, now):
        return
    assert now >= label.embargo
    assert not label.expires or now < label.expires


@given(viewer=VIEWERS, owner=PARTIES, parts=st.lists(LABELS, min_size=1, max_size=4), now=EDGES)
@example(viewer=READER, owner=OWNER, parts=[SEEN, Label()], now=NOW)
def test_joining_never_widens(viewer, owner, parts, now):
    """Whoever may see what was made of several records may see each of them."""
    if may_see(viewer, owner, join(parts), now):
        for part in parts:
            same_policy = part.policy if viewer.party != owner else join(parts).policy
            assert part.policy == same_policy or viewer.party == owner
            assert may_see(viewer, owner, part, now), part


@given(parts=st.lists(LABELS, max_size=4), data=st.data())
def test_joining_does_not_depend_on_order_or_grouping(parts, data):
    """Join is commutative, associative and idempotent."""
    whole = join(parts)
    assert join(data.draw(st.permutations(parts))) == whole
    assert join([*parts, *parts]) == whole
    if parts:
        cut = data.draw(st.integers(1, len(parts)))
        rest = [join(parts[cut:])] if parts[cut:] else []
        assert join([join(parts[:cut]), *rest]) == whole
        assert join([whole]) == whole


@given(viewer=VIEWERS, groups=st.lists(st.frozensets(PARTIES), min_size=2, max_size=3))
def test_an_empty_intersection_stays_the_owner_alone(viewer, groups):
    """Sets that have nobody in common let nobody in, however the label is written and read."""
    joined = join(Label(audience=(group,)) for group in groups)
    assert joined.readers() == frozenset.intersection(*groups)
    if viewer.party not in joined.readers():
        assert not may_read(viewer, PartyCode("ZZ"), joined)


def test_joining_nothing_or_other_policies_is_the_owner_alone():
    """Neither no label nor contradicting ones open anything."""
    assert not join([]).audience
    mixed = join([SEEN, Label(policy="OTHER-9", audience=SEEN.audience)])
    assert mixed.policy == CONTRADICTION
    assert may_read(READER, OWNER, mixed) == Refused("policy_unknown")
    assert may_read(READER, READER.party, mixed) == Granted("own")
