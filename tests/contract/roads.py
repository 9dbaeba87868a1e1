"""Carriers as the contract sees them: a road from one desk to another."""

import asyncio
import shutil
import threading
from pathlib import Path

import httpx

from tansiq.carriers import bundle
from tansiq.carriers.https import HttpsCarrier, PartnerListener, Route
from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange import exchange
from tansiq.desk.trust import partners
from tansiq.node.keyring import load_keyring
from tansiq.node.serve import _bound, partner_server
from tansiq.node.settings import NodeSettings


class Road:
    """From ``here`` to ``there``. ``faults`` are the codes that the receiver noted."""

    def __init__(self, here: Desk, there: Desk) -> None:
        self.here = here
        self.there = there
        self.faults: list[str] = []
        self.arrived: list[bytes] = []
        self.back: list[bytes] = []
        self.number = 0

    def bring(self, data: bytes) -> None:
        """Carry ``data`` and let the receiver take it; its parcel comes into ``back``."""
        raise NotImplementedError

    def stranger_sees(self, data: bytes) -> object:
        """All that somebody who brings ``data`` gets to see."""
        raise NotImplementedError

    def cut(self) -> None:
        """The link goes down."""
        raise NotImplementedError

    def mend(self) -> None:
        """The link comes back."""
        raise NotImplementedError

    def close(self) -> None:
        """The end."""


class HttpsRoad(Road):
    """A real listener with TLS on a loopback port."""

    def __init__(self, here: Desk, there: Desk, settings: NodeSettings, _folder: Path) -> None:
        super().__init__(here, there)
        self.settings = settings
        card = partners.partner(here, there.me).card
        self.carrier = HttpsCarrier(lambda _party: Route(card.address, card.certificate))
        self.mend()

    def _take(self, data: bytes) -> bytes:
        self.arrived.append(data)
        return exchange.answer(self.there, data)

    def mend(self) -> None:
        async def work(receive, parcel):
            return await asyncio.to_thread(receive, parcel)

        listener = PartnerListener(self._take, work, self.faults.append)
        self.server = partner_server(listener, load_keyring(self.settings.keys))
        bound = _bound("127.0.0.1", self.settings.partner_port)
        serving = self.server.serve(sockets=[bound])
        self.thread = threading.Thread(target=asyncio.run, args=(serving,))
        self.thread.start()

    def cut(self) -> None:
        self.server.should_exit = True
        self.thread.join()

    close = cut

    def bring(self, data: bytes) -> None:
        self.number += 1
        self.back.append(asyncio.run(self.carrier.carry(self.there.me, self.number, data)))

    def stranger_sees(self, data: bytes) -> object:
        with httpx.Client(verify=False, trust_env=False) as client:
            answer = client.post(self.settings.address + "/exchange", content=data)
        return answer.status_code, answer.headers.raw, answer.content


class StickRoad(Road):
    """A folder as a stick that is carried over."""

    def __init__(self, here: Desk, there: Desk, _settings: NodeSettings, folder: Path) -> None:
        super().__init__(here, there)
        self.folder = folder / "stick"
        self.mend()

    def mend(self) -> None:
        self.folder.mkdir()

    def cut(self) -> None:
        shutil.rmtree(self.folder)

    def bring(self, data: bytes) -> None:
        self.number += 1
        carrier = bundle.StickCarrier(self.folder, self.here.me)
        assert asyncio.run(carrier.carry(self.there.me, self.number, data)) is None
        for found in bundle.read(self.there, bundle.look(self.folder, self.there.me)):
            if found.file.number == self.number:
                self.arrived.append(found.file.path.read_bytes())
            if found.fault is not None:
                self.faults.append(found.fault.code)
            elif found.file.number == self.number:
                self.back += [w.data for w in bundle.write(self.there, self.folder, self.here.me)]

    def stranger_sees(self, data: bytes) -> object:
        before = {path: path.read_bytes() for path in self.folder.iterdir()}
        name = exchange.file_name("ZZZ", self.there.me, 1)
        (self.folder / name).write_bytes(data)
        reports = list(bundle.read(self.there, bundle.look(self.folder, self.there.me)))
        self.faults += [found.fault.code for found in reports if found.fault]
        (self.folder / name).unlink()
        return {path: path.read_bytes() for path in self.folder.iterdir()} == before


ROADS = {"https": HttpsRoad, "stick": StickRoad}
