"""The tutorial in docs/reference/kinds.md, carried out to the letter on a copy of the package."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "kinds.md"
_STEP = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```\n", re.DOTALL)
LINES_MAX = 150  # of all that a kind needs

# Runs with the copy first on the path: everything below comes from the declaration alone.
TRIAL = """
from django.http import HttpRequest, QueryDict

import tansiq
from tansiq.desk.records import read
from tansiq.desk.records.read import Query
from tansiq.desk.records import inbox
from tansiq.desk.records.say import Draft
from tansiq.desk.release import releasing
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.places import place_named
from tansiq.domain.wording import Text
from tansiq.policy.agreement import Follow
from tansiq.web.shell import forms, site
from tests.web.pair import Screen, text_of
from tests.world import HOUR, START, rule, to, worlds
from pathlib import Path
import sys

assert Path(tansiq.__file__).is_relative_to(sys.argv[1]), tansiq.__file__
kind = kind_named("weather")
assert kind.label().ckb and kind.field("station").label().ar

with worlds("MPA", "MOD") as world:
    desk = world.desk("MPA")
    names = Text("x", "x", "x")
    settings = site.SiteSettings(names=names, accounts=Path(sys.argv[1]) / "a.db", secret="x" * 50)
    site.configure(settings)
    site.use(desk, settings)
    shown = [field.name for field in kind.fields if not field.hidden]
    assert " ".join(shown) == "phenomenon text observed valid_until place seats station internal"
    request = HttpRequest()
    request.POST = QueryDict(mutable=True)
    request.POST.update({"phenomenon": "hail", "text": "Dust from the west", "station": "S4",
                         "observed": "2020-12-20 14:00", "place-name": "Makhmour",
                         "valid_until": "2020-12-22 08:00", "seats-party": "MOD",
                         "seats-MOD": "liaison-officer"})
    parsed = forms.parse(request, kind, "en")
    assert parsed.body["station"] == "S4" and parsed.body["place"]["key"] == "makhmour"
    assert set(parsed.errors) == {"phenomenon"}, parsed.errors
    request.POST["phenomenon"] = "dust"
    parsed = forms.parse(request, kind, "en")
    assert not parsed.errors, parsed.errors

    for broken in ({"phenomenon": "hail"}, {"text": ""}, {"unheard_of": 1}):
        try:
            kind.check({**parsed.body, **broken})
        except InputError:
            continue
        raise AssertionError(broken)

    body = {**parsed.body, "internal": "ask the base"}
    record = world.write("MPA", "notice", Draft(kind="weather", body=body, label=to("MOD")))
    both = [rule(party, f"R-{party}", kinds=frozenset({"weather"}), follow=Follow.WHOLE)
            for party in ("MPA", "MOD")]
    world.agree("MPA", "MOD", *both)
    wish = releasing.Wish(record=record, to="MOD", rule="R-MPA")
    look = releasing.preview(desk, world.actor("MPA"), wish)
    assert set(look.hidden) == {"station", "internal", "seats"} and "text" in look.shown.value.body
    world.release("MPA", record, "MOD", "R-MPA")
    world.exchange("MPA", "MOD")

    query = Query(kinds=("weather",), words="مخمور")
    (here,) = read.page(desk, world.viewer("MPA"), query).rows
    (there,) = read.page(world.desk("MOD"), world.viewer("MOD"), query).rows
    assert here.value.body["station"] == "S4"
    assert set(there.value.body) == {"phenomenon", "text", "observed", "place", "valid_until"}
    assert not read.page(
        world.desk("MOD"), world.viewer("MOD"), Query(kinds=("weather",), words="S4")
    ).rows
    for party, count in (("MPA", 1), ("MOD", 1)):
        screen = Screen(world, party, "duty-officer")
        for asked in ("", "?view=board", "?view=board&by=phenomenon", "?view=chart&by=place",
                      "?view=calendar&month=2020-12", "?view=chart&by=week", "?phenomenon=dust",
                      "/csv", "/print?place=makhmour", "?order=due"):
            page = text_of(screen.get("/list/weather" + asked))
            assert "Dust" in page or "week" in asked, (party, asked)
            assert ("S4" in page) <= (party == "MPA")
        assert "Dust from" not in text_of(screen.get("/list/weather?phenomenon=rain"))
        points = screen.get("/list/weather/data?bbox=-180,-90,180,90&z=7").json()["points"]
        assert len(points) == count and points[0]["severity"] == "dust"
    assert "W-" in text_of(Screen(world, "MOD", "duty-officer").get("/list/weather"))

    theirs, reader = world.desk("MOD"), world.viewer("MOD")
    assert [v.value.record for v in inbox.unread(theirs, reader).rows] == [record]
    assert "Dust from" in text_of(Screen(world, "MOD", "duty-officer").get("/inbox"))
    world.step("MOD", "seen", ("MPA", record), "confirm")
    world.exchange("MPA", "MOD")
    assert not inbox.unread(theirs, reader).rows
    assert read.record(desk, world.viewer("MPA"), "MPA", record).value.state == "confirmed"
    page = text_of(Screen(world, "MPA", "duty-officer").get(f"/record/MPA/{record}"))
    assert "Confirmed" in page and "Lift the notice" in page
    assert Screen(world, "MPA", "duty-officer").get("/list/weather/new").status_code == 200
    world.step("MPA", "over", ("MPA", record), "lift")
    assert read.record(desk, world.viewer("MPA"), "MPA", record).value.state == "lifted"
    mpa = Screen(world, "MPA", "duty-officer")
    assert "Dust from" not in text_of(mpa.get("/list/weather"))
    assert "Dust from" in text_of(mpa.get("/list/weather?tab=all"))
"""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package in which the steps of the page were taken."""
    source = tmp_path / "src"
    ignored = shutil.ignore_patterns("__pycache__", "static")
    shutil.copytree(ROOT / "src" / "tansiq", source / "tansiq", ignore=ignored)
    steps = _STEP.findall(PAGE.read_text("utf-8"))
    assert sum(text.count("\n") for _, text in steps) <= LINES_MAX
    for name, text in steps:
        assert not (tmp_path / name).exists(), "no other file is touched"
        (tmp_path / name).write_text(text, "utf-8")
    (source / "tansiq" / "web" / "static").symlink_to(ROOT / "src" / "tansiq" / "web" / "static")
    return source


def test_the_tutorial_makes_a_kind_that_works(copied: Path):
    """Form, list, board, calendar, chart, CSV, inbox, another party's step: by declaration."""
    environment = {**os.environ, "PYTHONPATH": f"{copied}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", TRIAL, str(copied)],
        cwd=copied, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
