"""The import of UCDP GED: mapping, precision, rejections, reruns."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tansiq.board.queries import Query
from tansiq.desk.records import read, say
from tansiq.desk.records.imported import ImportOptions
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, RefusedError
from tansiq.domain.labels import Label
from tansiq.domain.parties import Classification, PartyCode
from tansiq.domain.wording import LANGUAGES
from tansiq.gateways import feeding, ucdp
from tansiq.gateways.cells import position
from tests.world import rule, worlds

SAMPLE = Path(__file__).parents[1] / "data" / "ucdp_sample.csv"
REAL = Path(__file__).resolve().parents[3] / (
    "shared/data/ucdp_ged_iraq/ucdp_ged_iraq_1989_2017.csv"
)
OPEN = Label(classification=Classification.OPEN)
# The rows of the sample that cannot be used, with the reason of each; the header is row 1.
BAD = {
    22: "import_id",
    23: "import_date",
    24: "import_position",
    25: "import_position",
    26: "import_count",
    27: "import_code",
    28: "import_code",
    29: "import_twice",
    30: "import_columns",
    31: "import_cell_size",
    32: "import_date",
    33: "import_encoding",
    34: "import_row_form",
}


def run(made, path=SAMPLE, progress=lambda *_: None, **options):
    with made.names.under(f"import {len(made.names.used)}"):
        chosen = ImportOptions(**{"label": OPEN, **options})
        return ucdp.run(made.desk("MPA"), made.actor("MPA"), path, chosen, progress)


def found(made, party="MPA"):
    query = Query(kinds=("incident",), limit=100)
    page = read.page(made.desk(party), made.viewer(party), query)
    return {view.value.body.get("source_ref", ""): view.value for view in page.rows}


def changed_sample(folder, old, new):
    path = folder / "changed.csv"
    path.write_bytes(SAMPLE.read_bytes().replace(old, new))
    return path


def test_a_row_becomes_an_incident_with_counts_place_and_what_is_not_known():
    """Every column that is read stands in its field, exactly."""
    with worlds("MPA") as made:
        run(made)
        body = found(made)["ucdp:900001"].body
    assert body["category"] == "attack"
    assert (body["severity"], body["grade"], body["dead"]) == ("routine", "F6", 2)
    assert "hurt" not in body
    assert body["informant"] == ucdp.citation("ucdp_sample.csv")
    assert body["size"] == "Estimate of deaths: from 1 to 3"
    assert body["place"] == {
        "name": "Ḩadīthah al Jadīdah, Example province",
        "key": "",
        "lat": 341_400_000,
        "lon": -1,
        "precision": "about",
        "grain": "exact",
    }
    at = datetime(2015, 3, 1, 21, tzinfo=UTC)  # 2 March, 00:00 in UTC+3
    assert body["observed"] == int(at.timestamp()) * 1000
    assert [item["text"] for item in body["unknowns"]] == [
        "How many were hurt is not known.",
        "The day is not known exactly, only a span of two to six days.",
        "The source gives several events as one sum.",
        "The number of dead is an estimate within a range.",
    ]
    assert "Sample Group A; Sample Group B" in body["text"]
    assert "From 2015-03-02 to 2015-03-03" in body["text"]


def test_precision_of_the_place_follows_the_source():
    """1 is exact, 2 is about, everything coarser is an area."""
    with worlds("MPA") as made:
        run(made)
        incidents = found(made)
    kept = [incidents[f"ucdp:{900_000 + n}"].body["place"]["precision"] for n in range(7)]
    assert kept == ["exact", "about", "area", "area", "area", "area", "area"]


def test_bad_rows_are_named_with_their_reason_and_the_rest_is_kept():
    """One broken row costs itself alone, whatever is broken in it."""
    with worlds("MPA") as made:
        report = run(made)
        assert {item.row: item.code for item in report.rejected} == BAD
        assert (report.read, report.added, report.rejected_count) == (34, 21, 13)
        assert len(found(made)) == 21
    assert all(item.text(code) for item in report.rejected for code in LANGUAGES)
    assert all(report.lines(code) for code in LANGUAGES)


def test_a_rerun_changes_nothing():
    """The reference of the source finds what is already there."""
    with worlds("MPA") as made:
        run(made)
        before = made.desk("MPA").store.head("journal").size
        report = run(made)
        assert (report.added, report.unchanged, report.changed) == (0, 21, 0)
        assert made.desk("MPA").store.head("journal").size == before


def test_a_changed_row_becomes_a_new_edition_and_a_persons_fields_stay(tmp_path):
    """What the source says anew is written on top of what a person added."""
    with worlds("MPA") as made:
        run(made)
        desk, actor = made.desk("MPA"), made.actor("MPA")
        old = found(made)["ucdp:900000"]
        draft = say.Draft(kind="incident", body={**old.body, "done": "checked"}, label=old.label)
        say.revise(desk, actor, old.record, old.digest, draft)
        report = run(made, changed_sample(tmp_path, b",0,1,1\n", b",0,1,5\n"))
        assert report.changed == report.read - report.rejected_count - report.unchanged
        new = found(made)["ucdp:900000"]
    assert new.body["size"] == "Estimate of deaths: from 0 to 5"
    assert new.body["done"] == "checked"
    assert new.ordinal == 3


def test_a_persons_correction_survives_a_rerun():
    """The import does not write again what it has already said once."""
    with worlds("MPA") as made:
        run(made)
        old = found(made)["ucdp:900000"]
        draft = say.Draft(kind="incident", body={**old.body, "dead": 7}, label=old.label)
        say.revise(made.desk("MPA"), made.actor("MPA"), old.record, old.digest, draft)
        assert run(made).changed == 0
        assert found(made)["ucdp:900000"].body["dead"] == 7


def test_an_automatic_rule_lets_open_data_go_in_the_same_act():
    """What the label and an automatic rule allow waits for the link when the import ends."""
    opened = rule("MPA", "R-11", automatic=True, purpose="open_data", class_max=Classification.OPEN)
    with worlds("MPA", "COA") as made:
        made.agree("MPA", "COA", opened)
        run(made, releasable_to=(PartyCode("COA"),))
        made.exchange("MPA", "COA")
        assert len(made.desk("COA").database.rows("SELECT 1 FROM record")) == 21
        got = read.page(made.desk("COA"), made.viewer("COA"), Query(kinds=("incident",))).rows
    assert all("informant" in view.value.body or "UCDP" in view.value.body["text"] for view in got)


def test_a_closed_label_does_not_go_by_the_rule_for_open_data():
    """The rule for open data takes nothing that is restricted."""
    opened = rule("MPA", "R-11", automatic=True, class_max=Classification.OPEN)
    with worlds("MPA", "COA") as made:
        made.agree("MPA", "COA", opened)
        run(made, label=Label(), releasable_to=(PartyCode("COA"),))
        made.exchange("MPA", "COA")
        assert not made.desk("COA").database.rows("SELECT 1 FROM record")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_are_written_in_the_language_that_was_chosen(language):
    """No sentence of another language stands in a record."""
    with worlds("MPA") as made:
        run(made, language=language)
        text = found(made)["ucdp:900003"].body["unknowns"][0]["text"]
    assert ("not known" in text) == (language == "en")


def test_who_has_no_mandate_cannot_import():
    """An administrator runs the node and brings in no content."""
    with worlds("MPA") as made:
        actor = made.actor("MPA", "administrator")
        with pytest.raises(RefusedError):
            ucdp.run(made.desk("MPA"), actor, SAMPLE, ImportOptions(), lambda *_: None)


def test_another_table_is_refused_with_the_columns_that_are_missing(tmp_path):
    """Nobody has to guess what is wrong with the file."""
    path = tmp_path / "other.csv"
    path.write_text("id,best\n1,2\n")
    with worlds("MPA") as made, pytest.raises(InputError) as error:
        run(made, path)
    assert "latitude" in str(error.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00"])
def test_a_file_without_headers_is_refused(tmp_path, content):
    """An empty or unreadable file is an input error, not a crash."""
    path = tmp_path / "empty.csv"
    path.write_bytes(content)
    with worlds("MPA") as made, pytest.raises(InputError):
        run(made, path)


def test_an_absent_file_is_refused(tmp_path):
    """A wrong name is said in words."""
    with worlds("MPA") as made, pytest.raises(InputError) as error:
        run(made, tmp_path / "none.csv")
    assert "none.csv" in str(error.value)


def test_a_huge_field_is_one_rejected_row(tmp_path):
    """Memory stays bounded, and the row after it is read."""
    lines = SAMPLE.read_bytes().split(b"\n")
    huge = lines[1].replace(b"Sample town", b"x" * (BOUNDS.import_row_bytes_max + 1))
    path = tmp_path / "huge.csv"
    path.write_bytes(b"\n".join([lines[0], huge, lines[2], b""]))
    with worlds("MPA") as made:
        report = run(made, path)
    assert [(item.row, item.code) for item in report.rejected] == [(2, "import_row_size")]
    assert report.added == 1


def test_a_file_over_the_limit_is_refused(tmp_path):
    """The limit is checked before anything is read."""
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(BOUNDS.import_file_bytes_max + 1)
    with worlds("MPA") as made, pytest.raises(InputError) as error:
        run(made, path)
    assert error.value.code == "import_file_size"


def test_a_file_has_a_bounded_number_of_rows(monkeypatch):
    """What stood before the limit is kept, and the person hears that the rest is missing."""
    monkeypatch.setattr(feeding, "ROWS_MAX", 5)
    with worlds("MPA") as made:
        with pytest.raises(InputError) as error:
            run(made)
        assert error.value.code == "import_rows"
        assert len(found(made)) == 5


def test_progress_ends_at_the_size_of_the_file():
    """Who waits sees how far it is, and that it has ended."""
    seen = []
    with worlds("MPA") as made:
        run(made, progress=lambda *step: seen.append(step))
    size = SAMPLE.stat().st_size
    assert seen[-1] == (34, size, size)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("33.355813", 333_558_130),
        ("-0.00000005", -1),
        ("0.00000004", 0),
        ("90", 900_000_000),
        ("34.139999999", 341_400_000),
        ("٣٥٫٥", 355_000_000),
    ],
)
def test_degrees_are_read_without_floats(text, value):
    """A decimal string gives the nearest integer of 1e-7 degree."""
    assert position(text, "44.0").lat == value


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="the real data set does not lie beside the project")
def test_the_real_data_set_imports_whole():
    """All 7,219 events of the Iraq extract come in, and a rerun changes nothing."""
    with REAL.open(encoding="utf-8") as file:
        events = sum(1 for _ in csv.reader(file)) - 1
    with worlds("MPA") as made:
        report = run(made, REAL)
        assert (report.added, report.rejected_count) == (events, 0)
        again = run(made, REAL)
        assert (again.unchanged, again.changed) == (events, 0)
