"""Who hears of what an exchange changed: topics for those who may see the record, and never what.

A short run is told record by record. A long one is told by one record of each label, embargo and
expiry: whoever may see that one may see them all, so that everybody hears the same topics.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from tansiq.board import pointers, queries
from tansiq.board.fold import Arrived
from tansiq.board.reading import Item, ReceivedEdition
from tansiq.board.received import Arrival
from tansiq.desk.act.desk import Act
from tansiq.domain.parties import PartyCode

TOLD_SINGLY: Final = 64


def tell(act: Act, topic: str, keys: Iterable[str]) -> None:
    """Let those who may see any of these records hear ``topic``."""
    for key in _few(act, keys):
        owner, _, record = key.partition("/")
        sealed = queries.found(act.desk.board, PartyCode(owner), record)
        if sealed is not None:
            act.changed(topic, sealed)


def _few(act: Act, keys: Iterable[str]) -> Sequence[str]:
    wanted = sorted(set(keys))
    return (
        pointers.one_of_each_label(act.desk.board, wanted) if len(wanted) > TOLD_SINGLY else wanted
    )


def before(act: Act, party: PartyCode, run: Sequence[Arrival]) -> None:
    """Those who could see what a recall takes away hear of it: afterwards there is nothing to ask
    about.
    """
    recalls = (
        one
        for _, one in run
        if not isinstance(one, ReceivedEdition) and one.get("type") == "recall"
    )
    tell(act, "inbox", (f"{party}/{one.get('record')}" for one in recalls))


def after(act: Act, party: PartyCode, arrived: Arrived) -> None:
    """Those who may see what came, or what was read and purged, hear of it."""
    told = [
        release
        for _, one in arrived.run
        if not isinstance(one, ReceivedEdition)
        for release in _releases_told(one)
    ]
    tell(act, "release", pointers.released_records(act.desk.board, party, told))
    for kind in {one.kind for one in arrived.outcome.held}:
        tell(act, kind, (one.key for one in arrived.outcome.held if one.kind == kind))
    for topic in ("case", "inbox") if arrived.outcome.moved else ():
        tell(act, topic, arrived.outcome.moved)
    came = arrived.outcome.came
    singly = len(came) <= TOLD_SINGLY
    topics: dict[str, dict[object, str]] = {}
    for key, one in came.items():
        label = one.label
        mark = key if singly else (one.label_id(act.desk.board), label.embargo, label.expires)
        topics.setdefault("inbox", {}).setdefault(mark, key)
        topics.setdefault(one.kind.name, {}).setdefault(mark, key)
        if one.derived.about is not None:  # an answer changes what was answered
            topics.setdefault("release", {}).setdefault(mark, key)
    for topic, keys in topics.items():
        tell(act, topic, keys.values())


def _releases_told(one: Item) -> list[str]:
    """The releases of ours of which this entry says what became of them."""
    if one.get("type") in ("read", "purged", "file"):
        return [str(one.get("release"))]
    releases = one.get("releases") if one.get("type") == "held" else None
    return [str(release) for release in releases] if isinstance(releases, list) else []
