"""What a set of entries does is what its entries do one after the other."""

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.board import received
from tansiq.board.reading import content_of
from tansiq.desk.proof import checking
from tansiq.desk.records import importing
from tansiq.desk.records.importing import Item
from tansiq.domain.kinds import KINDS
from tansiq.domain.records import reference
from tansiq.log.canonical import encode
from tansiq.log.merkle import leaf_hash
from tansiq.log.store import Entry, in_log
from tests.world import START, incident, line, rule, to, uuid_of, worlds

IDS = [uuid_of(f"set {n}") for n in range(4)]


def edition(release, record, **change):
    """An edition for MOD, with what makes it differ."""
    body = {**incident().body, "text": change.pop("text", "Fire"), **change.pop("body", {})}
    return {
        "type": "edition", "release": release, "record": record, "kind": "incident", "v": 1, "k": 1,
        "state": "reported", "label": to("MOD").to_json(), "body": body, "position": "cleared",
        "purpose": "coordination", "rule": "R-MPA", "at": START, **change,
    }  # fmt: skip


CHANGES = st.sampled_from(
    [
        {}, {"text": "Flood"}, {"state": "confirmed"}, {"state": "?"}, {"kind": "later"},
        {"kind": None}, {"v": 2}, {"label": {}}, {"label": to("MOD", expires=START + 9).to_json()},
        {"body": {"same_as": IDS[:2]}}, {"body": {"place": 7}}, {"release": "x"},
    ]
)  # fmt: skip
EDITIONS = st.builds(
    lambda release, record, change: edition(**{"release": release, "record": record, **change}),
    st.sampled_from(IDS), st.sampled_from(IDS), CHANGES,
)  # fmt: skip
RECALLS = st.builds(
    lambda record, releases: {
        "type": "recall", "record": record, "releases": releases, "reason": "error", "at": START,
    },
    st.sampled_from(IDS), st.lists(st.sampled_from(IDS), max_size=2),
)  # fmt: skip
CHUNKS = st.builds(
    lambda release, record, n: {
        "type": "chunk", "release": release, "record": record, "n": n, "of": 3, "data": "",
    },
    st.sampled_from(IDS), st.sampled_from(IDS), st.integers(0, 3),
)  # fmt: skip


def board_after(recalls, items, size):
    """MOD's board and the faults after these entries of MPA, folded in sets of ``size``."""
    with worlds("MPA", "MOD") as made:
        desk = made.desk("MOD")
        run = []
        for seq, item in enumerate([*recalls, *items]):
            data = encode(item)
            entry = Entry(seq=seq, leaf=leaf_hash(data), data=data)
            run.append((entry, content_of(item)))
        faults, begin = [], 0 if size >= len(run) else len(recalls)
        with desk.act():
            desk.store.append(in_log("MPA"), [entry.data for entry, _ in run])
            if begin:  # a run comes in parts only if no recall is in it
                faults += received.receive(desk.board, "MPA", [run[:begin]], START).unusable
            parts = (run[at : at + size] for at in range(begin, len(run), size))
            faults += received.receive(desk.board, "MPA", parts, START).unusable
        return checking.snapshot(desk), faults


@settings(max_examples=60, deadline=None)
@given(
    recalls=st.lists(RECALLS, max_size=3), items=st.lists(EDITIONS | CHUNKS, min_size=1, max_size=9)
)
def test_a_run_of_a_feed_may_be_cut_anywhere(recalls, items):
    """Editions, files and what cannot be used, behind recalls: one set, pairs, or one by one."""
    whole = board_after(recalls, items, 99)
    assert whole == board_after(recalls, items, 1)
    assert whole == board_after(recalls, items, 2)


def test_the_comparison_of_runs_is_not_empty():
    """Two editions of one record and a third that cannot be used leave what they should."""
    bad = edition(IDS[2], IDS[1], state="?")
    tables, faults = board_after([], [edition(IDS[0], IDS[1]), edition(IDS[3], IDS[1]), bad], 99)
    assert (len(tables["record"]), len(tables["edition"]), len(tables["received"])) == (1, 2, 2)
    assert (len(tables["content"]), faults) == (1, [(2, "wire_form")])


DRAFTS = st.builds(
    lambda kind, name, text, parties: kind(to(*parties), source_ref=f"r:{name}", text=text)
    if kind is incident
    else kind(to(*parties), text=text),
    st.just(incident), st.integers(0, 4), st.sampled_from(["one", "two"]),
    st.sampled_from([(), ("MOD",), ("MOD", "COA")]),
)  # fmt: skip


def imported(drafts, size):
    """What an import in batches of ``size`` leaves with the owner and with its partners."""
    with worlds("MPA", "MOD", "COA") as made:
        for other in ("MOD", "COA"):
            made.agree("MPA", other, rule("MPA", "FAST", automatic=True))
        desk, outcomes = made.desk("MPA"), []
        for at in range(0, len(drafts), size):
            items = [
                Item(draft=draft, owned=frozenset(draft.body)) for draft in drafts[at : at + size]
            ]
            with made.names.under(f"batch {at}"):
                outcomes += importing.keep(desk, made.actor("MPA"), items)
        for other in ("MOD", "COA"):
            made.exchange("MPA", other)
        parts = [told(made.desk(party)) for party in ("MPA", "MOD", "COA")]
        for once in (1, 1_000):
            with patch.object(checking, "FOLDED_AT_ONCE", once):
                assert checking.fsck(desk, lambda _log, _count: None) == []
        return outcomes, parts


def named_less(key, words):
    """The words by which a record is found, without its reference, which is made of its id."""
    first, _, rest = words.partition(" ")
    assert first == reference(key.rpartition("/")[2]).lower()
    return rest


def told(desk):
    """The board without the ids, which are drawn in the order of the work."""
    tables = checking.snapshot(desk)
    words, labels = dict(tables["words"]), {row[0]: row[1:] for row in tables["labels"]}
    found = desk.database.rows("SELECT record, kind, state, editions, received FROM record")
    rows = sorted(
        (named_less(key, words[key]), labels[key], kind, state, editions, received is None)
        for key, kind, state, editions, received in found
    )
    sent = desk.database.rows(
        """SELECT party, rule, edition, automatic, superseded_at > 0, delivered_at > 0 FROM release
           ORDER BY 1, 2, 3, 5"""
    )
    return rows, sent


@settings(max_examples=25, deadline=None)
@given(drafts=st.lists(DRAFTS, min_size=1, max_size=6))
def test_an_import_may_be_cut_anywhere(drafts):
    """One batch or many: the same records, releases and editions, here and with the partners."""
    assert imported(drafts, 1) == imported(drafts, 99)


def test_kinds_with_links_take_the_same_way_alone():
    """What points at other records is asked for what the partner knows, in a set as alone."""
    assert any(kind.links for kind in KINDS.values())
    drafts = [incident(to("MOD"), source_ref="r:1"), incident(to("MOD"), source_ref="r:2")]
    outcomes, parts = imported(drafts, 99)
    assert (len(outcomes), len(parts[1][0])) == (2, 2)
    assert line().kind in KINDS
