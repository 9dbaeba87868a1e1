"""Joint operations on pages: framed, parts shared, a go that all say, a passage, a review."""

import re
from dataclasses import replace

import pytest

from tansiq.desk.trust import partners
from tansiq.policy.agreement import Follow
from tests.web.pair import KEY, LANGUAGES, Screen, text_of, words
from tests.world import POSITIONS, rule, worlds

KINDS = frozenset({"joint_operation", "operation_part", "passage"})
FRAME = {
    "purpose": "aid_access", "text": "Aid to the camp", "area-shape": "circle",
    "area-metres": "5000", "area-positions": "36.3, 43.6", "begins": "2020-12-24 06:00",
    "until": "2020-12-24 14:00", "contacts": "MPA: duty officer",
    "lines": "CL-M", "unknowns-new": "Whether the bridge bears",
}  # fmt: skip
PART = {
    "does": "accompanies", "text": "Two cars go along", "begins": "2020-12-24 06:00",
    "until": "2020-12-24 14:00", "vehicles": "2", "contact": "duty-officer",
}  # fmt: skip
PASSAGE = {
    "line": "CL-M", "seats-party": ["MOD"], "seats-MOD": "duty-officer",
    "begins": "2020-12-24 07:00",
    "until": "2020-12-24 09:00", "vehicles": "4", "contact": "duty-officer",
}  # fmt: skip


@pytest.fixture(scope="module")
def world():
    """MPA frames operations, MOD may have them, JCC too; cards name their positions."""
    listed = partners.partners

    def named(desk):
        return [replace(k, card=replace(k.card, positions=POSITIONS)) for k in listed(desk)]

    with pytest.MonkeyPatch.context() as patch, worlds("JCC", "MOD", "MPA") as made:
        patch.setattr(partners, "partners", named)
        for other in ("MOD", "JCC"):
            passing = (
                rule(sender, f"L-{sender}", kinds=KINDS, automatic=True, follow=Follow.WHOLE)
                for sender in ("MPA", other)
            )
            made.agree("MPA", other, *passing)
        yield made


@pytest.fixture(scope="module")
def owner(world):
    return Screen(world, "MPA", "duty-officer")


@pytest.fixture(scope="module")
def there(world):
    return Screen(world, "MOD", "duty-officer", "P-2")


def carry(world):
    world.clock.time += 60_000
    for other in ("MOD", "JCC"):
        world.exchange("MPA", other)


def made(screen, path, form, language="en", **more):
    """The id of the record that a form made."""
    answer = screen.post(path, {**form, **more}, language)
    assert answer.status_code == 302, text_of(answer)
    return re.search(r"[0-9a-f-]{36}", answer["Location"])[0]


def page_of(screen, record, language="en", more=""):
    text = text_of(screen.get(f"/record/MPA/{record}{more}", language))
    assert not KEY.search(text)
    return text


def acts(screen, record, path, language="en", **form):
    seen = re.findall(r'name="seen" value="([^"]+)"', page_of(screen, record, language))
    given = {"seen": list(dict.fromkeys(seen)), **form}
    return screen.post(path, given, language)


def goes_on(world, owner, record, language="en", status=302, **form):
    answer = acts(owner, record, f"/joint/{record}/go-on", language, **form)
    assert answer.status_code == status, text_of(answer)
    carry(world)
    return text_of(answer)


def says(world, there, record, language="en", status=302, **form):
    answer = acts(there, record, f"/joint/MPA/{record}/answer", language, **form)
    assert answer.status_code == status, text_of(answer)
    carry(world)
    return text_of(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_parties_come_to_a_go_and_each_reads_what_was_shared(world, owner, there, language):
    """By the forms of the pages, with a part, a passage and a condition; on list and paper too."""
    record = made(owner, "/joint/new", FRAME, language, audience=["MOD"])
    carry(world)
    asked = {"seats": ["MOD/duty-officer", "MPA/duty-officer"]}
    goes_on(world, owner, record, language, move="ask_parts", **asked)
    assert words("joint.asked_parts", language) in page_of(there, record, language)
    part = f"/parts/new?about=MPA/{record}"
    assert 'value="2020-12-24 06:00"' in text_of(there.get(part, language))
    made(there, "/parts/new", PART, language, about=f"MPA/{record}", audience=["MPA"])
    says(world, there, record, language, act="parts_shared")
    page = page_of(owner, record, language)
    assert "Two cars go along" in page
    assert words("joint.no_aims", language) in page
    assert "Whether the bridge bears" in page
    passage = f"/passages/new?about=MPA/{record}"
    assert 'value="CL-M"' in text_of(owner.get(passage, language))
    made(owner, "/passages/new", PASSAGE, language, about=f"MPA/{record}")
    carry(world)
    goes_on(world, owner, record, language, move="ask_go", **asked)
    says(world, there, record, language, 422, act="say_go_if", why="because")
    says(world, there, record, language, act="say_go_if", why="passage_granted")
    assert "say_go" in page_of(owner, record, language)
    says(world, owner, record, language, act="say_go")
    page = page_of(owner, record, language)
    assert words("choice.condition.passage_granted", language) in page
    assert words("state.passage_asked", language) in page
    goes_on(world, owner, record, language, 422, move="conclude_go")
    goes_on(world, owner, record, language, move="conclude_go", met="1")
    for screen in (owner, there):
        assert words("state.go_said", language) in page_of(screen, record, language)
    paper = page_of(there, record, language, "/print")
    assert words("did.say_go_if", language) in paper
    for view in ("", "?view=board", "?view=calendar&month=2020-12", "?view=timeline"):
        assert record in text_of(there.get(f"/joint{view}", language))


def test_another_time_asks_all_anew_from_the_form_of_the_edition(world, owner, there):
    """The go is void on both sides in the same moment, and the page of who is asked asks again."""
    record = made(owner, "/joint/new", FRAME, audience=["MOD"])
    carry(world)
    goes_on(world, owner, record, move="ask_go", seats=["MOD/duty-officer"])
    says(world, there, record, act="say_go")
    goes_on(world, owner, record, move="conclude_go")
    base = re.search(
        r'name="base" value="([^"]+)"', text_of(owner.get(f"/record/MPA/{record}/edit"))
    )[1]
    form = {**FRAME, "until": "2020-12-24 16:00", "base": base, "audience": ["MOD"]}
    assert owner.post(f"/record/MPA/{record}/edit", form).status_code == 302
    carry(world)
    for screen in (owner, there):
        assert words("state.go_asked", "en") in page_of(screen, record)
    assert words("joint.asked_go", "en") in page_of(there, record)


def test_a_called_off_operation_is_heard_and_reviewed_by_each_for_itself(world, owner, there):
    """The page says why; the review of a party stays with it."""
    record = made(owner, "/joint/new", FRAME, audience=["MOD"])
    carry(world)
    late = {"seats": ["MOD/duty-officer"], "answer_by": "2020-12-25 06:00"}
    assert words("error.answer_by_late", "en")[:20] in goes_on(
        world, owner, record, status=422, move="ask_go", **late
    )
    seats = {"seats": ["MOD/duty-officer"], "off_for": "weather"}
    goes_on(world, owner, record, move="call_operation_off", **seats)
    page = page_of(there, record)
    assert words("choice.off_for.weather", "en") in page
    assert words("joint.asked_off", "en") in page
    says(world, there, record, act="heard_off")
    answer = acts(there, record, f"/joint/MPA/{record}/review")
    assert answer.status_code == 302
    review = text_of(there.get(answer["Location"]))
    assert words("choice.done.heard_off", "en") in review
    assert not KEY.search(review)
