"""Coordination lines on pages: drawn, put to the parties, agreed to there, on map and paper."""

import re
from dataclasses import replace

import pytest

from tansiq.desk.trust import partners
from tansiq.domain.kinds.operations.coordination_line import COORDINATION_LINE
from tansiq.policy.agreement import Follow
from tests.web.pair import KEY, LANGUAGES, Screen, text_of, words
from tests.world import POSITIONS, rule, worlds

FORM = {
    "code": "CL-M", "text": "Line Makhmour", "area-shape": "corridor", "area-metres": "2000",
    "area-positions": "35.78, 43.58\n36.04, 43.39", "begins": "2020-12-20 00:00",
    "until": "2021-06-30 00:00", "terms": "Nobody passes untold", "told_there-rows": "1",
    "told_there-0-party": "MOD", "told_there-0-by_position": "duty-officer",
}  # fmt: skip


@pytest.fixture
def world(monkeypatch):
    """MPA draws lines, MOD may have them, JCC too; cards name their positions."""
    listed = partners.partners

    def named(desk):
        return [replace(k, card=replace(k.card, positions=POSITIONS)) for k in listed(desk)]

    monkeypatch.setattr(partners, "partners", named)
    with worlds("JCC", "MOD", "MPA") as made:
        for other in ("MOD", "JCC"):
            kinds = frozenset({COORDINATION_LINE.name})
            passing = (
                rule(sender, f"L-{sender}", kinds=kinds, automatic=True, follow=Follow.WHOLE)
                for sender in ("MPA", other)
            )
            made.agree("MPA", other, *passing)
        yield made


@pytest.fixture
def owner(world):
    return Screen(world, "MPA", "duty-officer")


@pytest.fixture
def there(world):
    return Screen(world, "MOD", "duty-officer", "P-2")


def carry(world):
    world.clock.time += 60_000
    for other in ("MOD", "JCC"):
        world.exchange("MPA", other)


def drawn(world, owner, language="en"):
    """A line that MOD holds and was asked about; its id."""
    answer = owner.post("/lines/new", {**FORM, "audience": ["MOD"]}, language)
    assert answer.status_code == 302, text_of(answer)
    record = re.search(r"[0-9a-f-]{36}", answer["Location"])[0]
    carry(world)
    seats = {"seats": ["MOD/duty-officer"]}
    assert owner.post(f"/lines/{record}/put", seats, language).status_code == 302
    carry(world)
    return record


def page_of(screen, record, language="en", more=""):
    text = text_of(screen.get(f"/record/MPA/{record}{more}", language))
    assert not KEY.search(text)
    return text


def answers(screen, record, language="en", **form):
    seen = re.findall(r'name="seen" value="([^"]+)"', page_of(screen, record, language))
    given = {"seen": list(dict.fromkeys(seen)), **form}
    return screen.post(f"/lines/MPA/{record}/answer", given, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_is_drawn_put_to_a_party_and_agreed_to_there(world, owner, there, language):
    """By the forms of the pages; the owner reads what the party says, on page, list and paper."""
    record = drawn(world, owner, language)
    page = page_of(owner, record, language)
    assert words("circle.nothing_in_hand", language) in page
    assert words("line.silence", language) in page
    assert "<svg" in page
    assert "duty-officer" in page
    assert words("line.asked", language) in page_of(there, record, language)
    assert answers(there, record, language, act="agree").status_code == 302
    carry(world)
    says = words("did.agree_line", language)
    for text in (
        page_of(owner, record, language), page_of(owner, record, language, "/print"),
        text_of(owner.get("/lines", language)),
    ):  # fmt: skip
        assert says in text
    calendar = text_of(owner.get("/lines?view=calendar&month=2020-12", language))
    assert f"/record/MPA/{record}" in calendar


def test_a_party_says_why_it_does_not_agree_and_only_in_words_of_ours(world, owner, there):
    """Another word is refused; the reason stands beside what the party says."""
    record = drawn(world, owner)
    odd = answers(there, record, act="decline", declined_for="because")
    assert odd.status_code == 422
    assert answers(there, record, act="decline", declined_for="other_times").status_code == 302
    carry(world)
    page = page_of(owner, record)
    assert words("choice.declined_for.other_times", "en") in page
    assert 'tag tag-ok">' + words("did.agree_line", "en") not in page


def test_a_page_offers_what_the_seat_may_do_and_a_stranger_finds_no_line(world, owner, there):
    """Who is not asked does not answer; a party that was not told finds nothing at all."""
    record = drawn(world, owner)
    adviser = page_of(Screen(world, "MOD", "adviser", "P-4"), record)
    for act in ("/answer", "/put"):
        assert act not in adviser
    assert "/circle" not in page_of(there, record)
    jcc = Screen(world, "JCC", "duty-officer", "P-5")
    assert jcc.get(f"/record/MPA/{record}").status_code == 404
    assert "CL-M" not in text_of(jcc.get("/lines?tab=all"))
    denied = jcc.post(f"/lines/MPA/{record}/answer", {"act": "agree"})
    assert denied.status_code == 404


def test_lines_stand_on_their_map(world, owner):
    """The list as a map holds the line; what comes back is its data."""
    drawn(world, owner)
    assert owner.get("/lines?view=map").status_code == 200
    data = owner.get("/lines/data?bbox=43,35,45,37&z=9").content.decode()
    assert "Line Makhmour" in data or "CL-" in data
