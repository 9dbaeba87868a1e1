"""A long run that is read beside being taken: the same tables, and nothing of a bad one stays."""

import shutil

import pytest

from bench import sides
from bench.sides import HERE, THERE
from bench.wire import CountingWire
from tansiq.desk.exchange import exchange, opening
from tansiq.desk.proof import checking
from tansiq.desk.release import releasing
from tansiq.desk.trust import partners
from tansiq.domain.errors import ParcelError
from tansiq.log import checkpoint as notes
from tansiq.log.store import in_log, out_log
from tansiq.node.founding import actor_of
from tansiq.sync import parcel
from tansiq.sync.header import Header
from tansiq.sync.parcel import Line
from tests.parts import InParts

COUNT = 23
ODD = b'{"type":"read","at":1}'  # keys that are not in their order


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two nodes; one has something to say to the other, a recall among it."""
    folder, wire = tmp_path_factory.mktemp("apart"), CountingWire()
    sides.found_pair(folder, COUNT, wire)
    wire.close()
    desk = sides.opened(folder, HERE)
    actor = actor_of(desk, "liaison", "P-1")
    (first,) = desk.database.rows("SELECT record FROM release WHERE party = ? LIMIT 1", (THERE,))
    releasing.recall(desk, actor, str(first[0]).partition("/")[2], THERE, "error")
    desk.database.close()
    return folder


@pytest.fixture
def nodes(made, tmp_path):
    """The two nodes, and the second once more."""
    for name in ("one", "two"):
        shutil.copytree(made, tmp_path / name)
    desks = [sides.opened(tmp_path / "one", party) for party in (HERE, THERE)]
    desks.append(sides.opened(tmp_path / "two", THERE))
    yield desks
    for desk in desks:
        desk.database.close()


class Still:
    """A clock that stands."""

    def __init__(self, at):
        self._at = at

    def now(self):
        return self._at


def state(desk):
    return desk.store.head(in_log(HERE)).encode(), checking.snapshot(desk)


def waits(desk):
    return desk.database.rows("SELECT COUNT(*) FROM waiting")[0][0]


def test_reading_apart_changes_nothing_of_what_stands(nodes):
    """The same parcels lead to the same tables: in one piece with a recall, in parts without."""
    here, there, other = nodes
    other.parse_worker = InParts()
    there.clock = other.clock = Still(here.clock.now())
    before, after = there.store.head(in_log(HERE)).size, here.store.head(out_log(THERE)).size
    assert after - before > COUNT
    heard = []
    for desk in (there, other):
        heard.append([])
        desk.listen(lambda changes, topics=heard[-1]: topics.append([one.topic for one in changes]))
    data = exchange.next_parcel(here, THERE).data
    taken = [exchange.incoming(desk, data) for desk in (there, other)]
    assert taken[0] == taken[1]
    assert taken[0].accepted == after - before
    assert state(there) == state(other)
    assert heard[0] == heard[1]
    assert heard[0]


def forged(here, there, lines, *, start=None, root=None):
    """A parcel with these lines behind the feed that ``there`` has, truly signed."""
    head = there.store.head(in_log(HERE))
    start = head.size if start is None else start
    grown = head.extend(line.leaf for line in lines)
    origin, end = notes.feed_origin(HERE, THERE), start + len(lines)
    note = notes.sign(
        notes.Checkpoint(origin=origin, size=end, root=root or grown.root()),
        origin,
        here.identity.keys.seed,
    )
    header = Header(
        sender=HERE, receiver=THERE, node=here.identity.node, start=start, count=len(lines),
        number=99, made_ms=here.clock.now(),
    )  # fmt: skip
    card = partners.partner(here, THERE).card
    return parcel.seal(
        header, lines, note, node_keys=here.identity.keys,
        receiver_age_recipient=card.age_recipient,
    )  # fmt: skip


@pytest.mark.parametrize(
    "how", [{}, {"start": 10_000}, {"root": b"\x07" * 32}], ids=["next", "gap", "split"]
)
@pytest.mark.parametrize("apart", [False, True])
def test_an_entry_that_is_not_canonical_spoils_its_parcel(nodes, how, apart):
    """Nothing follows from the parcel: nothing is kept, nothing waits, nobody is stopped."""
    here, there, _ = nodes
    there.parse_worker = InParts() if apart else None
    good = [Line.entry(entry.data) for entry in here.store.read(out_log(THERE), 2, 9)]
    data = forged(here, there, (*good, Line.entry(ODD), *good), **how)
    before = state(there)
    with pytest.raises(ParcelError) as error:
        exchange.incoming(there, data)
    assert error.value.code == "parcel_entry"
    assert (state(there), waits(there)) == (before, 0)
    assert not partners.partner(there, HERE).stopped_at


def test_a_long_parcel_is_left_unread_only_where_somebody_reads_it(nodes):
    """Without a reader every entry was looked at when the parcel was opened."""
    here, there, other = nodes
    other.parse_worker = InParts()
    data = exchange.next_parcel(here, THERE).data
    whole = opening.opened(there, data).lines
    assert all(line.item is not None for line in whole if line.data is not None)
    assert all(line.item is None for line in opening.opened(other, data).lines)
