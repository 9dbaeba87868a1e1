"""Workbooks that people bring: what their cells say, and that hostile ones harm nothing."""

import datetime as dt
import io
import struct
import zipfile

import pytest
from openpyxl import Workbook

from tansiq.desk.records import importing
from tansiq.desk.records.imported import ImportOptions
from tansiq.domain.bounds import BOUNDS, MIB
from tansiq.domain.errors import InputError
from tansiq.domain.labels import Label
from tansiq.gateways import sheet, workbook
from tansiq.node.file_process import FileProcess
from tests.cleaning import InProcess
from tests.unit.test_sheet import bodies
from tests.workbooks import SHEET, changed, sheet_of, written
from tests.workbooks import workbook as made_of
from tests.world import worlds

BOMB = '<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a0 "laugh">{entities}]>'


def cells(data):
    return [(row.number, row.cells or row.fault) for row in workbook.rows(data)]


def at(*when):
    """A moment of December 2020, without a zone as workbooks have them."""
    return dt.datetime(2020, 12, *when, tzinfo=dt.UTC).replace(tzinfo=None)


def with_sheet(rows):
    return changed(made_of(("A", "B")), {SHEET: sheet_of(rows)})


def row_of(number, *told):
    inside = "".join(
        f'<c r="{column}{number}"{kind}>{said}</c>'
        for column, (kind, said) in zip("ABCDEF", told, strict=False)
    )
    return f'<row r="{number}">{inside}</row>'


def number(said):
    return "", f"<v>{said}</v>"


def test_each_cell_says_what_a_person_would_type():
    """Numbers without a point where they are whole, days by year, month and day, times to the
    minute, and text as it is, also where it looks like a formula.
    """
    data = made_of(
        ("a", "b", "c", "d", "e", "f"),
        (12, 12.0, 35.7811, 1e-7, True, None),
        (dt.date(2020, 12, 20), at(20, 14, 4, 59), dt.time(9, 5), "05", "ماء", "x"),
    )
    assert cells(data) == [
        (1, ("a", "b", "c", "d", "e", "f")),
        (2, ("12", "12", "35.7811", "0.0000001", "TRUE", "")),
        (3, ("2020-12-20", "2020-12-20 14:05", "09:05", "05", "ماء", "x")),
    ]


def test_rows_keep_the_numbers_of_the_sheet_and_hidden_sheets_are_not_read():
    """Empty rows are left out and counted; the first sheet that a person sees is the one."""
    data = made_of(("a", "b"), (), ("1", "2"), (None, None), ("3",), hidden=("old",))
    assert cells(data) == [(1, ("a", "b")), (3, ("1", "2")), (5, ("3", ""))]


def test_a_formula_says_what_it_came_to_and_is_never_followed():
    """A result that was saved is read, also one from another file; a formula that nobody ever
    calculated, and an error, are faults of their rows and not empty cells.
    """
    data = with_sheet(
        row_of(1, number(1), number(2))
        + row_of(2, ("", "<f>A1+1</f><v>2</v>"), ("", "<f>[1]Other!A1</f><v>7</v>"))
        + row_of(3, ("", "<f>A1+1</f>"), number(3))
        + row_of(4, (' t="e"', "<v>#REF!</v>"), number(3))
        + row_of(5, number(1), number(2), number(3))
        + row_of(6, (' t="str"', "<v>\ufffd</v>"), number(3))
    )
    assert cells(data) == [
        (1, ("1", "2")), (2, ("2", "7")), (3, "import_formula"), (4, "import_cell_error"),
        (5, "import_columns"), (6, "import_encoding"),
    ]  # fmt: skip


def bomb():
    """A part that is far larger than its file."""
    return changed(made_of(("a",)), {"xl/media/image1.png": bytes(80 * MIB)})


def liar():
    """A part that says that it is small and is not."""
    long = sheet_of(row_of(1, (' t="str"', f"<v>{'a' * 40 * MIB}</v>")))
    data = bytearray(changed(made_of(("A", "B")), {SHEET: long}))
    size = struct.pack("<I", len(long))
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<I", 100)
    return bytes(data)


def laughs():
    """Entities in entities."""
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    said = sheet_of(row_of(1, (' t="str"', "<v>&a9;</v>")))
    return changed(made_of(("A", "B")), {SHEET: BOMB.format(entities=entities).encode() + said})


def many_parts():
    """More parts than a workbook has."""
    return changed(made_of(("a",)), {f"xl/media/{n}.png": b"" for n in range(1_100)})


def old_kind():
    """A workbook with a password, or of before 2007."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def document():
    """A package of another kind."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<a/>")
    return out.getvalue()


def no_sheet_to_see():
    """Only hidden sheets, which no program writes."""
    made = Workbook()
    made.active.sheet_state = "hidden"
    made.create_sheet("seen")
    data = written(made)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        said = package.read("xl/workbook.xml")
    return changed(data, {"xl/workbook.xml": said.replace(b'"visible"', b'"veryHidden"')})


HOSTILE = {
    "bomb": (bomb, "workbook_size"),
    "liar": (liar, "workbook_unreadable"),
    "laughs": (laughs, "workbook_unreadable"),
    "many parts": (many_parts, "workbook_size"),
    "old kind": (old_kind, "workbook_unreadable"),
    "document": (document, "workbook_unreadable"),
    "no sheet": (no_sheet_to_see, "workbook_unreadable"),
    "torn": (lambda: made_of(("a", "b"))[:-200], "workbook_unreadable"),
    "no package": (lambda: b"PK\x03\x04" + bytes(100), "workbook_unreadable"),
    "no string": (lambda: with_sheet(row_of(1, (' t="s"', "<v>9999</v>"))), "workbook_unreadable"),
    "row far beyond": (
        lambda: with_sheet(row_of(1, number(1)) + '<row r="99999999999"><c><v>1</v></c></row>'),
        "import_rows_whole",
    ),
    "open tags": (lambda: with_sheet("<a>" * 200_000), "workbook_unreadable"),
}  # fmt: skip


@pytest.fixture(scope="module")
def process():
    """What a node looks into files with."""
    return FileProcess()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_and_ends_nothing_but_its_own_process(process, name):
    """Bombs, lies about sizes, entities, other kinds and damaged ones: each ends in a clear error,
    and the next workbook is read.
    """
    make, code = HOSTILE[name]
    data = make()
    with pytest.raises(InputError) as refused:
        importing.rows_of(Cleaning(process), io.BytesIO(data))
    assert refused.value.code == code
    assert process.rows(made_of(("a", "b")))[0].cells == ("a", "b")


class Cleaning:
    """What of a desk is asked about files."""

    def __init__(self, cleaner):
        self.cleaner = cleaner


def test_a_package_is_added_up_before_it_is_unpacked():
    """What says of itself that it is too large is refused by its directory alone."""
    for data in (bomb(), many_parts()):
        with pytest.raises(InputError) as refused:
            workbook.rows(data)
        assert refused.value.code == "workbook_size"


def test_a_workbook_of_the_whole_grid_is_no_larger_than_its_cells(process):
    """One cell in each corner, and columns that were only coloured: two rows, or a clear bound."""
    last = '<row r="1048576"><c r="A1048576"><v>2</v></c></row>'
    corner = with_sheet(row_of(1, number(1)) + last)
    found = process.rows(corner)
    assert [(one.number, one.cells) for one in found] == [(1, ("1",)), (1_048_576, ("2",))]
    wide = with_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>')
    with pytest.raises(InputError) as refused:
        process.rows(wide)
    assert refused.value.code == "workbook_columns"
    coloured = with_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>')
    assert process.rows(coloured)[0].cells == ("1",)


def test_a_workbook_has_a_bound_of_bytes_and_of_rows(monkeypatch):
    """The file itself is read no further than its bound, its sheet no further than so many rows."""
    limit = BOUNDS.workbook_bytes_max
    with pytest.raises(InputError) as refused:
        importing.rows_of(Cleaning(InProcess()), io.BytesIO(b"PK\x03\x04" + bytes(limit)))
    assert refused.value.code == "workbook_size"
    rows = "".join(row_of(n, number(n)) for n in range(1, BOUNDS.workbook_rows_max + 2))
    with pytest.raises(InputError) as refused:
        InProcess().rows(with_sheet(rows))
    assert refused.value.code == "import_rows_whole"


def test_incidents_are_read_from_a_workbook_as_from_a_csv(tmp_path):
    """The same rows make the same records, whichever file they stand in, and a rerun none."""
    head = ("Date", "Time", "Place", "Category", "Description", "Hurt")
    rows = [
        (dt.date(2020, 12, 18), dt.time(17, 20), "Makhmour", "Fire", "Generator shed on fire", 2),
        (at(19, 6), None, "Makhmour", "Fire", "Stacks\nburn", None),
        (dt.date(2020, 12, 19), None, "Makhmour", "Dragons", "No such category", None),
    ]
    book = tmp_path / "incidents.xlsx"
    book.write_bytes(made_of(head, *rows))
    table = tmp_path / "incidents.csv"
    table.write_text(
        ",".join(head) + "\n2020-12-18,17:20,Makhmour,Fire,Generator shed on fire,2\n"
        '2020-12-19 06:00,,Makhmour,Fire,"Stacks\nburn",\n'
    )
    with worlds("MPA") as made:
        desk, actor = made.desk("MPA"), made.actor("MPA")
        desk.cleaner = InProcess()
        for path, counts in ((book, (2, 0, 1)), (table, (0, 2, 0)), (book, (0, 2, 1))):
            with made.names.under(f"import {counts}"):
                report = sheet.run(desk, actor, path, ImportOptions(label=Label()), lambda *_: None)
            assert (report.added, report.unchanged, report.rejected_count) == counts
        assert report.rejected[0].row == 4
        assert sorted(body["text"] for body in bodies(made)) == [
            "Generator shed on fire", "Stacks\nburn",
        ]  # fmt: skip
