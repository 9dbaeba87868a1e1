"""Editions of ours as the newest version of their kind says them: the one way to read what we wrote
and what we told.
"""

from collections.abc import Mapping
from dataclasses import replace

from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_reading
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Edition, WireEdition, edition_from_json, wire_from_json


def own_newest(value: Mapping[str, object], owner: PartyCode) -> Edition:
    """An edition of the own journal, upcast where it is older. Raises InputError.

    Where something below the tear line is no longer in the field in which it stood, all that the
    upcasters made stays below: nothing leaves because a field was renamed.
    """
    edition = edition_from_json(value, owner)
    kind = kind_reading(edition.kind, edition.version)
    if kind is None:
        raise InputError("kind_unknown", kind=edition.kind[:32])
    if edition.version == kind.version:
        return edition
    body = kind.upcast(edition.body, edition.version)
    moved = (edition.tear & edition.body.keys()) - body.keys()
    made = body.keys() - edition.body.keys() if moved else frozenset[str]()
    tear = (edition.tear | made) & {field.name for field in kind.fields}
    return replace(edition, version=kind.version, body=body, tear=tear)


def wire_newest(value: Mapping[str, object], owner: PartyCode) -> WireEdition:
    """What a partner was told, upcast where it is older. Raises InputError."""
    wire = wire_from_json(value, owner)
    kind = kind_reading(wire.kind, wire.version)
    if kind is None:
        raise InputError("kind_unknown", kind=wire.kind[:32])
    body = kind.upcast(wire.body, wire.version)
    return replace(wire, version=kind.version, body=body)
