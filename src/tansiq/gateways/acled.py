"""ACLED: events of violence and protest as researchers publish them (CSV or XLSX).

Each event becomes an incident. Its notes are a text of people: a row in which a private person may
be named is left out until somebody stands by it. How each column is read stands in
docs/reference/import.md.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.records.imported import ImportOptions, ImportReport, Progress
from tansiq.desk.records.importing import Item
from tansiq.desk.records.say import Draft
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor
from tansiq.domain.places import Place, Precision
from tansiq.domain.records import Body
from tansiq.domain.unknowns import as_told
from tansiq.domain.wording import phrase
from tansiq.gateways import published
from tansiq.gateways.cells import count, midnight, position
from tansiq.gateways.doubts import demand_sure

COLUMNS: Final = (
    "event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1",
    "actor2", "admin1", "admin2", "location", "latitude", "longitude", "geo_precision", "source",
    "notes", "fatalities",
)  # fmt: skip
OWNED: Final = frozenset(
    {"category", "severity", "text", "observed", "place", "dead", "unknowns", "grade", "source_ref"}
)
_CATEGORIES: Final = {
    "battles": "attack", "violence against civilians": "attack",
    "explosions/remote violence": "attack", "protests": "unrest", "riots": "unrest",
    "strategic developments": "other",
}  # fmt: skip
_FINER: Final = {"remote explosive/landmine/ied": "explosive_hazard"}
_DATES: Final = {"1": "", "2": "week", "3": "month"}
_PLACES: Final = {"1": Precision.EXACT, "2": Precision.ABOUT, "3": Precision.AREA}
_IDENTITY: Final = re.compile(r"[A-Z]{2,4}[0-9]{1,12}")
_DAYS: Final = ("%Y-%m-%d", "%d %B %Y", "%d-%B-%Y")
_SHOWN: Final = 40


def run(
    desk: Desk, actor: Actor, path: Path, options: ImportOptions, progress: Progress
) -> ImportReport:
    """Import a file; what can be used is kept, what cannot is in the report.

    Raises InputError for a file that is not such a table, RefusedError without the mandate.
    """
    return published.run(desk, actor, path, (ACLED, options), progress)


def _item(cells: Mapping[str, str], options: ImportOptions, _name: str) -> Item:
    cells = {name: cells[name].strip() for name in COLUMNS}
    if not _IDENTITY.fullmatch(cells["event_id_cnty"]):
        raise InputError("import_id", value=cells["event_id_cnty"][:_SHOWN])
    kind = kind_named("incident")
    body: Body = {
        "category": _category(cells),
        "severity": "routine",
        "text": _text(cells, options.language),
        "observed": midnight(_day(cells["event_date"]), options.zone),
        "place": _place(cells).to_json(),
        "dead": count(cells["fatalities"] or "0", "fatalities"),
        "unknowns": as_told(_unknown(cells, options.language)),
        "grade": "F6",
        "informant": f"ACLED; {cells['source']}"[: BOUNDS.line_chars_max],
        "source_ref": f"acled:{cells['event_id_cnty']}",
    }
    body = kind.check(body)
    demand_sure(kind, body, options)
    draft = Draft(kind="incident", body=body, label=options.row_label())
    return Item(draft=draft, owned=OWNED)


def _category(cells: Mapping[str, str]) -> str:
    found = _FINER.get(cells["sub_event_type"].lower()) or _CATEGORIES.get(
        cells["event_type"].lower()
    )
    if found is None:
        raise InputError("import_code", column="event_type")
    return found


def _day(text: str) -> date:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise InputError("import_date", value=text[:_SHOWN])


def _text(cells: Mapping[str, str], language: str) -> str:
    kind, detail = cells["event_type"], cells["sub_event_type"]
    parts = [cells["notes"], phrase("import.acled_event", language, kind=kind, detail=detail)]
    if cells["actor1"] or cells["actor2"]:
        sides = {"a": cells["actor1"], "b": cells["actor2"]}
        parts.append(phrase("import.ucdp_sides", language, **sides))
    parts.append(phrase("import.acled_source", language))
    return "\n".join(part for part in parts if part)


def _unknown(cells: Mapping[str, str], language: str) -> list[str]:
    """What the source itself does not know, a sentence each."""
    dated = _DATES.get(cells["time_precision"])
    if dated is None:
        raise InputError("import_code", column="time_precision")
    said = ["hurt", dated, "" if cells["geo_precision"] == "1" else "place"]
    return [phrase(f"import.unknown_{name}", language) for name in said if name]


def _place(cells: Mapping[str, str]) -> Place:
    precision = _PLACES.get(cells["geo_precision"])
    if precision is None:
        raise InputError("import_code", column="geo_precision")
    at = position(cells["latitude"], cells["longitude"])
    names = dict.fromkeys((cells["location"], cells["admin2"], cells["admin1"]))
    name = ", ".join(part for part in names if part)
    return Place(name=name, lat=at.lat, lon=at.lon, precision=precision)


ACLED: Final = published.Form("acled", COLUMNS, _item)
