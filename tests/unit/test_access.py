"""The access log: noted before it is answered, once an hour, together, and for ever."""

import threading

import pytest

from tansiq.desk.act.access import AccessEntry, AccessLog, Deed
from tansiq.desk.proof import checking
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import StoreError
from tansiq.log.canonical import decode_object
from tansiq.log.store import ACCESS
from tests.world import HOUR, Clock, worlds


@pytest.fixture
def desk():
    """One node."""
    with worlds("MPA") as made:
        yield made.desk("MPA")


def entry(*items, deed=Deed.READ, person="P-1", **more):
    return AccessEntry(deed=deed, place="log", position="duty", person=person, items=items, **more)


def entries(desk):
    return [decode_object(entry.data) for entry in desk.store.scan(ACCESS)]


def test_a_look_names_who_what_and_when(desk):
    """Position, person, deed, place, every item, the question and the hits."""
    desk.access.note(entry("MPA/r@1", deed=Deed.SEARCHED, asked={"q": "fire"}, hits=7))
    assert [
        {"type": "access", "act": "searched", "at": desk.clock.now(), "position": "duty",
         "person": "P-1", "place": "log", "items": ["MPA/r@1"], "asked": {"q": "fire"}, "hits": 7}
    ] == entries(desk)  # fmt: skip


def test_the_same_is_noted_once_an_hour(desk):
    """A page that refreshes itself adds only what it newly shows; a new hour notes again."""
    for items in (("a@1",), ("a@1",), ("a@1", "b@1"), ("a@2", "b@1")):
        desk.access.note(entry(*items))
    assert [["a@1"], ["b@1"], ["a@2"]] == [entry["items"] for entry in entries(desk)]
    desk.access.note(entry("a@1", person="P-2"))
    desk.clock.time += HOUR
    desk.access.note(entry("a@1"))
    assert [["a@1"], ["a@1"]] == [entry["items"] for entry in entries(desk)][3:]


def test_a_printout_is_noted_each_time(desk):
    """Paper, files and exports are counted, not only whether there was one."""
    for _ in range(2):
        for deed in (Deed.PRINTED, Deed.DOWNLOADED, Deed.EXPORTED):
            desk.access.note(entry("a@1", deed=deed))
    assert 6 == len(entries(desk))


def test_a_search_without_hits_is_noted(desk):
    """What somebody looked for says something, also where nothing was found."""
    desk.access.note(entry(deed=Deed.SEARCHED, asked={"q": "nobody \ud800"}, hits=0))
    assert [("nobody ?", 0)] == [(e["asked"]["q"], e["hits"]) for e in entries(desk)]


def test_what_was_not_kept_is_not_remembered_as_noted():
    """Where the disk refuses, the reader is refused, and the next try notes it."""
    kept, full = [], [True]

    def commit(found):
        if full[0]:
            raise StoreError("database", detail="disk full")
        kept.extend(found)

    log = AccessLog(Clock(), commit)
    with pytest.raises(StoreError):
        log.note(entry("a@1"))
    full[0] = False
    log.note(entry("a@1"))
    assert 1 == len(kept)


def test_those_who_wait_are_committed_together():
    """While one commit is under way the others gather; each returns after its own is kept."""
    kept, batches, gate = [], [], threading.Event()

    def commit(found):
        gate.wait(5)
        batches.append(len(found))
        kept.extend(found)

    log = AccessLog(Clock(), commit)
    seen = []

    def ask(n):
        log.note(entry(f"r{n}@1"))
        seen.append(any(f"r{n}@1" in entry["items"] for entry in kept))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    while len(log._queue) < 11:
        pass
    gate.set()
    for thread in threads:
        thread.join()
    assert [True] * 12 == seen
    assert [1, 11] == batches


def test_many_items_become_several_entries(desk):
    """One entry stays within its bound; nothing is left out."""
    items = tuple(f"MPA/{n}@1" for n in range(BOUNDS.access_items_max + 5))
    desk.access.note(entry(*items))
    assert [BOUNDS.access_items_max, 5] == [len(entry["items"]) for entry in entries(desk)]


def test_the_tables_are_rebuilt_from_the_log(desk):
    """The access log is a log; its tables are folded again like all others."""
    desk.access.note(entry("MPA/r@1", "MPA/s@1"))
    before = checking.snapshot(desk)
    assert 2 == len(before["access_record"])
    checking.rebuild(desk, lambda *_: None)
    assert before == checking.snapshot(desk)
    assert [] == checking.fsck(desk, lambda *_: None)
