"""Vendored files are what the scripts of tools/vendor wrote; the interface keeps its budget."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src/tansiq/web/static"
LISTS = [
    STATIC / "vendor/VENDOR.json",
    ROOT / "tests/vendor/VENDOR.json",
    ROOT / "src/tansiq/gateways/typesetting/fonts/VENDOR.json",
    ROOT / "src/tansiq/gateways/iati/standard/VENDOR.json",
]
LICENCES = {"BSD-2-Clause", "OFL-1.1", "MPL-2.0", "CC-BY-4.0"}


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.parts[-3])
def test_hashes(path: Path) -> None:
    """Every file is listed with the hash it has, and none lies there unlisted."""
    listed: dict[str, str] = {}
    for package in json.loads(path.read_text()):
        assert package["licence"] in LICENCES
        listed |= package["files"]
    here = path.parent
    found = {
        p.relative_to(here).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in here.rglob("*")
        if p.is_file() and p != path
    }
    assert found == listed


def test_every_package_carries_its_licence_text() -> None:
    """A licence text stands beside each package."""
    for path in LISTS:
        for package in json.loads(path.read_text()):
            assert any(re.search(r"LICENSE|OFL", name) for name in package["files"]), package[
                "name"
            ]


def test_no_source_map_and_no_missing_image() -> None:
    """A hashed static store refuses a file that names one which is not there."""
    for path in (STATIC / "vendor").rglob("*"):
        if path.suffix in {".js", ".css"}:
            text = path.read_text()
            assert "sourceMappingURL" not in text, path
            assert path.suffix != ".css" or "url(" not in text, path


def test_the_font_ranges_in_the_sheet_are_those_of_the_cut() -> None:
    """The ranges stand in two places and must agree."""
    source = (ROOT / "tools/vendor/fonts.py").read_text()
    css = (STATIC / "app.css").read_text()
    ranges = dict(re.findall(r'^(ARABIC|LATIN) = \(\n((?:    ".*"\n)+)\)', source, re.MULTILINE))
    in_css = {re.sub(r"\s+", "", r) for r in re.findall(r"unicode-range:\s*([^;}]+)", css)}
    assert in_css == {re.sub(r'[\s"]', "", r) for r in ranges.values()}


def test_basemap_is_light_and_well_formed() -> None:
    """The basemap keeps its weight and its frame."""
    raw = (STATIC / "basemap/basemap-1.json").read_bytes()
    assert len(gzip.compress(raw, 9)) <= 22 * 1024
    basemap = json.loads(raw)
    west, south, east, north = basemap["bbox"]
    for name in ("water", "rivers", "borders", "lines"):
        for line in basemap[name]:
            assert len(line) >= 4
            assert len(line) % 2 == 0
            xs, ys = _sums(line[0::2]), _sums(line[1::2])
            assert west - 1 <= min(xs) <= max(xs) <= east + 1
            assert south - 1 <= min(ys) <= max(ys) <= north + 1


def _sums(steps: list[int]) -> list[int]:
    total, out = 0, []
    for step in steps:
        total += step
        out.append(total)
    return out


def test_letters_of_both_languages_are_in_the_cut() -> None:
    """No letter of Arabic or Sorani falls back to another font."""
    source = (ROOT / "tools/vendor/fonts.py").read_text()
    body = re.search(r'^ARABIC = \(\n((?:    ".*"\n)+)\)', source, re.MULTILINE)
    assert body
    wanted: set[int] = set()
    for part in re.sub(r'["\sU+]', "", body.group(1)).strip(",").split(","):
        first, _, last = part.partition("-")
        wanted |= set(range(int(first, 16), int(last or first, 16) + 1))
    sorani = "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهەھیێ"
    arabic = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويى،؛؟ًٌٍَُِّْـ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
    marks = "\u061c\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069"
    assert {ord(c) for c in sorani + arabic + marks} <= wanted


def test_what_a_first_visit_loads_is_within_budget() -> None:
    """The budget of docs/internals/interface.md."""

    def zipped(*names: str) -> int:
        return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)

    scripts = [f"js/{name}.js" for name in ("clock", "theme", "keys", "draft", "live", "seat")]
    assert zipped("app.css") <= 13.5 * 1024
    assert zipped(*scripts) <= 8 * 1024
    assert zipped("js/passkey.js") <= 1024 + 512
    assert (STATIC / "icons.svg").stat().st_size <= 4 * 1024
    assert sum(p.stat().st_size for p in STATIC.rglob("*.woff2")) <= 52 * 1024


def test_nothing_of_ours_needs_what_old_browsers_or_the_policy_refuse() -> None:
    """Logical properties, old browsers, no outside source, no markup made from text."""
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text(), flags=re.DOTALL)
    for word in (
        ":has(",
        "color-mix(",
        "@layer",
        "@container",
        "popover",
        "http:",
        "https:",
        "@import",
        "data:",
    ):
        assert word not in css, word
    physical = (
        r"[;{\s](?:margin|padding|border)-(?:left|right)\b|"
        r"[;{\s](?:left|right|float)\s*:|text-align:\s*(?:left|right)"
    )
    assert not re.search(physical, css)
    for path in (STATIC / "js").glob("*.js"):
        script = path.read_text()
        for word in (
            "eval(",
            "new Function",
            "innerHTML",
            'setAttribute("style"',
            "http:",
            "import ",
        ):
            assert word not in script, (path.name, word)
