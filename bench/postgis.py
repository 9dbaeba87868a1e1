"""PostGIS with the same activities: geography on the sphere, a GiST index on areas and times.

A circle is a point and a corridor a line, with their radii beside; what is indexed is the area with
its margin as PostGIS itself expands it. That is the best of the ways that were tried: with a buffer
it is slower, and a circle becomes a polygon drawn inside it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import psycopg

from bench.cluster import OWNER, Cluster
from tansiq.domain.operations.sphere import E7, TOUCH_METRES
from tansiq.domain.operations.volumes import volume_of
from tansiq.domain.records import Body

WANTED: Final = "postgresql-15-postgis-3"
_TABLE: Final = """CREATE TABLE activity (
    id int PRIMARY KEY, g geography NOT NULL, e geography, r float8 NOT NULL, m float8 NOT NULL,
    span tstzrange NOT NULL, bare tstzrange NOT NULL, low int NOT NULL, high int NOT NULL)"""
_PAIRS: Final = f"""SELECT a.id, b.id, a.bare && b.bare
        AND ST_DWithin(a.g, b.g, a.r + b.r + {TOUCH_METRES}, false)
    FROM activity a JOIN activity b
      ON a.e && b.e AND a.span && b.span AND a.id < b.id AND a.low < b.high AND b.low < a.high
      AND ST_DWithin(a.g, b.g, a.r + b.r + a.m + b.m + {TOUCH_METRES}, false)"""
_ONE: Final = f"""SELECT a.id, a.bare && %(bare)s::tstzrange
        AND ST_DWithin(a.g, %(g)s::geography, a.r + %(r)s::float8 + {TOUCH_METRES}, false)
    FROM activity a
    WHERE a.e && _ST_Expand(%(g)s::geography, %(r)s::float8 + %(m)s::float8)
      AND a.span && %(span)s::tstzrange AND a.low < %(high)s::int AND %(low)s::int < a.high
      AND ST_DWithin(a.g, %(g)s::geography,
                     a.r + %(r)s::float8 + a.m + %(m)s::float8 + {TOUCH_METRES}, false)"""


def lacking() -> bool:
    """Whether this machine has no PostGIS."""
    return not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))


def _row(body: Body) -> dict[str, Any]:
    """An activity as its row."""
    volume = volume_of(body)
    assert volume is not None
    (spell,) = volume.spells
    return {
        "g": _shape(body), "r": volume.radius, "m": float(volume.margin_metres),
        "span": _range(volume.begins, volume.until), "bare": _range(*spell),
        "low": volume.floor, "high": volume.ceiling,
    }  # fmt: skip


def _shape(body: Body) -> str:
    area = body["area"]
    assert isinstance(area, dict)
    points = [f"{lon / E7:.7f} {lat / E7:.7f}" for lat, lon in area["positions"]]
    if area["shape"] == "polygon":
        return f"SRID=4326;POLYGON(({','.join([*points, points[0]])}))"
    name = "POINT" if area["shape"] == "circle" else "LINESTRING"
    return f"SRID=4326;{name}({','.join(points)})"


def _range(begins: int, until: int) -> str:
    return f"[{_stamp(begins)},{_stamp(until)})"


def _stamp(moment: int) -> str:
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC).isoformat()


class PostGis:
    """The activities in a server of their own."""

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)
        self.connection.execute("CREATE EXTENSION postgis")
        self.connection.execute("SET jit = off")  # it takes longer than such a question
        self.connection.execute(_TABLE)

    def load(self, bodies: Sequence[Body]) -> float:
        """Take up the activities; how many seconds the index took."""
        statement = "COPY activity (id, g, r, m, span, bare, low, high) FROM STDIN"
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for number, body in enumerate(bodies):
                copy.write_row((number, *_row(body).values()))
        self.connection.execute("UPDATE activity SET e = _ST_Expand(g, r + m)")
        began = perf_counter()
        self.connection.execute("CREATE INDEX ON activity USING gist (e, span)")
        took = perf_counter() - began
        self.connection.execute("VACUUM ANALYZE activity")
        return took

    def pairs(self) -> dict[tuple[int, int], bool]:
        """All pairs that meet by their numbers, and whether they overlap."""
        return {(a, b): bool(over) for a, b, over in self.connection.execute(_PAIRS)}

    def one(self, row: dict[str, Any]) -> dict[int, bool]:
        """Those that a new one meets, by number, and whether they overlap."""
        found = self.connection.execute(_ONE, row, prepare=True)
        return {number: bool(over) for number, over in found}

    def row(self, body: Body) -> dict[str, Any]:
        """A new activity as :meth:`one` asks it."""
        return _row(body)

    def distance(self, one: Body, other: Body) -> float:
        """How far apart two areas are in metres, without their margins; below 0 = they overlap."""
        a, b = _row(one), _row(other)
        asked = "SELECT ST_Distance(%s::geography, %s::geography, false)"
        ((found,),) = self.connection.execute(asked, (a["g"], b["g"])).fetchall()
        return float(found) - a["r"] - b["r"]


@contextmanager
def served() -> Iterator[PostGis]:
    """PostGIS in a server that goes at the end."""
    cluster = Cluster()
    try:
        yield PostGis(cluster.address("crash", OWNER))
    finally:
        cluster.remove()
