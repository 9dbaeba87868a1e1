"""What a party was told of an own record, as policy asks for it before anything else leaves."""

from collections.abc import Sequence
from typing import Final, cast

from tansiq.board import own_editions
from tansiq.board import past as told
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Desk
from tansiq.desk.release import agreements
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Type
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.newest import own_newest, wire_newest
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import Grain
from tansiq.domain.records import Body, Edition
from tansiq.log.canonical import JSON, decode_object
from tansiq.policy.agreement import Agreement, Rule, rule_from_json
from tansiq.policy.following import NEVER, Past
from tansiq.policy.release import covers

_ABOUT_MAX: Final = 3  # an answer to a question about a record
CORRECTS: Final = "corrects"  # says the same once more, in better words
_Item = dict[str, JSON]


def past_of(desk: Desk, record: str, to: PartyCode) -> Past:
    """What ``to`` was told of an own record until now."""
    rows = told.releases_to(desk.board, to, record)
    ended = told.ended(desk.board, to, record)
    if not rows:
        return Past(ended=True) if ended else NEVER
    now = desk.clock.now()
    items = [decode_object(cast("bytes", data)) for _, _, _, data in rows]
    holding = [
        item
        for item, (recalled, purged, expires, _) in zip(items, rows, strict=True)
        if not (recalled or purged or 0 < int(str(expires)) <= now)
    ]
    since = _since_loosened(items)
    held = holding[0] if holding else None
    return Past(
        holds=held is not None,
        ended=held is None,
        rule=str(held["rule"]) if held else "",
        rules=_rules(desk, to, since),
        hide=frozenset(str(name) for item in since for name in cast("list[JSON]", item["hide"])),
        grain=max((Grain(str(item["grain"])) for item in since), key=lambda grain: grain.rank),
        told=wire_newest(cast("dict[str, object]", held["wire"]), desk.me) if held else None,
        until=_own_end(desk, held) if held else 0,
    )


def _since_loosened(items: Sequence[_Item]) -> list[_Item]:
    """Of releases, newest first, those back to the last with which a person loosened the rules."""
    for count, item in enumerate(items, start=1):
        if item.get("loosened"):
            return list(items[:count])
    return list(items)


def _rules(desk: Desk, to: PartyCode, items: Sequence[_Item]) -> tuple[Rule, ...]:
    """The rules by which these went, as the agreement of their time says them. One that was joined
    with those before it stands whole in its release, and for all of them.
    """
    joined = next((n for n, item in enumerate(items) if "bound" in item), None)
    if joined is not None:
        bound = rule_from_json(items[joined]["bound"])
        return (bound, *_rules(desk, to, items[:joined]))
    texts = agreements.texts(desk.board, to)
    found = {
        (str(item["agreement"]), item["agreement_version"], str(item["rule"])) for item in items
    }
    return tuple(
        rule
        for identity, version, name in sorted(found, key=str)
        for rule in _named(desk.me, texts, (identity, version), name)
    )


def _named(
    me: PartyCode, texts: Sequence[Agreement], wanted: tuple[str, JSON], name: str
) -> list[Rule]:
    """A rule by its text and name. Of a release that came back after a loss the text is not known:
    all that ever bore that name then, and a person has to look where none did.
    """
    exact = [text for text in texts if (text.id, text.version) == wanted]
    rules = [rule for text in exact or texts if (rule := text.rule(name)) and rule.sender == me]
    return rules or [Rule(name=name, sender=me, kinds=frozenset(), approvers=1)]


def _own_end(desk: Desk, item: _Item) -> int:
    """The end in the own label of the edition that a release carried."""
    try:
        edition = edition_of(desk, str(item["record"]), cast("int", item["n"]))
    except InputError:
        return 0
    return edition.label.expires


def edition_of(desk: Desk, record: str, number: int) -> Edition:
    """An own edition by its number. Raises InputError."""
    data = told.edition_data(desk.board, record, number)
    if data is None:
        raise InputError("record_absent")
    return own_newest(decode_object(data), desk.me)


def before(desk: Desk, edition: Edition) -> tuple[Body, ...]:
    """The bodies of the editions before an own one, oldest first, as far as its kind has places:
    whoever gets one is told the place by the cell of the first. One under a stricter label counts
    for nothing: who may not read it reads the preview of this one.
    """
    places = any(f.type in (Type.PLACE, Type.AREA) for f in kind_named(edition.kind).fields)
    if edition.number == 1 or not places:
        return ()
    known = own_editions.editions(desk.board, key_of(desk.me, edition.record))
    earlier = [own_newest(decode_object(data), desk.me) for _, _, data in known]
    return tuple(
        one.body for one in earlier[: edition.number - 1] if covers(edition.label, one.label)
    )


def belongs_to_ended(desk: Desk, edition: Edition, to: PartyCode) -> bool:
    """Whether an edition answers or corrects, over at most three steps, an own record that has
    ended for ``to``: then it does not go by itself either.
    """
    kind, body = edition.kind, edition.body
    for _ in range(_ABOUT_MAX):
        target = body.get(kind_named(kind).about) or body.get(CORRECTS)
        if not isinstance(target, str):
            return False
        if past_of(desk, target, to).ended:
            return True
        data = own_editions.newest(desk.board, key_of(desk.me, target)) or told.partners_data(
            desk.board, to, target
        )
        if data is None:
            return False
        item = decode_object(data)
        kind, body = str(item["kind"]), cast("dict[str, object]", item["body"])
    return False
