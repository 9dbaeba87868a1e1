"""Which cohorts a suspension takes in, and what follows from it: pure, before anybody decides.

The preview and the act of suspending ask the same functions, so that what was shown is what is
done. A scope narrows: each condition that it names must hold. Nothing here reads a clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tansiq.domain.kinds.training.cohort import AHEAD, UNDER_WAY, project_codes
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import find_town
from tansiq.domain.records import Body
from tansiq.domain.search import normalise

# The states from which a cohort can be suspended; one that is suspended already stays as it is.
OPEN: Final = frozenset({*AHEAD, *UNDER_WAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A cohort as far as a suspension asks. ``family`` and ``certified`` are those of its course,
    "" and False where that is not to be seen; ``days`` are training days that are still open.
    """

    owner: PartyCode
    record: str
    code: str
    state: str
    meets: frozenset[str]
    places: int
    days: int
    place: str = ""
    lead: str = ""
    family: str = ""
    certified: bool = False
    first_day: str = ""
    last_day: str = ""
    projects: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it can be suspended."""
        return self.state in OPEN


def candidate(
    owner: PartyCode, record: str, state: str, body: Body, course: Body | None = None
) -> Candidate:
    """A cohort by its body as somebody may see it, and that of its course."""
    mode, place = body.get("mode"), body.get("place")
    meets = {"mixed": {"in_person", "on_line"}}.get(str(mode), {str(mode)} if mode else set())
    family = course or {}
    return Candidate(
        owner=owner, record=record, state=state, code=str(body.get("code", "")),
        meets=frozenset(meets), places=_count(body, "places"),
        days=max(0, _count(body, "days") - _count(body, "days_done")),
        place=str(place["name"]) if isinstance(place, dict) else "",
        lead=str(body.get("lead", "")), family=str(family.get("family", "")),
        certified=_count(family, "certificate_months") > 0,
        first_day=str(body.get("first_day", "")), last_day=str(body.get("last_day", "")),
        projects=project_codes(body),
    )  # fmt: skip


def place_key(name: str) -> str:
    """What stands for a place, however it is written: a town of the gazetteer, or its folded
    name.
    """
    town = find_town(name)
    return town.key if town else normalise(name)


def _count(body: Body, name: str) -> int:
    value = body.get(name)
    return value if isinstance(value, int) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a suspension takes in: each condition that is named must hold. Days are YYYY-MM-DD;
    ``last_day`` "" = until it is decided. ``codes`` are cohorts that were chosen by hand.
    """

    first_day: str
    last_day: str = ""
    meets: str = ""
    family: str = ""
    lead: str = ""
    places: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    def takes(self, one: Candidate) -> bool:
        """Whether a cohort is in the scope, open or not."""
        places = {place_key(name) for name in self.places}
        return (
            self.meets in ("", *one.meets)
            and self.family in ("", one.family)
            and self.lead in ("", one.lead)
            and (not places or place_key(one.place) in places)
            and (not self.codes or one.code in self.codes)
            and not (one.last_day and one.last_day < self.first_day)
            and not (self.last_day and one.first_day > self.last_day)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a suspension of these cohorts comes to. ``lapses`` are the families of courses with a
    certificate of which no other open cohort goes on.
    """

    cohorts: tuple[Candidate, ...]
    lapses: tuple[str, ...]

    @property
    def places(self) -> int:
        """The places that the cohorts offer together."""
        return sum(one.places for one in self.cohorts)

    @property
    def days(self) -> int:
        """The training days that are open in them together."""
        return sum(one.days for one in self.cohorts)

    @property
    def projects(self) -> tuple[tuple[PartyCode, str], ...]:
        """The reform projects that wait for them, by owner and code, each once."""
        found = ((one.owner, code) for one in self.cohorts for code in one.projects)
        return tuple(sorted(set(found)))

    def of(self, owner: PartyCode) -> "Effects":
        """The part that falls to the cohorts of one owner."""
        return Effects(
            cohorts=tuple(one for one in self.cohorts if one.owner == owner), lapses=self.lapses
        )

    @property
    def owners(self) -> tuple[PartyCode, ...]:
        """Whose cohorts these are."""
        return tuple(sorted({one.owner for one in self.cohorts}))


def effects_of(scope: Scope, known: Sequence[Candidate]) -> Effects:
    """What the suspension of a scope comes to, among the cohorts that somebody may see."""
    taken = [one for one in known if one.open and scope.takes(one)]
    names = {(one.owner, one.record) for one in taken}
    go_on = {one.family for one in known if one.open and (one.owner, one.record) not in names}
    lapses = {one.family for one in taken if one.certified and one.family} - go_on
    return Effects(cohorts=tuple(sorted(taken, key=_order)), lapses=tuple(sorted(lapses)))


def _order(one: Candidate) -> tuple[str, str, str]:
    return one.owner, one.code, one.record


def places_among(known: Iterable[Candidate]) -> tuple[str, ...]:
    """The places at which open cohorts meet, each once: what a scope may name."""
    return tuple(sorted({one.place for one in known if one.open and one.place}))
