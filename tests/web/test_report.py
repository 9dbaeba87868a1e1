"""Forecasts, sums and the steering report on their pages and as files: what they count, whose view
they are, and that people who read different languages can follow each other.
"""

import io
import json
import re
import subprocess
import unicodedata

import openpyxl
import pytest

from tansiq.desk.reform.forecasts import outlook_of
from tansiq.desk.reform.portfolio import portfolio_of
from tansiq.domain.wording import LANGUAGES
from tansiq.log.canonical import decode_object
from tansiq.log.store import ACCESS
from tests.typesetters import InProcess, Plain
from tests.web.pair import Screen, text_of, words
from tests.web.test_reform import ADVISER, MANAGER, charter, executed, move, verified, world, write

__all__ = ["world"]  # the fixture
PARTS = ("headlines", "changes", "projects", "blocked", "forecast", "record")


def ahead(world, code="HR-06", *parties, **more):
    """A project under way whose plan goes on for a year."""
    body = charter(code, start="2020-10-01", baseline_end="2021-09-30", forecast_end="2021-11-30",
                   milestones=[{"mark": "M1", "named": "Bank chosen", "weight": 1,
                                "due": "2021-03-01", "proof": "order"}], **more)  # fmt: skip
    record = write(world, "project", body, *(parties or ("COA", "MOD")))
    for name in ("charter", "begin"):
        move(world, record, name)
    return record


def outlook(world, party, position):
    desk = world.desk(party)
    viewer = desk.viewer(world.actor(party, position))
    return outlook_of(desk, viewer, portfolio_of(desk, viewer))


def told(world, language="en", party="MPA", position=MANAGER):
    """What the pages of the report say, part by part."""
    world.desk(party).typesetter = Plain()
    reply = Screen(world, party, position).get(f"/reform/report/pdf?language={language}")
    assert reply.status_code == 200
    return json.loads(reply.content)


def plain(text):
    return "".join(one for one in text if unicodedata.category(one) != "Cf")


def test_a_range_stands_with_its_method_its_sample_and_its_record(world):
    """On the portfolio, on its own page, on the project's, and as a whisker on the line of time;
    the sample opens the list that it counts.
    """
    executed(world)
    record = ahead(world)
    screen = Screen(world, "MPA", MANAGER)
    found = outlook(world, "MPA", MANAGER)
    (line,) = found.lines
    page = text_of(screen.get("/reform"))
    assert 'class="gantt-range"' in page
    for address in ("/reform", "/reform/forecast"):
        assert words("forecast.no_record") in text_of(screen.get(address))
    own = text_of(screen.get("/reform/forecast"))
    assert words("choice.forecast_by.mixed") in own
    assert (
        'href="/reform?only=measured&amp;owner=MPA"'
        in screen.get("/reform/forecast").content.decode()
    )
    assert [one.view.value.body["code"] for one in found.lines] == ["HR-06"]
    assert line.said.early <= line.said.middle <= line.said.late
    listed = text_of(screen.get("/reform?only=measured"))
    assert "LOG-04" in listed
    assert f'id="x{record}"' not in listed
    assert words("forecast.title") in text_of(screen.get(f"/record/MPA/{record}"))


def test_a_project_without_a_plan_has_no_range_and_is_listed(world):
    """Nothing is said of when it ends, and the page says of how many."""
    body = {"code": "GOV-05", "text": "Paper", "workstream": "governance"}
    write(world, "project", body, "COA")
    screen = Screen(world, "MPA", MANAGER)
    assert outlook(world, "MPA", MANAGER).lines == ()
    assert words("forecast.count.unplanned") in text_of(screen.get("/reform/forecast"))
    assert "GOV-05" in text_of(screen.get("/reform?only=unplanned"))


def test_a_forecast_is_worked_out_from_what_its_reader_sees(world):
    """A project that another party may not see changes nothing of its range, however late."""
    ahead(world)
    before = outlook(world, "MOD", "duty-officer").lines[0].said
    own = outlook(world, "MPA", MANAGER).lines[0].said
    for number in range(3):
        late = write(
            world, "project",
            charter(f"LATE-{number}", start="2015-01-01", baseline_end="2015-06-01",
                    forecast_end="2020-12-01"), "COA",
        )  # fmt: skip
        for name in ("charter", "begin", "submit", "declare_executed"):
            move(world, late, name)
    assert outlook(world, "MOD", "duty-officer").lines[0].said == before
    assert outlook(world, "MPA", MANAGER).lines[0].said.late > own.late


def test_sums_count_the_lists_that_they_open(world):
    """By workstream, lead nation, state and source; a partner that sees no money sums none."""
    executed(world)
    ahead(world, budget=[{"source": "own", "planned": {"currency": "IQD", "minor": 5_000}}])
    screen = Screen(world, "MPA", MANAGER)
    for by in ("workstream", "lead", "state", "source"):
        page = screen.get(f"/reform/sums?by={by}").content.decode()
        links = re.findall(r'href="(/reform\?[^"]+)"><bdi dir="ltr">(\d+)<', page)
        assert links, by
        for link, count in links:
            listed = screen.get(link.replace("&amp;", "&")).content.decode()
            assert listed.count('<tr id="x') == int(count), link
        assert "330,000.00 USD" in page
        assert "5" in page
    assert (
        "USD"
        not in Screen(world, "MOD", "duty-officer").get("/reform/sums?by=lead").content.decode()
    )
    for way in ("xlsx", "csv", "pdf"):
        world.desk("MPA").typesetter = Plain()
        assert screen.get(f"/reform/sums/{way}?by=state").status_code == 200


def test_the_report_has_the_same_numbers_in_every_language(world):
    """Table for table and row for row, so that people can follow each other."""
    verified(world, executed(world))
    ahead(world, unknowns=[{"id": "0a1b2c3d", "text": "Who pays?", "state": "open", "by": ""}])
    made = {language: told(world, language) for language in LANGUAGES}
    numbers = {
        language: [[plain(row[0][0]) for row in part["rows"]] for part in one["parts"]]
        for language, one in made.items()
    }
    assert numbers["en"] == numbers["ar"] == numbers["ckb"]
    assert len(numbers["en"]) == 12
    assert numbers["en"][0][:3] == ["1.1", "1.2", "1.3"]
    for language, one in made.items():
        heads = [part["heading"] for part in one["parts"]]
        for at, name in enumerate(PARTS):
            assert heads[at] == f"{at + 1}. {words(f'report.part.{name}', language)}"
        assert one["mirrored"] == (language != "en")
        assert charter()[f"title_{language}"] in json.dumps(one, ensure_ascii=False)
    assert "Who pays?" in json.dumps(made["en"]["parts"][-1])


def test_the_report_says_whose_view_it_is_and_counts_that_view(world):
    """Executed and verified are two numbers, each with its list; MOD's view has no evidence."""
    verified(world, executed(world))
    ahead(world, "SECRET-1", "COA")
    mine, theirs = told(world), told(world, party="MOD", position="duty-officer")
    for one, all_of_them, sure in ((mine, "2", "1"), (theirs, "1", "0")):
        rows = {
            row[0][0][1:-1]: [plain(cell[0]) for cell in row] for row in one["parts"][0]["rows"]
        }
        assert rows["1.1"][2] == all_of_them
        assert (rows["1.2"][2], rows["1.3"][2]) == ("1", sure)
        assert rows["1.2"][4] == "LOG-04"
    assert "SECRET-1" not in json.dumps(theirs)
    facts = dict(mine["facts"])
    assert facts[words("report.seen_by")]
    assert plain(facts[words("report.since")]).startswith("2020-11-30")


def test_what_changed_is_told_since_the_day_that_is_asked(world):
    """New projects and changed states; a day that is not before the report is refused in words."""
    record = executed(world)
    world.clock.time += 3 * 86_400_000
    paused = ahead(world)
    move(world, paused, "suspend", reason_class="funding", reason="No money", decision="Order 7")
    screen = Screen(world, "MPA", MANAGER)
    page = text_of(screen.get("/reform/report?since=2020-12-21"))
    part = page[page.index('id="part-2"') : page.index('id="part-3"')]
    assert words("choice.report_change.new") in part
    assert "HR-06" in part
    assert "LOG-04" not in part
    blocked = page[page.index('id="part-4"') : page.index('id="part-5"')]
    assert "No money" in blocked
    assert "2020-12-23" in blocked
    assert record
    refused = screen.get("/reform/report?since=2031-01-01")
    assert words("error.report_since").split(".")[0] in text_of(refused)
    assert screen.get("/reform/report/pdf?since=2031-01-01").status_code == 422


def test_the_workbook_has_the_tables_of_the_report(world):
    """A sheet for each under its number, and a first one that says what it is."""
    verified(world, executed(world))
    reply = Screen(world, "MPA", MANAGER).get("/reform/report/xlsx?language=ckb")
    name = reply.headers["Content-Disposition"]
    assert re.search(r'filename="reform-report-ckb-\d{8}T\d{4}Z\.xlsx"', name)
    book = openpyxl.load_workbook(io.BytesIO(reply.content))
    pages = told(world, "ckb")
    assert len(book.sheetnames) == 1 + len(pages["parts"])
    for sheet, part in zip(book.worksheets[1:], pages["parts"], strict=True):
        assert sheet.sheet_view.rightToLeft
        first = [str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0]]
        wanted = [plain(row[0][0]) for row in part["rows"]]
        assert wanted == [one for one in first if one in wanted]


def test_the_audit_says_that_the_report_was_taken(world):
    """Exported, each time, with every record that it shows."""
    record = executed(world)
    told(world)
    entries = [decode_object(one.data) for one in world.desk("MPA").store.scan(ACCESS)]
    taken = [one for one in entries if one["place"] == "reform-report-pdf"]
    assert [one["act"] for one in taken] == ["exported"]
    assert any(item.startswith(f"MPA/{record}@") for item in taken[0]["items"])
    assert Screen(world, "COA", ADVISER).get("/reform/report").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_read_back_in_their_order(world, language):
    """Headings, codes, numbers and titles as they were written, one part after the other, in what
    a reader searches.
    """
    verified(world, executed(world))
    ahead(world)
    world.desk("MPA").typesetter = InProcess()
    pdf = Screen(world, "MPA", MANAGER).get(f"/reform/report/pdf?language={language}").content
    read = subprocess.run(
        ["pdftotext", "-q", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    text = " ".join(plain(read).split())
    at = [text.index(f"{number}.1") for number in (1, 2, 3)]
    assert at == sorted(at)
    for said in ("LOG-04", "2020-09-30", "2021-09-30", "330,000.00 USD"):
        assert said in text, said
    if language == "en":
        assert "Declared executed" in text
        assert "Fuel accounting" in text
        return
    # Poppler turns lam-alef round: words without it are found whole, one after the other.
    assert words("report.part.headlines", language) in text
    for key in ("report.codes", "field.code", "report.means"):
        word = max(words(key, language).split(), key=len)
        assert word in text or sorted(word) in [sorted(one) for one in text.split()], word
