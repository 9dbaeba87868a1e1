"""What people and partners write: it never runs, and never turns a line around."""

import re

import pytest

from tests.noninterference.browser import Browser
from tests.web.hostile import OVERRIDES, SCRIPT, TURNS, multipart, part, runs
from tests.world import both_ways, incident, line, to, uuid_of, worlds

LANGUAGES = ("en", "ar", "ckb")


@pytest.fixture(scope="module")
def hostile():
    """A world in which every text is a script and every name turns the line around."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *both_ways("MPA", "MOD"))
        text = SCRIPT + OVERRIDES + "</textarea></title>"
        place = {"name": text, "key": "", "lat": None, "lon": None, "precision": "about",
                 "grain": "exact"}  # fmt: skip
        words = dict.fromkeys(("size", "done", "asked", "informant", "internal"), text)
        words["unknowns"] = [{"id": "0a1b2c3d", "text": text[:400], "state": "open", "by": ""}]
        file = made.attach("MPA", f'{SCRIPT}{OVERRIDES}"; a=.txt', b"text", to("MOD"))
        draft = incident(to("MOD"), text=text, place=place, attachments=[file], **words)
        record = made.write("MPA", "fire", draft)
        more = {"informant": text, "action_due": text, "internal": text, "attachments": [file]}
        made.write("MPA", "line", line(to("MOD"), text=text, **more))
        for name in ("fire", "line"):
            made.release("MPA", uuid_of(f"{name}/1"), "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        yield made, record, file


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_write_never_runs_and_never_turns_the_line(hostile, language):
    """Scripts are shown as words in every page at both nodes; direction overrides are gone."""
    made, record, _ = hostile
    own = ["/log", "/incidents", "/map", f"/record/MPA/{record}", f"/record/MPA/{record}/edit",
           f"/record/MPA/{record}/release", f"/record/MPA/{uuid_of('line/1')}", "/holdings",
           f"/log/{uuid_of('line/1')}/correct", f"/record/MPA/{record}/recall/MOD",
           f"/incidents?q={SCRIPT}", f"/log?q={SCRIPT}", f"/sign-on?person={SCRIPT}"]  # fmt: skip
    theirs = ["/inbox", "/incidents", "/log", f"/record/MPA/{record}",
              f"/record/MPA/{record}/reply/dispute"]  # fmt: skip
    for party, pages in (("MPA", own), ("MOD", theirs)):
        browser = Browser(made.desk(party), "cleared", language=language)
        for page in pages:
            reply = browser.get(page)
            assert 200 == reply.status, page
            assert [] == runs(reply.text), page
            assert not TURNS & set(reply.text), page
        browser.close()


def test_what_people_write_stays_text_for_our_scripts(hostile):
    """The map's data is JSON that no browser takes for a page."""
    made, _, _ = hostile
    browser = Browser(made.desk("MPA"), "cleared")
    reply = browser.get("/map/data?bbox=-180,-90,180,90&z=7&tab=all")
    browser.close()
    assert "application/json" == reply.header("content-type")
    assert "nosniff" == reply.header("x-content-type-options")
    assert not any(character in reply.text for character in OVERRIDES)


def test_a_file_is_a_download_under_a_harmless_name(hostile):
    """Neither quotes nor line ends nor overrides of a name reach the header as such."""
    made, _, file = hostile
    browser = Browser(made.desk("MOD"), "cleared")
    reply = browser.get(f"/record/MPA/{file}/file")
    browser.close()
    disposition = reply.header("content-disposition")
    assert disposition.startswith("attachment; filename")
    assert "\r" not in disposition + reply.header("content-type")
    assert "%E2%80%AE" not in disposition.upper()
    evil = 'name="files"; filename="a%0d%0aSet-Cookie: x=1;\\"\u202etxt.exe"'
    fields = {"text": "With a file", "observed": "2020-12-20 10:00"}
    parts = b"".join(part(f'name="{name}"', value.encode()) for name, value in fields.items())
    screen = Browser(made.desk("MPA"), "duty-officer")
    sent = multipart(screen, "/log", parts + part(evil, b"plain words"))
    assert 302 == sent.status
    found = re.findall(r'href="(/record/MPA/[0-9a-f-]{36}/file)"', screen.get("/log?q=with").text)[
        0
    ]
    reply = screen.get(found)
    assert b"plain words" == reply.body
    assert "set-cookie" not in dict(reply.headers)
    assert "\n" not in reply.header("content-disposition")
    screen.close()
