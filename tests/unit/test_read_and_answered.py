"""What is told of reading and answering: once, and by what came, whatever a clock says."""

from unittest.mock import patch

import pytest

from tansiq.desk.records import read, say
from tansiq.desk.release import releasing
from tansiq.log.store import out_log
from tests.world import incident, to, worlds


@pytest.fixture
def town():
    """Two parties that have agreed."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        yield made


def received(town):
    """An incident of MPA that MOD has, as MOD's view."""
    record = town.write("MPA", "fire", incident(to("MOD")))
    town.release("MPA", record, "MOD", "R-MPA")
    town.exchange("MPA", "MOD")
    return read.record(town.desk("MOD"), town.viewer("MOD"), "MPA", record)


def test_a8_two_windows_that_open_a_record_at_once_read_it_once(town):
    """Whether it is new is decided in the transaction that says so; what is gone is not read."""
    view = received(town)
    mod, actor = town.desk("MOD"), town.actor("MOD")
    read.mark_read(mod, actor, view)
    with patch.object(read, "_unread_by", side_effect=[object(), None]):  # asked just before that
        read.mark_read(mod, actor, view)
    said = reads(mod)
    assert len(said) == 1
    releasing.recall(town.desk("MPA"), town.actor("MPA"), view.value.record, "MOD", "error")
    town.exchange("MPA", "MOD")
    read.mark_read(mod, town.actor("MOD", "duty-officer"), view)
    assert reads(mod) == said


def test_d9_an_answer_by_a_slow_clock_counts(town):
    """What came after the release left was said about it, whatever the partner's clock says."""
    view = received(town)
    mod = town.desk("MOD")
    mod.clock = Slow(town.clock, 90_000)
    say.reply(mod, town.actor("MOD"), "acknowledgement", about=view.value, body={})
    town.exchange("MPA", "MOD")
    (state,) = read.releases_of(town.desk("MPA"), town.viewer("MPA"), view.value.record)
    assert state.state == "acknowledged"


class Slow:
    """A clock that is behind another one."""

    def __init__(self, clock, milliseconds):
        self.clock, self.behind = clock, milliseconds

    def now(self):
        return self.clock.now() - self.behind


def reads(desk):
    """What this node told its partner to have read."""
    told = [entry.data for entry in desk.store.scan(out_log("MPA"))]
    return [data for data in told if data and b'"type":"read"' in data]
