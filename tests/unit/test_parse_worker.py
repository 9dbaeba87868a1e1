"""Reading long runs in another process: the same answers, whatever happens to it."""

import os
import signal
import subprocess
import sys
import time

import pytest

from bench.incidents import events
from tansiq.board.reading import ReceivedEdition, read_run
from tansiq.domain.errors import ParcelError
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import encode
from tansiq.node import parse_worker
from tansiq.node.parse_worker import ParseProcess

MPA = PartyCode("MPA")
LABEL = {
    "policy": "TANSIQ-1", "class": "restricted", "audience": [["MOD"]], "categories": [],
    "caveats": [], "onward": "none", "embargo": 0, "expires": 0,
}  # fmt: skip


def edition(number, **changes):
    body = next(events(1, seed=number)).body
    return {
        "type": "edition", "release": f"{number:08x}-0000-4000-8000-000000000001",
        "record": f"{number:08x}-0000-4000-8000-000000000002", "kind": "incident", "v": 1, "k": 1,
        "state": "reported", "label": LABEL, "body": body, "position": "liaison",
        "purpose": "safety", "rule": "R-1", "at": 1_704_067_200_000, **changes,
    }  # fmt: skip


def run_of(count):
    """Editions, and among them what is none, what is malformed and what is not known."""
    odd = (
        {"type": "anchor", "at": 1, "commitment": "0" * 64},
        {"type": "later", "anything": ["at", "all"]},
        edition(1, kind="nonesuch"), edition(2, state="nonesuch"), edition(3, release="x"),
        edition(4, body={"place": 7}), edition(5, release=7), {},
    )  # fmt: skip
    items = [edition(number) for number in range(count - len(odd))]
    for at, item in enumerate(odd):
        items.insert(at * 37 % count, item)
    return [encode(item) for item in items]


RUN = run_of(parse_worker.PART * 9 + 9)
READ = read_run(RUN)


def joined(parts):
    return [one for part in parts for one in part]


def ready(process):
    """Wait until it is used."""
    until = time.monotonic() + 30
    while process._ready_line() is None:
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def process():
    lost = []
    made = ParseProcess(lambda: lost.append(1))
    made.lost = lost
    yield made
    made.close()


def test_the_answer_is_the_same(process):
    """Before it is there, and when it is; each part in its order."""
    assert joined(process.read(RUN)) == READ
    ready(process)
    for _ in range(3):
        assert joined(process.read(RUN)) == READ
    assert joined(process.read([])) == []
    faults = {one.fault for one in READ if isinstance(one, ReceivedEdition)}
    assert faults == {"", "wire_form", "record_id", "place_form"}
    assert not process.lost


def test_it_does_the_work(process, monkeypatch):
    """The node reads no edition by itself while the process keeps up."""
    ready(process)
    monkeypatch.setattr(ParseProcess, "_answered", lambda _self: True)
    here = []
    monkeypatch.setattr(
        parse_worker, "read_run", lambda run: here.append(len(run)) or read_run(run)
    )
    assert joined(process.read(RUN)) == READ
    assert here == [1] * sum(not isinstance(one, ReceivedEdition) for one in READ)


@pytest.mark.parametrize("when", [0, 1, 3])
def test_a_process_that_is_killed_is_missed_by_nobody(process, when):
    """The rest is read here, and the next long run starts another one."""
    ready(process)
    parts = process.read(RUN)
    found = joined(next(parts) for _ in range(when))
    process._child.kill()
    process._child.wait()
    assert found + joined(parts) == READ
    assert process.lost == [1]
    ready(process)
    assert joined(process.read(RUN)) == READ
    ready(process)
    assert joined(process.read(RUN)) == READ


def test_a_process_that_hangs_is_given_up(process, monkeypatch):
    """The node waits a bounded time."""
    monkeypatch.setattr(parse_worker, "PATIENCE_SECONDS", 0.2)
    ready(process)
    os.kill(process._child.pid, signal.SIGSTOP)
    assert joined(process.read(RUN)) == READ
    assert process.lost == [1]


@pytest.mark.parametrize("noise", [b"\x00\x00\x00\x01x", b"\xff" * 64, b"\x00\x00\x00\x01\x90"])
def test_nonsense_is_not_believed(process, noise):
    """Not MessagePack, too long, too few."""
    ready(process)
    ours, theirs = parse_worker.socket.socketpair()
    process._line.close()
    process._line = ours
    theirs.sendall(noise)
    assert joined(process.read(RUN[:9])) == READ[:9]
    assert process.lost == [1]
    theirs.close()


def test_bytes_that_are_not_canonical_are_refused(process):
    """With the code that the parcel has otherwise; what comes next is read all the same."""
    ready(process)
    for at in (0, parse_worker.PART * 2, len(RUN) - 1):
        wrong = [*RUN]
        wrong[at] = b'{"b":1,"a":2}'
        with pytest.raises(ParcelError) as error:
            joined(process.read(wrong))
        assert error.value.code == "parcel_entry"
        assert joined(process.read(RUN)) == READ
        ready(process)
        assert joined(process.read(RUN)) == READ
    assert not process.lost


def test_an_answer_that_nobody_hears_to_its_end_spoils_no_other(process):
    """A run that was given up in the middle leaves nothing behind."""
    ready(process)
    abandoned = process.read(RUN)
    next(abandoned)
    assert joined(process.read(RUN[: parse_worker.PART])) == READ[: parse_worker.PART]
    ready(process)
    assert joined(process.read(RUN[parse_worker.PART :])) == READ[parse_worker.PART :]


def test_it_ends_with_its_node():
    """Also where the node was killed: nothing stays behind."""
    code = (
        "import time; from tests.unit.test_parse_worker import *;"
        "made = ParseProcess(); ready(made); print(made._child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as node:
        child = int(node.stdout.readline())
        node.kill()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the process outlives its node")
