"""C7: a person says on the page of a record that another one tells of the same event."""

import re

import pytest

from tansiq.desk.records import read, same
from tansiq.domain.parties import Classification
from tansiq.domain.places import place_named
from tansiq.domain.records import reference
from tests.web.forms import sheets_of
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import DAY, HOUR, START, incident, line, rule, to, uuid_of, worlds

MINE, OTHER, THEIRS = (uuid_of(f"{name}/1") for name in ("mine", "other", "theirs"))
MINE_AT, THEIRS_AT = f"/record/MPA/{MINE}", f"/record/MOD/{THEIRS}"


@pytest.fixture
def world():
    """Two own reports and one of the partner about one fire; a line of the log beside them."""
    with agreed() as made:
        made.write("MPA", "mine", incident(to("MOD"), text="Seen from the bridge"))
        made.write("MPA", "other", incident(text="Seen from the mill"))
        made.write("MPA", "line", line())
        made.write("MOD", "theirs", incident(to("MPA"), text="Seen from the ring road"))
        made.release("MOD", THEIRS, "MPA", "R-MOD")
        made.exchange("MOD", "MPA")
        yield made


def duty(world, position="duty-officer"):
    return Screen(world, "MPA", position, "P-1")


def said(screen, address, language="en", **chosen):
    """Send the form of the page as a browser does."""
    page = screen.get(f"{address}/same", language).content.decode()
    (sheet,) = [one for one in sheets_of(page, address) if one.action == f"{address}/same"]
    form = {**sheet.filled(), **{name.strip("_"): [value] for name, value in chosen.items()}}
    return screen.post(f"{address}/same", form, language)


def now(world, record=MINE):
    return read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", record).value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", [MINE_AT, THEIRS_AT])
def test_c7_the_record_page_leads_to_a_choice_of_what_resembles_it(world, address, language):
    """From an own record all that is near in time and place, from a partner's the own ones."""
    screen = duty(world)
    page = text_of(screen.get(address, language))
    (button,) = re.findall(rf'<a class="btn[^>]*href="{address}/same"[^>]*data-key="s">', page)
    assert button
    choice = text_of(screen.get(f"{address}/same", language))
    offered = set(re.findall(r'name="with" value="([0-9a-f-]+)"', choice))
    assert offered == ({OTHER, THEIRS} if address == MINE_AT else {MINE, OTHER})
    assert words("same.lead", language) in choice


@pytest.mark.parametrize("language", LANGUAGES)
def test_c7_both_records_stay_and_name_one_another(world, language):
    """The link makes a new edition of the own record; it is shown and can be taken back."""
    screen = duty(world)
    assert said(screen, MINE_AT, language, with_=THEIRS)["Location"] == MINE_AT
    assert (2, [THEIRS]) == (now(world).ordinal, same.links_of(now(world)))
    page = text_of(screen.get(MINE_AT, language))
    assert f'href="{THEIRS_AT}"' in page
    assert words("same.apart", language) in page
    assert reference(MINE) in text_of(screen.get(THEIRS_AT, language))
    (sheet,) = [one for one in sheets_of(page, MINE_AT) if one.action == f"{MINE_AT}/same"]
    screen.post(sheet.action, {**sheet.filled(), "apart": [THEIRS]}, language)
    assert [] == same.links_of(now(world))
    assert words("same.apart", language) not in text_of(screen.get(MINE_AT, language))


def test_c7_from_a_partners_record_the_own_one_is_linked(world):
    """A partner's record stays as it came; the link is the own record's."""
    assert said(duty(world), THEIRS_AT, with_=OTHER).headers.get("Location") == THEIRS_AT
    assert [THEIRS] == same.links_of(now(world, OTHER))


@pytest.mark.parametrize("typed", ["reference", "spoken", "address"])
def test_c7_a_record_is_named_as_people_name_it(world, typed):
    """By its reference, with a letter before it and small, or by the address of its page."""
    code = reference(THEIRS)
    text = {"reference": code, "spoken": f"i-{code.lower()}", "address": THEIRS_AT}[typed]
    assert 302 == said(duty(world), MINE_AT, typed=text).status_code
    assert [THEIRS] == same.links_of(now(world))


def test_c7_said_twice_it_is_written_once(world):
    """Neither a second edition nor the same link the other way round."""
    screen = duty(world)
    said(screen, MINE_AT, with_=OTHER)
    said(screen, MINE_AT, with_=OTHER)
    assert (2, 1) == (now(world).ordinal, now(world, OTHER).ordinal)
    for address in (MINE_AT, f"/record/MPA/{OTHER}"):
        page = screen.get(f"{address}/same").content.decode()
        assert not {MINE, OTHER} & set(re.findall(r'name="with" value="([0-9a-f-]+)"', page))


WRONG = {
    "same_unchosen": {"with_": ""}, "same_ours": {"with_": MINE},
    "reference_form": {"typed": "somewhere"},
    "same_absent": {"typed": uuid_of("nothing has this id")},
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", WRONG)
def test_c7_what_cannot_be_meant_is_said_and_writes_nothing(world, code, language):
    """The page stands again with the reason and with what was typed."""
    reply = said(duty(world), MINE_AT, language, **WRONG[code])
    assert 422 == reply.status_code
    assert words(f"error.{code}", language).partition("{")[0] in text_of(reply)
    assert WRONG[code].get("typed", "") in text_of(reply)
    assert 1 == now(world).ordinal


def test_c7_what_may_not_be_seen_is_neither_offered_nor_named(world):
    """A record above the reader's clearance is as absent as one that is not there."""
    record = world.write(
        "MPA", "closed", incident(to(classification=Classification.CONFIDENTIAL), text="Closed")
    )
    low = duty(world)
    assert "Closed" not in text_of(low.get(f"{MINE_AT}/same"))
    for typed in (record, reference(record)):
        hidden = said(low, MINE_AT, typed=typed)
        absent = said(low, MINE_AT, typed=uuid_of("nothing has this id"))
        assert 422 == hidden.status_code == absent.status_code
    assert 404 == low.get(f"/record/MPA/{record}/same").status_code
    assert 404 == low.get(f"/record/MPA/{uuid_of('line/1')}/same").status_code


def test_c7_who_may_not_write_is_offered_nothing(world):
    """An auditor reads and links nothing."""
    auditor = duty(world, "auditor")
    assert f"{MINE_AT}/same" not in text_of(auditor.get(MINE_AT))
    assert 403 == auditor.get(f"{MINE_AT}/same").status_code


def test_c7_far_or_long_ago_is_not_offered(world):
    """Another town, another week: not offered; the reference still links it."""
    far = place_named("Baghdad").to_json()
    world.write("MPA", "far", incident(place=far))
    old = world.write("MPA", "old", incident(observed=START - 3 * DAY))
    screen = duty(world)
    page = screen.get(f"{MINE_AT}/same").content.decode()
    assert {OTHER, THEIRS} == set(re.findall(r'name="with" value="([0-9a-f-]+)"', page))
    assert 302 == said(screen, MINE_AT, typed=reference(old)).status_code


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("automatic", [False, True])
def test_c7_the_link_does_not_leave(known, automatic):
    """Below the tear line, where links stand, nothing is sent for it, whether the partner has the
    other record or not, also where a rule sends each edition by itself.
    """
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", rule("MPA", "R-MPA", automatic=automatic))
        made.write("MPA", "mine", incident(to("MOD"), text="Seen from the bridge"))
        made.write("MPA", "other", incident(to("MOD") if known else to(), text="From the mill"))
        for record in (MINE, OTHER) if known else (MINE,):
            if not automatic:
                made.release("MPA", record, "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        size = made.desk("MPA").store.head("out/MOD").size
        assert 302 == said(duty(made), MINE_AT, with_=OTHER).status_code
        made.clock.time += HOUR
        made.exchange("MPA", "MOD")
        assert size == made.desk("MPA").store.head("out/MOD").size
        page = text_of(Screen(made, "MOD", "duty-officer").get(MINE_AT))
        assert reference(OTHER) not in page


def test_c7_a_link_that_was_lifted_leaves_only_to_who_has_the_other_record():
    """Above the tear line a link to what the partner lacks stays here all the same."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", rule("MPA", "R-MPA"))
        made.write("MPA", "mine", incident(to("MOD"), tear=frozenset()))
        made.write("MPA", "other", incident(text="From the mill"))
        said(duty(made), MINE_AT, with_=OTHER)
        made.release("MPA", MINE, "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        desk = made.desk("MOD")
        body = read.record(desk, made.viewer("MOD"), "MPA", MINE).value.body
        assert "same_as" not in body
