"""Whoever was shown something stands in the access log; nobody but the auditor sees that log."""

import pytest

from tansiq.domain.errors import StoreError
from tansiq.log.canonical import decode_object
from tansiq.log.store import ACCESS
from tansiq.web.shell.exits import page_exits
from tests.noninterference.addresses import asked, patterns
from tests.noninterference.browser import Browser
from tests.world import CLEARED, incident, line, to, worlds

TOKENS = ("zqalpha", "zqbravo", "zqcharlie")


@pytest.fixture
def town(pages):
    """MPA has written three records with a word each, and MOD has sent it a fourth."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        made.write("MPA", "fire", incident(to("MOD"), text=TOKENS[0]))
        made.write("MPA", "call", line(to("MOD"), text=TOKENS[1]))
        theirs = made.write("MOD", "rumour", incident(to("MPA"), text=TOKENS[2]))
        made.release("MOD", theirs, "MPA", "R-MOD")
        made.exchange("MOD", "MPA")
        yield made


def noted(desk):
    return [decode_object(entry.data) for entry in desk.store.scan(ACCESS)]


def keys_of(world):
    rows = world.desk("MPA").database.rows("SELECT record FROM record ORDER BY at, record")
    return [str(row[0]) for row in rows]


def addresses_of(world, name):
    """The addresses by a name, filled with the records that are there."""
    pattern = patterns()[name]
    if "{record}" not in pattern:
        yield from asked(name, all_of_them=False)
        return
    for key in keys_of(world):
        owner, _, record = key.partition("/")
        made = pattern.replace("{owner}", owner).replace("{record}", record)
        yield made.replace("{party}", "MOD").replace("{kind}", "acknowledgement")


def test_no_answer_shows_a_record_that_is_not_noted(town):
    """On every page, part, data and file: a record's word in the answer means its key is noted."""
    desk = town.desk("MPA")
    by_word = {}
    for key in keys_of(town):
        found = desk.database.rows(
            "SELECT e.data FROM record r JOIN entry e ON e.log = r.log AND e.seq = r.seq "
            "WHERE r.record = ?", (key,)
        )  # fmt: skip
        by_word.update({word: key for word in TOKENS if word.encode() in found[0][0]})
    assert set(TOKENS) == set(by_word)
    told, number = set(), 0
    for name in page_exits():
        for address in addresses_of(town, name):
            before = len(noted(desk))
            browser = Browser(desk, CLEARED, person=f"P-{number}")
            number += 1
            reply = browser.get(address)
            browser.close()
            items = [item for entry in noted(desk)[before:] for item in entry["items"]]
            for word in TOKENS:
                if word in reply.text and word not in address:
                    told.add(name)
                    assert any(item.startswith(f"{by_word[word]}@") for item in items), address
    assert {"log", "incidents", "map-data", "record", "record-print", "inbox"} <= told


def test_a_page_that_refreshes_itself_floods_nothing(town):
    """The second and every further fetch of the same part adds no entry in the same hour."""
    browser = Browser(town.desk("MPA"), CLEARED)
    browser.get("/log")
    counted = len(noted(town.desk("MPA")))
    for _ in range(5):
        browser.get("/log/part")
        browser.get("/log")
    assert counted == len(noted(town.desk("MPA"))) > 0
    browser.close()


def test_what_is_searched_is_noted_with_its_hits(town):
    """The words, the page, how many were found, and who asked."""
    browser = Browser(town.desk("MPA"), CLEARED, person="P-7")
    browser.get("/log?q=zqbravo")
    browser.get("/incidents?q=nothing&tab=all")
    browser.close()
    found = [e for e in noted(town.desk("MPA")) if e["act"] == "searched"]
    assert [("log", "zqbravo", 1, "P-7"), ("incidents", "nothing", 0, "P-7")] == [
        (e["place"], e["asked"]["q"], e["hits"], e["person"]) for e in found
    ]


def test_nothing_is_shown_that_could_not_be_noted(town, monkeypatch):
    """Where the entry cannot be committed, the answer is a fault without content."""
    desk = town.desk("MPA")
    browser = Browser(desk, CLEARED)

    def full(entries):
        raise StoreError("database", detail="the disk is full")

    monkeypatch.setattr(desk.access, "_commit", full)
    for address in ("/log", "/incidents", f"/record/{keys_of(town)[0]}"):
        reply = browser.get(address)
        assert 503 == reply.status
        assert not any(word in reply.text for word in TOKENS)
    monkeypatch.undo()
    assert 200 == browser.get("/log").status
    browser.close()
