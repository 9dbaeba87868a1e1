"""Kinds of another version, planted into the registry for as long as one node runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tansiq.desk.exchange import exchange
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.kinds.watch.incident import INCIDENT
from tansiq.domain.parties import PartyCode
from tests.world import World


def renamed(body):
    """Version 2 says "channel" for "size", and "summary" for the remark that stays inside."""
    names = {"size": "channel", "internal": "summary"}
    return {names.get(name, name): value for name, value in body.items()}


# An incident as a node writes it that was updated. Its new names have words already.
INCIDENT_2 = replace(
    INCIDENT,
    version=2,
    fields=tuple(
        replace(field, name="channel", kind="")
        if field.name == "size"
        else replace(field, name="summary", above=True, fixed=False, kind="")
        if field.name == "internal"
        else field
        for field in INCIDENT.fields
    ),
    upcasters={1: renamed},
)  # fmt: skip
SIREN = Field(name="significant", type=Type.FLAG)
INCIDENT_SIREN = replace(INCIDENT, fields=(*INCIDENT.fields, SIREN))
WEATHER = replace(INCIDENT, name="weather")


@contextmanager
def planted(*kinds: Kind) -> Iterator[None]:
    """A node that runs within it knows these kinds."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in kinds:
            patch.setitem(KINDS, kind.name, kind)
        yield


def exchanged(world: World, newer: str, older: str, *kinds: Kind, rounds: int = 2) -> None:
    """Parcels both ways between a node that knows these kinds and one that does not."""
    desks, sent = world.desks, PartyCode(older)
    for _ in range(rounds):
        with planted(*kinds):
            parcel = exchange.outgoing(desks[newer], sent)
        exchange.incoming(desks[older], parcel)
        answer = exchange.outgoing(desks[older], PartyCode(newer))
        with planted(*kinds):
            exchange.incoming(desks[newer], answer)
