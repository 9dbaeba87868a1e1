"""C5 on every page: what people write between Arabic words keeps the order of its digits."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tansiq.desk.records import files, read, say
from tansiq.desk.release import recalling
from tansiq.desk.trust import partners, restarting
from tansiq.domain.isolates import LRI, PDI
from tansiq.domain.parties import PartyCode
from tansiq.domain.wording import Text
from tests.intruder.test_texts import hostile_body
from tests.noninterference.addresses import VIEWS, patterns
from tests.noninterference.browser import Browser
from tests.world import POSITIONS, START, both_ways, card_of, incident, line, text_file, to, worlds

RUNS = ("0750-123-4567", "35.7811, 43.5811", "05-06-2020", "12/19/2020", "ج 12/TB-7")
WORDS = f"اتصل {RUNS[0]} عند {RUNS[1]} يوم {RUNS[2]} أو {RUNS[3]} كتاب {RUNS[4]}"
SHORT = Text("x", "مقر 12-3", "بنکەی 12-3")
NEEDLES = (*RUNS[:4], "12/TB-7", "12-3")
READERS = (
    ("ar", "MPA", "liaison-officer"), ("ar", "MOD", "cleared"), ("ckb", "MPA", "auditor"),
)  # fmt: skip
# What a person edits, and what no person reads.
SILENT = ("textarea", "script", "style")
READ_ALOUD = ("title", "aria-label", "alt", "placeholder", "data-label", "data-announce")


class Reader(HTMLParser):
    """Finds runs that stand bare, in the words of a page or of its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.bare: list[str] = []
        self.isolated = 0

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        for name in READ_ALOUD:
            self._look(given.get(name) or "", inside=False)
        if tag not in ("input", "link", "meta", "br", "use", "img", "path", "rect", "hr"):
            isolates = given.get("dir") == "ltr" or tag == "time"
            self.open.append((tag, isolates or tag in SILENT))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self._look(data, inside=any(isolated for _, isolated in self.open))

    def _look(self, text, *, inside):
        for needle in NEEDLES:
            at = text.find(needle)
            while at >= 0:
                before, at = text[:at], text.find(needle, at + 1)
                if inside or before.count(LRI) > before.count(PDI):
                    self.isolated += 1
                else:
                    self.bare.append(f"{needle} in {text[:120]}")


@pytest.fixture(scope="module")
def written():
    """Two parties whose every word, name of a post and reason holds such runs."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *both_ways("MPA", "MOD"))
        posts = tuple(replace(one, names=SHORT) for one in POSITIONS)
        for party, other in (("MPA", "MOD"), ("MOD", "MPA")):
            card = card_of(other, names=SHORT, positions=posts, issued_ms=START)
            partners.trust(made.desk(party), made.actor(party, "liaison-officer"), card)
            desk = made.desk(party)
            desk.identity = replace(desk.identity, positions=posts)
        records = {}
        for kind, draft in (("incident", incident), ("log_line", line)):
            body = hostile_body(kind, WORDS)
            body.pop("source_ref", None)
            body["attachments"] = [_file(made, kind)]
            whole = replace(draft(to("MOD")), body=draft().body | body)
            for name in (kind, f"{kind} recalled"):
                records[name] = made.write("MPA", name, whole)
                made.release("MPA", records[name], "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        _answered(made, records)
        for name in ("incident recalled", "log_line recalled"):
            desk, actor = made.desk("MPA"), made.actor("MPA", "liaison-officer")
            recalling.recall(desk, actor, records[name], PartyCode("MOD"), "error")
        made.exchange("MPA", "MOD")
        liaison = made.actor("MPA", "liaison-officer")
        restarting.stop(made.desk("MPA"), liaison, "MOD")
        restarting.ask(made.desk("MPA"), liaison, "MOD", WORDS)
        yield made, records


def _file(made, name):
    desk = made.desk("MPA")
    file = text_file(f"تقرير {RUNS[2]}", name.encode())
    with made.names.under(f"file {name}"), desk.act() as act:
        return files.attach(act, made.actor("MPA"), file, to("MOD"))


def _answered(made, records):
    """MOD reads, disputes and acknowledges; each asks the other, and the other answers."""
    desk, actor = made.desk("MOD"), made.actor("MOD")
    view = read.record(desk, made.viewer("MOD"), "MPA", records["incident"]).value
    for kind in ("dispute", "acknowledgement", "rfi"):
        body = {k: v for k, v in hostile_body(kind, WORDS).items() if k != "about"}
        body |= {"seats": ["MPA/cleared"]} if kind == "rfi" else {}
        with made.names.under(kind):
            records[kind] = say.reply(desk, actor, kind, about=view, body=body)
    made.exchange("MOD", "MPA")
    made.step("MPA", "answer", ("MOD", records["rfi"]), "answer", words={"text": WORDS})
    made.exchange("MOD", "MPA")


def pages(records):
    """Every address of the pages, with what there is to look at."""
    owners = {"dispute": "MOD", "acknowledgement": "MOD", "rfi": "MOD"}
    for pattern in patterns().values():
        kinds = ("dispute", "acknowledgement") if "/reply/" in pattern else ("incident", "rfi")
        for kind in kinds if "{kind}" in pattern else ("",):
            for name, record in records.items() if "{record}" in pattern else (("", ""),):
                filled = pattern.format(
                    owner=owners.get(name, "MPA"), record=record, kind=kind, party="MOD",
                    release=record, name="auditor", code="ar", number="1", other="1",
                    public="0" * 64, lane=record,
                )  # fmt: skip
                yield filled
    yield from (f"/incidents?{query}" for query in ("tab=all", *VIEWS))
    yield from (f"{path}?tab=all" for path in ("/log", "/map", "/requests", "/list/dispute"))
    yield from ("/incidents/print", "/log/print", "/holdings?tab=all", "/inbox?tab=all")
    for name, record in records.items():
        yield f"/audit?record={owners.get(name, 'MPA')}/{record}"


@pytest.mark.parametrize(("language", "party", "position"), READERS)
def test_c5_every_page_isolates_what_people_wrote(written, language, party, position):
    """On lists, records, forms, previews, prints, the map's twin, the audit page and in refusals:
    no number, date, coordinate or code stands bare.
    """
    made, records = written
    seen, found = 0, []
    browser = Browser(made.desk(party), position, language=language)
    for page in sorted(set(pages(records))):
        reply = browser.get(page)
        if "html" in reply.header("content-type"):
            reader = Reader()
            reader.feed(reply.text)
            seen += reader.isolated
            found += [f"{page}: {one}" for one in reader.bare]
    browser.close()
    assert not found, "\n".join(sorted(set(found))[:30])
    assert seen > 500  # they were really there


def test_c5_the_map_isolates_and_a_table_for_a_machine_does_not(written):
    """The title of a point on the map holds isolates; a cell of a file holds what was typed."""
    made, _ = written
    browser = Browser(made.desk("MPA"), "cleared", language="ar")
    points = browser.get("/map/data?bbox=-180,-90,180,90&z=7&tab=all").text
    file = browser.get("/incidents/csv?tab=all").text
    browser.close()
    assert f"{LRI}{RUNS[0]}{PDI}" in points
    assert RUNS[0] in file
    assert LRI not in file
