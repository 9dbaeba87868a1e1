"""Rounds of approval chains as the journal tells them: kept beside the case, never part of it.

``fold`` keeps them, ``cases`` lets a round be overtaken where its root or lane has moved on, and
the desk asks which are open. Whose turn it is waits in the table of waits, under the label of the
root, so that who may not see the root is told nothing of a round either.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from tansiq.board import waits
from tansiq.board.board import Board, key_of
from tansiq.board.reading import Item
from tansiq.board.rows import in_parts, item_at, number_of, text_of, texts_of
from tansiq.domain.attention import Wait
from tansiq.domain.cases import Decision, Declaration, Given, InwardRound, RoundState, Stood
from tansiq.domain.escalation import Haste
from tansiq.log.database import Row

COLUMNS: Final = (
    "round, root, lane, edition, positions, wanted, haste, each, asked, since, given, state, ended,"
    " reason, said"
)
_OPEN: Final = f"state = '{RoundState.OPEN.value}'"


def of_root(board: Board, root: str) -> list[InwardRound]:
    """The rounds about a root, oldest first."""
    rows = board.db.rows(f"SELECT {COLUMNS} FROM inward WHERE root = ? ORDER BY id", (root,))
    return [round_of(row) for row in rows]


def named(board: Board, name: str) -> InwardRound | None:
    """The round of that id."""
    rows = board.db.rows(f"SELECT {COLUMNS} FROM inward WHERE round = ?", (name,))
    return round_of(rows[0]) if rows else None


def is_approved(board: Board, root: str, digest: str) -> bool:
    """Whether a chain has approved an own root that says what ``digest`` marks."""
    rows = board.db.rows(
        "SELECT 1 FROM inward WHERE root = ? AND lane = '' AND digest = ? AND state = ?",
        (root, digest, RoundState.APPROVED.value),
    )
    return bool(rows)


# The lanes of a root at one time: the newest release and the standing of each.
Lanes: TypeAlias = Mapping[str, tuple[str, Stood]]


class Open(NamedTuple):
    """What an open round is about: a lane (empty = the root itself), the newest release of it as
    the round began and what is to be decided there, and whether the root is of a newer edition.
    """

    round: str
    lane: str
    release: str
    act: str
    outdated: bool


def open_of(board: Board, roots: Iterable[str]) -> dict[str, list[Open]]:
    """The open rounds of these roots; of those that have any."""
    found: dict[str, list[Open]] = {}
    for marks, part in in_parts(roots):
        rows = board.db.rows(
            f"""SELECT i.root, i.round, i.lane, i.release, i.act, i.edition, r.editions
                FROM inward i JOIN record r ON r.record = i.root
                WHERE i.root IN ({marks}) AND i.{_OPEN}""",
            part,
        )
        for root, name, lane, release, act, edition, editions in rows:
            one = Open(str(name), str(lane), str(release), str(act), edition != editions)
            found.setdefault(str(root), []).append(one)
    return found


def overtake(
    board: Board, rounds: Iterable[Open], declared: Declaration, moves: Sequence[Lanes]
) -> None:
    """End those of the open rounds of a root that are about an older edition, or about a lane that
    was stated anew, has ended, or stands where what they ask for is decided no more; ``moves`` say
    where the lanes have stood since, one after the other.
    """
    for one in rounds:
        act = declared.act(one.act)
        goes_on = (
            all(_goes_on(lanes.get(one.lane), one.release, act) for lanes in moves)
            if one.lane
            else not one.outdated
        )
        if not goes_on:
            _end(board, one.round, RoundState.OVERTAKEN)


def _goes_on(lane: tuple[str, Stood] | None, release: str, act: object) -> bool:
    return lane is not None and lane[0] == release and _may_follow(act, lane[1])


def _may_follow(act: object, standing: Stood) -> bool:
    if standing.ended:
        return False
    return not isinstance(act, Decision) or standing.stage in act.sources


def _begun(board: Board, _seq: int, item: Item) -> None:
    root, lane = key_of(text_of(item, "owner"), text_of(item, "root")), text_of(item, "lane")
    earlier = board.db.rows(
        f"SELECT round FROM inward WHERE root = ? AND lane = ? AND {_OPEN}", (root, lane)
    )
    for (name,) in earlier:
        _end(board, str(name), RoundState.OVERTAKEN)
    wanted = item["wanted"]
    assert isinstance(wanted, dict)
    board.db.run(
        f"""INSERT INTO inward ({COLUMNS}, act, release, digest)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', '{RoundState.OPEN.value}', '', '', '',
                    ?, ?, ?) ON CONFLICT DO NOTHING""",
        (
            text_of(item, "round"), root, lane, number_of(item, "edition"),
            " ".join(texts_of(item, "positions")), json.dumps(wanted, sort_keys=True),
            text_of(item, "haste"), number_of(item, "each"), _said(item), item_at(item),
            str(wanted.get("then") or wanted.get("act", "")), text_of(item, "release"),
            text_of(item, "digest"),
        ),
    )  # fmt: skip
    _wait(board, text_of(item, "round"))


def _decided(board: Board, _seq: int, item: Item) -> None:
    found = named(board, text_of(item, "round"))
    if found is None or found.state is not RoundState.OPEN:
        return
    state = RoundState(text_of(item, "what"))
    if state is not RoundState.APPROVED:
        said = text_of(item, "reason"), text_of(item, "text")
        _end(board, found.id, state, by=_said(item), said=said)
        return
    given = [*found.given, _given(_said(item))]
    board.db.run(
        "UPDATE inward SET given = ?, since = ? WHERE round = ?",
        (
            json.dumps([_plain(one) for one in given], sort_keys=True), item_at(item), found.id,
        ),
    )  # fmt: skip
    if len(given) == len(found.positions):
        _end(board, found.id, RoundState.APPROVED)
    else:
        _wait(board, found.id)


def _end(
    board: Board, name: str, state: RoundState, *, by: str = "", said: tuple[str, str] = ("", "")
) -> None:
    board.db.run(
        "UPDATE inward SET state = ?, ended = ?, reason = ?, said = ? WHERE round = ?",
        (state.value, by, *said, name),
    )
    waits.inward(board, name, None)


def _wait(board: Board, name: str) -> None:
    """Let whose turn it is hear of it."""
    found = named(board, name)
    assert found is not None, "it was kept just now"
    about = f"{found.root}#{found.lane}" if found.lane else found.root
    wait = Wait(
        seat=found.turn, about=about, why=waits.INWARD, step=found.id, since=found.since,
        due=found.due, haste=found.haste,
    )  # fmt: skip
    waits.inward(board, name, wait)


def _said(item: Item) -> str:
    by = item["by"]
    assert isinstance(by, dict)
    return json.dumps(
        {"position": by["position"], "person": by["person"], "at": item_at(item)}, sort_keys=True
    )


def _given(text: str) -> Given:
    return _given_of(json.loads(text))


def _given_of(value: Mapping[str, object]) -> Given:
    return Given(
        position=str(value["position"]), person=str(value["person"]), at=int(str(value["at"]))
    )


def _plain(one: Given) -> dict[str, object]:
    return {"position": one.position, "person": one.person, "at": one.at}


def round_of(row: Row | Sequence[object]) -> InwardRound:
    """A round as its columns keep it."""
    name, root, lane, edition, positions, wanted, haste, each, asked, since, given, *end = row
    state, ended, reason, text = map(str, end)
    return InwardRound(
        id=str(name), root=str(root), lane=str(lane), edition=int(str(edition)),
        positions=tuple(str(positions).split()), wanted=json.loads(str(wanted)),
        haste=Haste(str(haste)), each_ms=int(str(each)), asked=_given(str(asked)),
        since=int(str(since)), given=tuple(map(_given_of, json.loads(str(given)))),
        state=RoundState(state), by=_given(ended) if ended else None, reason=reason, text=text,
    )  # fmt: skip


JOURNAL_INWARD: Final[dict[str, Callable[[Board, int, Item], None]]] = {
    "inward": _begun,
    "inward_said": _decided,
}
