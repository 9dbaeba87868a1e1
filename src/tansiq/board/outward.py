"""Where cases stand, in the one word that a party hears which follows the stage only.

A row belongs to one release of a root, so that the word goes with it: of an own root it holds what
that party was told and what it is to be told, of a partner's what its owner said. ``case_folds``
and ``cases`` keep the rows, the desk asks what is due and what is shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tansiq.board.board import Board, key_of
from tansiq.board.reading import Item
from tansiq.board.rows import in_parts, item_at, text_of
from tansiq.domain.cases import FOLLOWS_STAGE, outward_from_json
from tansiq.domain.parties import PartyCode

_STANDING: Final = "recalled_at = 0 AND purged_at = 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A party is to hear that the case of an own root stands at ``word`` now."""

    root: str
    party: PartyCode
    release: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a party hears, or we do, of where a case stands; ``at`` is when its owner said so in
    milliseconds, 0 where nothing was said since the root came.
    """

    party: PartyCode
    word: str
    at: int


def begin(board: Board, release: str, root: str, first: str) -> None:
    """A release of an own root has left. Where its party follows the stage it begins to hear of it,
    from the ``first`` word on, which goes without saying; what it heard of an earlier release ends.
    """
    board.db.run(
        """DELETE FROM outward WHERE root = ? AND release IN
             (SELECT o.release FROM release o JOIN release n ON n.party = o.party
              WHERE n.release = ? AND o.record = ?)""",
        (root, release, root),
    )
    board.db.run(
        """INSERT INTO outward (release, root, told, stands, at)
           SELECT release, root, ?, ?, 0 FROM opening WHERE release = ? AND follows = ?""",
        (first, first, release, FOLLOWS_STAGE),
    )


def stands(board: Board, words: Mapping[str, str]) -> None:
    """These own cases, by key, stand so now, for all who follow their stage."""
    board.db.many(
        "UPDATE outward SET stands = ? WHERE root = ?",
        [(word, root) for root, word in words.items()],
    )


def drop(board: Board, release: str) -> None:
    """A release was recalled or erased: nothing is said of it any more."""
    board.db.run("DELETE FROM outward WHERE release = ?", (release,))


def told(board: Board, _seq: int, item: Item) -> None:
    """Fold what we told a party, as the journal holds it."""
    board.db.run(
        "UPDATE outward SET told = ?, at = ? WHERE release = ?",
        (text_of(item, "stage"), item_at(item), text_of(item, "release")),
    )


def take(board: Board, party: PartyCode, sent: Item) -> str:
    """Keep what the owner of a root says of where it stands; the root's key. Of a release that is
    not in hand, or asks us more than to listen, nothing is kept. Raises InputError.
    """
    said = outward_from_json(sent)
    root = key_of(party, said.root)
    board.db.run(
        f"""INSERT INTO outward (release, root, told, stands, at)
            SELECT o.release, o.root, ?, ?, ? FROM opening o
              JOIN received v ON v.release = o.release
            WHERE o.release = ? AND o.root = ? AND o.follows = ? AND {_STANDING}
            ON CONFLICT (release) DO UPDATE SET told = excluded.told, stands = excluded.stands,
              at = excluded.at""",
        (said.stage, said.stage, said.at, said.release, root, FOLLOWS_STAGE),
    )
    return root


def heard(board: Board, root: str) -> Said | None:
    """What we hear of a partner's root: by the newest of its releases that stands here, None where
    we hold its steps. The word is empty where nothing was said yet.
    """
    return heard_of(board, [root]).get(root)


def heard_of(board: Board, roots: Iterable[str]) -> dict[str, Said]:
    """As :func:`heard`, of each of these roots of which we do not hold the steps."""
    found: dict[str, Said | None] = {}
    for marks, part in in_parts(roots):
        rows = board.db.rows(
            f"""SELECT o.root, o.follows, COALESCE(w.told, ''), COALESCE(w.at, 0) FROM opening o
                  JOIN received v ON v.release = o.release
                  LEFT JOIN outward w ON w.release = o.release
                WHERE o.root IN ({marks}) AND {_STANDING} ORDER BY v.seq""",
            part,
        )
        for root, follows, word, at in rows:
            owner = PartyCode(str(root).partition("/")[0])
            said = Said(party=owner, word=str(word), at=int(str(at)))
            found[str(root)] = said if follows == FOLLOWS_STAGE else None
    return {root: said for root, said in found.items() if said is not None}


def followers(board: Board, root: str) -> list[Said]:
    """The parties that follow the stage of an own root, with what each was told last."""
    rows = board.db.rows(
        f"""SELECT r.party, w.told, w.at FROM outward w JOIN release r ON r.release = w.release
            WHERE w.root = ? AND r.feed_seq IS NOT NULL AND r.{_STANDING} ORDER BY r.party""",
        (root,),
    )
    return [
        Said(party=PartyCode(str(party)), word=str(word), at=int(str(at)))
        for party, word, at in rows
    ]


def due(board: Board, now: int, after: Due | None, limit: int) -> list[Due]:
    """Whom the case of an own root is to be told of, behind ``after``."""
    rows = board.db.rows(
        f"""SELECT w.root, r.party, w.release, w.stands FROM outward w
              JOIN release r ON r.release = w.release
            WHERE w.told <> w.stands AND r.feed_seq IS NOT NULL AND r.{_STANDING}
              AND (r.expires = 0 OR r.expires > ?) AND (w.root, r.party) > (?, ?)
            ORDER BY w.root, r.party LIMIT ?""",
        (now, *((after.root, after.party) if after else ("", "")), limit),
    )
    return [
        Due(root=str(r[0]), party=PartyCode(str(r[1])), release=str(r[2]), word=str(r[3]))
        for r in rows
    ]
