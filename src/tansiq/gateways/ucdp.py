"""UCDP GED: events of organised violence as researchers publish them (CSV).

Each event becomes an incident: counts, places and the published names of organisations, never a
person. How each column is read stands in docs/reference/import.md.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.records.imported import ImportOptions, ImportReport, Progress
from tansiq.desk.records.importing import Item
from tansiq.desk.records.say import Draft
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.fields import COUNT_MAX
from tansiq.domain.parties import Actor
from tansiq.domain.places import Place, Precision
from tansiq.domain.records import Body
from tansiq.domain.unknowns import as_told
from tansiq.domain.wording import phrase
from tansiq.gateways import published
from tansiq.gateways.cells import midnight, position

_CITATION: Final = (
    "UCDP GED{version}, Uppsala Conflict Data Program (CC BY 4.0); Sundberg & Melander 2013, "
    "Journal of Peace Research 50(4)"
)
_VERSION: Final = re.compile(
    r"ged(?:event)?[_ -]?v?([0-9]{2})[._-]?([0-9])(?![0-9])", re.IGNORECASE
)
COLUMNS: Final = (
    "id", "type_of_violence", "conflict_name", "side_a", "side_b", "where_prec",
    "where_coordinates", "adm_1", "adm_2", "latitude", "longitude", "event_clarity", "date_prec",
    "date_start", "date_end", "low", "best", "high",
)  # fmt: skip
OWNED: Final = frozenset(
    {
        "category", "severity", "text", "observed", "place", "size", "dead", "unknowns", "grade",
        "source_ref",
    }
)  # fmt: skip
_VIOLENCE: Final = {"1": "state", "2": "groups", "3": "one_sided"}
_DATES: Final = {"1": "", "2": "days", "3": "week", "4": "month", "5": "year"}
_PLACES: Final = {
    "1": Precision.EXACT, "2": Precision.ABOUT, "3": Precision.AREA, "4": Precision.AREA,
    "5": Precision.AREA, "6": Precision.AREA, "7": Precision.AREA,
}  # fmt: skip
_IDENTITY: Final = re.compile(r"[0-9]{1,18}")


def run(
    desk: Desk, actor: Actor, path: Path, options: ImportOptions, progress: Progress
) -> ImportReport:
    """Import a file; what can be used is kept, what cannot is in the report.

    Raises InputError for a file that is not such a table, RefusedError without the mandate.
    """
    return published.run(desk, actor, path, (UCDP, options), progress)


def citation(name: str) -> str:
    """How a file of this name is cited: with its version, where the name says one."""
    found = _VERSION.search(name)
    return _CITATION.format(version=f" {found[1]}.{found[2]}" if found else "")


def _item(cells: Mapping[str, str], options: ImportOptions, name: str) -> Item:
    identity = cells["id"].strip()
    if not _IDENTITY.fullmatch(identity):
        raise InputError("import_id", value=_short(identity))
    violence = _VIOLENCE.get(cells["type_of_violence"].strip())
    if violence is None:
        raise InputError("import_code", column="type_of_violence")
    begin, end = _day(cells["date_start"]), _day(cells["date_end"] or cells["date_start"])
    if end < begin:
        raise InputError("import_date", value=_short(cells["date_end"]))
    best, low, high = (_count(cells, name) for name in ("best", "low", "high"))
    language = options.language
    body: Body = {
        "category": "attack",
        "severity": "routine",
        "text": _text(cells, violence, (begin, end), language),
        "observed": midnight(begin, options.zone),
        "place": _place(cells).to_json(),
        "size": phrase("import.ucdp_size", language, low=low, high=high),
        "dead": best,
        "unknowns": as_told(_unknown(cells, low != high, language)),
        "grade": "F6",
        "informant": citation(name),
        "source_ref": f"ucdp:{identity}",
    }
    draft = Draft(kind="incident", body=body, label=options.row_label())
    return Item(draft=draft, owned=OWNED)


def _text(cells: Mapping[str, str], violence: str, days: tuple[date, date], language: str) -> str:
    parts = [
        phrase(f"import.ucdp_{violence}", language),
        phrase("import.ucdp_sides", language, a=cells["side_a"].strip(), b=cells["side_b"].strip()),
        phrase("import.ucdp_conflict", language, name=cells["conflict_name"].strip()),
    ]
    begin, end = days
    if begin != end:
        spoken = {"begin": begin.isoformat(), "end": end.isoformat()}
        parts.append(phrase("import.ucdp_days", language, **spoken))
    parts.append(phrase("import.ucdp_source", language))
    return "\n".join(parts)


def _unknown(cells: Mapping[str, str], wide: bool, language: str) -> list[str]:  # noqa: FBT001
    """What the source itself does not know, a sentence each."""
    dated = _DATES.get(cells["date_prec"].strip())
    if dated is None:
        raise InputError("import_code", column="date_prec")
    said = ["hurt"]
    if dated:
        said.append(dated)
    if cells["where_prec"].strip() not in {"1", "2"}:
        said.append("place")
    if cells["event_clarity"].strip() == "2":
        said.append("summary")
    if wide:
        said.append("dead")
    return [phrase(f"import.unknown_{name}", language) for name in said]


def _place(cells: Mapping[str, str]) -> Place:
    precision = _PLACES.get(cells["where_prec"].strip())
    if precision is None:
        raise InputError("import_code", column="where_prec")
    at = position(cells["latitude"], cells["longitude"])
    names = dict.fromkeys(cells[name].strip() for name in ("where_coordinates", "adm_2", "adm_1"))
    name = ", ".join(part for part in names if part)
    if len(name) > BOUNDS.line_chars_max:
        raise InputError("import_cell_size", column="where_coordinates")
    return Place(name=name, lat=at.lat, lon=at.lon, precision=precision)


def _day(text: str) -> date:
    plain = text.strip()[:10]  # some editions write a time of zero after the day
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain):
        raise InputError("import_date", value=_short(text))
    try:
        return date.fromisoformat(plain)
    except ValueError:
        raise InputError("import_date", value=_short(text)) from None


def _count(cells: Mapping[str, str], name: str) -> int:
    text = cells[name].strip()
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > COUNT_MAX:
        raise InputError("import_count", column=name, value=_short(text))
    return int(text)


def _short(text: str) -> str:
    return text.strip()[:40]


UCDP: Final = published.Form("ucdp", COLUMNS, _item)
