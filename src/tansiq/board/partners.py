"""Partners as the board knows them: cards, keys, stops, papers on their way.

``desk.trust`` asks here; ``papers`` folds what the journal says into these tables.
"""

import functools
import json
from dataclasses import dataclass
from typing import Final, cast

from tansiq.board.board import Board
from tansiq.domain.parties import PartyCode
from tansiq.domain.wording import Text
from tansiq.log.cards import Card, read_card
from tansiq.log.store import JOURNAL

_KEYS_MAX: Final = 16  # of one node that may count at the same time, and some


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A partner as this node knows it. Times in milliseconds, 0 = never. ``names`` are those that
    a person has accepted, whatever the newest card says.
    """

    card: Card
    names: Text
    data: bytes
    authority: bytes
    trusted_at: int
    trusted_by: dict[str, str]
    authorised_at: int
    authorised_by: dict[str, str]
    stopped_at: int
    stop_code: str
    acknowledged: int
    accepted: int
    rewound: int
    contact_at: int
    tried_at: int
    failure: str
    revoked_at: int
    lost_at: int

    @property
    def party(self) -> PartyCode:
        """Its code."""
        return PartyCode(self.card.party)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """A revoked key of a party: ``lost`` since when it is in doubt, ``at`` when this node heard."""

    party: str
    node: str
    public: bytes
    reason: str
    lost: int
    at: int
    paper: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a node of a partner has had: until when it counts (0 = it is in use), and when
    its card expires.
    """

    public: bytes
    until: int
    expires: int


_SELECT: Final = """SELECT p.card, p.trusted_at, p.trusted_by, p.stopped_at, p.stop_code,
    p.acknowledged, p.accepted, COALESCE(s.contact_at, 0), COALESCE(s.tried_at, 0),
    COALESCE(s.failure, ''), p.authority, p.authorised_at, p.authorised_by,
    COALESCE(r.at, 0), COALESCE(r.lost, 0), p.rewound, p.named
    FROM partner p LEFT JOIN link_state s ON s.party = p.party
    LEFT JOIN revocation r ON r.public = p.public AND r.party = p.party"""


def partners(board: Board) -> list[Partner]:
    """All partners, by code."""
    return [_partner(row) for row in board.db.rows(f"{_SELECT} ORDER BY p.party")]


def partner(board: Board, party: str) -> Partner | None:
    """One partner."""
    rows = board.db.rows(f"{_SELECT} WHERE p.party = ?", (party,))
    return _partner(rows[0]) if rows else None


def codes(board: Board) -> list[PartyCode]:
    """The parties that this node exchanges with, in order."""
    return [PartyCode(str(row[0])) for row in board.db.rows("SELECT party FROM partner ORDER BY 1")]


def went_back(board: Board, party: str) -> bool:
    """Whether our feed to ``party`` is not whole again since this node went back."""
    return bool(board.db.rows("SELECT 1 FROM partner WHERE party = ? AND rewound > 0", (party,)))


def acknowledged(board: Board, party: str) -> int:
    """How much of our feed ``party`` has signed for."""
    rows = board.db.rows("SELECT acknowledged FROM partner WHERE party = ?", (party,))
    return int(rows[0][0] or 0) if rows else 0


@functools.lru_cache(maxsize=64)
def card_in(data: bytes) -> Card:
    """The card in a journal entry; checking its signature once is enough for the same bytes."""
    return read_card(data)


def _partner(row: tuple[object, ...]) -> Partner:
    return Partner(
        card=card_in(cast("bytes", row[0])),
        names=card_in(cast("bytes", row[16])).names,
        data=cast("bytes", row[0]),
        authority=bytes.fromhex(str(row[10])),
        authorised_at=int(str(row[11])),
        authorised_by=json.loads(str(row[12])),
        revoked_at=int(str(row[13])),
        lost_at=int(str(row[14])),
        trusted_at=int(str(row[1])),
        trusted_by=json.loads(str(row[2])),
        stopped_at=int(str(row[3])),
        stop_code=str(row[4]),
        acknowledged=int(str(row[5])),
        accepted=int(str(row[6])),
        rewound=int(str(row[15])),
        contact_at=int(str(row[7])),
        tried_at=int(str(row[8])),
        failure=str(row[9]),
    )


# Keys and papers ----------------------------------------------------------------------------------


def cards(board: Board, party: str) -> list[bytes]:
    """All cards that a party has had here, the one in use first."""
    rows = board.db.rows(
        "SELECT card FROM card WHERE party = ? ORDER BY until = 0 DESC, at DESC", (party,)
    )
    return [cast("bytes", row[0]) for row in rows]


def cards_by_age(board: Board, party: str, most: int) -> list[bytes]:
    """The first cards that a party has had here, the oldest first."""
    rows = board.db.rows(
        "SELECT card FROM card WHERE party = ? ORDER BY at, card LIMIT ?", (party, most)
    )
    return [cast("bytes", row[0]) for row in rows]


def keys_of(board: Board, party: str, node: str) -> list[Key]:
    """The keys that a node of ``party`` has had, the one in use first."""
    rows = board.db.rows(
        """SELECT public, until, expires FROM card WHERE party = ? AND node = ?
           ORDER BY until = 0 DESC, at DESC LIMIT ?""",
        (party, node, _KEYS_MAX),
    )
    return [
        Key(bytes.fromhex(str(public)), int(until or 0), int(expires or 0))
        for public, until, expires in rows
    ]


def revocations(board: Board, party: str = "") -> list[Revoked]:
    """All revocations that this node has taken, or those of one party, newest first."""
    rows = board.db.rows(
        """SELECT party, node, public, reason, lost, at, paper FROM revocation
           WHERE ? IN ('', party) ORDER BY at DESC, public""",
        (party,),
    )
    return [
        Revoked(
            party=str(row[0]), node=str(row[1]), public=bytes.fromhex(str(row[2])),
            reason=str(row[3]), lost=int(str(row[4])), at=int(str(row[5])),
            paper=cast("bytes", row[6]),
        )
        for row in rows
    ]  # fmt: skip


def is_revoked(board: Board, party: str, public: bytes) -> bool:
    """Whether a key of ``party`` was revoked."""
    return bool(
        board.db.rows(
            "SELECT 1 FROM revocation WHERE party = ? AND public = ?", (party, public.hex())
        )
    )


def papers_unsigned(board: Board, party: str, most: int) -> tuple[bytes, ...]:
    """The newest of our papers that ``party`` has not signed for, oldest first."""
    rows = board.db.rows(
        """SELECT t.paper FROM papers_sent t JOIN partner p ON p.party = t.party
           WHERE t.party = ? AND t.seq >= p.acknowledged ORDER BY t.seq DESC LIMIT ?""",
        (party, most),
    )
    return tuple(cast("bytes", row[0]) for row in reversed(rows))


def restart_asked(board: Board, party: str) -> tuple[dict[str, str], int, str] | None:
    """Who wishes to go on with a stopped partner, since when, and why."""
    rows = board.db.rows("SELECT asked_by, asked_at, reason FROM restart WHERE party = ?", (party,))
    if not rows:
        return None
    by, at, reason = rows[0]
    return json.loads(str(by)), int(at or 0), str(reason)


def new_authority(board: Board, party: str) -> tuple[bytes, dict[str, str], int] | None:
    """The card by another authority that somebody wishes to accept for a party, who, and when."""
    rows = board.db.rows(
        "SELECT card, asked_by, asked_at FROM new_authority WHERE party = ?", (party,)
    )
    if not rows:
        return None
    card, by, at = rows[0]
    return cast("bytes", card), json.loads(str(by)), int(at or 0)


def agreements(board: Board, party: str, *, both: bool) -> list[bytes]:
    """The agreements with ``party`` as the journal holds them, newest version first; with ``both``
    those that both have signed.
    """
    rows = board.db.rows(
        f"""SELECT n.data FROM agreement a JOIN entry n ON n.seq = a.journal AND n.log = ?
            WHERE a.party = ? {"AND a.ours = 1 AND a.theirs = 1" if both else ""}
            ORDER BY a.version DESC, a.id DESC""",
        (board.store.id_of(JOURNAL), party),
    )
    return [cast("bytes", row[0]) for row in rows]
