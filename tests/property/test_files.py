"""Whatever happens between two parties: a file is read by exactly those whom the oracle names."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.desk.records import files, read, say
from tansiq.desk.release import releasing
from tansiq.domain.errors import InputError, RefusedError
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Classification, PartyCode
from tests import breadth
from tests.oracle.files import FileLedger
from tests.property.acting import peopled
from tests.world import HOUR, POSITIONS, START, incident, prepare_seen, text_file

OWNER, RECEIVER = "MPA", "MOD"
BOTH = audience_of(PartyCode("MOD"), PartyCode("COA"))
LABELS = st.builds(
    Label,
    classification=st.sampled_from([*[Classification.RESTRICTED] * 3, *Classification]),
    audience=st.sampled_from([BOTH, BOTH, BOTH, ()]),
    categories=st.sampled_from([*[frozenset()] * 3, frozenset({"medical"})]),
    expires=st.sampled_from([0, 0, START + 2 * HOUR]),
)
KINDS = ("write", "revise", "revise", "release", "release", "release", "recall", "exchange",
         "exchange", "wait")  # fmt: skip


@st.composite
def acts(draw):
    """One act; records and files are named by number so that most of them exist."""
    return {
        "act": draw(st.sampled_from(KINDS)),
        "number": draw(st.integers(0, 2)),
        "label": draw(LABELS),
        "new": draw(st.lists(LABELS, max_size=2)),
        "kept": draw(st.lists(st.integers(0, 3), max_size=3, unique=True)),
        "rule": draw(st.sampled_from(["ALL-MPA", "ALL-MPA", "LESS-MPA"])),
        "hide": draw(st.sampled_from([frozenset(), frozenset(), frozenset({"attachments"})])),
    }


class Play:
    """The desks and the ledger, kept in step."""

    def __init__(self):
        self.world, ledger = peopled()
        self.ledger = FileLedger(ledger.agreements)
        self.records, self.files, self.turn = [], [], 0

    @property
    def now(self):
        return self.world.clock.now()

    def do(self, act):
        self.turn += 1
        with self.world.names.under(f"act {self.turn}"):
            getattr(self, f"_{act['act']}")(act)

    def _own(self, record):
        """What the owner wrote, as the journal has it."""
        return releasing.own_edition(self.world.desk(OWNER), record).to_json()

    def _tell(self, kind, record):
        told = {"act": kind, "party": OWNER, "record": record, "edition": self._own(record)}
        self.ledger.play(told, self.now)

    def _draft(self, act):
        desk, actor = self.world.desk(OWNER), self.world.actor(OWNER)
        with desk.act() as current:
            for label in act["new"]:
                file = text_file(f"{len(self.files)}.txt", str(len(self.files)).encode())
                self.files.append(files.attach(current, actor, file, label))
                self._tell("attach", self.files[-1])
        new = self.files[len(self.files) - len(act["new"]) :]
        old = [self.files[n] for n in act["kept"] if n < len(self.files)]
        return incident(act["label"], attachments=list(dict.fromkeys([*old, *new])))

    def _write(self, act):
        self.records.append(
            say.write(self.world.desk(OWNER), self.world.actor(OWNER), self._draft(act))
        )
        self._tell("write", self.records[-1])

    def _chosen(self, act):
        return self.records[act["number"] % len(self.records)] if self.records else None

    def _revise(self, act):
        record, desk, actor = self._chosen(act), self.world.desk(OWNER), self.world.actor(OWNER)
        if record is not None:
            base = say.current(desk, actor, record).value.digest
            say.revise(desk, actor, record, base, self._draft(act))
            self._tell("revise", record)

    def _release(self, act):
        record = self._chosen(act)
        if record is None:
            return
        desk, actor = self.world.desk(OWNER), self.world.actor(OWNER)
        wish = releasing.Wish(
            record=record, to=PartyCode(RECEIVER), rule=act["rule"], hide=act["hide"]
        )
        told = {"act": "release", "party": OWNER, "receiver": RECEIVER, "record": record,
                "rule": act["rule"], "hide": act["hide"], "grain": "exact"}  # fmt: skip
        try:
            prepare_seen(desk, actor, wish)
            allowed = True
        except RefusedError:
            allowed = False
        assert self.ledger.play(told, self.now) == allowed, told

    def _recall(self, act):
        record = self._chosen(act)
        if record is None:
            return
        desk, actor = self.world.desk(OWNER), self.world.actor(OWNER)
        told = {"act": "recall", "party": OWNER, "receiver": RECEIVER, "record": record}
        try:
            releasing.recall(desk, actor, record, PartyCode(RECEIVER), "error")
            allowed = True
        except InputError:
            allowed = False
        assert self.ledger.play(told, self.now) == allowed

    def _exchange(self, _act):
        self.world.exchange(OWNER, RECEIVER)
        self.ledger.play({"act": "exchange", "one": OWNER, "other": RECEIVER}, self.now)

    def _wait(self, _act):
        self.world.clock.time += HOUR

    def read_by(self, party, position):
        """The files that a position can read, by their bytes."""
        desk, viewer, found = self.world.desk(party), self.world.viewer(party, position.code), set()
        for number, file in enumerate(self.files):
            try:
                _, data = read.attachment(desk, viewer, OWNER, file)
            except InputError:
                assert read.named(desk, viewer, [file]) == []
                continue
            assert data == str(number).encode()
            found.add((OWNER, file))
        return found


@settings(max_examples=breadth.of(40, 1_000))
@given(script=st.lists(acts(), min_size=4, max_size=24))
def test_a2_each_file_is_read_by_whom_the_oracle_names(script):
    """Of the own node and the partner's, every position, after any releases, edits and recalls."""
    play = Play()
    try:
        for act in script:
            play.do(act)
        for party in (OWNER, RECEIVER):
            for position in POSITIONS:
                who = {"party": party, "role": position.role.value,
                       "clearance": position.clearance.value,
                       "categories": sorted(position.categories)}  # fmt: skip
                told = play.ledger.files_read_by(who, play.now)
                assert play.read_by(party, position) == told
    finally:
        play.world.close()
