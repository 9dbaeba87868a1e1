"""A list with areas for other people's maps: as GeoJSON (RFC 7946) and as KML 2.3.

Both know no circle and no corridor. So each area is covered by polygons from outside: what stands
in the file is never smaller than what was said, and what was said stands beside it in words. Each
is a function of the list as it leaves, as every other way out.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import cos, hypot, pi, radians, sin
from typing import Any, Final, TypeAlias

from lxml import etree

from tansiq.domain.areas import METRES_PER_DEGREE, Shape
from tansiq.domain.places import E7
from tansiq.domain.search import without_overrides
from tansiq.domain.tables import Holds, Row
from tansiq.web.shell.cells import text_of
from tansiq.web.shell.leaving import Leaving

Ring: TypeAlias = list[tuple[float, float]]  # longitude and latitude, the first again at the end
_SIDES: Final = 48
_DECIMALS: Final = 7
_KML: Final = "http://www.opengis.net/kml/2.2"
_WIDER: Final = 1.001  # a degree is flat here: a thousandth more covers what that loses


def geojson(leaving: Leaving) -> bytes:
    """The rows that have an area, each as a feature; what the list says of itself stands beside."""
    features = [
        {
            "type": "Feature",
            "geometry": _collection(area),
            "properties": _said(leaving, row),
        }
        for row, area in _located(leaving)
    ]
    made = {
        "type": "FeatureCollection", "title": leaving.title, "marking": leaving.marking,
        "about": _about(leaving), "features": features,
    }  # fmt: skip
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def kml(leaving: Leaving) -> bytes:
    """The same as KML: a placemark for each row, with its time where the list has one."""
    root = etree.Element(f"{{{_KML}}}kml", nsmap={None: _KML})
    document = _below(root, "Document")
    _below(document, "name", leaving.title)
    _below(document, "description", "\n".join([leaving.marking, *_about(leaving)]))
    lead = leaving.table.index(leaving.table.lead) if leaving.table.lead else 0
    for row, area in _located(leaving):
        mark = _below(document, "Placemark")
        _below(mark, "name", text_of(leaving.voice.values(
            leaving.table.columns[lead], row.cells[lead])[0]))  # fmt: skip
        said = _said(leaving, row)
        _below(mark, "description", "\n".join(f"{name}: {text}" for name, text in said.items()))
        _span(leaving, row, mark)
        several = _below(mark, "MultiGeometry")
        for ring in rings(area):
            border = _below(_below(_below(several, "Polygon"), "outerBoundaryIs"), "LinearRing")
            _below(border, "coordinates", " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in ring))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _below(parent: Any, name: str, text: str = "") -> Any:  # noqa: ANN401 - lxml ships no types
    made = etree.SubElement(parent, f"{{{_KML}}}{name}")
    made.text = without_overrides(text) or None
    return made


def _span(leaving: Leaving, row: Row, mark: Any) -> None:  # noqa: ANN401 - as above
    """When it is, where the list says so."""
    table = leaving.table
    if not table.dated or not table.until:
        return
    ends = [leaving.voice.values(table.columns[n], row.cells[n])[0]
            for n in map(table.index, (table.dated, table.until))]  # fmt: skip
    if all(ends):
        span = _below(mark, "TimeSpan")
        for name, value in zip(("begin", "end"), ends, strict=True):
            _below(span, name, text_of(value))


def _located(leaving: Leaving) -> Iterator[tuple[Row, Mapping[str, Any]]]:
    """The rows that have an area, each with it."""
    at = leaving.table.index(leaving.table.located)
    for row in leaving.table.rows:
        area = row.cells[at].value
        if isinstance(area, Mapping):
            yield row, area


def _said(leaving: Leaving, row: Row) -> dict[str, str]:
    """What the columns say of a row, by their headings; a file for people's maps names no cell
    twice.
    """
    found: dict[str, str] = {}
    for column, cell in zip(leaving.table.columns, row.cells, strict=True):
        heads = list(leaving.voice.headings(column))
        values = leaving.voice.values(column, cell)
        kept = 1 if column.holds is Holds.AREA else len(heads)
        for (head, _), value in list(zip(heads, values, strict=True))[:kept]:
            found.setdefault(head, text_of(value))
    if row.classification:
        heading = leaving.voice.t("label.class")
        found[heading] = leaving.voice.t(f"class.{row.classification}")
    return found


def _about(leaving: Leaving) -> list[str]:
    """What the list says of itself, line by line."""
    said = [leaving.definition]
    for column, cell in (*leaving.facts, leaving.taken):
        text = " ".join(text_of(value) for value in leaving.voice.values(column, cell)[:1])
        said.append(f"{leaving.voice.t(column.heading)}: {text}")
    return [*said, *leaving.notes]


def _collection(area: Mapping[str, Any]) -> dict[str, Any]:
    found = [{"type": "Polygon", "coordinates": [[list(at) for at in one]]} for one in rings(area)]
    return found[0] if len(found) == 1 else {"type": "GeometryCollection", "geometries": found}


def rings(area: Mapping[str, Any]) -> list[Ring]:
    """The polygons that cover an area from outside, anticlockwise."""
    points = [(lon / E7, lat / E7) for lat, lon in area["positions"]]
    if area["shape"] == Shape.POLYGON:
        ring = [*points, points[0]]
        return [ring if _turn(ring) > 0 else ring[::-1]]
    if area["shape"] == Shape.CIRCLE:
        return [_round(points[0], area["metres"])]
    half = area["metres"] / 2
    bands = [_band(one, other, half) for one, other in pairwise(points) if one != other]
    return [*bands, *(_round(at, half) for at in points)]


def _turn(ring: Ring) -> float:
    """Twice the area that a ring encloses, above 0 where it runs anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def _round(at: tuple[float, float], metres: float) -> Ring:
    """A circle from outside: its sides touch it."""
    reach = metres * _WIDER / cos(pi / _SIDES)
    turns = [2 * pi * n / _SIDES for n in range(_SIDES)]
    ring = [_moved(at, reach * cos(one), reach * sin(one)) for one in turns]
    return [*ring, ring[0]]


def _band(one: tuple[float, float], other: tuple[float, float], half: float) -> Ring:
    """Both sides of a line from one point to another."""
    narrow = cos(radians((one[1] + other[1]) / 2))
    east, north = (other[0] - one[0]) * narrow, other[1] - one[1]
    far = hypot(east, north)
    out = half * _WIDER / far
    x, y = north * out, -east * out  # to the right of the way
    ring = [_moved(one, x, y), _moved(other, x, y), _moved(other, -x, -y), _moved(one, -x, -y)]
    return [*ring, ring[0]]


def _moved(at: tuple[float, float], east: float, north: float) -> tuple[float, float]:
    """A point so many metres from another."""
    lat = at[1] + north / METRES_PER_DEGREE
    lon = at[0] + east / METRES_PER_DEGREE / max(cos(radians(at[1])), 0.01)
    return round(lon, _DECIMALS), round(lat, _DECIMALS)
