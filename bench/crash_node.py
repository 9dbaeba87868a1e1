"""A served node that takes what people write: ``python -m bench.crash_node FOLDER [ADDRESS]``.

It serves as ``tansiq serve`` does, with the partners' listener, the exchange loop and the ticks. In
place of the pages stands one address, so that a start does not wait for Django: ``POST /write``
writes an incident, which a rule releases to all partners by itself, and answers 302 once it is
committed. ADDRESS is that of a PostgreSQL database; without it the node uses its SQLite file.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tansiq.board import node_state
from tansiq.desk.act.desk import Desk, Identity
from tansiq.desk.records import say
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import place_named
from tansiq.log.database import Database, Sqlite
from tansiq.node.clock import SystemClock, SystemEntropy
from tansiq.node.founding import Node, actor_of, read_own_card
from tansiq.node.keyring import load_keyring
from tansiq.node.serve import Listening, serve_node
from tansiq.node.settings import read_settings

POSITION, PERSON = "duty", "P-1"
PARTIES = (PartyCode("MPA"), PartyCode("MOD"), PartyCode("NAT"))


def database_of(folder: Path, address: str) -> Database:
    """The node's database."""
    if not address:
        return Sqlite(read_settings(folder).database)
    from tansiq.log.postgres import Postgres  # noqa: PLC0415 - only where it is asked for

    return Postgres(address)


@contextmanager
def opened(folder: Path, address: str = "") -> Iterator[Node]:
    """The node in a folder, on either store."""
    settings = read_settings(folder)
    keyring = load_keyring(settings.keys)
    desk = Desk(
        identity=Identity(
            party=settings.party, node=settings.node, keys=keyring.node,
            authority=keyring.authority, positions=settings.positions,
        ),
        database=database_of(folder, address), clock=SystemClock(0), entropy=SystemEntropy(),
    )  # fmt: skip
    try:
        node_state.create(desk.database)
        yield Node(settings=settings, keyring=keyring, desk=desk, card=read_own_card(settings))
    finally:
        desk.database.close()


def write(desk: Desk, text: str) -> str:
    """One incident, which goes to all partners by itself; its identity, once committed."""
    others = (party for party in PARTIES if party != desk.me)
    body: dict[str, object] = {
        "category": "fire", "severity": "urgent", "text": text, "grade": "B2",
        "observed": desk.clock.now(), "place": place_named("Makhmour").to_json(),
    }  # fmt: skip
    draft = say.Draft(kind="incident", body=body, label=Label(audience=audience_of(*others)))
    return say.write(desk, actor_of(desk, POSITION, PERSON), draft)


def _pages(node: Node, _closing: object) -> Any:  # noqa: ANN401 - an ASGI application
    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        if scope["type"] != "http":
            return
        text = (await receive()).get("body", b"").decode()
        record = await asyncio.to_thread(write, node.desk, text)
        place = [(b"location", f"/incidents/{record}".encode()), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 302, "headers": place})
        await send({"type": "http.response.body", "body": b""})

    return app


def main(folder: str, address: str = "") -> None:
    """Serve until killed."""

    def ready(listening: Listening) -> None:
        print(f"ready {listening.web_port}", flush=True)

    with opened(Path(folder), address) as node:
        serve_node(node, ready, _pages)


if __name__ == "__main__":
    main(*sys.argv[1:])
