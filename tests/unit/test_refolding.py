"""After an update the board is folded anew: whole or not at all, once, and before anything else."""

import fcntl
import json
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO

import pytest

from tansiq.board import folding
from tansiq.desk.proof import checking
from tansiq.desk.records import read
from tansiq.domain.kinds.facets import Facet
from tansiq.node import refolding
from tansiq.node.founding import LOCK, open_node
from tansiq.node.journal_log import NodeLog
from tests.commands import said, tansiq
from tests.contract.desks import MPA, desk_of, found
from tests.versions import INCIDENT_SIREN, exchanged, planted
from tests.world import incident, refusal, to, worlds

SIREN_FACET = replace(INCIDENT_SIREN, due="observed", facets=(Facet(field="category"),))


@pytest.fixture
def town():
    """MPA and MOD, whose boards this program folded."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        for desk in made.desks.values():
            checking.fold_anew(desk, quiet)
        yield made


@pytest.fixture
def node(tmp_path):
    """A founded node."""
    return found(tmp_path, MPA, store="sqlite")


def quiet(_log, _entries):
    """Nobody looks."""


def test_a_new_field_costs_nothing(town):
    """Who has it says it; who has not leaves it out, and has it from the log after the update."""
    with planted(INCIDENT_SIREN):
        record = town.write("MPA", "fire", incident(to("MOD"), significant=True))
        town.release("MPA", record, "MOD", "R-MPA")
    exchanged(town, "MPA", "MOD", INCIDENT_SIREN)
    desk, viewer = town.desk("MOD"), town.viewer("MOD")
    shown = read.record(desk, viewer, "MPA", record).value
    assert ("significant" in shown.body, shown.newer) == (False, False)
    assert not checking.outdated(desk)
    with planted(SIREN_FACET):
        assert checking.outdated(desk)
        checking.fold_anew(desk, quiet)
        assert not checking.outdated(desk)
        assert read.record(desk, viewer, "MPA", record).value.body["significant"] is True
        assert desk.database.rows("SELECT due IS NULL FROM record") == [(0,)]
        assert checking.fsck(desk, quiet) == []
    assert checking.outdated(desk)


@pytest.mark.parametrize(
    "change", [{"facets": ()}, {"states": ("reported",)}, {"inbox": False}, {"moment": ""}]
)
def test_what_a_kind_declares_is_part_of_the_digest(town, change):
    """What the tables have of a kind; how lists show it is not."""
    desk = town.desk("MPA")
    with planted(replace(INCIDENT_SIREN, fields=INCIDENT_SIREN.fields[:-1], ways=frozenset())):
        assert not checking.outdated(desk)
    with planted(replace(INCIDENT_SIREN, fields=INCIDENT_SIREN.fields[:-1], **change)):
        assert checking.outdated(desk)


def test_the_program_that_folds_is_part_of_the_digest(monkeypatch):
    """Every module that folding imports, at any remove, and none that it does not."""
    names = {name for name, _ in folding._modules()}
    assert {"tansiq.board.waits", "tansiq.domain.cases.lane", "tansiq.domain.search"} <= names
    assert {"tansiq.domain.kinds.watch.incident", "tansiq.log.canonical"} <= names
    assert not any(name.startswith(("tansiq.desk", "tansiq.web", "tansiq.node")) for name in names)
    assert "tansiq.board.queries" not in names
    before, source = folding.program.__wrapped__(), folding._source
    monkeypatch.setattr(folding, "_source", lambda name: source(name) and source(name) + " ")
    assert folding.program.__wrapped__() != before


def test_tables_of_an_older_program_are_gone(town):
    """Columns are the new ones, and what no table is made for any more leaves no content behind."""
    desk = town.desk("MPA")
    town.write("MPA", "fire", incident())
    with desk.database.transaction():
        desk.database.run("ALTER TABLE record DROP COLUMN newer")
        desk.database.run("CREATE TABLE told_before (words TEXT)")
        desk.database.run("UPDATE folding SET digest = 'old', tables = tables || ' told_before'")
    assert checking.outdated(desk)
    checking.fold_anew(desk, quiet)
    assert "newer" in desk.database.columns("record")
    assert not desk.database.has_table("told_before")
    assert checking.fsck(desk, quiet) == []


def test_a_stop_halfway_leaves_the_board_as_it_was(town):
    """Nothing is lost, and the next start begins again."""
    desk = town.desk("MPA")
    town.write("MPA", "fire", incident())
    before = checking.snapshot(desk)

    def stop(_log, _entries):
        raise KeyboardInterrupt

    with planted(INCIDENT_SIREN):
        with pytest.raises(KeyboardInterrupt):
            checking.fold_anew(desk, stop)
        assert checking.outdated(desk)
    assert checking.snapshot(desk) == before
    assert not checking.outdated(desk)


def test_an_opened_node_is_folded_anew_once_and_says_so(node):
    """Any verb does it, on the error stream: what was asked is answered as ever."""
    first = tansiq("card", node.folder)
    with planted(INCIDENT_SIREN):
        said(tansiq("fsck", node.folder), 0, "The program was updated", "rebuilt. Journal")
        again = tansiq("fsck", node.folder)
        assert "updated" not in again.stdout + again.stderr
        assert tansiq("card", node.folder).stdout == first.stdout


def test_a_backup_of_an_older_program_is_folded_where_it_is_restored(node, tmp_path):
    """Its tables are not asked before that: what an older program made may lack what is asked."""
    kept, again = tmp_path / "backup.tsq", tmp_path / "again"
    words = "five quiet words of ours\n"
    said(tansiq("backup", node.folder, kept, typed=words), 0)
    with planted(INCIDENT_SIREN):
        said(tansiq("restore", kept, again, typed=words), 0)
        assert "updated" not in tansiq("fsck", again).stderr


def test_a_founded_node_is_this_programs(node):
    """Its first start folds nothing."""
    with desk_closed(node) as desk:
        assert not checking.outdated(desk)


@contextmanager
def desk_closed(node):
    desk = desk_of(node)
    try:
        yield desk
    finally:
        desk.database.close()


def test_nobody_else_works_on_a_node_that_is_folded_anew(node):
    """A node that another program has open is not touched, and the person is told what to do."""
    with (node.folder / LOCK).open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        with planted(INCIDENT_SIREN), refusal("board_outdated"), open_node(node.folder):
            pytest.fail("the node was opened")
    with planted(INCIDENT_SIREN), open_node(node.folder), open_node(node.folder) as opened:
        assert not checking.outdated(opened.desk)


def test_a_served_node_notes_it_in_its_log(node, monkeypatch):
    """It begins, how far it is, and it is done: an event and whole numbers."""
    lines = StringIO()
    monkeypatch.setattr(refolding, "NodeLog", lambda clock: NodeLog(clock, lines))
    with planted(INCIDENT_SIREN), open_node(node.folder, shown=refolding.InLog()) as opened:
        size = opened.desk.store.head("journal").size
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [line["event"] for line in told] == ["folding", "folding", "folded"]
    assert told[-1]["entries"] == size
