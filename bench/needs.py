"""Support requests in tens of thousands, as the logs of a node hold them.

Some cases are led by the desks' own acts, each to another point of its life. What they left in the
journal and in the feeds is then written again and again, each time with ids, words and moments of
its own. Nothing is folded here: the board is folded anew from these logs.
"""

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bench.board import SPAN, Landscape
from tansiq.desk.act.desk import Desk
from tansiq.desk.cases import reading, taking
from tansiq.desk.records import read, say
from tansiq.domain.cases import StepValue
from tansiq.log.store import JOURNAL, in_log, out_log
from tansiq.policy.agreement import Follow
from tests.world import CLEARED, HOUR, START, World, rule, to, worlds

ME: Final = "MPA"
OTHERS: Final = ("MOD", "COA")
PLACES: Final = 12  # cases are led at so many places
RUN: Final = 400  # copies that are written together
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_MOMENT: Final = re.compile(r"(?<![0-9])16[0-9]{11}(?![0-9])")  # milliseconds about START
_WORDS: Final = "what is needed"
_MASKS, _GLOVES = "mask.piece", "gloves.pair"


@dataclass(frozen=True, kw_only=True)
class Led:
    """What a case left: of each log the entries as text; how many steps, and where its root is."""

    name: str
    entries: Mapping[str, list[str]]
    starts: Mapping[str, int]  # how long each log was before
    steps: int
    root: tuple[str, str]


@dataclass
class Case:
    """A case that is being led: who asks, and who is asked."""

    world: World
    name: str
    asks: str
    asked: tuple[str, ...]
    record: str = ""
    steps: int = 0

    def ask(self, spot: tuple[int, int]) -> None:
        """Write the request; it arrives."""
        lat, lon = spot
        place = {"lat": lat, "lon": lon, "grain": "exact", "precision": "exact", "key": "",
                 "name": ""}  # fmt: skip
        body: dict[str, object] = {
            "sort": "supplies", "text": _WORDS, "priority": "urgent", "reason": "None are left",
            "needed_by": START + 400 * HOUR, "seats": [f"{one}/{CLEARED}" for one in self.asked],
            "place": place,
            "lines": [{"item": "mask", "unit": "piece", "count": 400},
                      {"item": "gloves", "unit": "pair", "count": 1_000}],
        }  # fmt: skip
        draft = say.Draft(kind="support", body=body, label=to(*self.asked))
        self.record = self.world.write(self.asks, self.name, draft)
        self.meet()

    def meet(self) -> None:
        """Parcels both ways with everybody who is asked, an hour later."""
        self.world.clock.time += HOUR
        for one in self.asked:
            self.world.exchange(self.asks, one, rounds=1)

    def act(
        self, party: str, act: str, lane: str, then: str = "", *, of: str = "",
        values: Mapping[str, StepValue] | None = None,
    ) -> str:  # fmt: skip
        """One act in the lane of a party, and a second by the same key, which arrive; its id."""
        desk, actor = self.world.desk(party), self.world.actor(party)
        view = read.record(desk, desk.viewer(actor), self.asks, self.record)
        case = reading.lanes_of(desk, desk.viewer(actor), view, actor)
        assert case is not None
        (found,) = [one for one in case.value.lanes if one.seat.party == lane]
        wanted = taking.Wanted(
            owner=self.asks, record=self.record, lane=found.id, act=act, seen=found.newest,
            then=then, of=of, values=values or {},
        )  # fmt: skip
        self.steps += 2 if then else 1
        with self.world.names.under(f"{self.name} {self.steps}"):
            step = taking.take(desk, actor, wanted)
        self.meet()
        return str(step)


def _waiting(case: Case, other: str) -> None:
    case.act(other, "receive", other)


def _promised(case: Case, other: str) -> None:
    _waiting(case, other)
    case.act(other, "allot", other, "approve", values={_MASKS: 400, _GLOVES: 1_000})


def _sent(case: Case, other: str, then: str, count: int) -> str:
    _promised(case, other)
    return case.act(other, "dispatch", other, then, values={_MASKS: count, _GLOVES: 1_000})


def _partly(case: Case, other: str) -> None:
    step = _sent(case, other, "deliver_partly", 150)
    case.act(case.asks, "receipt", other, of=step, values={_MASKS: 150, _GLOVES: 1_000})


def _closed(case: Case, other: str) -> None:
    step = _sent(case, other, "deliver", 400)
    came = {_MASKS: 390, f"{_MASKS}.damaged": 4, _GLOVES: 1_000, "met": "partly"}
    case.act(case.asks, "receipt", other, "confirm_receipt", of=step, values=came)


def _of_two(case: Case, other: str) -> None:
    _promised(case, other)
    case.act(OTHERS[1], "reject", OTHERS[1], values={"why_not": "no_funds"})


LIVES: Final[dict[str, tuple[str, tuple[str, ...], Callable[[Case, str], object]]]] = {
    "waiting": (ME, OTHERS[:1], _waiting),
    "promised": (ME, OTHERS[:1], _promised),
    "partly": (ME, OTHERS[1:], _partly),
    "closed": (ME, OTHERS[:1], _closed),
    "two lanes": (ME, OTHERS, _of_two),
    "asked of us": (OTHERS[0], (ME,), _waiting),
    "closed by us": (OTHERS[0], (ME,), _closed),
}


def agreed(world: World) -> World:
    """The world in which all of this happens: support goes by itself, and is followed whole."""
    kinds = frozenset({"support", "support_note"})
    for other in OTHERS:
        rules = (rule(one, f"S-{one}", kinds=kinds, follow=Follow.WHOLE, automatic=True)
                 for one in (ME, other))  # fmt: skip
        world.agree(ME, other, *rules)
    return world


def led() -> list[Led]:
    """Every life of a case once at each of some places, in a world in memory."""
    land = Landscape(3, START)
    found = []
    with worlds(ME, *OTHERS) as made:
        agreed(made)
        desk = made.desk(ME)
        for place in range(PLACES):
            for name, (asks, asked, live) in LIVES.items():
                case = Case(made, f"{name} {place}", asks, asked)
                before = _sizes(desk)
                case.ask(land.spot())
                live(case, asked[0])
                found.append(_left(desk, case, name, before))
    return found


def _logs() -> tuple[str, ...]:
    return (JOURNAL, *(log(one) for one in OTHERS for log in (in_log, out_log)))


def _sizes(desk: Desk) -> dict[str, int]:
    return {name: desk.store.head(name).size for name in _logs()}


def _left(desk: Desk, case: Case, name: str, before: dict[str, int]) -> Led:
    after = _sizes(desk)
    entries = {
        log: [
            one.data.decode() for one in desk.store.read(log, start, after[log])
            if one.data is not None
        ]
        for log, start in before.items()
    }  # fmt: skip
    return Led(name=name, entries=entries, starts=before, steps=case.steps,
               root=(case.asks, case.record))  # fmt: skip


def write(desk: Desk, count: int) -> tuple[int, dict[str, tuple[str, str]]]:
    """Write so many requests into the logs of a desk, over two years: how many steps they have, and
    of each life the newest record.
    """
    made, land = led(), Landscape(4, desk.clock.now())
    chance = random.Random(5)
    newest: dict[str, tuple[str, str]] = {}
    steps, end = 0, desk.clock.now()
    sizes = _sizes(desk)
    written: dict[str, list[bytes]] = {name: [] for name in sizes}
    for number in range(count):
        one = made[number % len(made)]
        back = SPAN - SPAN * number // count
        copied, newest[one.name] = _copy(one, end - START - back, sizes, chance, land)
        for name, entries in copied.items():
            written[name] += entries
            sizes[name] += len(entries)
        steps += one.steps
        if number % RUN == RUN - 1 or number == count - 1:
            with desk.act():
                for name, entries in written.items():
                    desk.store.append(name, entries)
                    entries.clear()
    return steps, newest


def _copy(
    one: Led, later: int, sizes: Mapping[str, int], chance: random.Random, land: Landscape
) -> tuple[dict[str, list[bytes]], tuple[str, str]]:
    """The entries of a case with ids, words and moments of their own, and its root."""
    ids: dict[str, str] = {}
    words = json.dumps(land.text(12), ensure_ascii=False)[1:-1]

    def renamed(found: re.Match[str]) -> str:
        if found[0] not in ids:
            digits = f"{chance.getrandbits(128):032x}"
            ids[found[0]] = (
                f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
            )
        return ids[found[0]]

    def moved(found: re.Match[str]) -> str:
        return str(int(found[0]) + later)

    copied = {
        name: [
            _MOMENT.sub(moved, _ID.sub(renamed, text)).replace(_WORDS, words) for text in entries
        ]
        for name, entries in one.entries.items()
    }
    shift = {name: sizes[name] - one.starts[name] for name in sizes}
    copied[JOURNAL] = _shifted([json.loads(text) for text in copied[JOURNAL]], shift)
    plain = {name: [text.encode() for text in entries] for name, entries in copied.items()}
    return plain, (one.root[0], ids[one.root[1]])


def _shifted(items: list[dict[str, Any]], shift: Mapping[str, int]) -> list[str]:
    """A journal's entries with what they say of places in the feeds moved to where those are."""
    goes = {item["release"]: item["to"] for item in items if item["type"] == "release"}
    for item in items:
        match item["type"]:
            case "accepted":
                item["size"] += shift[in_log(item["feed"])]
            case "receipt":
                item["size"] += shift[out_log(item["feed"])]
            case "step":
                item["seq"] += shift[out_log(item["to"])]
            case "released":
                item["seq"] += shift[out_log(goes[item["release"]])]
    return [
        json.dumps(item, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for item in items
    ]
