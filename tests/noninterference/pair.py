"""Two worlds side by side: the same questions to both, and the same bytes expected back."""

import atexit
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cache

from tansiq.log.canonical import decode_object
from tansiq.log.store import JOURNAL
from tests.noninterference import scene
from tests.noninterference.browser import Browser, Reply
from tests.noninterference.declassified import covered
from tests.noninterference.story import BUSY, CALM, Case, node_of
from tests.oracle import labels as oracle
from tests.world import World


@dataclass(frozen=True)
class Pair:
    """A story told for one viewer in both worlds."""

    case: Case
    calm: World
    busy: World

    @property
    def party(self) -> str:
        return node_of(self.case)

    def worlds(self) -> tuple[tuple[World, str], ...]:
        """Each world with the word that its hidden texts hold."""
        return ((self.calm, CALM.word), (self.busy, BUSY.word))


@contextmanager
def told(case: Case) -> Iterator[Pair]:
    """Both worlds of a case, closed at the end."""
    pair = Pair(case, scene.tell(case, CALM), scene.tell(case, BUSY))
    try:
        yield pair
    finally:
        pair.calm.close()
        pair.busy.close()


@cache
def kept(case: Case) -> Pair:
    """The same for the whole run: for tests that do the same to both worlds, and change nothing
    but what looking changes.
    """
    pair = Pair(case, scene.tell(case, CALM), scene.tell(case, BUSY))
    for world, _ in pair.worlds():
        atexit.register(world.close)
    return pair


def telling(case: Case, *, anew: bool) -> AbstractContextManager[Pair]:
    """The pair that is kept, or one told anew where a test does or meets more than looking."""
    return told(case) if anew else nullcontext(kept(case))


@contextmanager
def browsers(pair: Pair, position: str) -> Iterator[tuple[Browser, Browser]]:
    """The same position in both worlds."""
    made = tuple(Browser(world.desk(pair.party), position) for world, _ in pair.worlds())
    try:
        yield made
    finally:
        for browser in made:
            browser.close()


# What the oracle says --------------------------------------------------------------------------


def may_have(world: World, party: str, position: str) -> dict[tuple[str, str], object]:
    """All that a position may have, read from the logs and decided by the oracle."""
    place = world.desk(party).position(position)
    who = oracle.viewer(party, place.role.value, place.clearance.value, place.categories)
    shown = ("kind", "state", "body", "label", "at")
    found = {
        (party, record): {name: item[name] for name in shown}
        for record, item in own_editions(world, party).items()
    }
    found |= received(world, party)
    return {
        (owner, record): item
        for (owner, record), item in found.items()
        if oracle.may_see(who, owner, item["label"], world.clock.now())
    }


def own_editions(world: World, party: str) -> dict[str, dict]:
    """The newest edition of each own record."""
    found = {}
    for entry in world.desk(party).store.scan(JOURNAL):
        item = decode_object(entry.data)
        if item["type"] == "edition":
            found[item["record"]] = item
    return found


def received(world: World, party: str) -> dict[tuple[str, str], dict]:
    """What the opened parcels brought and no recall took away."""
    found, gone = {}, set()
    for sender, item in entries_to(world, party):
        if item["type"] == "recall":
            gone |= set(item["releases"])
        elif item["type"] == "edition":
            found[sender, item["record"]] = item
    return {key: item for key, item in found.items() if item["release"] not in gone}


def entries_to(world: World, party: str) -> Iterator[tuple[str, dict]]:
    """Every entry that reached a party, with its sender, in the order of arrival."""
    for sender, receiver, plain in world.sent:
        if receiver == party:
            head, *texts = plain.split(b"\n")
            for text in texts[: decode_object(head)["count"]]:
                if not text.startswith(b"!"):
                    yield sender, decode_object(text)


BROKEN = "error:500"  # the page of a fault that a test has made

# What the exits say ----------------------------------------------------------------------------


def assert_same(address: str, calm: Reply, busy: Reply, *, cover: str = "") -> None:
    """Status, headers and body are equal, byte by byte, and no fault of the program. ``cover``
    names an exit of which this reader may be told what is declassified.
    """
    assert calm.status != 500 or address == BROKEN, f"{address} fails in both worlds"
    if cover:
        calm, busy = (_covered(cover, reply) for reply in (calm, busy))
    assert calm.status == busy.status, f"{address}: {calm.status} and {busy.status}"
    assert calm.body == busy.body, f"{address} differs:\n{first_difference(calm, busy)}"
    assert calm.headers == busy.headers, address


def _covered(name: str, reply: Reply) -> Reply:
    headers = tuple((n, "-" if n == "content-length" else v) for n, v in reply.headers)
    return replace(reply, body=covered(name, reply.body), headers=headers)


def first_difference(calm: Reply, busy: Reply) -> str:
    """The lines in which two replies first part."""
    pairs = zip(calm.body.splitlines(), busy.body.splitlines(), strict=False)
    for one, other in pairs:
        if one != other:
            at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
            cut = slice(max(0, at - 150), at + 150)
            return f"{one[cut].decode('utf-8', 'replace')}\n{other[cut].decode('utf-8', 'replace')}"
    return "one is longer than the other"


def assert_silent(address: str, reply: Reply, words: Iterable[str]) -> None:
    """No hidden word stands in a reply, unless whoever asked wrote it into the address."""
    body = unpacked(reply.body)
    for word in words:
        if word not in address:
            assert word.encode() not in body, f"{address} tells {word}"


def unpacked(body: bytes) -> bytes:
    """What stands in a body: a workbook is a zip, and a calendar folds its lines."""
    if not body.startswith(b"PK"):
        return body.replace(b"\r\n ", b"")
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())
