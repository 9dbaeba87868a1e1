"""Areas as a small picture on a page: shapes, the towns about them, and a scale, as SVG without
script, so that it is there on paper too. The words beside it say the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from tansiq.domain.areas import METRES_PER_DEGREE, Shape
from tansiq.domain.places import E7, gazetteer
from tansiq.domain.wording import direction
from tansiq.web.shell.areas import area_words, length_words

_WIDE: Final = 480
_HIGH: Final = 300
_EDGE: Final = 46  # pixels about the shapes
_LEAST_M: Final = 4_000  # of the view, about a point
_BARS_M: Final = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100)
_BAR_MOST: Final = _WIDE / 3
_LABEL: Final = 16  # pixels between the names of two towns


class _Point(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An area of a picture; ``tone`` is the class of its colours: own, other, bad or warn."""

    area: dict[str, Any]
    tone: str = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """From degrees to pixels, flat about the middle of what is shown."""

    lat: float
    lon: float
    metres: float  # of one pixel

    def at(self, lat: int, lon: int) -> _Point:
        """Where a position (1e-7 degree) is drawn."""
        east = (lon / E7 - self.lon) * METRES_PER_DEGREE * cos(radians(self.lat))
        north = (lat / E7 - self.lat) * METRES_PER_DEGREE
        return _Point(_WIDE / 2 + east / self.metres, _HIGH / 2 - north / self.metres)


def picture(drawn: Sequence[Drawn], language: str) -> Markup:
    """The picture of one area or several, the first on top; nothing for none."""
    if not drawn:
        return Markup()
    view = _view([one.area for one in drawn])
    parts = [*(_shape(view, one) for one in reversed(drawn)), *_towns(view, language)]
    parts.append(_bar(view, language))
    said = "; ".join(area_words(one.area, language) for one in drawn)
    return Markup(
        '<svg class="area-picture" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(_WIDE, _HIGH, said, Markup().join(parts))


def _view(areas: Sequence[dict[str, Any]]) -> _View:
    """The view that holds all of them."""
    spans = [_span(area) for area in areas]
    south, west = min(one[0] for one in spans), min(one[1] for one in spans)
    north, east = max(one[2] for one in spans), max(one[3] for one in spans)
    lat, lon = (south + north) / 2, (west + east) / 2
    high = max((north - south) * METRES_PER_DEGREE, _LEAST_M)
    wide = max((east - west) * METRES_PER_DEGREE * cos(radians(lat)), _LEAST_M)
    metres = max(high / (_HIGH - 2 * _EDGE), wide / (_WIDE - 2 * _EDGE))
    return _View(lat=lat, lon=lon, metres=metres)


def _span(area: dict[str, Any]) -> tuple[float, float, float, float]:
    """South, west, north and east of an area in degrees, with its metres about it."""
    lats = [lat / E7 for lat, _ in area["positions"]]
    lons = [lon / E7 for _, lon in area["positions"]]
    half = area["metres"] / (1 if area["shape"] == Shape.CIRCLE else 2) / METRES_PER_DEGREE
    beside = half / max(cos(radians(max(map(abs, lats)))), 0.01)
    return min(lats) - half, min(lons) - beside, max(lats) + half, max(lons) + beside


def _shape(view: _View, one: Drawn) -> Markup:
    area = one.area
    points = [view.at(lat, lon) for lat, lon in area["positions"]]
    wide = round(area["metres"] / view.metres, 1)
    if area["shape"] == Shape.CIRCLE:
        (at,) = points
        return Markup(
            '<circle class="area-{}" cx="{:.1f}" cy="{:.1f}" r="{}" stroke-width="2"/>'
        ).format(one.tone, *at, max(wide, 3))
    path = " ".join(f"{at.x:.1f},{at.y:.1f}" for at in points)
    if area["shape"] == Shape.POLYGON:
        return Markup('<polygon class="area-{}" points="{}" stroke-width="2"/>').format(
            one.tone, path
        )
    band = Markup('<polyline class="area-{} area-wide" points="{}" stroke-width="{}"/>')
    line = Markup('<polyline class="area-{} area-line" points="{}" stroke-width="2"/>')
    return band.format(one.tone, path, max(wide, 4)) + line.format(one.tone, path)


def _towns(view: _View, language: str) -> Iterable[Markup]:
    """The towns in view, each with its name where that covers no other's."""
    taken: list[_Point] = []
    text = Markup('<text x="{:.1f}" y="{:.1f}" direction="{}">{}</text>')
    for town in gazetteer().values():
        at = view.at(town.lat, town.lon)
        if not (0 < at.x < _WIDE and _LABEL < at.y < _HIGH):
            continue
        yield Markup('<circle class="area-town" cx="{:.1f}" cy="{:.1f}" r="2.5"/>').format(*at)
        if all(abs(at.y - one.y) > _LABEL or abs(at.x - one.x) > 4 * _LABEL for one in taken):
            taken.append(at)
            name = town.names.of(language)
            yield text.format(at.x, at.y - 6, direction(language), name)


def _bar(view: _View, language: str) -> Markup:
    """How long so many metres are."""
    metres = next((m for m in _BARS_M if m / view.metres <= _BAR_MOST), _BARS_M[-1])
    bar = Markup(
        '<path class="area-bar" d="M12 {y} v4 h{wide:.1f} v-4"/>'
        '<text class="area-said" x="{at:.1f}" y="{said}" direction="{way}">{words}</text>'
    )
    wide = metres / view.metres
    return bar.format(
        y=_HIGH - 16, wide=wide, at=12 + wide / 2, said=_HIGH - 18, way=direction(language),
        words=length_words(metres, language),
    )  # fmt: skip
