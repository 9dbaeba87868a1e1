"""Pages, parts, data and files: two worlds alike to their viewer are alike to the last byte."""

import pytest

from tansiq.domain.parties import Role
from tansiq.web.shell.exits import page_exits
from tests import breadth, stores
from tests.noninterference import addresses, listed, scene
from tests.noninterference.addresses import FORM, asked, filled, patterns
from tests.noninterference.pair import (
    Pair,
    assert_same,
    assert_silent,
    browsers,
    kept,
    may_have,
    own_editions,
    telling,
    told,
)
from tests.noninterference.story import BUSY, CALM, Case
from tests.world import CLEARED, uuid_of

ALL = [role.value.replace("_", "-") for role in Role]
COUNTED = {"administrator", "auditor", "senior-duty-officer"}  # told of feed lengths: declassified
MOST = {Case.LOW: "duty-officer", Case.RECEIVER: "duty-officer", Case.PARTNER: CLEARED,
        Case.THIRD: CLEARED, Case.ADMINISTRATOR: "administrator"}  # fmt: skip
READERS = ("senior-duty-officer", "liaison-officer", "adviser", "auditor", "observer")
OTHERS = [
    *((case, position) for case in (Case.LOW, Case.RECEIVER) for position in READERS),
    *((Case.PARTNER, position) for position in ALL),
    *((Case.THIRD, position) for position in (*READERS, "administrator")),
    (Case.STRANGER, ""),
]


def once(pairs):
    """Each position with one viewer, the viewers taking turns."""
    found = {}
    for case, position in pairs:
        found.setdefault(position, []).append(case)
    return [(cases[n % len(cases)], who) for n, (who, cases) in enumerate(found.items())]


# What a position may do, no store decides: on PostgreSQL, where each answer is dear, everyday every
# sixth one looks at a few ids of each address, and nobody at all of them.
STEP = 6 if stores.on_postgresql() else 1
LOOKING = breadth.of(once(OTHERS)[::STEP], OTHERS)
MANY = breadth.of([] if stores.on_postgresql() else list(MOST.items()), list(MOST.items()))
# Everyday, every address is asked, and every form posted, with every id at the own node and at a
# partner's. The others look at some ids of each.
WIDE = breadth.of([one for one in MANY if one[0] in {Case.LOW, Case.PARTNER}], MANY)
EDGE = ("/health", "/static/app.css", "/static/nothing", "/nothing", "/record/MPA/x", "/exits")
# A file has a length; signing off, locking and the wall view end everything.
NOT_POSTED = {"stick-make", "sign-off", "lock", "wall-show"}


def each(cases):
    return pytest.mark.parametrize(
        ("case", "position"),
        cases,
        ids=[f"{case.name.lower()}-{who or 'nobody'}" for case, who in cases],
    )


def cover_for(pair: Pair, position: str, name: str) -> str:
    """The exit whose declassified numbers this position may be told."""
    return (
        name
        if position in COUNTED and pair.case in (Case.LOW, Case.RECEIVER, Case.ADMINISTRATOR)
        else ""
    )


@each(WIDE)
def test_every_address_answers_alike_whatever_is_hidden(pages, case, position):
    """Seen, hidden and absent ids, filters, searches, windows: the two worlds answer the same."""
    answers_alike(case, position, page_exits())


@each([(Case.LOW, "duty-officer")])
def test_a_record_and_its_forms_answer_alike_whatever_is_hidden(pages, case, position):
    """A part of the test above, which a planted fault dies of sooner."""
    answers_alike(case, position, ("record", "record-edit"))


def answers_alike(case, position, names):
    """Every address of these names is the same in both worlds, and silent about what is hidden."""
    pair = kept(case)
    with browsers(pair, position) as (calm, busy):
        for name in names:
            cover = cover_for(pair, position, name)
            for address in asked(name):
                one, other = calm.get(address), busy.get(address)
                assert_same(address, one, other, cover=cover)
                assert_silent(address, one, (CALM.word,))
                assert_silent(address, other, (BUSY.word,))


@each(LOOKING)
def test_every_position_sees_the_same_in_both_worlds(pages, case, position):
    """Lists, counters and links of each position at the node, and of nobody at all."""
    # An auditor is told what others searched for: here, in other tests, the hidden words too.
    told_anew = position == "auditor"
    with telling(case, anew=told_anew) as pair, browsers(pair, position) as (calm, busy):
        for address in EDGE:
            assert_same(address, calm.get(address), busy.get(address))
        for name in page_exits():
            cover = cover_for(pair, position, name)
            for address in few(name):
                one, other = calm.get(address), busy.get(address)
                assert_same(address, one, other, cover=cover)
                assert_silent(address, other, (BUSY.word,))


SEEN_AND_HIDDEN = ("fire", "high 0", "to MOD 0", "query high 0")


def few(name):
    some = {uuid_of(f"{item}/1") for item in SEEN_AND_HIDDEN}
    for address in asked(name, all_of_them=False):
        if "{record}" not in patterns()[name] or any(record in address for record in some):
            yield address


@each(WIDE)
def test_every_form_answers_alike_whatever_is_hidden(pages, case, position):
    """Posting to seen, hidden and absent ids ends in the same words, and then all lists agree."""
    with told(case) as pair, browsers(pair, position) as (calm, busy):
        for name in page_exits():
            if name in NOT_POSTED:
                continue
            cover = cover_for(pair, position, name)
            for address in filled(name):
                one, other = calm.post(address, FORM), busy.post(address, FORM)
                assert_same(f"POST {address}", one, other, cover=cover)
        for name in sorted(addresses.listing_names()):
            cover = cover_for(pair, position, name)
            assert_same(name, calm.get(f"/{name}"), busy.get(f"/{name}"), cover=cover)


@each(MANY)
def test_a_name_that_is_typed_finds_the_sites_that_one_may_see(pages, case, position):
    """Whole names and words of them, of sites that are seen, hidden and absent."""
    pair = kept(case)
    with browsers(pair, position) as (calm, busy):
        for name in (*listed.NAMES, "Hidden camp", "bridge", BUSY.word, "Nowhere"):
            form = {"place-name": name, "text": "What a stranger types"}
            one, other = (browser.post("/safety/sites", form) for browser in (calm, busy))
            assert_same(name, one, other)
            assert_silent(name, other, (BUSY.word,))


@each([(Case.LOW, "duty-officer"), (Case.PARTNER, CLEARED)])
def test_a_locked_screen_says_the_same(pages, case, position):
    """Behind the lock every address leads to the lock, and its page depends on nothing hidden."""
    pair = kept(case)
    with browsers(pair, position) as (calm, busy):
        for one in (calm, busy):
            assert "/lock" == one.post("/lock", {"next": "/log?q=" + BUSY.word}).header("location")
        for address in ("/lock", "/log", "/log/part", "/identity", "/map/data", "/nothing"):
            assert_same(address, calm.get(address), busy.get(address))
            assert_silent(address, busy.get(address), (BUSY.word, CALM.word))
        assert [b"403"] == calm.hears()[:1]


@each(breadth.of(list(MOST.items())[::STEP], list(MOST.items())))
def test_withheld_is_absent(pages, case, position):
    """In one world: the answer for a hidden record is the answer for a record that never was."""
    with told(case) as pair, browsers(pair, position) as (_, busy):
        seen = {record for _, record in may_have(pair.busy, pair.party, position)}
        hidden = sorted(set(own_editions(pair.busy, pair.party)) - seen)
        for name in (name for name in page_exits() if "{record}" in patterns()[name]):
            made = patterns()[name].replace("{owner}", pair.party)
            made = made.replace("{party}", "MOD").replace("{kind}", "dispute")
            for method in (busy.get, busy.post):
                expected = method(made.replace("{record}", scene.ABSENT))
                for record in hidden[:8]:
                    got = method(made.replace("{record}", record))
                    body = got.body.replace(record.encode(), scene.ABSENT.encode())
                    assert expected.status == got.status, (made, record)
                    assert expected.body == body, (made, record)


@each(list(MOST.items()))
def test_the_oracle_says_that_the_worlds_are_alike_to_the_viewer(case, position):
    """The comparison is meaningful: the viewer may have the same in both, others may not."""
    pair = kept(case)
    calm, busy = (may_have(world, pair.party, position) for world, _ in pair.worlds())
    assert calm == busy
    assert CALM.word not in repr(calm)
    assert BUSY.word not in repr(busy)
    journals = [repr(own_editions(world, "MPA")) for world, _ in pair.worlds()]
    assert CALM.word in journals[0]
    assert BUSY.word in journals[1]
    assert journals[0].count(CALM.word) < journals[1].count(BUSY.word)
