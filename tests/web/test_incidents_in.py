"""Row C8 on the page: a table is looked at, its columns are chosen and kept, then it comes in."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tansiq.desk.records import read
from tests.cleaning import InProcess
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.workbooks import workbook
from tests.world import worlds

PATH = "/incidents/import"
ODD = "When;Where is it;Sort;Told\n06/05/2020;Makhmour;fire;Smoke\n07/05/2020;Makhmour;dragon;Odd\n"
COLUMNS = ["date", "place", "category", "text"]


@pytest.fixture
def world():
    """MPA alone, which reads workbooks."""
    with worlds("MPA") as made:
        made.desk("MPA").cleaner = InProcess()
        yield made


@pytest.fixture
def screen(world):
    """A duty officer, and no columns kept before."""
    made = Screen(world, "MPA", "duty-officer")
    from tansiq.web.accounts.models import KeptColumns  # noqa: PLC0415 - once Django is there

    KeptColumns.objects.all().delete()
    return made


def given(data, name="list.csv"):
    data = data.encode() if isinstance(data, str) else data
    return {"sheet": SimpleUploadedFile(name, data), "do": "look"}


def hidden(reply):
    """The file as the page brings it back."""
    found = re.findall(r'name="(name|data)" value="([^"]*)"', reply.content.decode())
    return dict(found)


def saved(world):
    query = read.Query(kinds=("incident",), limit=100)
    rows = read.page(world.desk("MPA"), world.viewer("MPA"), query).rows
    return [one.value.body for one in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_c8_columns_are_chosen_days_are_asked_and_then_rows_imported(world, screen, language):
    """Each step shows the rows with what is still wrong; nothing is saved before the last."""
    assert screen.get(PATH, language).status_code == 200
    first = screen.post(PATH, given(ODD), language)
    assert first.status_code == 422  # no column is understood
    form = {**hidden(first), "column": COLUMNS, "do": "look"}
    asked = screen.post(PATH, form, language)
    assert asked.status_code == 422
    assert words("import.dates", language) in text_of(asked)
    form |= {"dates": "day-first"}
    shown = screen.post(PATH, form, language)
    assert shown.status_code == 200
    assert 'id="faults"' in shown.content.decode()
    assert saved(world) == []
    done = screen.post(PATH, {**form, "do": "take"}, language)
    assert done.status_code == 302
    assert [body["text"] for body in saved(world)] == ["Smoke"]
    assert words("import.done", language) in text_of(screen.get(done["Location"], language))


def test_c8_columns_are_kept_for_the_next_file_of_that_shape(screen):
    """Kept under a name with the answer about days; deleted, they are asked for again."""
    form = {**hidden(screen.post(PATH, given(ODD))), "column": COLUMNS, "dates": "month-first"}
    assert screen.post(PATH, {**form, "do": "keep", "keep": " "}).status_code == 422
    assert screen.post(PATH, {**form, "do": "keep", "keep": "The <old> list"}).status_code == 200
    again = screen.post(PATH, given(ODD.replace("Smoke", "Other"), "next.csv"))
    assert again.status_code == 200
    assert "The &lt;old&gt; list" in again.content.decode()
    (number,) = re.findall(r'name="forget" value="(\d+)"', screen.get(PATH).content.decode())
    assert screen.post(PATH, {"forget": number}).status_code == 302
    assert screen.post(PATH, given(ODD)).status_code == 422


def test_c8_only_so_many_columns_are_kept(screen):
    """Past the bound the page says which to do first, and one of the same name is replaced."""
    from tansiq.web.accounts.models import KeptColumns  # noqa: PLC0415 - once Django is there
    from tansiq.web.incidents.importing import KEPT_MAX  # noqa: PLC0415 - once Django is there

    for n in range(KEPT_MAX):
        KeptColumns.objects.create(name=f"n{n}", headers="", columns="")
    form = {**hidden(screen.post(PATH, given(ODD))), "column": COLUMNS, "dates": "day-first"}
    assert screen.post(PATH, {**form, "do": "keep", "keep": "more"}).status_code == 422
    assert screen.post(PATH, {**form, "do": "keep", "keep": "n7"}).status_code == 200


def test_c8_a_workbook_is_looked_at_as_a_csv(world, screen):
    """The same page takes XLSX, and brings its bytes back whole."""
    book = workbook(
        ("Date", "Place", "Category", "Description"), ("2020-12-18", "Makhmour", "Fire", "Smoke")
    )
    shown = screen.post(PATH, given(book, "list.xlsx"))
    assert shown.status_code == 200
    assert screen.post(PATH, {**hidden(shown), "column": COLUMNS, "do": "take"}).status_code == 302
    assert len(saved(world)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "form",
    [{"do": "look"}, {"data": "?", "do": "take"}, given(""), given(b"PK\x03\x04no workbook"),
     given(b"\x00" * 9), {**given("date,place\nx,y\n"), "column": ["date"]}],
)  # fmt: skip
def test_c8_what_is_no_table_is_said_and_saves_nothing(world, screen, form, language):
    """Every bad file has an answer in words."""
    if "sheet" in form:
        form["sheet"].seek(0)
    reply = screen.post(PATH, form, language)
    assert reply.status_code == 422
    assert 'role="alert"' in reply.content.decode()
    assert saved(world) == []


def test_c8_who_may_not_import_is_neither_offered_nor_obeyed(world):
    """An administrator has no such button and no such page."""
    other = Screen(world, "MPA", "administrator")
    assert other.get(PATH).status_code == 403
    assert other.post(PATH, given(ODD)).status_code == 403
    assert saved(world) == []
