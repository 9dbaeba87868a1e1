"""What a preview says follows from the bytes that leave: random records, labels and rules."""

from hypothesis import given
from hypothesis import strategies as st

from tansiq.board.views import view_of
from tansiq.desk.release.proposing import as_partner
from tansiq.domain.kinds import KINDS
from tansiq.domain.places import Grain, Place, coarsen, lies_about, snapped
from tansiq.domain.records import ReleaseId
from tansiq.log.canonical import encode
from tansiq.policy.comparing import hidden_fields, reduced_fields
from tansiq.policy.release import reread, wire_edition
from tansiq.web.releases.inference import inferences
from tests.oracle import wire as oracle
from tests.property.test_wire import PROPOSALS
from tests.property.values import EDGES, RULES

COARSE = st.sampled_from([Grain.KM1, Grain.KM5])
LATS, LONS = st.integers(-899_000_000, 899_000_000), st.integers(-1_790_000_000, 1_790_000_000)


@given(proposal=PROPOSALS, rule=RULES, now=EDGES)
def test_d7_the_sentences_of_a_preview_follow_from_the_bytes(proposal, rule, now):
    """What stays, what is less, what can be inferred: each says what the oracle's bytes do."""
    edition, kind = proposal.edition, KINDS[proposal.edition.kind]
    told = oracle.told_edition(
        edition.to_json(), rule.to_json(), proposal.to, now, hide=proposal.hide,
        grain=proposal.grain.value, known=proposal.known, before=proposal.before,
        owner=edition.owner,
    )  # fmt: skip
    own, sent = edition.body, told["body"]
    hidden, reduced = hidden_fields(kind, own, sent), reduced_fields(kind, own, sent)
    filled = {name: value for name, value in own.items() if value is not False}
    assert set(hidden) == filled.keys() - sent.keys()
    assert set(reduced) == {name for name in sent if sent[name] != own[name]}
    assert (not hidden and not reduced) == (filled == {n: sent[n] for n in sent if n in filled})
    release = ReleaseId(edition.record)
    wire = wire_edition(proposal, kind, rule, release=release, ordinal=1, now=now)
    shown = reread(wire, as_partner(wire.value.to_json(), edition.owner))
    mine = reread(wire, view_of(edition.owner, None, encode(edition.to_json()), 1))
    assert sent.keys() == shown.value.body.keys()
    said = {one.key: one.values for one in inferences(mine, shown, hidden)}
    assert ("moment" in said) == (kind.moment in sent)
    assert ("position" in said) == bool(told["position"])
    assert ("state" in said) == (told["state"] != kind.states[0])
    squares = {key for key in said if key.startswith("place_")}
    told, known = (middle(body.get(kind.place)) for body in (sent, own))
    assert squares - {"place_kept", "place_border"} == expected(told)
    if "place_kept" in said:
        assert not within(told, known)
    elif squares & {"place_km1", "place_km5"}:
        assert within(told, known)


def middle(value):
    """A place, or an area by its middle."""
    if value is None or "positions" not in value:
        return value
    lat, lon = oracle.middle_of(value)
    return {"lat": lat, "lon": lon, "grain": value["grain"]}


def expected(place):
    """The one sentence about how exactly the place is told; none where it does not leave."""
    if place is None:
        return set()
    if place["grain"] == "exact":
        return {"place_words" if place["lat"] is None else "place_exact"}
    coarse = "district" if place["lat"] is None else place["grain"]
    return {f"place_{coarse}"}


def within(told, own):
    """Whether the square that is told is that in which the place lies."""
    here = oracle.cell([(own["lat"], own["lon"])], told["grain"])
    return here == (told["lat"], told["lon"])


@given(lat=LATS, lon=LONS, grain=COARSE, moves=st.lists(st.tuples(LATS, LONS), max_size=5))
def test_a12_what_lies_about_the_first_cell_is_told_by_it(lat, lon, grain, moves):
    """Wherever the editions of a record lie beside the first cell, all of them are told alike."""
    high, wide = oracle.SIDES[grain.value]
    first = snapped(lat, lon, grain)
    near = [(first[0] + a % (2 * high - 1) - high + 1, first[1] + o % (2 * wide - 1) - wide + 1)
            for a, o in moves]  # fmt: skip
    trail = [Place(lat=lat, lon=lon), *(Place(lat=a, lon=o) for a, o in near)]
    for at, place in enumerate(trail):
        told = coarsen(place, grain, trail[:at])
        assert (told.lat, told.lon) == first


@given(trail=st.lists(st.tuples(LATS, LONS), min_size=1, max_size=5), grain=COARSE)
def test_a12_what_is_told_never_lies_far(trail, grain):
    """However a record moves, the place lies in the square that is told, or about it."""
    places = [Place(lat=lat, lon=lon) for lat, lon in trail]
    told = coarsen(places[-1], grain, places[:-1])
    assert lies_about((told.lat, told.lon), trail[-1], grain)
    assert told.to_json() == oracle.told_place(
        places[-1].to_json(), grain.value, [one.to_json() for one in places[:-1]]
    )
