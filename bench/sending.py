"""The sending node of `./dev bench exchange`: a process with the exchange loop of a served node.

For each line that it reads it exchanges with PARTY until nothing is left to say, as the loop does
when it wakes, and prints how it went: ``python -m bench.sending FOLDER PARTY``.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from tansiq.carriers.https import HttpsCarrier
from tansiq.domain.parties import PartyCode, party_code
from tansiq.node.exchange_loop import ExchangeLoop, Routes
from tansiq.node.founding import open_desk
from tansiq.node.journal_log import NodeLog
from tansiq.node.keyring import load_keyring
from tansiq.node.serve import settle
from tansiq.node.settings import read_settings

P = ParamSpec("P")
T = TypeVar("T")


class Counted(HttpsCarrier):
    """Counts the round trips."""

    trips = 0

    async def carry(self, party: PartyCode, number: int, parcel: bytes) -> bytes | None:
        """One round trip."""
        self.trips += 1
        return await super().carry(party, number, parcel)


async def serve(folder: Path, party: PartyCode) -> None:
    """Exchange once for each line of the standard input."""
    settings = read_settings(folder)
    desk = open_desk(settings, load_keyring(settings.keys))
    pool = ThreadPoolExecutor(4)
    running = asyncio.get_running_loop()

    async def work(call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        return await running.run_in_executor(pool, partial(call, *args, **named))

    async with Counted(Routes(desk)) as carrier:
        settle()  # as a served node does
        loop = ExchangeLoop(desk, carrier, work, NodeLog(desk.clock))
        print("ready", flush=True)
        while await running.run_in_executor(pool, sys.stdin.readline):
            trips, began = carrier.trips, time.perf_counter()
            went = await loop.level(party)
            took = time.perf_counter() - began
            told = {"went": went, "seconds": took, "round_trips": carrier.trips - trips}
            print(json.dumps(told), flush=True)
    desk.database.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), party_code(sys.argv[2])))
