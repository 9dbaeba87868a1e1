"""The open check beside PostGIS: one new activity against all open ones, and all pairs.

``ratio_vs_postgis_all`` is the time of PostGIS for all pairs by ours, both with what they need in
place (``index_s`` says what that took); ``ratio_vs_postgis_one`` that of its median answer to one
new activity by that of ``desk.operations.checking``, which filters what was released for a reader
and opens what it finds; PostGIS has no such filter. ``disagreements`` counts pairs of which both do
not say the same, and hard pairs (antimeridian, poles, centimetres, midnight) of which ours does not
say what spherely says; a millimetre about a bound either may be right.
"""

import gc
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from time import perf_counter
from typing import Final, TypeVar

import spherely

from bench import activities, postgis
from bench.command import options_of, tell
from bench.postgis import PostGis
from tansiq.board.fold import fold_run
from tansiq.desk.act.desk import Desk
from tansiq.desk.operations import checking
from tansiq.domain.areas import checked_area
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.operations.cells import Entry, Index, entry
from tansiq.domain.operations.sphere import E7, RADIUS_METRES
from tansiq.domain.operations.volumes import Overlap, meets, volume_of
from tansiq.domain.parties import Actor, Classification, Role
from tansiq.domain.records import Body, Edition, RecordId
from tansiq.log.canonical import encode
from tansiq.log.store import JOURNAL
from tests.world import START, to, uuid_of, worlds

_SEED: Final = 20_201_220
Found = TypeVar("Found")

_SECRET, _OPEN = Classification.SECRET, Classification.OPEN
_COUPLES: Final = 4_000
_RUN: Final = 2_000
_DOUBT: Final = 0.002  # metres about a bound within which either answer is right
_DAY: Final = 86_400_000


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__)
    parser.add_argument("--activities", type=int, default=100_000)
    parser.add_argument("--new", type=int, default=500, help="that are checked one by one")
    parser.add_argument("--rounds", type=int, default=3, help="of all pairs; the quickest counts")
    parser.add_argument("--seed", type=int, default=_SEED)
    chosen = parser.parse_args()
    if postgis.lacking():
        print(f"PostGIS is missing: apt-get install {postgis.WANTED}", file=sys.stderr)
        raise SystemExit(2)
    tell(measure(chosen.activities, chosen.new, chosen.rounds, chosen.seed), chosen)


def measure(count: int, new: int, rounds: int, seed: int) -> dict[str, object]:
    """The figures of so many open activities and so many new ones."""
    plans = list(activities.bodies(count, seed, START + _DAY))
    asked = list(activities.bodies(new, seed + 1, START + _DAY))
    with postgis.served() as theirs:
        figures: dict[str, object] = {"activities": count, "postgis_index_s": theirs.load(plans)}
        figures |= _all(plans, theirs, rounds)
        figures |= _one(plans, asked, theirs)
    hard = _hard(seed)
    found = (figures.pop("_all"), figures.pop("_one"), hard)
    figures["disagreements"] = sum(int(str(one)) for one in found)
    return {name: round(one, 5) if isinstance(one, float) else one for name, one in figures.items()}


def _entries(plans: Sequence[Body]) -> list[Entry[int]]:
    found = []
    for number, body in enumerate(plans):
        volume = volume_of(body)
        assert volume is not None
        assert volume.core.edges  # made once, as PostGIS has its shapes on disk
        found.append(entry(number, volume))
    return found


def _pairs(index: Index[int]) -> dict[tuple[int, int], bool]:
    """All pairs that meet, and whether they overlap."""
    found = {}
    for one, other in index.pairs():
        answer = meets(one.volume, other.volume)
        if answer:
            first, second = sorted((one.name, other.name))
            found[first, second] = isinstance(answer, Overlap)
    return found


def _all(plans: Sequence[Body], theirs: PostGis, rounds: int) -> dict[str, object]:
    began = perf_counter()
    index = Index(_entries(plans))
    took = perf_counter() - began
    ours_s, ours, theirs_s, found = [], {}, [], {}
    for _ in range(rounds):
        seconds, ours = _timed(lambda: _pairs(index))
        ours_s.append(seconds)
        seconds, found = _timed(theirs.pairs)
        theirs_s.append(seconds)
    wrong = [pair for pair in ours.keys() | found.keys() if ours.get(pair) != found.get(pair)]
    return {
        "index_s": took, "all_pairs_s": min(ours_s), "postgis_all_pairs_s": min(theirs_s),
        "pairs_that_meet": len(found), "pairs_that_overlap": sum(found.values()),
        "ratio_vs_postgis_all": min(theirs_s) / min(ours_s),
        "_all": sum(not _in_doubt(plans[a], plans[b], theirs) for a, b in wrong),
    }  # fmt: skip


def _in_doubt(one: Body, other: Body, theirs: PostGis) -> bool:
    """Whether two areas lie within a millimetre or two of touching, or of their margins."""
    gap = theirs.distance(one, other)
    margins = int(str(one["margin_metres"])) + int(str(other["margin_metres"]))
    return min(abs(gap), abs(gap - margins)) < _DOUBT


def _timed(act: Callable[[], Found]) -> tuple[float, Found]:
    """How many seconds an act takes, and what comes of it; nothing is swept away meanwhile."""
    gc.collect()
    gc.disable()
    began = perf_counter()
    found = act()
    seconds = perf_counter() - began
    gc.enable()
    return seconds, found


def _one(plans: Sequence[Body], asked: Sequence[Body], theirs: PostGis) -> dict[str, object]:
    """One new activity after the other, through the desk as a reader who may not see every tenth of
    the open ones, and through PostGIS, turn by turn.
    """
    with worlds("MPA") as world:
        desk, viewer = world.desk("MPA"), world.viewer("MPA", "duty-officer")
        seconds, _ = _timed(lambda: _fill(desk, plans))
        numbers = {uuid_of(str(n)): n for n in range(len(plans))}
        times: dict[str, list[float]] = {"ours": [], "theirs": []}
        wrong = 0
        for body in asked:
            row = theirs.row(body)
            took, checked = _timed(lambda body=body: checking.found(desk, viewer, body))
            times["ours"].append(took)
            took, known = _timed(lambda row=row: theirs.one(row))
            times["theirs"].append(took)
            ours = {numbers[one.view.value.record]: one.overlaps for one in checked.activities}
            seen = {number: over for number, over in known.items() if not _hidden(number)}
            differ = [n for n in ours.keys() | seen.keys() if ours.get(n) != seen.get(n)]
            wrong += sum(not _in_doubt(body, plans[n], theirs) for n in differ)
    return {
        "fold_s": seconds,
        **{f"one_{name}_ms": _ms(found) for name, found in times.items()},
        "ratio_vs_postgis_one": statistics.median(times["theirs"])
        / statistics.median(times["ours"]),
        "_one": wrong,
    }  # fmt: skip


def _ms(found: Sequence[float]) -> list[float]:
    """The middle, the 95th and the 99th in a hundred, in milliseconds."""
    cuts = statistics.quantiles(found, n=100)
    return [round(cuts[n] * 1_000, 3) for n in (49, 94, 98)]


def _hidden(number: int) -> bool:
    """Whether the reader may not see the open activity of that number."""
    return number % 10 == 0


def _fill(desk: Desk, plans: Iterable[Body]) -> None:
    """Let the desk hold these activities as its own, folded as everything is."""
    kind = kind_named(checking.ACTIVITY)
    author = Actor(party=desk.me, position="duty-officer", role=Role.DUTY_OFFICER, person="P-1")
    more: Body = {"activity": "survey", "text": "Survey", "contact": "Watch", "sealed": "open"}
    made = enumerate(plans)
    while run := list(islice(made, _RUN)):
        items = [
            Edition(
                record=RecordId(uuid_of(str(number))), owner=desk.me, kind=kind.name,
                version=kind.version, number=1, previous="", state=kind.states[0],
                label=to(classification=_SECRET if _hidden(number) else _OPEN), body=more | body,
                tear=frozenset(), author=author, at=START,
            ).to_json()
            for number, body in run
        ]  # fmt: skip
        with desk.act():
            first = desk.store.append(JOURNAL, [encode(item) for item in items])
            fold_run(desk.board, list(enumerate(items, first)))


def _hard(seed: int) -> int:
    """Of how many hard pairs ours does not say what an independent library says."""
    wrong = 0
    for one, other in activities.couples(_COUPLES, seed, START):
        if not (_sound(one) and _sound(other)):
            continue
        ours, others = volume_of(one), volume_of(other)
        assert ours is not None
        assert others is not None
        cores = [_theirs(body) for body in (one, other)]
        gap = spherely.distance(*cores, radius=RADIUS_METRES)
        gap = 0.0 if spherely.intersects(*cores) else gap
        gap -= ours.radius + others.radius
        answer = meets(ours, others)
        minutes = max(ours.spells[0].begins - others.spells[0].until,
                      others.spells[0].begins - ours.spells[0].until) / 60_000  # fmt: skip
        inside = minutes < 0
        bound = ours.margin_metres + others.margin_metres
        if min(abs(gap), abs(gap - bound)) < _DOUBT:
            continue
        wanted = "overlap" if inside and gap < 0 else "near" if inside and gap < bound else "clear"
        said = "overlap" if isinstance(answer, Overlap) else "near" if answer else "clear"
        wrong += wanted != said
    return wrong


def _sound(body: Body) -> bool:
    try:
        checked_area(body["area"])
    except InputError:
        return False
    return True


def _theirs(body: Body) -> spherely.Geography:
    """The core of an area as spherely has it."""
    area = body["area"]
    assert isinstance(area, dict)
    corners = [(lon / E7, lat / E7) for lat, lon in area["positions"]]
    if area["shape"] == "circle":
        return spherely.create_point(*corners[0])
    if area["shape"] == "corridor":
        return spherely.create_linestring(corners)
    return spherely.create_polygon(corners)


if __name__ == "__main__":
    main()
