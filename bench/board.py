"""A board full of invented incidents or log lines, folded by the board's own code.

Sixty towns by Zipf's law with a quarter spread evenly, 32 parties of whom 4 are in two fifths of
the audiences, 12 in 15 in a hundred and 16 in 2 in a hundred, 500 audiences, three classes, some
embargoes and expiries. What is left out of a record's way is the mandate, the signing and the
partner: entries go to the journal and to the tables in runs, as an import does it.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tansiq.board.current_rows import CurrentRow, keep_editions
from tansiq.board.fold import fold_run
from tansiq.board.reading import derived_from
from tansiq.board.tables import INDEXES
from tansiq.desk.act.desk import Desk
from tansiq.domain.kinds import kind_named
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor, Classification, PartyCode, Role, Viewer
from tansiq.domain.places import E7
from tansiq.domain.records import Edition, RecordId
from tansiq.log.canonical import encode
from tansiq.log.store import JOURNAL

DAY: Final = 86_400_000
SPAN: Final = 730 * DAY
AUDIENCES: Final = 500
RUN: Final = 2_000
SHARES: Final = {40: 4, 15: 12, 2: 16}  # per cent of the audiences that a party is in: parties
CLASSES: Final = (Classification.OPEN, Classification.RESTRICTED, Classification.CONFIDENTIAL)
_TEXT: Final = """
    road bridge convoy checkpoint fire wheat field flood water outage power clinic school market
    closed open delayed confirmed crowd drone seen heard smoke near east west river dam
    طريق جسر قافلة نقطة تفتيش حريق حقل قمح ماء كهرباء عيادة مدرسة سوق مغلق مفتوح
    ڕێگا پرد کاروان خاڵی پشکنین ئاگر کێڵگە گەنم ئاو کارەبا نەخۆشخانە قوتابخانە بازاڕ داخراو
"""
WORDS: Final = _TEXT.split()


def parties() -> list[tuple[PartyCode, int]]:
    """The invented parties and the share of the audiences that each is in, per cent."""
    letters = itertools.product("ABCDEFGHIJKLMNOP", "XY")
    shares = [share for share, count in SHARES.items() for _ in range(count)]
    return [
        (PartyCode("P" + "".join(pair)), share) for pair, share in zip(letters, shares, strict=True)
    ]


@dataclass
class Landscape:
    """Where and under which labels things happen; the same for the same seed."""

    seed: int
    now: int

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.towns = [(self.draw.uniform(29.5, 37), self.draw.uniform(39, 48)) for _ in range(60)]
        self.weights = list(itertools.accumulate(1 / rank for rank in range(1, 61)))
        self.labels = [self._label() for _ in range(AUDIENCES)]

    def _label(self) -> Label:
        audience = [code for code, share in parties() if self.draw.random() * 100 < share]
        chosen = self.draw.choices(CLASSES, (45, 45, 10))[0]
        return Label(audience=audience_of(*audience), classification=chosen)

    def label(self, moment: int) -> Label:
        """A label with now and then a time limit."""
        label = self.draw.choice(self.labels)
        chance, embargo, expires = self.draw.random(), 0, 0
        if chance < 0.02:
            embargo = self.now + self.draw.randint(1, 30) * DAY
        elif chance < 0.1:
            embargo = moment + DAY
        if self.draw.random() < 0.15:
            expires = moment + self.draw.randint(30, 900) * DAY
        return Label(
            audience=label.audience, classification=label.classification, embargo=embargo,
            expires=expires,
        )  # fmt: skip

    def spot(self) -> tuple[int, int]:
        """A position, in 1e-7 degree."""
        draw = self.draw
        if draw.random() < 0.25:
            lat, lon = draw.uniform(29, 37.4), draw.uniform(38.8, 48.6)
        else:
            ((lat, lon),) = draw.choices(self.towns, cum_weights=self.weights)
            lat, lon = lat + draw.gauss(0, 0.08), lon + draw.gauss(0, 0.08)
        return int(lat * E7), int(lon * E7)

    def text(self, words: int) -> str:
        """Some words of three languages."""
        return " ".join(self.draw.choices(WORDS, k=words))

    def identity(self) -> str:
        """A random id."""
        digits = f"{self.draw.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def editions(desk: Desk, land: Landscape, kind: str, count: int) -> Iterator[Edition]:
    """So many records of one kind, in the order in which they happened."""
    author = Actor(
        party=desk.me, position="duty-officer", role=Role.DUTY_OFFICER, person="P-1"
    )  # fmt: skip
    for number in range(count):
        moment = (land.now - SPAN + SPAN * number // count) // 60_000 * 60_000
        body: dict[str, object] = {"text": land.text(12), "observed": moment}
        if kind == "incident":
            lat, lon = land.spot()
            body |= {
                "category": land.draw.choice(("fire", "traffic", "outage", "flood", "other")),
                "severity": land.draw.choices(("routine", "urgent", "flash"), (70, 25, 5))[0],
                "place": {
                    "lat": lat, "lon": lon, "grain": "exact", "precision": "exact", "key": "",
                    "name": "",
                },
                "grade": "B2",
            }  # fmt: skip
        else:
            body["informant"] = land.text(2)
        declared = kind_named(kind)
        yield Edition(
            record=RecordId(land.identity()), owner=desk.me, kind=kind, version=declared.version,
            number=1, previous="", state=declared.states[0], label=land.label(moment), body=body,
            tear=frozenset(), author=author, at=moment,
        )  # fmt: skip


def fill(desk: Desk, land: Landscape, kind: str, count: int) -> None:
    """Fold so many records onto the desk's board, run by run."""
    made = editions(desk, land, kind, count)
    while run := list(itertools.islice(made, RUN)):
        items = [edition.to_json() for edition in run]
        with desk.act():
            first = desk.store.append(JOURNAL, [encode(item) for item in items])
            fold_run(desk.board, list(enumerate(items, first)))


def viewers(land: Landscape) -> dict[str, Viewer]:
    """One party of each share, as a reader cleared for what is restricted."""
    chosen = {share: code for code, share in reversed(parties())}
    return {
        f"party_{share}": Viewer(
            party=code, position="", role=Role.OBSERVER, clearance=Classification.CONFIDENTIAL
        )
        for share, code in chosen.items()
    }


def pour(desk: Desk, land: Landscape, kind: str, count: int) -> None:
    """As :func:`fill`, three times faster: editions are not read back from their entries, and the
    covering indexes are made at the end. ``tests/unit/test_index_scan.py`` holds both together.
    """
    board, database = desk.board, desk.database
    log, made = board.store.id_of(JOURNAL), editions(desk, land, kind, count)
    indexes = [index for index in INDEXES if "ON record (" in index]
    with desk.act():
        for index in indexes:
            database.run(f"DROP INDEX {index.split()[2]}")
    while run := list(itertools.islice(made, RUN)):
        with desk.act():
            first = desk.store.append(JOURNAL, [encode(one.to_json()) for one in run])
            keep_editions(board, [_current_row(one, log, first + n) for n, one in enumerate(run)])
    with desk.act():
        for index in indexes:
            database.run(index)


def _current_row(one: Edition, log: int, seq: int) -> CurrentRow:
    return CurrentRow(
        kind=kind_named(one.kind), owner=one.owner, record=one.record, state=one.state,
        label=one.label, at=one.at,
        derived=derived_from(kind_named(one.kind), one.body, one.at, one.record),
        log=log, seq=seq, received=None, came=one.at,
    )  # fmt: skip
