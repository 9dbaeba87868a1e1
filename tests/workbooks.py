"""Workbooks as people and attackers make them."""

import io
import zipfile

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows, hidden=()):
    """A workbook whose first sheet that is not hidden has these rows, after the ``hidden`` ones."""
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
        cell.data_type = "s"  # and no formula
    for name in hidden:
        made.create_sheet(name, 0).sheet_state = "hidden"
    made.active = len(hidden)
    return written(made)


def written(made):
    """The bytes of a workbook."""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def changed(data, parts):
    """The same package with other bytes in some of its parts; None leaves one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        known = {name: old.read(name) for name in old.namelist()} | parts
        for name, said in known.items():
            if said is not None:
                new.writestr(name, said, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def sheet_of(rows):
    """The XML of a sheet with these rows inside."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()
