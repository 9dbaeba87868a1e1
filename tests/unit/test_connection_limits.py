"""A full house: who goes so that the next one gets in."""

import asyncio
import contextlib
import socket

import pytest
import uvicorn

from tansiq.node import connection_limits
from tansiq.node.serve import _bound

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
WAIT_SECONDS = 10.0


class House:
    """A server with two places, whose answers wait for a word."""

    def __init__(self):
        self.asked = 0
        self.answer = asyncio.Event()
        self.streams = []

    async def app(self, _scope, _receive, send):
        self.asked += 1
        await self.answer.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def enter(self, data=REQUEST):
        """Come in and ask; wait until the question has arrived."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.streams.append(writer)
        before = self.asked
        writer.write(data)
        for _ in range(100):
            if self.asked > before:
                break
            await asyncio.sleep(0.005)
        return reader, writer

    @contextlib.asynccontextmanager
    async def open(self):
        config = uvicorn.Config(
            self.app,
            http=connection_limits.PageProtocol,
            interface="asgi3",
            lifespan="off",
            log_config=None,
        )
        server, bound = connection_limits.DoorServer(config), _bound("127.0.0.1", 0)
        self.server = server
        self.port = bound.getsockname()[1]
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        try:
            yield self
        finally:
            self.answer.set()
            for writer in self.streams:
                writer.close()
            server.should_exit = True
            await serving


async def said(reader):
    """All that comes until the other side closes."""
    async with asyncio.timeout(WAIT_SECONDS):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


@pytest.fixture(autouse=True)
def two_places(monkeypatch):
    monkeypatch.setattr(connection_limits.PageProtocol, "places", 2)


def test_an_answer_does_not_wait_for_the_acknowledgement_of_its_head():
    """Nagle's algorithm is off, or each answer on a kept connection comes 40 ms later."""

    async def lived():
        async with House().open() as house:
            await house.enter()
            (connection,) = house.server.server_state.connections
            held = connection.transport.get_extra_info("socket")
            return held.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    assert asyncio.run(lived())


def test_who_keeps_us_waiting_goes_first():
    """A connection that asks nothing gives its place to one that asks."""

    async def lived():
        async with House().open() as house:
            silent, _ = await house.enter(b"")
            busy, _ = await house.enter()
            third, _ = await house.enter()
            gone = await said(silent)
            house.answer.set()
            return gone, [await reader.readline() for reader in (busy, third)]

    gone, answers = asyncio.run(lived())
    assert gone == b""
    assert [b"HTTP/1.1 204 No Content\r\n"] * 2 == answers


def test_where_all_are_served_the_oldest_ends_with_its_answer():
    """Whoever asks one thing after another in one breath does not keep an honest one out."""

    async def lived():
        async with House().open() as house:
            greedy = [(await house.enter(REQUEST * 60))[0] for _ in range(2)]
            honest, writer = await house.enter()
            house.answer.set()
            first = await honest.readline()
            writer.close()
            return first, [(await said(greedy[0])).count(b"HTTP/1.1 204"), house.asked]

    first, (answered, asked) = asyncio.run(lived())
    assert first == b"HTTP/1.1 204 No Content\r\n"
    assert answered == 1
    assert asked >= 3


def test_there_are_never_more_than_twice_as_many_as_places():
    """Where everybody has been asked to leave already, the next one finds no room."""

    async def lived():
        async with House().open() as house:
            kept = [(await house.enter())[0] for _ in range(6)]
            return await asyncio.gather(said(kept[4]), said(kept[5])), house.asked

    refused, asked = asyncio.run(lived())
    assert [b"", b""] == refused
    assert asked == 4
