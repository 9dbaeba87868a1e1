"""The table value and the file that is made of it."""

import csv
import dataclasses
import io
import re
from zoneinfo import ZoneInfo

import pytest

from tansiq.domain.errors import RefusedError
from tansiq.domain.parties import Classification, Role, Viewer
from tansiq.domain.tables import EMPTY, MAPS, WAYS, Cell, Column, Holds, Row, Table, Way
from tansiq.domain.wording import LANGUAGES
from tansiq.policy.release import gather, traced
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.leaving import Leaving
from tansiq.web.shell.sheets import MARK, sheet

MOMENT = 1_608_462_000_000  # 2020-12-20 14:00 in Baghdad
PLACE = {"name": "Makhmour", "key": "makhmour", "lat": 357_800_000, "lon": -435_800_000,
         "precision": "exact", "grain": "km1"}  # fmt: skip
COLUMNS = (
    Column(key="at", heading="audit.when", holds=Holds.MOMENT, tag="#date"),
    Column(key="act", heading="audit.act", holds=Holds.CHOICE, words="deed", tag="#activity"),
    Column(key="text", heading="field.text", holds=Holds.TEXT, tag="#description"),
    Column(key="n", heading="chart.count", holds=Holds.NUMBER),
    Column(key="where", heading="field.place", holds=Holds.PLACE, tag="#loc"),
)
HEADS = {
    "en": "When,Act,Act (code),Description,Number,Location,Location (latitude),"
    "Location (longitude),Location (how exact)",
    "ar": "متى,الإجراء,الإجراء (رمز)",
    "ckb": "کەی,کار,کار (کۆد)",
}
TAGS = ["#date", "#activity+name", "#activity+code", "#description", "", "#loc+name", "#loc+lat",
        "#loc+lon", "#loc+precision"]  # fmt: skip


def voice(language="en"):
    return Voice(
        language=language, zone=ZoneInfo("Asia/Baghdad"), party=str.lower,
        position=lambda party, code: f"{party} {code}", place=lambda place: str(place["name"]),
    )  # fmt: skip


def row(text="Fire", **more):
    cells = (MOMENT, "printed", text, -3, PLACE)
    return Row(cells=tuple(Cell(value=value) for value in cells), **more)


def table(*rows, **more):
    given = {"total": len(rows), "columns": COLUMNS, **more}
    return Table(
        name="looks", title="audit.looks", definition="audit.looks_definition", rows=rows,
        as_of=MOMENT, declared_by="MPA", address="/audit", **given,
    )  # fmt: skip


def leaving(made, language="en"):
    """The table on its way out."""
    return Leaving(table=made, voice=voice(language), taken_by="MPA/duty-officer")


def filed(made, language="en"):
    """The file that is made of it."""
    return sheet(leaving(made, language)).decode()


def read(text):
    return list(csv.reader(io.StringIO(text.removeprefix(MARK))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_has_a_mark_headings_in_the_readers_language_and_hashtags(language):
    """To the byte: the mark, the heading row, the HXL row, ISO moments with zone, plain digits."""
    data = sheet(leaving(table(row()), language))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode().removeprefix(MARK).startswith(HEADS[language])
    assert data.endswith(b"\r\n")
    _, tags, only = read(data.decode())
    assert tags == TAGS
    word = voice(language).t("deed.printed")
    assert only == ["2020-12-20T14:00+03:00", word, "printed", "Fire", "-3", "Makhmour",
                    "35.78000", "-43.58000", "km1"]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_has_no_invisible_marks_of_direction(language):
    """Isolates are for pages: a program that reads the file meets none."""
    made = table(row("من \u20662020-12-20\u2069"), total=900)
    text = filed(made, language)
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", " =", "\n=", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_no_cell_is_a_formula(start):
    """What a person typed is text in a spreadsheet, whatever it begins with; numbers stay."""
    cells = [cell for line in read(filed(table(row(f"{start}cmd()")))) for cell in line]
    inside = start.replace("\n", "\n'")  # a line of its own to what does not know our quotes
    assert f"'{inside}cmd()" in cells
    assert "-3" in cells


@pytest.mark.parametrize("parts", [";", "\t", "\n"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", " =", "\uff1d", '"='])
def test_no_cell_is_a_formula_where_something_else_parts_the_cells(parts, sign):
    """A spreadsheet that lists with semicolons or tabs, or ends a line inside a text, meets no
    formula either.
    """
    text = filed(table(row(f"Fire{parts}{sign}cmd|' /C calc'!A0")))
    _, _, *lines = re.split(r"\r\n|\n" if parts == "\n" else r"\r\n", text)
    cells = [cell.strip('" ') for line in lines for cell in line.split(parts)[1:]]
    if parts == "\n":
        cells = [line.strip('" ') for line in lines]
    assert any("cmd|" in cell for cell in cells)
    assert not any(cell.startswith(tuple("=+-@\uff1d")) for cell in cells)


def test_what_is_not_there_is_an_empty_cell():
    """A cell of nothing fills as many columns as a cell of something."""
    made = table(dataclasses.replace(row(), cells=(EMPTY,) * len(COLUMNS)))
    assert [""] * len(TAGS) == read(filed(made))[2]


def test_measures_days_and_spans_are_written_for_a_machine():
    """A sum without separators and its currency apart, an amount and its unit, both ends."""
    kinds = {
        Holds.MONEY: ({"currency": "USD", "minor": 125_050}, ["1250.50", "USD"]),
        Holds.AMOUNT: ({"unit": "litre", "value": 40}, ["40", "litre"]),
        Holds.SPAN: ({"from": MOMENT, "to": MOMENT + 60_000}, ["2020-12-20T14:00+03:00",
                                                               "2020-12-20T14:01+03:00"]),
        Holds.DATE: ("2020-12-20", ["2020-12-20"]),
        Holds.FLAG: (True, ["Yes"]),
        Holds.POSITIONS: (("MOD/duty", "COA/x"), ["MOD duty, COA x", "MOD/duty COA/x"]),
        Holds.SEATS: (("MOD/duty", "COA/"), ["MOD MOD duty; coa", "MOD/duty COA/"]),
        Holds.PARTY: ("MOD", ["mod", "MOD"]),
        Holds.REFERENCE: ("M0WNV", ["M0WNV"]),
        Holds.CODE: ("R-1", ["R-1"]),
    }  # fmt: skip
    for holds, (value, written) in kinds.items():
        column = Column(key="one", heading="field.text", holds=holds)
        made = table(Row(cells=(Cell(value=value),)), columns=(column,))
        assert read(filed(made))[2] == written, holds
        shown = voice("ar").shown(column, Cell(value=value, address="/x"))
        assert shown.startswith('<a href="/x">'), holds


def test_a_cell_on_a_page_is_escaped_isolated_and_a_link():
    """Codes read left to right, what people typed is text, an address is an attribute."""
    said = voice("ar")
    code = Column(key="a", heading="field.text", holds=Holds.CODE)
    text = Column(key="b", heading="field.text", holds=Holds.TEXT)
    assert said.shown(code, Cell(value="R-1")) == '<bdi dir="ltr">R-1</bdi>'
    assert "&lt;b&gt;" in said.shown(text, Cell(value="<b>"))
    assert 'href="/?a=1&amp;b=&#34;"' in said.shown(text, Cell(value="x", address='/?a=1&b="'))
    assert "–" in said.shown(text, EMPTY)


def test_classes_leave_with_their_rows():
    """A file of records has the class of each; the highest stands on paper."""
    low = row(classification=Classification.OPEN)
    high = row(classification=Classification.SECRET)
    lines = read(filed(table(low, high)))
    assert ["Classification", "Classification (code)"] == lines[0][-2:]
    assert "#meta+classification+code" == lines[1][-1]
    assert ["open", "secret"] == [line[-1] for line in lines[2:]]
    assert Classification.SECRET is table(low, high).highest
    assert table(row()).highest is None


def test_what_goes_on_and_what_stays_is_said():
    """No list is cut short in silence, and no row left out without a word."""
    cut = read(filed(table(row(), total=7)))
    assert "The list is longer." in cut[-1][0]
    kept = table(row(), row(ways=frozenset({Way.PRINT}))).leaving(Way.CSV)
    assert (1, 1, False) == (len(kept.rows), kept.kept, kept.cut)
    assert "Rows left out here: 1" in read(filed(kept))[-1][0]
    assert 2 == len(table(row(), row(ways=frozenset({Way.PRINT}))).leaving(Way.PRINT).rows)


@pytest.mark.parametrize(
    "change",
    [
        {"columns": (*COLUMNS, COLUMNS[0])},
        {"columns": COLUMNS[:-1]},
        {"columns": (*COLUMNS[:-1], dataclasses.replace(COLUMNS[-1], under="nothing"))},
    ],
)
def test_a_table_that_is_not_one_is_refused(change):
    """Keys once, a cell for each column, small columns under one that is there."""
    with pytest.raises(ValueError, match=r"column|cells"):
        table(row(), **change)


def test_a_tag_is_a_hashtag_of_hxl():
    """A tag that a program could not read is refused where it is declared."""
    for wrong in ("date", "#Date", "# date", "#date+", "#date +x", "#1"):
        with pytest.raises(ValueError, match="HXL"):
            Column(key="a", heading="x", holds=Holds.TEXT, tag=wrong)
    with pytest.raises(ValueError, match="words"):
        Column(key="a", heading="x", holds=Holds.CHOICE)


def test_the_ways_out_keep_the_filters():
    """The file holds what the page listed."""
    assert "/audit/csv?act=read" == table(row(), query="act=read").way(Way.CSV)
    assert "/audit/print" == table(row()).way("print")
    assert set(Way) == WAYS


def viewer(role=Role.DUTY_OFFICER, party="MPA"):
    return Viewer(party=party, position="x", role=role, clearance=Classification.SECRET)


def test_a_table_is_made_for_one_viewer():
    """What was released for another cannot be gathered into it."""
    mine, theirs = (gather(viewer(party=party), [], 1) for party in ("MPA", "MOD"))
    assert "all" == gather(viewer(), [mine], "all").value
    with pytest.raises(TypeError):
        gather(viewer(), [mine, theirs], "all")


def test_traces_are_told_to_the_auditor_alone():
    """Nobody else gets a table of traces."""
    assert 1 == traced(viewer(Role.AUDITOR), 1).value
    for role in set(Role) - {Role.AUDITOR}:
        with pytest.raises(RefusedError):
            traced(viewer(role), 1)


def test_a_list_says_what_it_is_whichever_way_it_leaves():
    """Title, class, definition, who says so, as of when, how many, on which clock, by whom."""
    made = leaving(table(row(classification=Classification.SECRET), total=7, since=MOMENT), "en")
    said = {made.voice.t(c.heading): made.voice.spoken(c, v) for c, v in (*made.facts, made.taken)}
    assert "Highest class in this list: Secret" == made.marking
    assert {"According to": "mpa", "As of": "\u20662020-12-20 14:00\u2069", "Rows": "\u20661\u2069",
            "Since": "\u20662020-12-20 14:00\u2069", "Time zone": "\u2066Asia/Baghdad\u2069",
            "Taken by": "MPA duty-officer"} == said  # fmt: skip
    assert "looks-20201220T1100Z" == made.reference
    assert ("The list is longer.", 1) == (made.notes[0][:19], len(made.notes))


def test_a_calendar_is_offered_where_rows_have_a_moment_and_a_name():
    """Both columns are there, or no calendar is; the others are offered in their order."""
    dated = table(row(), dated="at", lead="text")
    assert tuple(way for way in Way if way not in MAPS) == dated.offered
    assert Way.CALENDAR not in table(row()).offered
    assert (Way.CSV,) == table(row(), ways=frozenset({Way.CSV, Way.CALENDAR})).offered
    for wrong in ({"dated": "at"}, {"lead": "text"}, {"dated": "at", "lead": "nothing"}):
        with pytest.raises(ValueError, match="calendar"):
            table(row(), **wrong)


def test_what_is_spoken_is_what_a_page_shows():
    """Plain text for paper and calendars: numbers and times between isolates, nothing turned."""
    said = voice("ar")
    for holds, value, text in (
        (Holds.NUMBER, 1234, "\u20661,234\u2069"),
        (Holds.DATE, "2020-12-20", "\u20662020-12-20\u2069"),
        (Holds.CODE, "a\u202eb", "\u2066ab\u2069"),
        (Holds.AMOUNT, {"unit": "litre", "value": 40}, f"\u206640\u2069 {said.t('unit.litre')}"),
        (Holds.MONEY, {"currency": "USD", "minor": 125_050}, "\u20661,250.50 USD\u2069"),
        (Holds.SPAN, {"from": MOMENT, "to": MOMENT},
         "\u2066\u20662020-12-20 14:00\u2069 – \u20662020-12-20 14:00\u2069\u2069"),
        (Holds.TEXT, "حريق 2020-12-20", "حريق \u20662020-12-20\u2069"),
        (Holds.FLAG, False, said.t("table.no")),
        (Holds.TEXT, None, ""),
    ):  # fmt: skip
        column = Column(key="one", heading="field.text", holds=holds)
        assert said.spoken(column, Cell(value=value)) == text, holds
