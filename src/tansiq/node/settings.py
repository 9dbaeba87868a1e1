"""A node's settings: one frozen value, read once from ``node.json`` in the node's folder.

The file is strict: an unknown or missing field, a wrong type or a value out of its bounds is an
InputError that names the place, never a default that nobody chose. Secrets are not in it; they
stand in ``keys/`` (see ``keyring``).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import Before, Chain
from tansiq.domain.cases.inward import APPROVERS_MAX, CHAINS_MAX
from tansiq.domain.duty import hours_from_text
from tansiq.domain.errors import InputError, StoreError
from tansiq.domain.kinds.support.terms import SORTS
from tansiq.domain.labels import CATEGORIES
from tansiq.domain.operations.precedences import MINUTES_MAX
from tansiq.domain.parties import (
    Classification,
    PartyCode,
    Position,
    Role,
    party_code,
    position_code,
)
from tansiq.domain.wording import Text
from tansiq.log.cards import ADDRESS_CHARS_MAX, NAME_CHARS_MAX, POSITIONS_MAX
from tansiq.log.checkpoint import NODE_CODE

FILE: Final = "node.json"
FILE_BYTES_MAX: Final = 256 * 1024
WEB_PORT: Final = 8000
PARTNER_PORT: Final = 8443
LOOPBACK: Final = "127.0.0.1"
SQLITE: Final = "sqlite"
STORE_CHARS_MAX: Final = 500
ZONE: Final = "Asia/Baghdad"
ANCHOR_HOURS: Final = 6  # how often heads are anchored with the partners, counted from 00:00 UTC
# Who releases, who runs the node and who checks it; a founder may choose others, or none.
SECOND_FACTOR: Final = (Role.ADMINISTRATOR, Role.AUDITOR, Role.LIAISON_OFFICER)
REST_MINUTES: Final = BOUNDS.rest_ms // 60_000
TAKE_BACK_SECONDS: Final = BOUNDS.take_back_ms // 1_000
TAKE_BACK_SECONDS_MAX: Final = 60
REST_MINUTES_MAX: Final = 60
SHIFT_HOURS_MAX: Final = 24
SHIFT_HOURS: Final = BOUNDS.shift_ms // 3_600_000
HOURS_MAX: Final = 8  # spans of one position's day
TELEPHONE_CHARS_MAX: Final = 80
YEARS_100_MS: Final = 100 * 366 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSettings:
    """Everything about a node that a person chose. ``address`` = where partners reach it, or empty.

    ``web_hosts`` are further names under which browsers reach the pages; ``web_secure`` says that a
    proxy in front of them speaks HTTPS. ``anchor_hours`` divides a day. A
    release by a person can be taken back for ``take_back_seconds`` before it leaves. Positions
    of the roles in ``second_factor`` take more than a passphrase. ``sample_data`` puts a
    banner on every page. ``store`` is ``sqlite`` or the address of a PostgreSQL database.
    ``chains`` say which positions approve before the party asks for support or promises some.
    ``published_as`` is the identifier by which the world knows the party that publishes projects.
    ``evacuation_minutes`` say for precedences how soon somebody is to be handed over, where this
    centre counts otherwise than ``domain/operations/precedences.csv``.
    """

    folder: Path
    party: PartyCode
    names: Text
    node: str
    positions: tuple[Position, ...]
    web_host: str = LOOPBACK
    web_port: int = WEB_PORT
    web_hosts: tuple[str, ...] = ()
    web_secure: bool = False
    partner_host: str = LOOPBACK
    partner_port: int = PARTNER_PORT
    address: str = ""
    clock_offset_ms: int = 0
    sample_data: bool = False
    zone: str = ZONE
    language: str = "en"
    anchor_hours: int = ANCHOR_HOURS
    take_back_seconds: int = TAKE_BACK_SECONDS
    second_factor: tuple[Role, ...] = SECOND_FACTOR
    rest_minutes: int = REST_MINUTES
    shift_hours: int = SHIFT_HOURS
    sessions_max: int = BOUNDS.sessions_max
    store: str = SQLITE
    chains: tuple[Chain, ...] = ()
    published_as: str = ""
    evacuation_minutes: Mapping[str, int] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The logs and the board, on SQLite."""
        return self.folder / "tansiq.sqlite3"

    @property
    def accounts(self) -> Path:
        """Who may sign on, on SQLite."""
        return self.folder / "accounts.sqlite3"

    @property
    def keys(self) -> Path:
        """The folder of the secrets."""
        return self.folder / "keys"

    @property
    def card(self) -> Path:
        """The card that partners get."""
        return self.folder / f"{self.party}-{self.node}.card"


_Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_CHARS_MAX)]
_Known = Annotated[str, msgspec.Meta(pattern=r"\A(?:[A-Za-z0-9][A-Za-z0-9._:-]{1,58})?\Z")]
_Precedence = Literal["urgent_surgical", "urgent", "priority", "routine", "convenience"]
_Minutes = Annotated[int, msgspec.Meta(ge=1, le=MINUTES_MAX)]
_Host = Annotated[str, msgspec.Meta(min_length=1, max_length=253, pattern=r"\A[\w.:\[\]-]+\Z")]


class _Names(msgspec.Struct, forbid_unknown_fields=True):
    en: _Name
    ar: _Name
    ckb: _Name


class _Position(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    role: Role
    names: _Names
    clearance: Classification = Classification.RESTRICTED
    categories: list[str] = msgspec.field(default_factory=list)
    deputy: str = ""
    hours: Annotated[list[str], msgspec.Meta(max_length=HOURS_MAX)] = msgspec.field(
        default_factory=list
    )
    telephone: Annotated[str, msgspec.Meta(max_length=TELEPHONE_CHARS_MAX)] = ""


class _Web(msgspec.Struct, forbid_unknown_fields=True):
    port: _Port = WEB_PORT
    host: _Host = LOOPBACK
    hosts: list[_Host] = msgspec.field(default_factory=list)
    secure: bool = False


class _Partners(msgspec.Struct, forbid_unknown_fields=True):
    port: _Port = PARTNER_PORT
    host: _Host = LOOPBACK
    address: Annotated[str, msgspec.Meta(max_length=ADDRESS_CHARS_MAX)] = ""


class _Identity(msgspec.Struct, forbid_unknown_fields=True):
    second_factor: list[Role] = msgspec.field(default_factory=lambda: list(SECOND_FACTOR))
    rest_minutes: Annotated[int, msgspec.Meta(ge=1, le=REST_MINUTES_MAX)] = REST_MINUTES
    shift_hours: Annotated[int, msgspec.Meta(ge=1, le=SHIFT_HOURS_MAX)] = SHIFT_HOURS
    sessions: Annotated[int, msgspec.Meta(ge=1, le=20)] = BOUNDS.sessions_max


class _Chain(msgspec.Struct, forbid_unknown_fields=True):
    before: Before
    positions: Annotated[list[str], msgspec.Meta(min_length=1, max_length=APPROVERS_MAX)]
    sorts: list[str] = msgspec.field(default_factory=list)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    v: Literal[1]
    party: str
    names: _Names
    node: Annotated[str, msgspec.Meta(pattern=rf"\A{NODE_CODE.pattern}\Z")]
    positions: Annotated[list[_Position], msgspec.Meta(min_length=1, max_length=POSITIONS_MAX)]
    web: _Web = msgspec.field(default_factory=_Web)
    partners: _Partners = msgspec.field(default_factory=_Partners)
    identity: _Identity = msgspec.field(default_factory=_Identity)
    clock_offset_ms: Annotated[int, msgspec.Meta(ge=-YEARS_100_MS, le=YEARS_100_MS)] = 0
    sample_data: bool = False
    zone: str = ZONE
    language: Literal["en", "ar", "ckb"] = "en"
    anchor_hours: Literal[1, 2, 3, 4, 6, 8, 12, 24] = ANCHOR_HOURS
    take_back_seconds: Annotated[int, msgspec.Meta(ge=0, le=TAKE_BACK_SECONDS_MAX)] = (
        TAKE_BACK_SECONDS
    )
    store: Annotated[str, msgspec.Meta(min_length=1, max_length=STORE_CHARS_MAX)] = SQLITE
    approval_chains: Annotated[list[_Chain], msgspec.Meta(max_length=CHAINS_MAX)] = msgspec.field(
        default_factory=list
    )
    published_as: _Known = ""
    evacuation_minutes: dict[_Precedence, _Minutes] = msgspec.field(default_factory=dict)


def read_settings(folder: Path) -> NodeSettings:
    """The settings in ``folder``. Raises StoreError without a node, InputError for its file."""
    path = folder / FILE
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        raise StoreError("node_absent", folder=folder) from None
    except OSError as error:
        raise StoreError("node_unreadable", folder=folder, reason=error.strerror or "") from None
    return parse_settings(folder, data)


def parse_settings(folder: Path, data: bytes) -> NodeSettings:
    """The settings in the bytes of a ``node.json``. Raises InputError."""
    if len(data) > FILE_BYTES_MAX:
        raise InputError("settings_form", where=FILE)
    try:
        found = msgspec.json.decode(data, type=_File)
    except msgspec.ValidationError as error:
        raise InputError("settings_form", where=_place(str(error))) from None
    except msgspec.DecodeError:
        raise InputError("settings_json") from None
    return checked(_settings(folder, found))


def _place(message: str) -> str:
    place = re.search(r"`\$\.?([^`]*)`\s*$", message)
    named = re.search(r"field `([^`]*)`", message)
    return ".".join(part[1] for part in (place, named) if part is not None and part[1]) or FILE


def _settings(folder: Path, found: _File) -> NodeSettings:
    return NodeSettings(
        folder=folder,
        party=party_code(found.party),
        names=_text(found.names),
        node=found.node,
        positions=tuple(
            Position(
                code=position_code(item.code),
                role=item.role,
                names=_text(item.names),
                clearance=item.clearance,
                categories=frozenset(item.categories),
                deputy=item.deputy,
                hours=tuple(map(hours_from_text, item.hours)),
                telephone=item.telephone,
            )
            for item in found.positions
        ),
        web_host=found.web.host,
        web_port=found.web.port,
        web_hosts=tuple(found.web.hosts),
        web_secure=found.web.secure,
        partner_host=found.partners.host,
        partner_port=found.partners.port,
        address=found.partners.address,
        clock_offset_ms=found.clock_offset_ms,
        sample_data=found.sample_data,
        zone=found.zone,
        language=found.language,
        store=found.store,
        anchor_hours=found.anchor_hours,
        take_back_seconds=found.take_back_seconds,
        second_factor=tuple(sorted(set(found.identity.second_factor))),
        rest_minutes=found.identity.rest_minutes,
        shift_hours=found.identity.shift_hours,
        sessions_max=found.identity.sessions,
        chains=tuple(
            Chain(before=one.before, positions=tuple(one.positions), sorts=frozenset(one.sorts))
            for one in found.approval_chains
        ),
        published_as=found.published_as,
        evacuation_minutes={str(name): count for name, count in found.evacuation_minutes.items()},
    )


def checked(settings: NodeSettings) -> NodeSettings:
    """The settings, if they hold together. Raises InputError."""
    codes = [position.code for position in settings.positions]
    if len(set(codes)) != len(codes):
        raise InputError("settings_form", where="positions")
    for position in settings.positions:
        if not position.categories <= CATEGORIES:
            raise InputError("settings_form", where=f"positions.{position.code}.categories")
        if position.deputy and position.deputy not in set(codes) - {position.code}:
            raise InputError("settings_form", where=f"positions.{position.code}.deputy")
    readers = {one.code for one in settings.positions if one.role is not Role.ADMINISTRATOR}
    for chain in settings.chains:
        named = set(chain.positions)
        if len(named) < len(chain.positions) or not named <= readers:
            raise InputError("settings_form", where="approval_chains.positions")
        if not chain.sorts <= set(SORTS):
            raise InputError("settings_form", where="approval_chains.sorts")
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError("settings_form", where="zone") from None
    if settings.store != SQLITE:
        from tansiq.log.postgres_setup import checked_address

        checked_address(settings.store)
    return settings


def _text(names: _Names) -> Text:
    return Text(names.en, names.ar, names.ckb)


def _names(text: Text) -> dict[str, str]:
    return {"en": text.en, "ar": text.ar, "ckb": text.ckb}


def settings_json(settings: NodeSettings) -> bytes:
    """The bytes of ``node.json``, for people to read and edit."""
    value = {
        "v": 1,
        "party": settings.party,
        "names": _names(settings.names),
        "node": settings.node,
        "positions": [_position(position) for position in settings.positions],
        "web": {
            "host": settings.web_host,
            "port": settings.web_port,
            "hosts": list(settings.web_hosts),
            "secure": settings.web_secure,
        },
        "partners": {
            "host": settings.partner_host,
            "port": settings.partner_port,
            "address": settings.address,
        },
        "identity": {
            "second_factor": sorted(role.value for role in settings.second_factor),
            "rest_minutes": settings.rest_minutes,
            "shift_hours": settings.shift_hours,
            "sessions": settings.sessions_max,
        },
        "clock_offset_ms": settings.clock_offset_ms,
        "sample_data": settings.sample_data,
        "zone": settings.zone,
        "language": settings.language,
        "store": settings.store,
        "anchor_hours": settings.anchor_hours,
        "take_back_seconds": settings.take_back_seconds,
        "approval_chains": [_chain(chain) for chain in settings.chains],
        "published_as": settings.published_as,
        "evacuation_minutes": dict(settings.evacuation_minutes),
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _position(position: Position) -> dict[str, object]:
    return {
        "code": position.code,
        "role": position.role.value,
        "names": _names(position.names),
        "clearance": position.clearance.value,
        "categories": sorted(position.categories),
        "deputy": position.deputy,
        "hours": [span.text() for span in position.hours],
        "telephone": position.telephone,
    }


def _chain(chain: Chain) -> dict[str, object]:
    return {
        "before": chain.before.value,
        "positions": list(chain.positions),
        "sorts": sorted(chain.sorts),
    }
