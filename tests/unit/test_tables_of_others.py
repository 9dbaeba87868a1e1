"""Row C8: what a table is, is known by its columns, its tags, its separator and its letters."""

import csv
import io
from pathlib import Path

import pytest

from tansiq.desk.reader import rows
from tansiq.desk.records.imported import ImportOptions
from tansiq.gateways import sheet
from tests.unit.test_sheet import AT, ENGLISH, ROW, bodies, run
from tests.world import worlds


@pytest.mark.parametrize("mark", ";,|\t")
def test_c8_a_line_that_names_the_separator_is_obeyed(tmp_path, mark):
    """``sep=`` is no header, and cells may hold what separates in other files."""
    text = f"sep={mark}\n" + (ENGLISH + ROW).replace(",", mark).replace("shed", "shed; (a) b")
    text = text if mark != ";" else text.replace("shed; (a) b", "shed, (a) b")
    with worlds("MPA") as made:
        assert run(made, tmp_path, text.encode("utf-16")).added == 1


TAGGED = "#date,#loc+name,#event+type,#event+description,#affected+f+killed,#meta+source\n"


@pytest.mark.parametrize("above", ["", "When exactly,Where is it,Sort,Told,Lost,Who\n"])
def test_c8_a_row_of_hxl_tags_says_what_the_columns_are(tmp_path, above):
    """With unknown headers above it or alone, the row of tags is no row of data."""
    text = above + TAGGED + "2020-12-18,Makhmour,fire,Smoke,2,Daily paper\n"
    with worlds("MPA") as made:
        report = run(made, tmp_path, text)
        assert (report.added, report.rejected, report.unknown_columns) == (1, (), ())
        (body,) = bodies(made)
    assert (body["text"], body["dead"], body["informant"]) == ("Smoke", 2, "Daily paper")


@pytest.mark.parametrize(
    ("source", "grade", "informant"), [("B2", "B2", None), ("Daily paper", "F6", "Daily paper")]
)
def test_c8_source_is_a_grade_or_who_said_so(tmp_path, source, grade, informant):
    """What stands in the column decides what it was taken for."""
    text = f"date,place,category,text,source\n2020-12-18,Erbil,fire,Smoke,{source}\n"
    with worlds("MPA") as made:
        assert run(made, tmp_path, text).added == 1
        (body,) = bodies(made)
    assert (body["grade"], body.get("informant")) == (grade, informant)


ACLED = (
    "event_id_cnty;event_date;year;time_precision;event_type;sub_event_type;actor1;actor2;"
    "admin1;admin2;location;latitude;longitude;geo_precision;source;notes;fatalities\n"
    "IRQ900;18 December 2020;2020;1;Battles;Armed clash;Group A;Group B;Erbil;Makhmur;Makhmour;"
    "35.78;43.58;2;Daily paper;A clash near the road.;3\n"
    "IRQ901;2020-12-19;2020;2;Protests;Peaceful protest;Protesters;;Erbil;Erbil;Erbil;"
    "36.19;44.01;1;Radio;A march.;0\n"
    "IRQ902;2020-12-19;2020;1;Dragons;;;;Erbil;;Erbil;36.19;44.01;1;Radio;Odd.;0\n"
)


def test_c8_acled_is_known_by_its_columns(tmp_path):
    """No choice of format is needed; its words are translated, and a rerun changes nothing."""
    with worlds("MPA") as made:
        report = run(made, tmp_path, ACLED)
        assert [(one.row, one.code) for one in report.rejected] == [(4, "import_code")]
        found = {body["category"]: body for body in bodies(made)}
        assert set(found) == {"attack", "unrest"}
        assert run(made, tmp_path, ACLED).unchanged == 2
    assert (found["attack"]["dead"], found["attack"]["informant"]) == (3, "ACLED; Daily paper")
    assert found["attack"]["observed"] == AT - (17 * 60 + 20) * 60_000


@pytest.mark.parametrize(
    ("name", "said"),
    [("GEDEvent_v24_1.csv", "GED 24.1,"), ("ged191.csv", "GED 19.1,"), ("mine.csv", "GED, ")],
)
def test_c8_ucdp_with_semicolons_is_known_and_cited_by_its_file(tmp_path, name, said):
    """The version is what the file is called, and none where it does not say."""
    sample = Path(__file__).parents[1] / "data/ucdp_sample.csv"
    first = sample.read_text("utf-8", "replace").split("\n")[:2]
    listed = csv.reader(first)
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(listed)
    path = tmp_path / name
    path.write_bytes(out.getvalue().encode("utf-8"))
    with worlds("MPA") as made:
        desk, actor = made.desk("MPA"), made.actor("MPA")
        report = sheet.run(desk, actor, path, ImportOptions(), lambda *_: None)
        assert (report.added, report.rejected) == (1, ())
        (body,) = bodies(made)
    assert said in body["informant"]


def as_shown(byte):
    """What a Windows program shows for a byte: Windows-1252, and what that lacks as it is."""
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


@pytest.mark.parametrize(
    ("text", "whole"),
    [("????? ?? ????", False), ("".join(map(as_shown, "حريق في سقيفة".encode())), False),
     ("حريق".encode().decode("latin-1"), False), ("حريق".encode().decode("cp1256"), False),
     ("What happened??? Nobody knows", True), ("ماذا حدث؟ حريق كبير", True),
     ("Ḩadīthah – «café»", True), ("چی ڕوویدا؟", True)],
)  # fmt: skip
def test_c8_letters_that_a_program_destroyed_are_refused(tmp_path, text, whole):
    """Question marks in place of letters and letters of another encoding are no report."""
    with worlds("MPA") as made:
        report = run(made, tmp_path, f"date,place,category,text\n2020-12-18,Erbil,fire,{text}\n")
    assert [one.code for one in report.rejected] == ([] if whole else ["import_eaten"])


def test_c8_question_marks_for_letters_are_seen():
    """What is asked three times over is no such thing."""
    assert rows.eaten(["????? ?? ????"])
    assert not rows.eaten(["What happened???"])
