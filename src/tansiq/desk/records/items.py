"""A party's own items beside the shared catalogue of supplies: what is kept, and what a line says.

The administrator and the support desk take a whole list at once. Whatever names an own item carries
its names in three languages with it, so that a partner who does not have the item reads the code
and these words, and a record says the same after the list has changed.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from tansiq.board import catalogue
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import Kind
from tansiq.domain.kinds.support.supplies import OWN_MAX, OwnItem, is_own, item_from_json
from tansiq.domain.parties import Actor
from tansiq.domain.records import Body
from tansiq.domain.wording import LANGUAGES
from tansiq.policy import mandate

_BETWEEN: Final = " · "


def own(desk: Desk) -> dict[str, OwnItem]:
    """The own items of this node, by code, also those that are not offered any more."""
    found = (item_from_json(said) for said in catalogue.said(desk.board))
    return {item.code: item for item in sorted(found)}


def demand_catalogue(actor: Actor) -> None:
    """Raises RefusedError where the position has no mandate for the catalogue."""
    demand(mandate.may_do(actor.role, mandate.Act.CATALOGUE))


def take(desk: Desk, actor: Actor, items: Iterable[OwnItem]) -> None:
    """Take these items into the own list, each in the place of the one of its code. What is the
    same already changes nothing. Raises RefusedError, and InputError for too many.
    """
    demand_catalogue(actor)
    with desk.act() as act:
        known = own(desk)
        together = known | {item.code: item for item in items}
        if len(together) > OWN_MAX:
            raise InputError("catalogue_many", limit=OWN_MAX)
        if together != known:
            _say(act, actor, together)


def offer(desk: Desk, actor: Actor, codes: Collection[str], *, offered: bool) -> None:
    """Offer these own items for new lines again, or no more. Codes that no own item has change
    nothing. Raises RefusedError.
    """
    demand_catalogue(actor)
    with desk.act() as act:
        known = own(desk)
        together = {
            code: item._replace(offered=offered) if code in codes else item
            for code, item in known.items()
        }
        if together != known:
            _say(act, actor, together)


def _say(act: Act, actor: Actor, items: Mapping[str, OwnItem]) -> None:
    act.say(
        {
            "type": "catalogue", "items": [items[code].to_json() for code in sorted(items)],
            "by": actor.to_json(), "at": act.now,
        }
    )  # fmt: skip


def named(desk: Desk, kind: Kind, body: Body) -> Body:
    """A checked body in which every own item has its names beside it. Raises InputError for an own
    item that is not in the list, and for a unit in which it is not counted. A line names none that
    is not offered any more, unless it did before; what is left of it is still booked.
    """
    if any(field.further for field in kind.fields):
        return _named(own(desk), body, "item")
    lists = [one.name for one in kind.fields if any(column.further for column in one.columns)]
    known = own(desk) if lists else {}
    for name in lists:
        rows = body.get(name)
        if isinstance(rows, list):
            for row in rows:
                _demand_offered(known, row, name)
            body = {**body, name: [_named(known, row, name) for row in rows]}
    return body


def _demand_offered(known: Mapping[str, OwnItem], row: Mapping[str, Any], field: str) -> None:
    item = known.get(str(row.get("item", "")))
    if item and not item.offered and not str(row.get("named", "")).startswith(names_of(item)):
        raise InputError("item_gone", field=field, item=item.code)


def names_of(item: OwnItem) -> str:
    """The names of an item in its three languages, as a line carries them."""
    return _BETWEEN.join(item.names.of(language) for language in LANGUAGES)


def _named(known: Mapping[str, OwnItem], row: dict[str, Any], field: str) -> dict[str, Any]:
    code, typed = str(row.get("item", "")), str(row.get("named", "")).strip()
    if not is_own(code):
        return row
    item = known.get(code)
    if item is None:
        if typed:
            return row  # it was in the list when this was written first
        raise InputError("item_unknown", field=field, item=code)
    if row.get("unit") not in item.units:
        raise InputError("line_unit", field=field)
    names = names_of(item)
    if typed.startswith(names):
        return row
    return {**row, "named": f"{names}: {typed}" if typed else names}
