"""Which cohorts could be one: of the same course, in the same place and language, none of which has
begun, and which together fit into the course's size.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mergeable:
    """A cohort as far as merging asks; ``most`` are the persons that its course takes, 0 = any."""

    code: str
    course: str
    place: str
    language: str
    mode: str
    places: int
    done: int
    most: int


def merges_of(cohorts: Iterable[Mergeable]) -> dict[str, str]:
    """Of each cohort that could join another the code of that one: the largest of those that are
    alike, which takes the others as long as there are places.
    """
    alike: dict[tuple[str, ...], list[Mergeable]] = defaultdict(list)
    for one in cohorts:
        if not one.done:
            alike[one.course, one.place, one.language, one.mode].append(one)
    found: dict[str, str] = {}
    for group in alike.values():
        into, *others = sorted(group, key=lambda one: (-one.places, one.code))
        places = into.places
        for one in others:
            if not into.most or places + one.places <= into.most:
                found[one.code] = into.code
                places += one.places
    return found
