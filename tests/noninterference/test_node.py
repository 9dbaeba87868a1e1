"""The command line, the running log and the error pages tell no more than the pages do."""

import asyncio
import io
import json
import re
from argparse import Namespace
from contextlib import contextmanager
from pathlib import Path

import pytest

from tansiq.desk.exchange import exchange
from tansiq.desk.records import read
from tansiq.domain.parties import PartyCode
from tansiq.log import keys
from tansiq.node import proving, stick_verbs, verbs
from tansiq.node.exchange_loop import ExchangeLoop
from tansiq.node.founding import Node
from tansiq.node.journal_log import NodeLog
from tansiq.node.terminal import Terminal
from tansiq.web.shell.addresses import Kind
from tansiq.web.shell.exits import of_kind
from tests.noninterference.pair import BROKEN, assert_same, browsers, kept, telling, told
from tests.noninterference.story import Case
from tests.noninterference.test_wire import TO_PARTNERS
from tests.world import card_of

RUN = ("verify", "fsck", "rebuild", "card", "exchange")
SENDS = ("exchange",)
# These print what they were given and the node's own card and settings, never a record.
NOT_RUN = {"evidence", "init", "join", "person", "serve", "import", "notice", "revoke"} | {
    "backup",
    "keys",
    "protect",
    "restore",
    "clock",
    "rotate",
    "certificate",  # says again what is written in its file, and the age of a partner's list
}
NUMBERS = re.compile(r"^ +\d\. .*$|[0-9a-f]{64}|\d+", re.MULTILINE)


@pytest.mark.usefixtures("pages")
def test_every_verb_is_run_here_or_tells_nothing_of_records():
    """A new verb must be run below, or be named among those that cannot tell."""
    assert {f"verb:{verb}" for verb in {*RUN, *NOT_RUN}} == set(of_kind(Kind.COMMAND))


@pytest.fixture
def printed(monkeypatch, capsys, tmp_path):
    """What a verb prints when it works on the node of a world."""

    def run(verb, desk, name):
        # Age draws a new key for each parcel; the words of a file would differ by that alone.
        monkeypatch.setattr(keys, "age_encrypt", lambda plain, recipient: b"sealed" + plain)

        @contextmanager
        def opened(folder, *, alone=False, authority=None):
            yield Node(settings=None, keyring=None, desk=desk, card=card_of(desk.me))

        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        monkeypatch.setattr(verbs, "open_node", opened)
        monkeypatch.setattr(proving, "open_node", opened)
        monkeypatch.setattr(stick_verbs, "open_node", opened)
        monkeypatch.setattr(verbs, "read_settings", lambda folder: Namespace(card=Path("card")))
        monkeypatch.setattr(verbs, "read_own_card", lambda settings: card_of(desk.me))
        other = {"MOD": "MPA", "JCC": "MPA"}.get(desk.me, "MOD")
        asked = Namespace(
            folder=folder,
            stick=folder,
            to=PartyCode(other),
            renew=False,
            qr=None,
            json=False,
            of=None,
            out=None,
        )
        code = verbs.VERBS[verb](asked, Terminal("en"))
        told_now = capsys.readouterr()
        return code, told_now.out, told_now.err

    return run


@pytest.mark.parametrize("verb", RUN)
@TO_PARTNERS
def test_a_verb_at_a_partners_node_prints_the_same(printed, case, verb):
    """Sizes, roots, words and reports at the partner's node depend on nothing hidden from it."""
    with telling(case, anew=verb in SENDS) as pair:
        calm, busy = (printed(verb, world.desk(pair.party), word) for world, word in pair.worlds())
        assert calm == busy
        assert 0 == calm[0]


@pytest.mark.parametrize("verb", RUN)
def test_a_verb_tells_the_administrator_numbers_and_no_content(printed, verb):
    """At the own node only what is declassified differs: lengths, roots, the words of a file."""
    with telling(Case.ADMINISTRATOR, anew=verb in SENDS) as pair:
        calm, busy = (printed(verb, world.desk("MPA"), word) for world, word in pair.worlds())
        assert NUMBERS.sub("-", calm[1]) == NUMBERS.sub("-", busy[1])
        assert calm[0] == busy[0]
        assert "zq" not in calm[1] + calm[2] + busy[1] + busy[2]


# The running log ---------------------------------------------------------------------------------


def logged(world, me, other):
    """The lines of a node's log while it exchanges with a partner until nothing is left."""
    stream = io.StringIO()

    class Across:
        async def carry(self, party, number, parcel):
            return exchange.answer(world.desk(other), parcel)

    async def work(call, *args, **named):
        return call(*args, **named)

    loop = ExchangeLoop(world.desk(me), Across(), work, NodeLog(world.clock, stream))
    asyncio.run(loop.level(PartyCode(other)))
    return stream.getvalue()


def test_the_log_of_a_partner_says_the_same():
    """Lines of the partner's node depend on nothing hidden from it."""
    with told(Case.PARTNER) as pair:
        calm, busy = (logged(world, "MOD", "MPA") for world, _ in pair.worlds())
        assert calm == busy


def test_the_log_holds_numbers_and_codes_alone():
    """A line of the own node's log tells how many entries went, and nothing of what they are."""
    with told(Case.LOW) as pair:
        for world, word in pair.worlds():
            lines = logged(world, "MPA", "MOD")
            assert word not in lines
            for line in map(json.loads, lines.splitlines()):
                assert {"at", "event", "party", "number", "sent", "accepted"} == set(line)


# Error pages -------------------------------------------------------------------------------------


def test_error_pages_say_the_same(pages, monkeypatch):
    """Not found, malformed, forged and failed: the words depend on nothing that is hidden."""

    def broken(*_):
        raise RuntimeError("zqsecret in a traceback")

    with browsers(kept(Case.LOW), "duty-officer") as (calm, busy):
        for ask in (
            lambda one: one.get("/no-such-page"),
            lambda one: one.get("/log", host="elsewhere"),
            lambda one: one.ask("POST", "/log", body=b"text=x"),
        ):
            assert_same("error", ask(calm), ask(busy))
        monkeypatch.setattr(read, "page", broken)
        one, other = calm.get("/incidents"), busy.get("/incidents")
        assert_same(BROKEN, one, other)
        assert 500 == one.status
        assert b"zqsecret" not in one.body
        assert b"Traceback" not in one.body
