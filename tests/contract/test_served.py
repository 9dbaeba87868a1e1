"""Served nodes over real TLS on loopback: traffic, sudden death, clean stops."""

import signal
import socket
import subprocess
import sys
import time

import pytest

from tansiq.desk.proof import checking
from tests import stores
from tests.contract.desks import MOD, MPA, befriend, desk_of, found, signed_for, sizes

LIMIT = 60


class Talking:
    """A served node in a process of its own."""

    def __init__(self, settings, party, count):
        command = [sys.executable, "-m", "tests.contract.talking"]
        self.process = subprocess.Popen(
            [*command, str(settings.folder), party, str(count)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        word, port = self.process.stdout.readline().split()
        assert word == "ready"
        self.port = int(port)
        self.said = 0

    def say_until(self, count):
        """Read along until so much was committed."""
        while self.said < count:
            self.said = int(self.process.stdout.readline().split()[1])

    def end(self, number):
        """Send a signal; the exit code, and how long it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        out, self.errors = self.process.communicate(timeout=LIMIT)
        lines = [line for line in out.splitlines() if line.startswith("said ")]
        self.said = max([self.said, *(int(line.split()[1]) for line in lines)])
        return self.process.returncode, time.monotonic() - begun


@pytest.fixture
def pair(tmp_path):
    """Two founded nodes that know each other; what still runs at the end is ended."""
    settings = {party: found(tmp_path, party, web_port=0) for party in (MPA, MOD)}
    for party, other in ((MPA, MOD), (MOD, MPA)):
        desk = desk_of(settings[party])
        befriend(desk, settings[other])
        desk.database.close()
    running = []

    def start(party, to, count):
        running.append(Talking(settings[party], to, count))
        return running[-1]

    yield settings, start
    for node in running:
        if node.process.poll() is None:
            node.process.kill()
            node.process.communicate()


def level(settings, wanted):
    """Wait until both feeds are where they should be; whether they came there."""
    desks = [desk_of(settings[party]) for party in (MPA, MOD)]
    try:
        until = time.monotonic() + LIMIT
        while time.monotonic() < until:
            (sent, came), (sent_back, came_back) = sizes(desks[0], MOD), sizes(desks[1], MPA)
            acknowledged = (signed_for(desks[0], MOD), signed_for(desks[1], MPA))
            at_rest = (sent, sent_back) == (came_back, came) == acknowledged
            # Each node also anchors its heads with the other, when it starts and every few hours.
            if at_rest and sent >= wanted[0] and sent_back >= wanted[1]:
                return True
            time.sleep(0.05)
        return False
    finally:
        for desk in desks:
            desk.database.close()


def clean(settings):
    """Whether every log of both nodes is whole and says what the board says."""
    for party, other in ((MPA, MOD), (MOD, MPA)):
        desk = desk_of(settings[party])
        try:
            damages = checking.fsck(desk, lambda _log, _done: None)
            (report,) = checking.verify_feeds(desk, lambda _log, _done: None)
        finally:
            desk.database.close()
        if damages or report.damages or report.party != other:
            return False
    return True


@pytest.mark.slow
def test_two_nodes_exchange_over_tls_until_both_are_level(pair):
    """What either says arrives at the other, and the receipts with it; both stop cleanly."""
    settings, start = pair
    one, other = start(MPA, MOD, 20), start(MOD, MPA, 10)
    assert level(settings, (20, 10))
    for node, number in ((one, signal.SIGTERM), (other, signal.SIGINT)):
        code, seconds = node.end(number)
        assert (code, node.errors.count("Traceback")) == (0, 0), node.errors
        assert seconds < 3
    assert clean(settings)


@pytest.mark.slow
@pytest.mark.parametrize("dies", [MPA, MOD])
def test_a_node_killed_during_traffic_loses_nothing(pair, dies):
    """Sender or receiver dies without warning; after the restart all that was committed arrives."""
    settings, start = pair
    nodes = {MPA: start(MPA, MOD, 60), MOD: start(MOD, MPA, 60)}
    nodes[dies].say_until(15)
    code, _ = nodes[dies].end(signal.SIGKILL)
    assert code == -signal.SIGKILL
    desk = desk_of(settings[dies])
    survivor = MOD if dies == MPA else MPA
    kept = sizes(desk, survivor)[0]
    desk.database.close()
    assert kept >= nodes[dies].said  # every line of output was a commit
    nodes[survivor].say_until(60)
    nodes[dies] = start(dies, survivor, 5)
    sent = {survivor: 60, dies: kept + 5}
    assert level(settings, (sent[MPA], sent[MOD]))
    for node in nodes.values():
        assert node.end(signal.SIGTERM)[0] == 0
    assert clean(settings)


@pytest.mark.parametrize(("path", "ends"), [("/live", b"bye\n"), ("/deaf", b"")])
def test_an_open_stream_does_not_hold_up_the_stop(pair, path, ends):
    """The bell ends those who listen to it; the others are cut off; three seconds in all."""
    _, start = pair
    node = start(MPA, MOD, 0)
    with socket.create_connection(("127.0.0.1", node.port), timeout=10) as stream:
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        seen = stream.recv(65536)
        while b"tick" not in seen:
            seen += stream.recv(65536)
        code, seconds = node.end(signal.SIGTERM)
        while part := stream.recv(65536):
            seen += part
    assert code == 0, node.errors
    assert seconds < 3
    assert ends in seen


def test_the_log_of_a_served_node_holds_events_and_no_content(pair):
    """Lines of JSON, each with an event; neither names nor addresses are in them."""
    _, start = pair
    node = start(MPA, MOD, 1)
    told = ""
    while "exchange_failed" not in told:
        told += node.process.stderr.readline()
    assert node.end(signal.SIGTERM)[0] == 0
    told += node.errors
    assert all(line.startswith('{"at": ') for line in told.splitlines())
    for event in ("started", "web_listens", "partners_listen", "exchange_failed", "stopped"):
        assert f'"event": "{event}"' in told
    assert not any(word in told for word in ("Party", "127.0.0.1", "AG-MPA"))


@pytest.mark.slow
@pytest.mark.skipif(stores.on_postgresql(), reason="PostgreSQL looks after its own log")
def test_a_served_node_that_rests_has_an_empty_write_ahead_log(pair):
    """What was purged must not lie there until the next busy day."""
    settings, start = pair
    start(MPA, MOD, 5)
    start(MOD, MPA, 5)
    assert level(settings, (5, 5))
    log = settings[MPA].folder / "tansiq.sqlite3-wal"
    until = time.monotonic() + LIMIT
    while log.stat().st_size and time.monotonic() < until:
        time.sleep(0.2)
    assert log.stat().st_size == 0
