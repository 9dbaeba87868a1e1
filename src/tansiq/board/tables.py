"""The board's tables. None of them is truth: ``tansiq rebuild`` drops and folds them again."""

from typing import Final

# A record's key is "OWNER/id": a partner that writes under the id of another's record only makes a
# record of its own.
# ``record`` holds one row a record: its newest edition, as far as lists, the map and the release
# filter need it. The
# content itself stays in the log entry that (log, seq) points at, so that erasing the entry erases
# the content.
# Random keys cost a page of the journal each, the more the larger the table: ``edition`` therefore
# points at ``record.id``, which grows with time, and ``content`` names only those entries of a
# release that ``received.seq`` does not.
# ``unknown`` holds, for each label under which editions of a record name an unknown, when the first
# of them was made: who may not read that label must not learn that it was asked before. ``open`` is
# what the newest edition says; ``left_open`` what each edition leaves open, for what is asked as of
# an earlier moment. What is not known stands in the entry alone, like all content.
# ``chunk`` is where the bytes of files stand: own ones in the journal, a partner's in the log of
# what came beside its feed; ``n`` orders them, ``release`` is empty for own ones.
# ``f1`` to ``f6`` are the facets of the record's kind as numbers (``domain.kinds.facets``), 0 = not
# said or no such facet; ``due`` is the moment by which a calendar places it. ``newer`` is the label
# of a newer edition that is held. ``received.held`` is why its owner was told that it is held here,
# ``release.held`` why a partner said so; empty where it is not.
# ``came`` is when this node wrote or accepted what stands. ``superseded`` holds the rows
# of editions that a newer one took the place of, and ``stage`` since when the lanes of a root stand
# where: what a list needs that is asked as of an earlier moment (``board.as_of``).
TABLES: Final = {
    # By what the board was folded, and which tables that made (``board.folding``).
    "folding": "CREATE TABLE folding (digest TEXT NOT NULL, tables TEXT NOT NULL)",
    "label": """CREATE TABLE label (
        id INTEGER PRIMARY KEY, owner TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (owner, text))""",
    "record": """CREATE TABLE record (
        id INTEGER PRIMARY KEY, record TEXT NOT NULL UNIQUE, owner TEXT NOT NULL,
        kind TEXT NOT NULL, state TEXT NOT NULL, label INTEGER NOT NULL REFERENCES label(id),
        embargo INTEGER NOT NULL, expires INTEGER NOT NULL, moment INTEGER NOT NULL,
        turn INTEGER NOT NULL, at INTEGER NOT NULL, lat INTEGER, lon INTEGER, cell INTEGER,
        due INTEGER, f1 INTEGER NOT NULL, f2 INTEGER NOT NULL, f3 INTEGER NOT NULL,
        f4 INTEGER NOT NULL, f5 INTEGER NOT NULL, f6 INTEGER NOT NULL,
        log INTEGER NOT NULL, seq INTEGER NOT NULL,
        editions INTEGER NOT NULL, received TEXT, newer TEXT, came INTEGER NOT NULL)""",
    "tally": """CREATE TABLE tally (
        kind TEXT NOT NULL, label INTEGER NOT NULL, facet INTEGER NOT NULL, value INTEGER NOT NULL,
        state TEXT NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (kind, label, facet, value, state))""",
    "edition": """CREATE TABLE edition (
        record INTEGER NOT NULL, log INTEGER NOT NULL, seq INTEGER NOT NULL, received TEXT,
        label INTEGER NOT NULL REFERENCES label(id), PRIMARY KEY (record, log, seq))""",
    "superseded": """CREATE TABLE superseded (
        id INTEGER PRIMARY KEY, record INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
        label INTEGER NOT NULL REFERENCES label(id), came INTEGER NOT NULL, moment INTEGER NOT NULL,
        turn INTEGER NOT NULL, lat INTEGER, lon INTEGER, due INTEGER,
        f1 INTEGER NOT NULL, f2 INTEGER NOT NULL, f3 INTEGER NOT NULL, f4 INTEGER NOT NULL,
        f5 INTEGER NOT NULL, f6 INTEGER NOT NULL, log INTEGER NOT NULL, seq INTEGER NOT NULL,
        received TEXT, words TEXT NOT NULL)""",
    "stage": """CREATE TABLE stage (
        record INTEGER NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (record, at))""",
    "unknown": """CREATE TABLE unknown (
        record INTEGER NOT NULL, item TEXT NOT NULL, label INTEGER NOT NULL REFERENCES label(id),
        since INTEGER NOT NULL, open INTEGER NOT NULL, PRIMARY KEY (record, item, label))""",
    "left_open": """CREATE TABLE left_open (
        record INTEGER NOT NULL, log INTEGER NOT NULL, seq INTEGER NOT NULL, item TEXT NOT NULL,
        PRIMARY KEY (record, log, seq, item))""",
    # What is in stock: of each batch how much, under which label, and the record that began it.
    "stock": """CREATE TABLE stock (
        batch TEXT NOT NULL, label INTEGER NOT NULL REFERENCES label(id), n INTEGER NOT NULL,
        began TEXT NOT NULL, PRIMARY KEY (batch, label))""",
    # The own items of this node beside the shared catalogue of supplies.
    "own_item": "CREATE TABLE own_item (code TEXT PRIMARY KEY, said TEXT NOT NULL)",
    # What takes up room, by the record's number: a circle around it (``board.hulls``), and cells
    # of the globe with the days and times in which it is found.
    "hull": """CREATE TABLE hull (
        number INTEGER PRIMARY KEY, lat INTEGER NOT NULL, lon INTEGER NOT NULL,
        reach INTEGER NOT NULL)""",
    "cell": """CREATE TABLE cell (
        cell INTEGER NOT NULL, day INTEGER NOT NULL, begins INTEGER NOT NULL,
        until INTEGER NOT NULL, number INTEGER NOT NULL)""",
    "link": """CREATE TABLE link (
        source TEXT NOT NULL, field TEXT NOT NULL, target TEXT NOT NULL,
        PRIMARY KEY (target, field, source))""",
    "release": """CREATE TABLE release (
        release TEXT PRIMARY KEY, record TEXT NOT NULL, party TEXT NOT NULL, rule TEXT NOT NULL,
        edition INTEGER NOT NULL, journal INTEGER NOT NULL, automatic INTEGER NOT NULL,
        approvers INTEGER NOT NULL, prepared_by TEXT NOT NULL, prepared_at INTEGER NOT NULL,
        approvals TEXT NOT NULL, approved_at INTEGER NOT NULL, declined_at INTEGER NOT NULL,
        due INTEGER NOT NULL, feed_seq INTEGER, released_at INTEGER NOT NULL,
        delivered_at INTEGER NOT NULL, read_at INTEGER NOT NULL, read_by TEXT NOT NULL,
        superseded_at INTEGER NOT NULL, recalled_at INTEGER NOT NULL, recall_reason TEXT NOT NULL,
        recall_seq INTEGER, recall_delivered_at INTEGER NOT NULL, purged_at INTEGER NOT NULL,
        purged_read_by TEXT NOT NULL, purged_shown_to TEXT NOT NULL DEFAULT '',
        purged_shown INTEGER NOT NULL DEFAULT 0, purged_cause TEXT NOT NULL,
        expires INTEGER NOT NULL, declined_by TEXT NOT NULL, files TEXT NOT NULL,
        held TEXT NOT NULL DEFAULT '', held_at INTEGER NOT NULL DEFAULT 0,
        whole_at INTEGER NOT NULL DEFAULT 0, spoilt_at INTEGER NOT NULL DEFAULT 0)""",
    # Who prepared a release that waits for a second person, and who approved it until now.
    "decider": """CREATE TABLE decider (
        release TEXT NOT NULL, person TEXT NOT NULL, prepared INTEGER NOT NULL,
        PRIMARY KEY (release, person))""",
    "ending": """CREATE TABLE ending (
        record TEXT NOT NULL, party TEXT NOT NULL, PRIMARY KEY (record, party))""",
    "received": """CREATE TABLE received (
        release TEXT PRIMARY KEY, record TEXT NOT NULL, owner TEXT NOT NULL,
        seq INTEGER NOT NULL, at INTEGER NOT NULL,
        read_at INTEGER NOT NULL, read_by TEXT NOT NULL, shown_to TEXT NOT NULL DEFAULT '',
        recalled_at INTEGER NOT NULL,
        recall_reason TEXT NOT NULL, purged_at INTEGER NOT NULL, expires INTEGER NOT NULL,
        label INTEGER REFERENCES label(id), held TEXT NOT NULL DEFAULT '')""",
    # An edition that this node cannot show (``board.held_editions``).
    "held_edition": """CREATE TABLE held_edition (
        release TEXT PRIMARY KEY, record TEXT NOT NULL, log INTEGER NOT NULL, seq INTEGER NOT NULL,
        kind TEXT NOT NULL, reason TEXT NOT NULL, label TEXT NOT NULL)""",
    "chunk": """CREATE TABLE chunk (
        record TEXT NOT NULL, release TEXT NOT NULL, n INTEGER NOT NULL, log INTEGER NOT NULL,
        seq INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (record, release, n, log))""",
    # A file of which ``party`` is to send the bytes: a partner's that was released here, or an own
    # one that was lost. ``whole_at`` is when they were all there and true, ``spoilt_at`` when they
    # were not true, and are asked for no more.
    "file": """CREATE TABLE file (
        release TEXT NOT NULL, party TEXT NOT NULL, record TEXT NOT NULL, whole_at INTEGER NOT NULL,
        spoilt_at INTEGER NOT NULL, PRIMARY KEY (release, party))""",
    "content": """CREATE TABLE content (
        release TEXT NOT NULL, log INTEGER NOT NULL, seq INTEGER NOT NULL,
        PRIMARY KEY (release, log, seq))""",
    "reference": """CREATE TABLE reference (
        reference TEXT PRIMARY KEY, record TEXT NOT NULL)""",
    "partner": """CREATE TABLE partner (
        party TEXT PRIMARY KEY, card BLOB NOT NULL, public TEXT NOT NULL, authority TEXT NOT NULL,
        trusted_at INTEGER NOT NULL, trusted_by TEXT NOT NULL,
        authorised_at INTEGER NOT NULL, authorised_by TEXT NOT NULL,
        stopped_at INTEGER NOT NULL, stop_code TEXT NOT NULL,
        acknowledged INTEGER NOT NULL, accepted INTEGER NOT NULL, rewound INTEGER NOT NULL,
        named BLOB NOT NULL)""",
    "recovered": """CREATE TABLE recovered (
        party TEXT NOT NULL, first INTEGER NOT NULL, size INTEGER NOT NULL,
        PRIMARY KEY (party, size))""",
    "bare": """CREATE TABLE bare (
        party TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (party, seq))""",
    "card": """CREATE TABLE card (
        card BLOB PRIMARY KEY, party TEXT NOT NULL, node TEXT NOT NULL, public TEXT NOT NULL,
        at INTEGER NOT NULL, size INTEGER NOT NULL, until INTEGER NOT NULL,
        expires INTEGER NOT NULL)""",
    "revocation": """CREATE TABLE revocation (
        public TEXT PRIMARY KEY, party TEXT NOT NULL, node TEXT NOT NULL, paper BLOB NOT NULL,
        reason TEXT NOT NULL, lost INTEGER NOT NULL, at INTEGER NOT NULL, size INTEGER NOT NULL)""",
    "papers_sent": """CREATE TABLE papers_sent (
        party TEXT NOT NULL, seq INTEGER NOT NULL, paper BLOB NOT NULL,
        PRIMARY KEY (party, seq))""",
    "restart": """CREATE TABLE restart (
        party TEXT PRIMARY KEY, asked_by TEXT NOT NULL, asked_at INTEGER NOT NULL,
        reason TEXT NOT NULL)""",
    "new_authority": """CREATE TABLE new_authority (
        party TEXT PRIMARY KEY, card BLOB NOT NULL, asked_by TEXT NOT NULL,
        asked_at INTEGER NOT NULL)""",
    "agreement": """CREATE TABLE agreement (
        party TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, journal INTEGER NOT NULL,
        ours INTEGER NOT NULL, theirs INTEGER NOT NULL, PRIMARY KEY (party, id, version))""",
    "alarm": """CREATE TABLE alarm (
        id INTEGER PRIMARY KEY, party TEXT NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL,
        at INTEGER NOT NULL, seen_at INTEGER NOT NULL)""",
    # What asks for attention. ``number`` is ``record.id``, NULL for what is gone; ``look`` is when
    # the tick is to look at it again, a hint that may be lost.
    "waits": """CREATE TABLE waits (
        id INTEGER PRIMARY KEY, number INTEGER, about TEXT NOT NULL, seat TEXT NOT NULL,
        why TEXT NOT NULL, step TEXT NOT NULL, since INTEGER NOT NULL, due INTEGER NOT NULL,
        haste TEXT NOT NULL, quiet INTEGER NOT NULL, look INTEGER NOT NULL, kind TEXT NOT NULL,
        label INTEGER NOT NULL REFERENCES label(id), embargo INTEGER NOT NULL,
        expires INTEGER NOT NULL, moment INTEGER NOT NULL, turn INTEGER NOT NULL,
        said TEXT NOT NULL, ends INTEGER NOT NULL)""",
    "rung": """CREATE TABLE rung (
        wait INTEGER NOT NULL, bell TEXT NOT NULL, position TEXT NOT NULL, level TEXT NOT NULL,
        heard_at INTEGER NOT NULL, PRIMARY KEY (wait, bell, position))""",
    "called": """CREATE TABLE called (
        wait INTEGER NOT NULL, seq INTEGER NOT NULL, position TEXT NOT NULL, result TEXT NOT NULL,
        at INTEGER NOT NULL, called_by TEXT NOT NULL, PRIMARY KEY (wait, seq))""",
    "duty": """CREATE TABLE duty (
        position TEXT PRIMARY KEY, post TEXT NOT NULL)""",
    "access_entry": """CREATE TABLE access_entry (
        seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, position TEXT NOT NULL,
        person TEXT NOT NULL, act TEXT NOT NULL)""",
    "access_record": """CREATE TABLE access_record (
        record TEXT NOT NULL, seq INTEGER NOT NULL, edition TEXT NOT NULL,
        PRIMARY KEY (record, seq, edition))""",
    "anchor": """CREATE TABLE anchor (
        at INTEGER PRIMARY KEY, journal INTEGER NOT NULL, commitment TEXT NOT NULL)""",
    # Sealed checks, asked by us or of us, and where the bytes of a question or an answer stand.
    "sealed_check": """CREATE TABLE sealed_check (
        party TEXT NOT NULL, ref TEXT NOT NULL, ours INTEGER NOT NULL, record TEXT NOT NULL,
        at INTEGER NOT NULL, came INTEGER NOT NULL, size INTEGER NOT NULL, digest TEXT NOT NULL,
        commitment TEXT NOT NULL, journal INTEGER NOT NULL, told TEXT NOT NULL,
        state TEXT NOT NULL, reason TEXT NOT NULL, ended INTEGER NOT NULL, seat TEXT NOT NULL,
        PRIMARY KEY (party, ref, ours))""",
    "sealed_part": """CREATE TABLE sealed_part (
        party TEXT NOT NULL, ref TEXT NOT NULL, ours INTEGER NOT NULL, n INTEGER NOT NULL,
        log INTEGER NOT NULL, seq INTEGER NOT NULL, bytes INTEGER NOT NULL,
        PRIMARY KEY (party, ref, ours, n))""",
    "sign_on_event": """CREATE TABLE sign_on_event (
        id INTEGER PRIMARY KEY, event TEXT NOT NULL, person TEXT NOT NULL, actor TEXT NOT NULL,
        at INTEGER NOT NULL)""",
    # A release of a root: who is asked, and the moments that clocks ask for. Not sent yet where
    # ``ordinal`` is 0.
    "opening": """CREATE TABLE opening (
        release TEXT PRIMARY KEY, root TEXT NOT NULL, lane TEXT NOT NULL, seat TEXT NOT NULL,
        ordinal INTEGER NOT NULL, moments TEXT NOT NULL, came INTEGER NOT NULL,
        follows TEXT NOT NULL)""",
    # Where a case stands, for who follows its stage only: what was said of it and what is to be.
    "outward": """CREATE TABLE outward (
        release TEXT PRIMARY KEY, root TEXT NOT NULL, told TEXT NOT NULL, stands TEXT NOT NULL,
        at INTEGER NOT NULL)""",
    # When own lanes end by themselves: the clocks whose act the node takes.
    "lane_due": """CREATE TABLE lane_due (
        root TEXT NOT NULL, lane TEXT NOT NULL, clock TEXT NOT NULL, start TEXT NOT NULL,
        at INTEGER NOT NULL, PRIMARY KEY (root, lane, clock))""",
    # Of an own root with several lanes, how many of them are done, in the outward word.
    "answered": """CREATE TABLE answered (
        root TEXT PRIMARY KEY, done INTEGER NOT NULL, asked INTEGER NOT NULL)""",
    # A round of an approval chain about a root: ``wanted`` is what is to leave once all have
    # approved, ``given`` who has, ``ended`` who ended it otherwise; ``release`` is the newest of
    # its lane as it began, ``digest`` marks what an own root says to others.
    "inward": """CREATE TABLE inward (
        id INTEGER PRIMARY KEY, round TEXT NOT NULL UNIQUE, root TEXT NOT NULL, lane TEXT NOT NULL,
        edition INTEGER NOT NULL, release TEXT NOT NULL, digest TEXT NOT NULL,
        positions TEXT NOT NULL, act TEXT NOT NULL, wanted TEXT NOT NULL, haste TEXT NOT NULL,
        each INTEGER NOT NULL, asked TEXT NOT NULL, since INTEGER NOT NULL, given TEXT NOT NULL,
        state TEXT NOT NULL, ended TEXT NOT NULL, reason TEXT NOT NULL, said TEXT NOT NULL)""",
    "lane_end": """CREATE TABLE lane_end (
        root TEXT NOT NULL, lane TEXT NOT NULL, after TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (root, lane))""",
    # A step as it was said. ``root`` is the root's key, or "?/id" of a circle not in hand;
    # ``position`` and ``person`` are who took an own one; a partner's ``waits`` until a release of
    # its root has come.
    "step": """CREATE TABLE step (
        id INTEGER PRIMARY KEY, root TEXT NOT NULL, lane TEXT NOT NULL, author TEXT NOT NULL,
        step TEXT NOT NULL, act TEXT NOT NULL, said TEXT NOT NULL, came INTEGER NOT NULL,
        position TEXT NOT NULL, person TEXT NOT NULL, told TEXT NOT NULL,
        waits INTEGER NOT NULL DEFAULT 0)""",
}
INDEXES: Final = (
    # What a list or a count over thousands of rows compares stands in the index itself, ordered by
    # (moment, turn) after what is looked up: see docs/internals/reading.md.
    """CREATE INDEX record_time ON record (
        kind, moment, turn, label, expires, embargo, lat, lon, state,
        f1, f2, f3, f4, f5, f6, id)""",
    """CREATE INDEX record_cell ON record (
        kind, cell, moment, turn, label, expires, embargo, lat, lon, state,
        f1, f2, f3, f4, f5, f6, id)
        WHERE cell IS NOT NULL""",
    """CREATE INDEX record_label ON record (
        label, kind, moment, turn, expires, embargo, lat, lon, state,
        f1, f2, f3, f4, f5, f6, id)""",
    """CREATE INDEX record_timed ON record (label, expires, embargo)
        WHERE (expires > 0 OR embargo > 0)""",
    """CREATE INDEX record_due ON record (
        kind, due, turn, label, expires, embargo, lat, lon, state,
        f1, f2, f3, f4, f5, f6, id)
        WHERE due IS NOT NULL""",
    # What came since a moment, of each kind: the newest end of it alone.
    "CREATE INDEX record_came ON record (kind, came, turn, label, expires, embargo, id)",
    "CREATE INDEX superseded_time ON superseded (kind, moment, turn, came, label)",
    "CREATE INDEX superseded_record ON superseded (record, id, came, label)",
    # What the inbox counts: few rows, whatever was answered long ago.
    """CREATE INDEX waits_arrival ON waits (moment, turn, label, expires, embargo, kind, id)
        WHERE why = 'arrival'""",
    "CREATE INDEX waits_other ON waits (why, step, label) WHERE why <> 'arrival'",
    "CREATE INDEX waits_due ON waits (due, label, id) WHERE due > 0",
    "CREATE INDEX waits_hasty ON waits (label, id) WHERE haste IN ('safety', 'flash')",
    "CREATE INDEX waits_number ON waits (number, step)",
    "CREATE INDEX rung_sounding ON rung (position, wait) WHERE heard_at = 0",
    "CREATE INDEX waits_look ON waits (look, id)",
    "CREATE INDEX unknown_open ON unknown (label, record, item, since) WHERE open = 1",
    "CREATE INDEX cell_found ON cell (cell, day, begins, until, number)",
    "CREATE INDEX cell_number ON cell (number)",
    "CREATE INDEX sealed_waits ON sealed_check (ours, party, came, ref) WHERE state = 'waiting'",
    "CREATE INDEX sealed_newest ON sealed_check (party, ours, came, ref)",
    "CREATE INDEX sealed_record ON sealed_check (record) WHERE ours = 1",
    "CREATE INDEX link_source ON link (source, field)",
    "CREATE INDEX release_journal ON release (journal)",
    "CREATE INDEX release_record ON release (record, party, feed_seq)",
    "CREATE INDEX release_feed ON release (party, feed_seq)",
    """CREATE INDEX release_by_person ON release (party)
         WHERE automatic = 0 AND feed_seq IS NOT NULL""",
    "CREATE INDEX release_open ON release (feed_seq, due) WHERE feed_seq IS NULL",
    "CREATE INDEX release_sent ON release (party, feed_seq) WHERE delivered_at = 0",
    """CREATE INDEX release_recalled ON release (party, recall_seq)
       WHERE recall_seq IS NOT NULL AND recall_delivered_at = 0""",
    "CREATE INDEX received_recalled ON received (owner) WHERE purged_at = 0 AND recalled_at > 0",
    "CREATE INDEX chunk_log ON chunk (log, seq)",
    "CREATE INDEX chunk_release ON chunk (release, n)",
    "CREATE INDEX file_lacking ON file (party) WHERE whole_at = 0 AND spoilt_at = 0",
    "CREATE INDEX received_expires ON received (expires) WHERE purged_at = 0 AND expires > 0",
    "CREATE INDEX received_held ON received (release) WHERE held <> ''",
    "CREATE INDEX held_edition_record ON held_edition (record, seq)",
    "CREATE INDEX opening_root ON opening (root, lane)",
    "CREATE INDEX opening_seat ON opening (seat, root)",
    "CREATE INDEX outward_root ON outward (root)",
    "CREATE INDEX outward_due ON outward (root) WHERE told <> stands",
    "CREATE INDEX lane_due_at ON lane_due (at)",
    "CREATE INDEX inward_root ON inward (root, id)",
    "CREATE INDEX step_waits ON step (author, id) WHERE waits = 1",
    "CREATE INDEX step_id ON step (step)",
    "CREATE UNIQUE INDEX step_of ON step (root, lane, author, step)",
)
