"""Training in the steering report: the same numbers as on the page of training, each with what it
means and the list that it counts, for whoever reads the report.
"""

import io
import json
import re

import openpyxl
import pytest

from tansiq.domain.wording import LANGUAGES
from tests.web.pair import Screen, text_of, words
from tests.web.test_report import plain, told
from tests.web.test_training import MANAGER, numbers, taught, world

__all__ = ["taught", "world"]  # the fixtures
AT = 11  # the part before what is not known
READERS = [("MPA", MANAGER), ("MPA", "programme-manager"), ("COA", "adviser"),
           ("MOD", "duty-officer")]  # fmt: skip


def part_of(page):
    """The part of the report on the screen."""
    return page[page.index(f'id="part-{AT}"') : page.index(f'id="part-{AT + 1}"')]


def counted(page):
    """What the part counts, by the lists that its numbers open."""
    found = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', part_of(page))
    return {
        address.replace("&amp;", "&"): int(re.sub(r"<[^>]*>|\D", "", text))
        for address, text in found
    }


@pytest.mark.parametrize(("party", "position"), READERS)
def test_the_report_counts_what_the_page_of_training_counts(world, taught, party, position):
    """For each reader: MOD, which sees no sessions, reads neither person-days nor days lost."""
    screen = Screen(world, party, position)
    on_the_page = numbers(screen.get("/training").content.decode(), "indicators")
    page = screen.get("/reform/report").content.decode()
    assert counted(page) == on_the_page
    assert on_the_page["/training?only=finished"] == 84
    lost = [count for address, count in counted(page).items() if "state=lost" in address]
    assert lost == ([] if party == "MOD" else [5])
    assert (words("choice.reason_class.security") in part_of(page)) == (party != "MOD")


def test_each_number_stands_with_what_it_means_and_its_cohorts(world, taught):
    """Definition, share with its whole, and codes, in page order."""
    rows = [[plain(cell[0]) for cell in row] for row in told(world)["parts"][AT - 1]["rows"]]
    found = {row[1]: row[2:] for row in rows}
    assert found[words("training.indicator.finished")] == [
        "84", "–", "–", words("training.means.finished"), "K-04",
    ]  # fmt: skip
    assert found[words("training.indicator.passed")][:3] == ["81", "96", "84"]
    cancelled = found[words("training.indicator.cancelled")]
    assert (cancelled[0], cancelled[-1]) == ("20", "K-08")
    assert "20" in cancelled[3]
    assert [row[0] for row in rows] == [f"{AT}.{n}" for n in range(1, len(rows) + 1)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_leaves_in_each_language_and_as_a_sheet(world, taught, language):
    """The part has its heading and definition, and the workbook a sheet with the same numbers."""
    made = told(world, language)["parts"][AT - 1]
    assert made["heading"] == f"{AT}. {words('training.figures', language)}"
    assert words("training.means.lost", language) in json.dumps(made, ensure_ascii=False)
    answer = Screen(world, "MPA", MANAGER).get(f"/reform/report/xlsx?language={language}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[AT]
    values = [row for row in sheet.iter_rows(values_only=True) if row[0] == f"{AT}.1"]
    assert [one for one in values[0] if isinstance(one, int)] == [84]


def test_as_of_an_earlier_day_it_counts_what_was_known_then(world, taught):
    """Before anything was taught nothing is counted, and who sees no cohort has an empty part."""
    world.clock.time += 2 * 86_400_000
    screen = Screen(world, "MPA", MANAGER)
    page = screen.get("/reform/report?as_of=2020-12-01 12:00").content.decode()
    assert counted(page) == {}
    assert words("table.empty") in text_of(screen.get("/reform/report?as_of=2020-12-01 12:00"))
    now = screen.get("/reform/report?as_of=2020-12-21 12:00").content.decode()
    assert all("as_of=" in address for address in counted(now))
    assert 84 in counted(now).values()
