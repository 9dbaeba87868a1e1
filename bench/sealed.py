"""Sealed checks: how long one takes between two nodes, how many bytes it sends, and how often it
says something else than the open check.

``end_to_end_s`` is a question of 5,000 elements against an answer of 20,000, from the key to the
word: both nodes' logs, boards and parcels, encrypted and signed, in one process; a served node adds
the link and up to a second for each of its two ticks. ``false_clear`` counts pairs of which the
sealed check says less than the open one, ``beyond_error`` those of which it says more although they
are further apart than a cell and an hour; ``more_said`` is the share of which it says more.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter
from typing import Final

from bench import activities
from bench.command import options_of, tell
from tansiq.board import sealed_checks
from tansiq.desk.exchange import exchange
from tansiq.desk.operations import answering, sealed
from tansiq.desk.records.say import Draft
from tansiq.domain.operations import sealing
from tansiq.domain.operations.covering import HOUR_MS, elements_of
from tansiq.domain.operations.volumes import MINUTE_MS, Near, Overlap, meets, volume_of
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body
from tests.world import START, World, to, worlds

HERE, THERE = PartyCode("MPA"), PartyCode("MOD")
MIDDLE: Final = (35.78, 43.58)
DIAGONAL_METRES: Final = 3_200
_WORST: Final = {"clear": 0, "near": 1, "overlap": 2}
_ELEMENTS_MAX: Final = 40_000


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__)
    parser.add_argument("--pairs", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3, help="of each check; the median counts")
    parser.add_argument("--seed", type=int, default=20_200_803)
    chosen = parser.parse_args()
    large = [_check(_asked(9_000, 12), 5) for _ in range(chosen.rounds)]
    small = [_check(_asked(3_000, 6), 1) for _ in range(chosen.rounds)]
    figures = {
        **_named(large, ""), **_named(small, "small_"), **_compared(chosen.pairs, chosen.seed)
    }  # fmt: skip
    tell(figures, chosen)


def _asked(metres: int, hours: int) -> Body:
    """A sealed circle two hours from now."""
    lat, lon = MIDDLE
    area = {"shape": "circle", "name": "", "grain": "exact", "metres": metres,
            "positions": [[round(lat * 1e7), round(lon * 1e7)]]}  # fmt: skip
    begins = START + 2 * HOUR_MS
    return {
        "activity": "movement", "text": "Movement", "contact": "Watch", "sealed": "sealed",
        "area": area, "begins": begins, "until": begins + hours * HOUR_MS,
        "margin_metres": 3_000, "margin_minutes": 30,
    }  # fmt: skip


def _check(body: Body, theirs: int) -> dict[str, object]:
    """One check against so many days of plans like it, between two new nodes."""
    with worlds(HERE, THERE) as world:
        world.agree(HERE, THERE)
        for day in range(theirs):
            later = day * 24 * HOUR_MS
            moved = {name: int(str(body[name])) + later for name in ("begins", "until")}
            world.write(THERE, f"plan {day}", _draft({**body, **moved}))
        record = world.write(HERE, "ours", _draft(body))
        return _timed(world, record)


def _draft(body: Body) -> Draft:
    return Draft(kind="planned_activity", body=body, label=to())


def _timed(world: World, record: str) -> dict[str, object]:
    here, there = world.desk(HERE), world.desk(THERE)
    began, total = perf_counter(), 0
    with world.names.under("ask"):
        sealed.ask(here, world.actor(HERE), record, THERE)
    total += _carry(world, HERE, THERE)
    with world.names.under("answer"):
        answering.tick(there)
    total += _carry(world, THERE, HERE)
    answering.tick(here)
    took = perf_counter() - began
    (check,) = sealed_checks.of_record(here.board, f"{HERE}/{record}")
    return {"end_to_end_s": took, "bytes_total": total, "elements": check.size,
            "outputs": check.header["size"], "word": check.state}  # fmt: skip


def _carry(world: World, sender: PartyCode, receiver: PartyCode) -> int:
    """Parcels until nothing waits; how many bytes they had."""
    total, more = 0, True
    start: int | None = None
    while more:
        sent = exchange.next_parcel(world.desk(sender), receiver, start=start)
        exchange.incoming(world.desk(receiver), sent.data)
        total, more, start = total + len(sent.data), sent.more, sent.end
    return total


def _named(found: list[dict[str, object]], prefix: str) -> dict[str, object]:
    middle = sorted(found, key=lambda one: float(str(one["end_to_end_s"])))[len(found) // 2]
    return {
        prefix + name: round(value, 3) if isinstance(value, float) else value
        for name, value in middle.items()
    }


def _compared(count: int, seed: int) -> dict[str, object]:
    """What both checks say of pairs that lie close to one another."""
    clear = beyond = more = 0
    for one, other in _pairs(count, seed):
        told, plain = _told(one, other), _openly(one, other, 0)
        clear += _WORST[told] < _WORST[plain]
        more += _WORST[told] > _WORST[plain]
        beyond += told != "clear" and _openly(one, other, DIAGONAL_METRES) == "clear"
    return {"pairs": count, "false_clear": clear, "beyond_error": beyond,
            "more_said": round(more / count, 3)}  # fmt: skip


def _pairs(count: int, seed: int) -> Iterator[tuple[Body, Body]]:
    draw = random.Random(seed)
    for _ in range(count):
        one, other = (_near(draw) for _ in range(2))
        yield one, other


def _near(draw: random.Random) -> Body:
    at = (MIDDLE[0] + draw.uniform(-0.15, 0.15), MIDDLE[1] + draw.uniform(-0.2, 0.2))
    begins = START + draw.randint(0, 12 * 60) * MINUTE_MS
    return {
        "area": activities.area(draw, at, 1_550), "begins": begins,
        "until": begins + draw.randint(30, 300) * MINUTE_MS,
        "margin_metres": draw.choice((0, 500, 2_000)), "margin_minutes": draw.choice((0, 30)),
    }  # fmt: skip


def _told(one: Body, other: Body) -> str:
    sets = []
    for body in (one, other):
        volume = volume_of(body)
        assert volume is not None
        sets.append(elements_of(volume, START - HOUR_MS, volume.until, _ELEMENTS_MAX))
    return sealing.answer_of(sets[0] & sets[1])


def _openly(one: Body, other: Body, more: int) -> str:
    """What the open check says, with margins wider by so many metres, and then by an hour."""
    ours, theirs = volume_of(one), volume_of(other)
    assert ours is not None
    assert theirs is not None
    if more:
        metres, minutes = ours.margin_metres + more, ours.margin_minutes + 60
        ours = replace(ours, margin_metres=metres, margin_minutes=minutes)
    words = {Overlap: "overlap", Near: "near"}
    return words.get(type(meets(ours, theirs)), "clear")


if __name__ == "__main__":
    main()
