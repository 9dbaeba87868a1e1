"""What is alike: the list to which a value of a record leads."""

from collections.abc import Mapping
from typing import Final

from tansiq.domain.fields import Type
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.kinds.facets import number_of
from tansiq.domain.kinds.listing import ALL, OWNER
from tansiq.domain.records import RecordView
from tansiq.web.shell.asking import Address
from tansiq.web.shell.sections import home_of

_NARROWS: Final = frozenset({Type.CHOICE, Type.PARTY, Type.PLACE})  # whose values are links


def choice_of(kind: Kind, name: str, value: object) -> str:
    """A value of a record as an address says it that narrows the list to it: of its owner, or of a
    facet that is a choice, a party or a place; "" for any other.
    """
    if name == OWNER:
        return str(value)
    if not kind.facet_at(name) or kind.field(name).type not in _NARROWS:
        return ""
    code = str(value.get("key", "") if isinstance(value, Mapping) else value or "")
    return code if number_of(kind.field(name), code) else ""


def list_of(view: RecordView, name: str) -> str:
    """The address of the list of what has the same owner, or the same value in a field by which
    its kind is filtered; "" where there is none.
    """
    kind = kind_named(view.kind)
    code = choice_of(kind, name, view.owner if name == OWNER else view.body.get(name))
    if kind.listing is None or not code:
        return ""
    tab = ALL.name if ALL in kind.listing.tabs[1:] else ""
    return Address(home_of(kind.name).stands(kind), {}).to(tab=tab, **{name: code})
