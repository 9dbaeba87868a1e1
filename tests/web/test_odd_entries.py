"""B1: whatever a partner sends that is accepted, every page still shows it.

A partner with good keys sends odd but valid entries of every kind, and then every page of every
section is asked for in three languages, with every view and way out. Fixed seeds run in the build;
``./dev fuzz`` tries fresh ones.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest

from tansiq.board import sealed_checks
from tansiq.desk.operations import answering
from tansiq.domain.errors import ParcelError
from tansiq.domain.fields import Type
from tansiq.domain.kinds import KINDS
from tansiq.log.store import in_log
from tansiq.web.shell.addresses import Kind as Exit
from tansiq.web.shell.sections import addresses
from tests import breadth, seeds
from tests.circling import with_circles
from tests.fuzz import mutate, odd, odd_cases
from tests.fuzz.place import THEY, Target, canonical, settled
from tests.noninterference.addresses import LISTED_KINDS, QUERIES, VIEWS, patterns
from tests.noninterference.browser import Browser
from tests.noninterference.scene import ABSENT
from tests.web.pair import LANGUAGES
from tests.world import worlds

SEEDS = breadth.of(("1",), tuple(map(str, range(1, 31))))
EDITIONS, FILES, OTHERS, DAMAGED = 36, 6, 12, 12
# They end the session or the sitting that asks.
_ENDS = frozenset({"sign-off", "lock", "language", "theme"})
_ASKED = (Exit.PAGE, Exit.PART, Exit.DATA, Exit.FILE)
_LISTS = ("", *VIEWS, "tab=all", "tab=all&view=board", "first=oldest&tab=all")
_WORDS = {
    "party": ("MPA", "ZZZ"), "number": ("1",), "code": ("ar",), "public": ("0" * 64,),
    "kind": ("dispute", "acknowledgement"), "release": (ABSENT,), "lane": (ABSENT,),
}  # fmt: skip

_NAMED = re.compile(r"{(\w+)}")


def entries(chance: Random, target: Target) -> Iterator[bytes]:
    """What the partner sends, in one order: editions of every kind, other entries, real ones with
    something else in them.
    """
    for number in range(EDITIONS):
        yield canonical(odd.edition(chance, odd.RECEIVED[number % len(odd.RECEIVED)], number))
    for number in range(FILES):
        yield from map(canonical, odd.file(chance, 60 + number))
    for number in range(OTHERS):
        yield canonical(odd.other(chance, number))
    known = [mutate.changed(odd.edition(chance, chance.choice(odd.RECEIVED), 90 + n), chance)
             for n in range(DAMAGED)]  # fmt: skip
    yield from map(canonical, known)
    yield from odd_cases.entries(chance, target)


ONE_LANGUAGE = breadth.of(True, False)  # everyday each address is asked in one of them, in turns


def every_address(target: Target, seen: list[tuple[str, str]]) -> Iterator[tuple[str, bool]]:
    """Every page, part, datum and file that can be looked at; whether it is one of a record."""
    declared = addresses()
    for name, pattern in patterns().items():
        if name in _ENDS or name not in declared or declared[name][1].kind not in _ASKED:
            continue
        if "{owner}" in pattern:
            yield from ((one, True) for one in _of_records(pattern, seen))
        else:
            lists = declared[name][1].lists
            asked = (*_LISTS, *QUERIES.get(name, ())) if lists else QUERIES.get(name, ("",))[:3]
            for one in _filled(pattern):
                yield from ((f"{one}?{query}" if query else one, False) for query in asked)


def _of_records(pattern: str, seen: list[tuple[str, str]]) -> Iterator[str]:
    for owner, record in seen:
        given = {name: _WORDS.get(name, ("1",))[0] for name in _NAMED.findall(pattern)}
        yield pattern.format(**{**given, "owner": owner, "record": record})


def _filled(pattern: str) -> Iterator[str]:
    names = _NAMED.findall(pattern)
    fills = {name: _WORDS.get(name, ("1",)) for name in names} | {"record": (ABSENT,)}
    if pattern.startswith("/list/"):
        fills["kind"] = LISTED_KINDS
    for number in range(max((len(fills[name]) for name in names), default=1)):
        yield pattern.format(**{name: fills[name][number % len(fills[name])] for name in names})


def run(seed: str) -> int:
    """Feed one seed's entries and look at everything; how many answers that were."""
    chance, asked = seeds.chance(f"odd {seed}"), 0
    with with_circles(), worlds("MOD", "MPA", "JCC") as made:
        settled(made)
        odd_cases.asks(made)
        target = Target(made)
        for entry in entries(chance, target):
            with suppress(ParcelError):  # it has no canonical bytes: nothing of it is taken
                target.take(target.follows(entry))
            answering.tick(target.desk)  # with what has come of sealed checks by now
        ended = {one.state for one in sealed_checks.with_party(target.desk.board, THEY, 99)}
        assert ended & {"refused", "failed"}
        rows = target.desk.database.rows("SELECT record FROM record ORDER BY record")
        seen = [tuple(str(row[0]).split("/")) for row in rows]
        assert sum(owner == THEY for owner, _ in seen) > EDITIONS // 3
        browser = Browser(target.desk, "cleared")
        for number, (address, single) in enumerate(every_address(target, seen)):
            for language in LANGUAGES:
                if (single or ONE_LANGUAGE) and LANGUAGES[number % 3] != language:
                    continue
                browser.language = language
                reply = browser.get(address)
                assert reply.status < 500, f"seed {seed}, {language}: {reply.status} {address}"
                asked += 1
        browser.close()
    return asked


@pytest.mark.parametrize("seed", SEEDS)
def test_b1_every_page_renders_every_entry_that_was_accepted(seed):
    """No page of any section answers 500, in any language, with every view and way out."""
    assert run(seed) > 1_000


@pytest.mark.parametrize("kind", [None, 1, True, [], {}, {"a": []}, ["edition"]])
def test_b1_an_entry_whose_type_is_no_word_is_kept_unused(kind):
    """It stays in the log as one of a newer partner's would, and what comes after it is taken."""
    with worlds("MOD", "MPA", "JCC") as made:
        settled(made)
        target = Target(made)
        target.take(target.follows(canonical({"type": kind}), canonical({"at": kind})))
        sent = odd.edition(Random("after"), KINDS["incident"], 1) | {"kind": "incident", "v": 1}
        target.take(target.follows(canonical(sent)))
        assert target.desk.store.head(in_log(THEY)).size == len(target.sent) + 3


def test_b1_every_type_of_field_has_odd_values():
    """Who adds a type says here what of it is odd and valid."""
    assert set(Type) == set(odd._MAKES)
