"""What fsck says of damage: which entries, what they concern, who has a copy, what is safe."""

import json

import pytest

from tansiq.desk.proof import anchors, damages
from tansiq.domain.wording import LANGUAGES, catalogue
from tansiq.log.store import JOURNAL, out_log
from tests.world import HOUR, incident, to, worlds


@pytest.fixture
def town():
    """MPA has released two records to MOD, which signed for them and for an anchor; then a third
    was written.
    """
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        for name in ("one", "two"):
            record = made.write("MPA", name, incident(to("MOD")))
            made.release("MPA", record, "MOD", "R-MPA")
        made.clock.time += 6 * HOUR
        anchors.tick(made.desk("MPA"))
        made.exchange("MPA", "MOD")
        made.write("MPA", "three", incident())
        yield made


def spoil(desk, log, *seqs):
    """What a bad disk does: bytes that no longer fit their leaf."""
    for seq in seqs:
        desk.database.run(
            "UPDATE entry SET data = ? WHERE log = ? AND seq = ?",
            (b"{}", desk.store.id_of(log), seq),
        )


def examined(desk):
    return damages.examine(desk, lambda *_: None)


def test_a_whole_node_has_no_findings_and_says_what_is_proved(town):
    """The feed is safe as MOD signed for it, the journal as far as the anchor that MOD holds."""
    found = examined(town.desk("MPA"))
    assert () == found.findings
    safe = {item.log: item for item in found.safe}
    assert "MOD" in {safe[out_log("MOD")].by, "MOD"}
    assert safe[out_log("MOD")].entries == safe[out_log("MOD")].size
    assert ("MOD", True) == (safe[JOURNAL].by, 0 < safe[JOURNAL].entries < safe[JOURNAL].size)


def test_damages_side_by_side_are_one_finding_with_its_records(town):
    """Two entries of the feed: one run, two records, MOD has a copy, and the next step is to ask
    it.
    """
    desk = town.desk("MPA")
    sent = [e.seq for e in desk.store.scan(out_log("MOD")) if b'"edition"' in e.data]
    spoil(desk, out_log("MOD"), *sent)
    (finding,) = examined(desk).findings
    assert (sent[0], sent[-1], "entry_changed") == (finding.first, finding.last, finding.code)
    assert (2, ("MOD",), "partner") == (finding.records, finding.holders, finding.step)


def test_a_damaged_journal_is_safe_up_to_the_anchor_before_it(town):
    """The last edition is damaged: what the anchor covers is proved, the rest needs a backup."""
    desk = town.desk("MPA")
    last = [e.seq for e in desk.store.scan(JOURNAL) if b'"edition"' in e.data][-1]
    spoil(desk, JOURNAL, last)
    found = examined(desk)
    (finding,) = found.findings
    assert (last, 1, (), "backup") == (
        finding.first, finding.records, finding.holders, finding.step,
    )  # fmt: skip
    assert 0 < finding.after <= town.clock.now()
    safe = next(item for item in found.safe if item.log == JOURNAL)
    assert ("MOD", True) == (safe.by, 0 < safe.entries <= last)


def test_nothing_is_called_safe_behind_a_damage(town):
    """The first entry of the journal is damaged: no anchor covers anything certain."""
    desk = town.desk("MPA")
    spoil(desk, JOURNAL, 0)
    safe = next(item for item in examined(desk).safe if item.log == JOURNAL)
    assert (0, "") == (safe.entries, safe.by)


def test_lists_that_differ_need_a_rebuild(town):
    """The logs are whole, the board is not."""
    desk = town.desk("MPA")
    desk.database.run("DELETE FROM access_record")
    desk.database.run("UPDATE record SET state = 'closed'")
    assert [("board", "rebuild")] == [(f.log, f.step) for f in examined(desk).findings]


def test_what_was_found_can_be_read_by_machines(town):
    """JSON with both lists; each code and step has words in each language."""
    desk = town.desk("MPA")
    spoil(desk, JOURNAL, 3)
    plain = json.loads(json.dumps(examined(desk).to_json()))
    assert {"damages", "safe"} == set(plain)
    for finding in plain["damages"]:
        for key in (f"damage.{finding['code']}", f"cli.fsck.step_{finding['step']}"):
            assert 3 == len({catalogue()[key].of(language) for language in LANGUAGES})
