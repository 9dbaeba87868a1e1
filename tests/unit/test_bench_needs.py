"""The logs that the bench of support is made of: what they say is what the desks' own acts said."""

from collections import Counter

from bench import needs
from tansiq.board import lanes
from tansiq.board.board import key_of
from tansiq.desk.proof import checking
from tansiq.domain.cases import stands
from tests.world import worlds

STANDS = {
    "waiting": ["received"], "promised": ["approved"], "partly": ["partly_delivered"],
    "closed": ["closed"], "two lanes": ["approved", "rejected"], "asked of us": ["received"],
    "closed by us": ["closed"],
}  # fmt: skip


def test_what_is_written_again_stands_as_what_was_led(monkeypatch):
    """Every life is folded from its copied entries to the stage to which it was led, with ids of
    its own, and the feeds hold what the journal says of them.
    """
    monkeypatch.setattr(needs, "PLACES", 1)
    with worlds(needs.ME, *needs.OTHERS) as made:
        desk = needs.agreed(made).desk(needs.ME)
        steps, newest = needs.write(desk, 3 * len(needs.LIVES))
        checking.rebuild(desk, lambda _log, _entries: None)
        held = desk.database.rows("SELECT kind FROM record")
        assert Counter(str(kind) for (kind,) in held) == {"support": 3 * len(needs.LIVES)}
        assert desk.database.rows("SELECT COUNT(*) FROM step") == [(steps,)]
        assert desk.database.rows("SELECT COUNT(*) FROM step WHERE waits = 1") == [(0,)]
        for life, root in newest.items():
            held = lanes.of_root(desk.board, key_of(*root))
            declared = lanes.case_of("support")
            assert sorted(stands(declared, one.lane).stage for one in held) == STANDS[life]
        unsent = "SELECT COUNT(*) FROM release WHERE feed_seq IS NULL"
        assert desk.database.rows(unsent) == [(0,)]
