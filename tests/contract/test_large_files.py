"""A file of 25 MB over a link that breaks: what arrived stays, and little is sent twice."""

import asyncio
import hashlib
import random
import socket
import threading
from contextlib import suppress

import pytest

from tansiq.carriers import bundle
from tansiq.carriers.carrier import LinkError
from tansiq.carriers.https import HttpsCarrier, Route
from tansiq.desk.exchange import exchange
from tansiq.desk.proof import checking
from tansiq.desk.records import files, read, say
from tansiq.desk.release import agreements, releasing
from tansiq.desk.trust import partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Classification, Position, Role
from tansiq.domain.wording import Text
from tansiq.node.founding import actor_of
from tansiq.policy.agreement import Agreement, Rule
from tests.contract.desks import ALL_TIME, MOD, MPA, befriend, desk_of, found
from tests.contract.roads import HttpsRoad
from tests.world import prepare_seen

NAMES = Text("Post", "منصب", "پۆست")
POSTS = (
    Position(code="duty", role=Role.DUTY_OFFICER, names=NAMES),
    Position(code="liaison", role=Role.LIAISON_OFFICER, names=NAMES),
)
SEALED_MAX = BOUNDS.pieces_bytes_max * 11 // 10
BREAKS = 12


@pytest.fixture
def nodes(tmp_path):
    """Two nodes with an agreement, and a file of 25 MB on its way from one to the other."""
    settings = {party: found(tmp_path, party, positions=POSTS) for party in (MPA, MOD)}
    desks = {party: desk_of(settings[party]) for party in settings}
    for party, other in ((MPA, MOD), (MOD, MPA)):
        befriend(desks[party], settings[other])
    text = Agreement(
        id="AG", version=1, parties=(MOD, MPA), begins=0, ends=ALL_TIME,
        clearance=dict.fromkeys((MOD, MPA), Classification.RESTRICTED),
        held=dict.fromkeys((MOD, MPA), frozenset()),
        rules=(Rule(name="R", sender=MPA, kinds=frozenset({"attachment", "log_line"})),),
    )  # fmt: skip
    for desk in desks.values():
        agreements.sign(desk, actor_of(desk, "liaison", "P-1"), text)
    for _ in range(3):
        exchange.incoming(
            desks[MPA], exchange.answer(desks[MOD], exchange.outgoing(desks[MPA], MOD))
        )
    data = b"%PDF-" + random.Random(1).randbytes(BOUNDS.attachment_bytes_max - 5)
    yield settings, desks, data, attach(desks[MPA], data)
    for desk in desks.values():
        desk.database.close()


def attach(desk, data):
    """Keep a file on a log line and release that; the file's record."""
    duty = actor_of(desk, "duty", "P-2")
    label = Label(audience=audience_of(MOD))
    with desk.act() as act:
        file = files.File(name="map.pdf", media_type="application/pdf", data=data)
        record = files.attach(act, duty, file, label)
        body = {"text": "A map", "observed": desk.clock.now(), "attachments": [record]}
        line = say.write_in(act, duty, say.Draft(kind="log_line", body=body, label=label)).record
    wish = releasing.Wish(record=line, to=MOD, rule="R")
    prepare_seen(desk, actor_of(desk, "liaison", "P-1"), wish)
    return record


class BreakingProxy:
    """A TCP road that breaks after a random number of bytes, so many times."""

    def __init__(self, port, breaks, chance):
        self.target, self.left, self.chance = port, breaks, chance
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                room = None
                if self.left > 0:
                    self.left -= 1
                    room = self.chance.randint(2_000, 2_500_000)
                threading.Thread(target=self._join, args=(near, far, room), daemon=True).start()

    def _join(self, near, far, room):
        with near, far:
            back = threading.Thread(target=self._pump, args=(far, near, None), daemon=True)
            back.start()
            self._pump(near, far, room)
            back.join()

    def _pump(self, one, other, limit):
        with suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data[:limit] if limit is not None else data)
                if limit is not None:
                    limit -= len(data)
                    if limit <= 0:
                        break
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self):
        """The end."""
        self.listener.close()


def arrived(desk, record):
    """The file as the receiver's people get it, or None."""
    viewer = desk.viewer(actor_of(desk, "duty", "P-3"))
    with suppress(Exception):
        return read.attachment(desk, viewer, MPA, record)[1]
    return None


@pytest.mark.slow
def test_https_goes_on_after_the_last_receipt(nodes, tmp_path):
    """However often the connection breaks, at most one parcel is repeated for each time, nothing
    is shown before the file is whole, and then it is the file.
    """
    settings, desks, data, record = nodes
    road = HttpsRoad(desks[MPA], desks[MOD], settings[MOD], tmp_path)
    proxy = BreakingProxy(settings[MOD].partner_port, BREAKS, random.Random(2))
    card = partners.partner(desks[MPA], MOD).card
    carrier = HttpsCarrier(lambda _party: Route(proxy.address, card.certificate))
    sent = broken = 0
    sizes = []

    async def send():
        nonlocal sent, broken
        while arrived(desks[MOD], record) is None:
            parcel = exchange.next_parcel(desks[MPA], MOD)
            sizes.append(len(parcel.data))
            sent += len(parcel.data)
            try:
                answer = await carrier.carry(MOD, parcel.number, parcel.data)
            except LinkError:
                broken += 1
                continue
            exchange.incoming(desks[MPA], answer)

    try:
        asyncio.run(send())
    finally:
        proxy.close()
        road.close()
    assert hashlib.sha256(arrived(desks[MOD], record)).digest() == hashlib.sha256(data).digest()
    assert broken >= BREAKS // 2
    assert max(sizes) <= SEALED_MAX
    assert sent <= len(data) * 1.1 + broken * max(sizes)
    assert not checking.fsck(desks[MOD], lambda *_: None)


@pytest.mark.slow
def test_a_stick_that_loses_files_goes_on_where_it_broke(nodes, tmp_path):
    """What came before a torn or lost file is kept, and the next stick goes on from there."""
    _, desks, data, record = nodes
    chance = random.Random(3)
    for number in range(8):
        stick = tmp_path / f"stick-{number}"
        stick.mkdir()
        written = bundle.write(desks[MPA], stick, MOD)
        assert max(len(one.data) for one in written) <= SEALED_MAX
        if number < 2:
            torn, lost = chance.sample(written[1:], 2)
            torn.path.write_bytes(torn.data[: len(torn.data) // 2])
            lost.path.unlink()
        reports = list(bundle.read(desks[MOD], bundle.look(stick, MOD)))
        assert (number < 2) == any(one.fault is not None for one in reports)
        for one in bundle.write(desks[MOD], stick, MPA):
            exchange.incoming(desks[MPA], one.data)
        if arrived(desks[MOD], record) is not None:
            break
    assert arrived(desks[MOD], record) == data
    assert 0 < number < 7
