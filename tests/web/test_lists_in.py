"""Lists of projects and courses from workbooks: what a column is taken for, errors by row and
column, all or nothing, and out and in again without a change.
"""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tansiq.desk.records import read, say, sheets
from tansiq.domain.errors import InputError, RefusedError
from tansiq.domain.kinds.reform.list import PROJECTS, ROWS_MAX
from tansiq.domain.kinds.training.list import COURSES
from tansiq.domain.wording import LANGUAGES
from tests.cleaning import InProcess
from tests.web.pair import Screen, text_of, words
from tests.world import to, worlds

MANAGER = "programme-manager"
SAMPLE = Path(__file__).parents[1] / "data/reform_projects.csv"
PLAIN = "code,title,workstream\nLOG-01,Stock,supply\n"


@pytest.fixture
def world():
    """MPA alone, which reads workbooks."""
    with worlds("MPA", "COA") as made:
        made.desk("MPA").cleaner = InProcess()
        yield made


def read_in(world, data, language="en", sheet=PROJECTS, position=MANAGER):
    file = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    return sheets.found_in(
        world.desk("MPA"), world.viewer("MPA", position), sheet, file, language
    )  # fmt: skip


def take(world, data, sheet=PROJECTS, position=MANAGER):
    found = read_in(world, data, sheet=sheet, position=position)
    with world.names.under(f"take {len(world.names.used)}"):
        sheets.take(world.desk("MPA"), world.actor("MPA", position), sheet, found)
    return found


def projects(world, sheet=PROJECTS, position=MANAGER):
    found = sheets.own_records(world.desk("MPA"), world.viewer("MPA", position), sheet)
    return {str(one.value.body["code"]): one.value for one in found}


def test_the_list_of_the_programme_is_read_as_it_is(world):
    """All 36 projects, with titles in three languages, dates, dependencies and money; once more
    it changes nothing.
    """
    found = take(world, SAMPLE.read_bytes())
    assert not found.faults
    assert (found.rows, len(found.added)) == (36, 36)
    known = projects(world)
    assert len(known) == 36
    body = known["FOR-03"].body
    assert body["depends_on"] == "FOR-02, HR-04"
    assert body["title_ckb"].startswith("یەکخستنەوەی")
    assert (body["workstream"], body["lead"]) == ("force", "us")
    assert (body["start"], body["forecast_end"]) == ("2020-07-01", "2022-12-31")
    assert body["budget"] == [
        {"source": "own", "planned": {"currency": "USD", "minor": 60_000_000},
         "spent": {"currency": "USD", "minor": 0}}
    ]  # fmt: skip
    assert known["LOG-04"].body["budget"][0]["source"] == "de"
    assert known["HR-01"].body["internal"] == "closed 3 percent over budget"
    again = read_in(world, SAMPLE.read_bytes())
    assert again.changes == ()
    take(world, SAMPLE.read_bytes())
    assert len(projects(world)) == 36


def test_states_lights_and_progress_are_no_columns(world):
    """What is worked out or changes by steps is shown as not taken; every project begins."""
    found = take(world, SAMPLE.read_bytes())
    not_taken = {written for written, name in found.headers if not name}
    assert not_taken == {
        "no", "state", "iati_status", "rag", "slip_days", "milestones", "evidence", "verified_on",
    }  # fmt: skip
    assert {one.state for one in projects(world).values()} == {"proposed"}


def test_new_projects_are_for_their_party_alone(world):
    """A file gives nobody an audience; one that a record has already stays."""
    take(world, PLAIN)
    (one,) = projects(world).values()
    assert one.label == say.Label()
    world.exchange("MPA", "COA")
    desk = world.desk("COA")
    assert not read.page(desk, world.viewer("COA"), read.Query(kinds=("project",))).rows
    desk, actor = world.desk("MPA"), world.actor("MPA", MANAGER)
    draft = say.Draft(kind="project", body=one.body, label=to("COA"))
    with world.names.under("audience"):
        say.revise(desk, actor, one.record, one.digest, draft)
    take(world, "code,title,workstream\nLOG-01,Stores,supply\n")
    (one,) = projects(world).values()
    assert (one.body["text"], one.label) == ("Stores", to("COA"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_are_known_in_each_language(world, language):
    """By the words of the form in each language, with its words for choices."""
    head = [words(f"field.{name}", language) for name in ("code", "workstream", "lead")]
    head.insert(1, words("field.project.text", language))
    row = ["LOG-01", "Stock", words("choice.workstream.supply", language),
           words("choice.lead.de", language)]  # fmt: skip
    out = io.StringIO()
    csv.writer(out).writerows([head, row])
    found = read_in(world, out.getvalue(), language)
    assert not found.faults
    (one,) = found.changes
    assert (one.body["workstream"], one.body["lead"]) == ("supply", "de")


def test_a_workbook_is_read_as_a_csv_is(world):
    """The same list as XLSX gives the same projects."""
    book = openpyxl.Workbook()
    for row in csv.reader(SAMPLE.read_text(encoding="utf-8").splitlines()):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    found = read_in(world, out.getvalue())
    plain = read_in(world, SAMPLE.read_bytes())
    assert [(one.code, one.body) for one in found.changes] == [
        (one.code, one.body) for one in plain.changes
    ]


FAULTS = [
    ("code,title,workstream\n,Stock,supply\n", "code", "field_required"),
    ("code,title,workstream\nA,Stock,nonsense\n", "workstream", "import_choice"),
    ("code,title,workstream,start\nA,Stock,supply,yesterday\n", "start", "import_date"),
    ("code,title,workstream,budget_usd\nA,S,supply,much\n", "budget_usd", "import_money"),
    ("code,title,workstream,budget\nA,S,supply,12\n", "budget", "import_money"),
    ("code,title,workstream,budget_usd\nA,S,supply,-5\n", "budget_usd", "import_money"),
    ("code,title,workstream\nA,Stock,supply\nA,Again,supply\n", "", "import_twice"),
    ("code,title,workstream,start,planned_end\nA,S,supply,2020-02-01,2020-01-01\n", "planned_end",
     "project_dates"),
    (f"code,title,workstream\nA,{'x' * 10_000},supply\n", "title", ""),
]  # fmt: skip


@pytest.mark.parametrize(("data", "column", "code"), FAULTS)
def test_a_cell_that_cannot_be_used_is_named_and_nothing_is_kept(world, data, column, code):
    """The row, the column as the file names it, and why; no row of the file is kept."""
    data += "ZZZ-9,Good,supply" + "," * (data.split("\n", maxsplit=1)[0].count(",") - 2) + "\n"
    found = read_in(world, data)
    assert found.faults[0].column == column
    assert found.faults[0].error.code == code or not code
    assert found.faults[0].row in (2, 3)
    with pytest.raises(InputError):
        take(world, data)
    assert projects(world) == {}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "import_no_header"),
        ("title,start\nx,2020-01-01\n", "import_lacks"),
        ("code,project code,workstream\na,b,supply\n", "import_column_twice"),
        ("code,title,workstream,start\nA,x,supply,13/01/2020\nB,x,supply,01/13/2020\n",
         "import_dates_mixed"),
    ],
)  # fmt: skip
def test_a_file_without_its_columns_is_refused_whole(world, data, code):
    """Lacking and doubled columns, and days in two orders, end the reading."""
    with pytest.raises(InputError) as error:
        read_in(world, data)
    assert error.value.code == code


def test_a_file_has_a_bound(world):
    """One row more than the bound is refused, and so is a file that never ends."""
    rows = "".join(f"C-{number},x,supply\n" for number in range(ROWS_MAX + 1))
    with pytest.raises(InputError) as error:
        read_in(world, "code,title,workstream\n" + rows)
    assert error.value.code == "import_rows_whole"


def test_an_empty_cell_and_a_column_that_is_not_there_change_nothing(world):
    """What a person wrote beside the file stays."""
    take(world, "code,title,workstream,objective,lead\nLOG-01,Stock,supply,Count it,de\n")
    found = take(world, "code,title,workstream,lead\nLOG-01,Stores,supply,\n")
    assert found.changed[0].fields == ("text",)
    body = projects(world)["LOG-01"].body
    assert (body["objective"], body["lead"], body["text"]) == ("Count it", "de", "Stores")


def test_a_project_with_several_sources_keeps_them(world):
    """A file knows one source: where there are more, its money is not taken."""
    budget = [{"source": one, "planned": {"currency": "USD", "minor": 100}} for one in ("de", "us")]
    body = {"code": "LOG-01", "text": "Stock", "workstream": "supply", "budget": budget}
    world.write("MPA", "two", say.Draft(kind="project", body=body, label=to()), MANAGER)
    take(world, "code,title,workstream,source,budget_usd\nLOG-01,Stores,supply,own,900\n")
    assert projects(world)["LOG-01"].body["budget"] == budget


def test_a_code_that_two_records_have_is_a_fault(world):
    """A row may not guess which of the two it means."""
    body = {"code": "LOG-01", "text": "Stock", "workstream": "supply"}
    for name in ("one", "two"):
        world.write("MPA", name, say.Draft(kind="project", body=body, label=to()), MANAGER)
    assert read_in(world, PLAIN).faults[0].error.code == "import_code_twice"


def test_without_the_mandate_nothing_is_taken(world):
    """Only who may write projects takes a list of them."""
    found = read_in(world, PLAIN, position="liaison-officer")
    with pytest.raises(RefusedError):
        sheets.take(
            world.desk("MPA"), world.actor("MPA", "liaison-officer"), PROJECTS, found
        )  # fmt: skip
    screen = Screen(world, "MPA", "liaison-officer")
    form = {"sheet": SimpleUploadedFile("list.csv", PLAIN.encode())}
    assert screen.post("/projects/list/look", form).status_code == 403
    assert screen.post("/projects/list/take", {"text": PLAIN}).status_code == 403
    assert projects(world) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_out_and_in_again_changes_nothing(world, language):
    """The CSV and the XLSX of the page, in each language, are read back as what stands here; in an
    empty node they make the same projects.
    """
    take(world, SAMPLE.read_bytes())
    body = {"code": "=1+1", "text": "=HYPERLINK(1)", "workstream": "supply",
            "objective": "two\nlines, and; more"}  # fmt: skip
    world.write("MPA", "odd", say.Draft(kind="project", body=body, label=to()), MANAGER)
    screen = Screen(world, "MPA", MANAGER)
    for way in ("csv", "xlsx"):
        reply = screen.get(f"/projects/list/{way}", language)
        found = read_in(world, reply.content, language)
        assert found.faults == (), way
        assert (found.rows, found.changes) == (37, ()), way
    with worlds("MPA") as empty:
        take(empty, screen.get("/projects/list/csv", language).content)
        bodies = {
            code: {name: item for name, item in one.body.items() if name != "internal"}
            for code, one in projects(world).items()
        }
        assert {code: one.body for code, one in projects(empty).items()} == bodies


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_what_it_understood_before_it_takes(world, language):
    """Columns with what they were taken for, what is new, and then all of it."""
    screen = Screen(world, "MPA", MANAGER)
    assert screen.get("/projects/list", language).status_code == 200
    form = {"sheet": SimpleUploadedFile("list.csv", SAMPLE.read_bytes())}
    shown = text_of(screen.post("/projects/list/look", form, language))
    assert words("sheet.not_taken", language) in shown
    assert words("field.forecast_end", language) in shown
    assert projects(world) == {}
    text = shown.partition('name="text" hidden>')[2].partition("</textarea>")[0]
    assert screen.post("/projects/list/take", {"text": text}, language).status_code == 302
    assert len(projects(world)) == 36
    bad = SAMPLE.read_text(encoding="utf-8").replace("2017-03-01", "soon")
    form = {"sheet": SimpleUploadedFile("list.csv", bad.encode())}
    reply = screen.post("/projects/list/look", form, language)
    assert reply.status_code == 422
    assert 'name="text" hidden' not in text_of(reply)


def test_notes_below_the_tear_line_do_not_go_out(world):
    """A note comes in with a file and is in none that leaves."""
    take(world, "code,title,workstream,note\nLOG-01,Stock,supply,SECRET\n")
    assert projects(world)["LOG-01"].body["internal"] == "SECRET"
    reply = Screen(world, "MPA", MANAGER).get("/projects/list/csv")
    assert b"LOG-01" in reply.content
    assert b"SECRET" not in reply.content


def test_courses_come_in_by_their_code(world):
    """The same for courses: read, taken, read again without a change."""
    data = (
        "code,title_en,title_ckb,family,subject,days,language,on_line,min,max,note\n"
        "C-01,First aid,فریاگوزاری,medical,first_aid,5,ckb,no,8,24,\n"
        "C-02,Radio,بێتەل,communications,radio,10,ku,,,\n"
    )
    bad = read_in(world, data, sheet=COURSES, position="training-manager")
    assert bad.faults
    good = data.replace(",ku,,,\n", ",ar,yes,6,12,\n")
    found = take(world, good, sheet=COURSES, position="training-manager")
    assert len(found.added) == 2
    known = projects(world, COURSES, "training-manager")
    assert known["C-01"].body["days"] == 5
    assert known["C-02"].body["on_line"] is True
    assert read_in(world, good, sheet=COURSES, position="training-manager").changes == ()
    reply = Screen(world, "MPA", "training-manager").get("/courses/list/xlsx")
    again = read_in(world, reply.content, sheet=COURSES, position="training-manager")
    assert (again.faults, again.changes) == ((), ())
