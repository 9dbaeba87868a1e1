"""The tools behind the rules: words found in source, review round trips, changelog."""

import importlib
from pathlib import Path

import pytest

from bench import __main__ as bench
from tools import changelog, i18n, words_in_source
from tools.stages import Stage
from tools.words_in_source import Found

HEAD = "key,en,ar,ckb,sure\n"


def found_in(python: str = "", page: str = "") -> Found:
    found = Found()
    words_in_source.read_python(found, python, "a.py")
    words_in_source.read_text(found, page, "a.html")
    return found


def test_a_key_asked_for_outright_and_absent_is_missing():
    """Calls in Python and templates, and codes of refusals and errors, are asked for outright."""
    python = """
class LateError(InputError): ...
class InputError(TansiqError): ...
words("a.one"), wording.phrase("a.two", language)
Refused("no_rule"), Granted(code="by_rule"), LateError("late", day=1)
"""
    found = found_in(python, """{{ t('a.three') }} {{ t("a.four", n=1) }} {{ set('a.five') }}""")
    keys = [asked.key for asked in found.missing({"a.one"})]
    expected = {"a.two", "refused.no_rule", "granted.by_rule", "error.late", "a.three", "a.four"}
    assert expected == set(keys)


def test_a_key_that_nothing_asks_for_is_unused():
    """Patterns, mentions and codes count as use; a neighbour that merely looks alike does not."""
    python = 'words(f"field.{name}.hint"); KEY = "a.kept"; CODE = "no_rule"; f"refused.{code}"'
    keys = {"field.place.hint", "a.kept", "refused.no_rule", "menu.map", "refused.gone", "a.dead"}
    unused = found_in(python, "{{ t('menu.' ~ item) }}").unused(keys)
    assert ["a.dead", "refused.gone"] == unused


def test_letters_of_the_other_language_are_found(tmp_path: Path):
    """Arabic kaf in Sorani and Kurdish letters in Arabic are found; a name alike in all is not."""
    lines = ["a.one,One,كتاب,كتێب,no", "a.two,Two,ڕۆژ,ڕۆژ,no", "a.name,العربية,العربية,العربية,yes"]
    (tmp_path / "a.csv").write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    faults = i18n.misspelt(i18n.rows(tmp_path))
    assert any("(a.one): ckb" in fault for fault in faults)
    assert any("(a.two): ar" in fault for fault in faults)
    assert not any("a.name" in fault for fault in faults)


def test_review_cells_come_back_and_untouched_lists_stay_byte_for_byte(tmp_path: Path):
    """Export and import change what the reviewer changed and nothing else."""
    folder, sheet = tmp_path / "words", tmp_path / "review.csv"
    folder.mkdir()
    first, second = folder / "a.csv", folder / "b.csv"
    first.write_text(HEAD + 'a.one,"One, {n}",واحد {n},یەک {n},no\n', "utf-8")
    second.write_text(HEAD + "b.one,One,واحد,یەک,no\n", "utf-8")
    before = second.read_bytes()
    i18n.export(sheet, folder)
    reviewed = sheet.read_text("utf-8-sig").replace("یەک {n},no", "یەکەم {n},yes")
    sheet.write_text(reviewed, "utf-8-sig")
    assert i18n.take(sheet, folder) == 0
    assert HEAD + 'a.one,"One, {n}",واحد {n},یەکەم {n},yes\n' == first.read_text("utf-8")
    assert before == second.read_bytes()


def test_a_review_that_breaks_a_row_changes_nothing(tmp_path: Path):
    """A lost placeholder, an emptied cell or an unknown key stops the whole import."""
    folder, sheet = tmp_path / "words", tmp_path / "review.csv"
    folder.mkdir()
    source = folder / "a.csv"
    source.write_text(HEAD + "a.one,One {n},واحد {n},یەک {n},no\n", "utf-8")
    before = source.read_bytes()
    for row in (
        "a.csv,a.one,One {n},واحد,یەک {n},yes",
        "a.csv,a.one,One {n},,یەک {n},yes",
        "a.csv,a.two,One,واحد,یەک,yes",
        "a.csv,a.one,One {n},واحد {n},یەک {n},perhaps",
    ):
        sheet.write_text("file,key,en,ar,ckb,sure\n" + row + "\n", "utf-8")
        assert i18n.take(sheet, folder) == 1
        assert before == source.read_bytes()


def test_fragments_become_one_section_and_disappear(tmp_path: Path):
    """A release gathers every fragment under its kind, above the older versions."""
    folder = tmp_path / "changes"
    folder.mkdir()
    (folder / "README.md").write_text("about\n")
    (folder / "sticks.added.md").write_text("Sticks carry\nrecalls.\n")
    (folder / "zone.fixed.md").write_text("Times are in the centre's zone.\n")
    log = tmp_path / "CHANGELOG.md"
    log.write_text(f"# Changes\n\n{changelog.MARK}\n## 0.1.0 (2026-01-01)\n")
    assert changelog.assemble(tmp_path, "0.2.0", "2026-02-01") == 0
    text = log.read_text()
    assert "## 0.2.0 (2026-02-01)\n\n### Added\n\n* Sticks carry recalls.\n\n### Fixed\n" in text
    assert text.index("0.2.0") < text.index("0.1.0")
    assert ["README.md"] == [path.name for path in folder.iterdir()]


def test_a_misnamed_or_empty_fragment_is_found(tmp_path: Path):
    """A fragment that could not be assembled is found when it is written."""
    (tmp_path / "sticks.added.md").write_text("Sticks.\n")
    (tmp_path / "Sticks.new.md").write_text("Sticks.\n")
    (tmp_path / "zone.fixed.md").write_text("\n")
    assert changelog.misnamed(tmp_path) == ["Sticks.new.md", "zone.fixed.md"]


def test_a_stage_says_how_it_went_and_which_files_took_the_time(tmp_path: Path):
    """Skipped tests are neither good nor bad; a stage that fails without a failing test counts."""
    report = tmp_path / "tests.xml"
    cases = "".join(
        f'<testcase classname="tests.unit.{file}" name="test_x" time="{seconds}"/>'
        for file, seconds in (("test_a", 1.5), ("test_b", 4), ("test_a", 3))
    )
    suite = f'<testsuite tests="9" failures="1" errors="2" skipped="2">{cases}</testsuite>'
    report.write_text(f"<testsuites>{suite}</testsuites>")
    stage = Stage("tests", lambda: 1, report)
    assert not stage.run()
    assert (4, 3) == stage.counts()
    assert ["tests.unit.test_a", "tests.unit.test_b"] == [
        line.split()[-1] for line in stage.told()[1:]
    ]
    stage.forget()
    assert (0, 1) == stage.counts()
    assert ["tests             FAILED (exit code 1) in 0 s"] == stage.told()


@pytest.mark.parametrize("module", sorted(bench.NAMES.values()))
def test_a_measurement_loads(module: str):
    """What moves in the product moves in the measurements too, which no other test runs."""
    importlib.import_module(module)
