"""A list as a workbook: values as what they are, text as text, from right to left where it reads
so, and the same bytes for the same list.
"""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from tansiq.domain.parties import Classification
from tansiq.domain.tables import Cell, Column, Holds, Row, Way
from tansiq.domain.wording import LANGUAGES
from tansiq.web.shell.workbooks import workbook
from tests.unit.test_tables import COLUMNS, MOMENT, TAGS, leaving, row, table

AFTERNOON = dt.datetime.fromisoformat("2020-12-20T14:00")  # a workbook has no zones
FORMULAS = ("=cmd()", "+1", "-1", "@x", "\t=1", "{=1}", "http://x.example", "12", "2020-12-20")


def opened(made):
    return openpyxl.load_workbook(io.BytesIO(made)).active


def listed(*rows, language="en", **more):
    return opened(workbook(leaving(table(*rows, **more), language)))


def head_of(sheet):
    """The number of the row of headings: the frozen part ends with it and the hashtags."""
    return int(sheet.freeze_panes[1:]) - 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_says_what_it_is_and_has_headings_and_hashtags(language):
    """Title, class, definition and facts first; then the frozen headings, the tags, the rows."""
    made = leaving(table(row(classification=Classification.SECRET), total=9), language)
    sheet = opened(workbook(made))
    assert sheet.sheet_view.rightToLeft is (True if language != "en" else None)
    first = [sheet.cell(n, 1).value for n in (1, 2, 3)]
    assert [made.title, made.marking, made.definition] == first
    assert [made.voice.t(c.heading) for c, _ in (*made.facts, made.taken)] == [
        cell.value for cell in sheet[4][: len(made.facts) + 1]
    ]
    assert AFTERNOON == sheet["B5"].value
    assert "Asia/Baghdad" == sheet["D5"].value
    note = made.notes[0].replace("\u2066", "").replace("\u2069", "")
    assert note in [cell.value for cell in sheet["A"]]
    at = head_of(sheet)
    heads = [heading for column in made.columns for heading, _ in made.voice.headings(column)]
    assert f"{heads[0]} (Asia/Baghdad)" == sheet.cell(at, 1).value
    assert heads[1:] == [cell.value for cell in sheet[at][1:]]
    tags = [cell.value or "" for cell in sheet[at + 1]]
    assert [*TAGS, "#meta+classification+name", "#meta+classification+code"] == tags
    assert made.voice.t("class.secret") == sheet.cell(at + 2, len(tags) - 1).value


def test_numbers_days_and_moments_are_such():
    """What can be calculated with is a number or a date; a moment stands on the centre's clock."""
    kinds = {
        Holds.MOMENT: (MOMENT, [AFTERNOON]),
        Holds.DATE: ("2020-12-20", [AFTERNOON.replace(hour=0)]),
        Holds.NUMBER: (-3, [-3]),
        Holds.AMOUNT: ({"unit": "litre", "value": 40}, [40, "litre"]),
        Holds.MONEY: ({"currency": "USD", "minor": 125_050}, [1250.5, "USD"]),
        Holds.PLACE: ({"name": "X", "lat": 357_800_000, "lon": -435_800_000, "grain": "km1"},
                      ["X", 35.78, -43.58, "km1"]),
        Holds.PARTY: ("MOD", ["mod", "MOD"]),
    }  # fmt: skip
    for holds, (value, written) in kinds.items():
        column = Column(key="one", heading="field.text", holds=holds)
        sheet = listed(Row(cells=(Cell(value=value),)), columns=(column,))
        assert written == [cell.value for cell in sheet[head_of(sheet) + 2]][: len(written)], holds


@pytest.mark.parametrize(
    ("holds", "value", "text"),
    [
        (Holds.MOMENT, -2_500_000_000_000, "1890-10-11T22:30"),
        (Holds.DATE, "1899-12-31", "1899-12-31"),
        (Holds.NUMBER, 9_007_199_254_740_991, "9007199254740991"),
    ],
)
def test_what_a_workbook_cannot_hold_is_text(holds, value, text):
    """A day before its first, and a number longer than its digits, lose nothing."""
    column = Column(key="one", heading="field.text", holds=holds)
    sheet = listed(Row(cells=(Cell(value=value),)), columns=(column,))
    found = sheet.cell(head_of(sheet) + 2, 1)
    assert "s" == found.data_type
    assert found.value.startswith(text)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(text):
    """What a person typed is text whatever it looks like, also as a heading or a filter."""
    asked = ((Column(key="q", heading="page.search", holds=Holds.CODE), Cell(value=text)),)
    made = workbook(leaving(table(row(text), asked=asked)))
    sheet = opened(made)
    held = [cell for line in sheet.iter_rows() for cell in line if cell.value == text]
    assert 2 == len(held)
    assert {"s"} == {cell.data_type for cell in held}
    parts = zipfile.ZipFile(io.BytesIO(made))
    assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert not [name for name in parts.namelist() if "rels" in name and "sheet" in name]


def test_a_text_of_any_characters_makes_a_workbook_that_opens():
    """Controls, overrides, more than a cell holds, and an empty list."""
    odd = ("a\x00b\x1f_x0041_", "a\u202eb\u2066c", "x" * 40_000, "\ufffe\U0001f525")
    sheet = listed(*(row(text) for text in odd))
    texts = [sheet.cell(head_of(sheet) + 2 + n, 4).value for n in range(len(odd))]
    assert "abc" == texts[1]
    assert 32_767 == len(texts[2])
    assert head_of(listed())


def test_the_same_list_is_the_same_bytes():
    """The moment of the list is the moment of the workbook, and nothing else is in it."""
    made = leaving(table(row(), row("Smoke")))
    assert workbook(made) == workbook(made)
    core = zipfile.ZipFile(io.BytesIO(workbook(made))).read("docProps/core.xml").decode()
    assert 2 == core.count("2020-12-20T11:00:00Z")
    assert "<dc:creator></dc:creator>" in core


def test_the_name_of_a_sheet_is_one_that_a_workbook_may_have():
    """Long titles are cut, and no sign of a formula's reference stands in it."""
    for language in LANGUAGES:
        name = listed(row(), language=language).title
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\'")


def test_rows_that_may_not_leave_are_counted():
    """As in a CSV: left out, and said."""
    made = leaving(table(row(), row("Kept", ways=frozenset({Way.PRINT}))).leaving(Way.XLSX))
    sheet = opened(workbook(made))
    texts = [cell.value for line in sheet.iter_rows() for cell in line]
    assert "Kept" not in texts
    assert made.notes[0] in texts
    assert len(COLUMNS) < sheet.max_column
