"""The import of a person's own spreadsheet: headers, encodings, values, rejections, reruns."""

import csv
import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.board.queries import Query
from tansiq.desk.records import read
from tansiq.desk.records.imported import ImportOptions, Sure
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.watch.incident import CATEGORIES, SEVERITIES
from tansiq.domain.labels import Label
from tansiq.domain.search import normalise
from tansiq.domain.typed_times import DayOrder
from tansiq.domain.wording import LANGUAGES, words
from tansiq.gateways import sheet
from tests.world import worlds

ENGLISH = "Date,Time,Place,Category,Priority,Description,Grade\n"
ROW = "2020-12-18,17:20,Makhmour,Fire,Urgent,Generator shed on fire,B2\n"
ARABIC = (
    "التاريخ;الوقت;الموقع;النوع;الأولوية;الوصف;التقدير\n"
    "١٨/١٢/٢٠٢٠;١٧:٢٠;مخمور;حريق;عاجل;حريق في سقيفة مولدة;B2\n"
)
SORANI = (
    "بەروار\tکات\tشوێن\tجۆر\tئەولەویەت\tوەسف\tهەڵسەنگاندن\n"
    "18.12.2020\t17:20\tمەخموور\tئاگرکەوتنەوە\tبەپەلە\tئاگر لە کۆگایەک\tb 2\n"
)
AT = 1_608_301_200_000  # 18 December 2020, 17:20 in UTC+3


def run(made, path, data, **options):
    path = path / "sheet.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with made.names.under(f"import {len(made.names.used)}"):
        chosen = ImportOptions(**{"label": Label(), **options})
        return sheet.run(made.desk("MPA"), made.actor("MPA"), path, chosen, lambda *_: None)


def bodies(made):
    query = Query(kinds=("incident",), limit=100)
    page = read.page(made.desk("MPA"), made.viewer("MPA"), query)
    return [view.value.body for view in page.rows]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH + ROW, "utf-8"),
        (ENGLISH + ROW, "utf-8-sig"),
        (ENGLISH + ROW, "utf-16"),
        (ENGLISH + ROW, "utf-16-le"),
        (ENGLISH + ROW, "utf-16-be"),
        (ARABIC, "utf-8"),
        (ARABIC, "utf-8-sig"),
        (ARABIC, "utf-16"),
        (SORANI, "utf-8"),
        (SORANI, "utf-16"),
    ],
)
def test_c8_headers_and_values_are_read_in_three_languages_and_in_any_encoding(
    tmp_path, text, encoding
):
    """The same event gives the same fields, whoever wrote the sheet and with which program."""
    with worlds("MPA") as made:
        report = run(made, tmp_path, text.encode(encoding))
        assert (report.added, report.rejected, report.unknown_columns) == (1, (), ())
        (body,) = bodies(made)
    assert (body["category"], body["severity"], body["grade"]) == ("fire", "urgent", "B2")
    assert body["observed"] == AT
    assert body["place"]["key"] == "makhmour"


def test_c8_windows_1256_is_recognised(tmp_path):
    """A sheet saved by an older Arabic Windows comes in with its letters."""
    text = ARABIC.translate({0x0660 + n: str(n) for n in range(10)})
    with worlds("MPA") as made:
        run(made, tmp_path, text.encode("cp1256"))
        (body,) = bodies(made)
    assert body["text"] == "حريق في سقيفة مولدة"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_is_read_by_its_own_wording(tmp_path, language):
    """What the forms show can be typed into a sheet, and so can the codes."""
    rows = [
        f'2020-12-18,{n},Erbil,"{category}","{severity}"\n'
        for n, (category, severity) in enumerate(
            (spelled(column, code, language), spelled("severity", SEVERITIES[0], language))
            for column, codes in (("category", CATEGORIES),)
            for code in codes
        )
    ]
    header = "date,text,place,category,severity\n"
    with worlds("MPA") as made:
        report = run(made, tmp_path, header + "".join(rows))
        assert report.rejected == ()
        assert {body["category"] for body in bodies(made)} == set(CATEGORIES)


def spelled(column, code, language):
    return words(f"choice.{column}.{code}").of(language)


OLD_WORDS = {
    "category": {
        "obstruction": ("ڕێگری لە ڕێگا یان جووڵە",),
        "explosive_hazard": ("العثور على جسم خطر قابل للانفجار", "دۆزینەوەی مەترسیی تەقینەوە"),
        "between_parties": ("Friction between partners",),
        "medical": ("Medical", "طبي", "پزیشکی"),
        "rumour": ("پڕوپاگەندە",),
        "unrest": ("ئاژاوە",),
    },
    "column": {
        "dead": ("القتلى (العدد)", "کوژراو (ژمارە)"),
        "internal": ("ملاحظة داخلية (لا تُتاح لأحد)",),
    },
}


@pytest.mark.parametrize("name", OLD_WORDS)
def test_a_spreadsheet_with_earlier_words_is_read(name):
    """Headings and values that the product said before its words were corrected mean the same."""
    known = sheet._lists()[name]
    for code, spoken in OLD_WORDS[name].items():
        assert [code] * len(spoken) == [known.get(normalise(word)) for word in spoken]


def test_unknown_columns_are_named_and_not_used(tmp_path):
    """Nothing of a sheet vanishes silently."""
    text = "date,place,category,text,Colour of the car\n2020-12-18,Erbil,fire,Smoke,red\n"
    with worlds("MPA") as made:
        report = run(made, tmp_path, text)
        assert report.unknown_columns == ("Colour of the car",)
        assert "red" not in str(bodies(made))
    assert any("Colour of the car" in line for line in report.lines("ar"))


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Date"), ("ar", "التاريخ"), ("ckb", "بەروار")]
)
def test_missing_columns_are_named_in_the_language_of_the_reader(tmp_path, language, word):
    """The words are those that the sheet may use."""
    with worlds("MPA") as made, pytest.raises(InputError) as error:
        run(made, tmp_path, "category,text,place\nfire,x,Erbil\n", language=language)
    assert word in error.value.text(language)


def test_two_columns_of_one_meaning_are_refused(tmp_path):
    """The program does not choose between two dates."""
    with worlds("MPA") as made, pytest.raises(InputError) as error:
        run(made, tmp_path, "date,Day,category,text,place\n")
    assert error.value.code == "import_column_twice"


def test_a_position_may_stand_for_the_name_of_the_place(tmp_path):
    """Latitude and longitude are enough."""
    text = "date,category,text,lat,lon\n2020-12-18,fire,Smoke,35.5,٤٤٫٢٥\n"
    with worlds("MPA") as made:
        assert run(made, tmp_path, text).added == 1
        (body,) = bodies(made)
    assert (body["place"]["lat"], body["place"]["lon"]) == (355_000_000, 442_500_000)


def test_cells_like_formulas_are_plain_text(tmp_path):
    """Nothing in a cell is carried out or changed."""
    text = '=HYPERLINK(""http://127.0.0.1"",""x"")'
    with worlds("MPA") as made:
        run(made, tmp_path, f'date,place,category,text\n2020-12-18,Erbil,fire,"{text}"\n')
        (body,) = bodies(made)
    assert body["text"] == text.replace('""', '"')


def test_a_cell_of_several_lines_is_one_row(tmp_path):
    """Line breaks inside quotation marks belong to the text."""
    with worlds("MPA") as made:
        run(made, tmp_path, 'date,place,category,text\r\n2020-12-18,Erbil,fire,"one\r\ntwo"\r\n')
        (body,) = bodies(made)
    assert body["text"] == "one\ntwo"


def test_a_rerun_changes_nothing_whatever_the_order_of_columns(tmp_path):
    """A row is known by what it says."""
    with worlds("MPA") as made:
        assert run(made, tmp_path, ENGLISH + ROW).added == 1
        turned = "Grade;Description;Priority;Category;Place;Time;Date\n" + ";".join(
            reversed(ROW.strip().split(","))
        )
        report = run(made, tmp_path, turned)
        assert (report.added, report.unchanged) == (0, 1)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2020-13-01,,Erbil,fire,,x,", "import_date"),
        ("1/2,,Erbil,fire,,x,", "import_date"),
        ("1969-01-01,,Erbil,fire,,x,", "import_date"),
        ("2020-12-18,25:00,Erbil,fire,,x,", "import_time"),
        ("2020-12-18,,Erbil,dragon,,x,", "import_choice"),
        ("2020-12-18,,Erbil,,,x,", "import_choice"),
        ("2020-12-18,,Erbil,fire,soon,x,", "import_choice"),
        ("2020-12-18,,Erbil,fire,,,", "field_required"),
        ("2020-12-18,,Erbil,fire,,x,G9", "import_grade"),
        ("2020-12-18,,Erbil,fire,,x", "import_columns"),
        ("2020-12-18,,Erbil,fire,,x,B2,more", "import_columns"),
    ],
)
def test_a_bad_row_is_left_out_with_its_reason(tmp_path, row, code):
    """The good row after it is kept."""
    with worlds("MPA") as made:
        report = run(made, tmp_path, ENGLISH + row + "\n" + ROW)
    assert [(item.row, item.code) for item in report.rejected] == [(2, code)]
    assert report.added == 1
    assert all(report.rejected[0].text(language) for language in LANGUAGES)


def test_the_same_row_twice_is_said(tmp_path):
    """A row that was pasted twice makes one record, and the report names it."""
    with worlds("MPA") as made:
        report = run(made, tmp_path, ENGLISH + ROW + ROW)
    assert [(item.row, item.code) for item in report.rejected] == [(3, "import_twice")]


CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "2020-12-18", "31/12/2020", "٣١/١٢/٢٠٢٠", "12:00", "fire", "حريق", "Erbil", "35.5",
         '"', '""', "=1+1", "\x00", "\u202e", "9" * 50, "1e400", "-0", "\r", "\ud7ff"]
    ),
)  # fmt: skip
HEADERS = ("date", "time", "place", "lat", "lon", "category", "severity", "text", "hurt", "grade")


@settings(max_examples=500)
@given(
    rows=st.lists(st.lists(CELLS, min_size=0, max_size=12), min_size=1, max_size=4),
    noise=st.binary(max_size=60),
    quoting=st.booleans(),
)
def test_whatever_stands_in_a_row_ends_in_records_and_rejections(
    tmp_path_factory, rows, noise, quoting
):
    """No content of a row is a crash: each row read is counted as kept or as rejected."""
    out = io.StringIO()
    if quoting:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([HEADERS, *rows])
    else:
        out.write("\n".join(",".join(row) for row in [HEADERS, *rows]) + "\n")
    path = tmp_path_factory.mktemp("fuzz")
    with worlds("MPA") as made:
        report = run(made, path, out.getvalue().encode() + noise)
        known = len(bodies(made))
    assert report.read == report.added + report.unchanged + report.changed + report.rejected_count
    assert known == min(report.added, 100)
    assert all(item.text(code) for item in report.rejected for code in LANGUAGES)


DATES = "date,place,category,text\n{0},Makhmour,fire,Smoke\n{1},Makhmour,fire,More smoke\n"


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (("06/05/2020", "07/05/2020"), "import_dates_open"),
        (("19/12/2020", "12/19/2020"), "import_dates_mixed"),
    ],
)
def test_c2_a_column_of_dates_that_does_not_tell_stops_the_import(tmp_path, days, code):
    """Nothing is kept before a person has said which comes first, and an option says it."""
    with worlds("MPA") as made:
        with pytest.raises(InputError) as stopped:
            run(made, tmp_path, DATES.format(*days))
        assert stopped.value.code == code
        assert all("--dates" in stopped.value.text(language) for language in LANGUAGES)
        assert bodies(made) == []
        report = run(made, tmp_path, DATES.format(*days), dates=DayOrder.DAY_FIRST)
        assert report.added == (2 if code == "import_dates_open" else 1)


def test_c2_one_date_that_can_be_but_one_decides_for_the_column(tmp_path):
    """The row alone could be either; the column has the month first."""
    with worlds("MPA") as made:
        assert run(made, tmp_path, DATES.format("06/05/2020", "12/19/2020")).added == 2
        days = {body["observed"] // 86_400_000 for body in bodies(made)}
    assert {dt.date(1970, 1, 1) + dt.timedelta(days=n + 1) for n in days} == {
        dt.date(2020, 6, 5), dt.date(2020, 12, 19),
    }  # fmt: skip


def test_c2_an_import_knows_summer_time_and_refuses_the_future(tmp_path):
    """Noon of a July day before 2008 is 08:00 UTC; a day that has not come is left out."""
    text = "date,time,place,category,text\n2006-07-01,12:00,Makhmour,fire,Smoke\n"
    with worlds("MPA") as made:
        report = run(made, tmp_path, text + "2090-01-01,12:00,Makhmour,fire,Later\n")
        (body,) = bodies(made)
    assert body["observed"] == 1_151_740_800_000
    assert [item.code for item in report.rejected] == ["moment_ahead"]


@pytest.mark.parametrize(
    ("place", "sure"),
    [
        ("مخمور,43.58,35.78,,Smoke", Sure.PLACES), ("Makhmour,0,0,,Smoke", Sure.PLACES),
        ("Makhmour,33.31,44.37,,Smoke", Sure.PLACES), (',,,"35.78, -43.58",Smoke', Sure.PLACES),
        ("Makhmour,,,,Ring 0750-123-4567", Sure.PERSONS),
        ("Makhmour,,,,قال أحمد إن الطريق مغلق", Sure.PERSONS),
    ],
)  # fmt: skip
def test_c3_a_doubtful_row_is_left_out_until_a_person_stands_by_it(tmp_path, place, sure):
    """What a form asks about an import asks about: the report says why, an option answers."""
    text = f"date,place,lat,lon,coordinates,text,category\n2020-12-18,{place},fire\n"
    with worlds("MPA") as made:
        report = run(made, tmp_path, text)
        assert [item.code for item in report.rejected] == ["import_doubt"]
        for language in LANGUAGES:
            assert f"--sure {sure.value}" in report.rejected[0].text(language)
        assert run(made, tmp_path, text, sure=frozenset({sure})).added == 1


def test_c3_an_import_takes_every_notation(tmp_path):
    """Degrees and minutes in two columns, a grid reference in one, decimals with a comma."""
    rows = (
        "Makhmour;35° 46' 48 N;43° 34' 48 E;;one", "Makhmour;;;38S LE 71660 60477;two",
        "Makhmour;35,78;43,58;;three", "Makhmour;٣٥٫٧٨;٤٣٫٥٨;;four", "Nowhereville;;;;five",
    )  # fmt: skip
    text = "date;place;lat;lon;MGRS;text;category\n"
    text += "".join(f"2020-12-18;{row};fire\n" for row in rows)
    with worlds("MPA") as made:
        report = run(made, tmp_path, text)
        places = {body["text"]: body["place"] for body in bodies(made)}
    assert (report.added, report.nowhere) == (5, 1)
    assert all(abs(places[name]["lat"] - 357_800_000) <= 100 for name in ("one", "two", "three"))
    assert places["five"]["lat"] is None
    assert any("1" in line for line in report.lines("ar"))
