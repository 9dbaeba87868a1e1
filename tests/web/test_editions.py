"""D1: a colleague's words are never replaced by a stale form, and any edition can be read and
compared.
"""

import re

import pytest

from tansiq.desk.records import read, say
from tansiq.desk.release import releasing
from tansiq.domain.labels import Label
from tansiq.domain.parties import Classification, PartyCode
from tests.web.forms import sheets_of
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import incident, to, uuid_of

FIRE = uuid_of("fire/1")
PATH = f"/record/MPA/{FIRE}"
HIGH = Classification.SECRET


@pytest.fixture
def world():
    with agreed() as made:
        made.write("MPA", "fire", incident(to("MOD"), text="Fire near the mill", size="small"))
        yield made


def screen(world, person="P-1", position="duty-officer"):
    return Screen(world, "MPA", position, person)


def now(world, party="MPA"):
    return read.record(world.desk(party), world.viewer(party), "MPA", FIRE).value


def edited(page, **typed):
    """The edit form of a page, filled in."""
    (sheet,) = [s for s in sheets_of(page.content.decode(), f"{PATH}/edit") if "edit" in s.action]
    form = sheet.filled()
    return {**form, **{name: [value] for name, value in typed.items()}}


def colleague(world, label=None, **changes):
    """Somebody else saves a newer edition meanwhile."""
    desk, actor, old = world.desk("MPA"), world.actor("MPA", person="P-9"), now(world)
    draft = say.Draft(
        kind="incident", body={**old.body, **changes}, label=label or old.label, tear=old.tear
    )
    say.revise(desk, actor, FIRE, old.digest, draft)


def conflict(world, mine, text="They say", language="en", **theirs):
    """Two people edit; the second one saves: the page that follows."""
    form = edited(mine.get(f"{PATH}/edit"), text="I say", size="mine")
    colleague(world, text=text, **theirs)
    return mine.post(f"{PATH}/edit", form, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_d1_both_texts_stand_field_by_field(world, language):
    """The saved text and one's own stand side by side with differences marked; nothing is saved."""
    reply = conflict(world, screen(world), language=language)
    page = text_of(reply)
    assert 409 == reply.status_code
    assert words("record.conflict", language) in page
    assert "<del>They</del>" in page
    assert "<ins>I</ins>" in page
    assert "They say" == now(world).body["text"]
    both = re.search(r'<tr id="f-text">.*?</tr>', page, re.DOTALL)[0]
    alone = re.search(r'<tr id="f-size">.*?</tr>', page, re.DOTALL)[0]
    assert words("conflict.both", language) in both
    assert "checked" not in both, "what both changed is chosen by nobody else"
    assert 'value="mine" checked' in alone


def chosen(reply, **picks):
    sheet = next(s for s in sheets_of(reply.content.decode(), PATH) if s.action.endswith("/edit"))
    form = {name: value for name, value in sheet.filled().items() if not name.startswith("pick-")}
    return {**form, **{f"pick-{name}": [value] for name, value in picks.items()}}


def test_d1_what_is_chosen_is_shown_before_it_is_saved(world):
    """A field that both changed has to be chosen; then the form holds the choice, on the edition
    that it was made against, and saving it keeps the colleague's words.
    """
    mine = screen(world)
    reply = conflict(world, mine)
    asked = mine.post(f"{PATH}/edit", chosen(reply))
    assert 422 == asked.status_code
    assert words("error.conflict_choose") in text_of(asked)
    merged = mine.post(f"{PATH}/edit", chosen(asked, text="theirs"))
    assert 200 == merged.status_code
    assert 2 == now(world).ordinal, "a choice saves nothing"
    saved = mine.post(f"{PATH}/edit", edited(merged))
    assert 302 == saved.status_code
    assert ("They say", "mine") == (now(world).body["text"], now(world).body["size"])


def test_d1_somebody_may_be_faster_once_more(world):
    """A choice that was made against an edition which stands no more is asked for again."""
    mine = screen(world)
    reply = conflict(world, mine)
    colleague(world, text="They say more")
    again = mine.post(f"{PATH}/edit", chosen(reply, text="mine"))
    assert 409 == again.status_code
    assert "They say more" in re.sub("</?(del|ins)>", "", text_of(again))


def test_d1_a_form_with_errors_keeps_the_edition_that_it_began_with(world):
    """Put right after somebody else has saved, it is a conflict still and replaces nothing."""
    mine = screen(world)
    form = edited(mine.get(f"{PATH}/edit"), text="")
    colleague(world, text="They say")
    wrong = mine.post(f"{PATH}/edit", form)
    assert 422 == wrong.status_code
    reply = mine.post(f"{PATH}/edit", edited(wrong, text="I say"))
    assert 409 == reply.status_code
    assert "They say" == now(world).body["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_d1_a_stale_draft_is_compared_and_saves_nothing(world, language):
    """What a browser kept of an earlier edition is shown beside the saved text."""
    mine = screen(world)
    form = edited(mine.get(f"{PATH}/edit"), text="I say", act="compare")
    colleague(world, text="They say")
    reply = mine.post(f"{PATH}/edit", form, language)
    assert 200 == reply.status_code
    assert "<del>They</del>" in text_of(reply)
    assert 2 == now(world).ordinal


def test_d1_after_saving_the_draft_is_kept_no_more(world):
    """A browser forgets the draft of an edition that was saved."""
    mine = screen(world)
    mine.post(f"{PATH}/edit", edited(mine.get(f"{PATH}/edit"), text="I say"))
    assert f'data-draft-clear="edit.{FIRE}"' in text_of(mine.get(PATH))


def test_d1_a_label_is_chosen_like_a_field(world):
    """Who may read it is a field of the choice: a colleague's closer label does not go unseen."""
    mine = screen(world)
    closer = Label(audience=to("MOD").audience, classification=Classification.CONFIDENTIAL)
    form = edited(mine.get(f"{PATH}/edit"), text="I say")
    colleague(world, label=closer)
    cleared = screen(world, "P-2", "cleared")
    form["once"] = [""]  # a colleague of the same clearance compares
    form = {**edited(cleared.get(f"{PATH}/edit")), "base": form["base"], "class": ["restricted"]}
    reply = cleared.post(f"{PATH}/edit", {**form, "act": ["compare"]})
    assert '<tr id="f-label">' in text_of(reply)
    merged = cleared.post(f"{PATH}/edit", chosen(reply, label="theirs"))
    assert 'value="confidential" selected' in text_of(merged)


@pytest.mark.parametrize("language", LANGUAGES)
def test_d1_any_edition_is_read_and_two_are_compared(world, language):
    """Each stands as it was, and what changed between any two is marked."""
    colleague(world, text="Fire near the school")
    reader = screen(world)
    first = text_of(reader.get(f"{PATH}/edition/1", language))
    assert "Fire near the mill" in first
    assert words("edition.earlier", language) in first
    page = text_of(reader.get(f"{PATH}/edition/1/beside/2", language))
    assert "<del>mill</del>" in page
    assert "<ins>school</ins>" in page
    assert f"{PATH}/edition/1" in text_of(reader.get(PATH, language))
    for address in ("edition/3", "edition/0", "edition/1/beside/9"):
        assert 404 == reader.get(f"{PATH}/{address}", language).status_code


def test_d1_an_earlier_edition_obeys_the_labels_of_today(world):
    """Raising the label closes every edition; lowering it opens none that was closed before."""
    low = screen(world, "P-3")
    colleague(world, label=to("MOD", classification=HIGH), text="Closed now")
    for address in ("", "/edition/1", "/edition/1/beside/2"):
        assert 404 == low.get(f"{PATH}{address}").status_code
    colleague(world, label=to("MOD"), text="Open again")
    seen = [text_of(low.get(f"{PATH}/edition/{number}")) for number in (1, 2)]
    assert not [page for page in seen if "Closed now" in page]
    assert 404 == low.get(f"{PATH}/edition/3").status_code


def test_d1_of_a_partners_record_what_is_held_is_compared(world):
    """Both editions that came are there; after a recall none is."""
    world.release("MPA", FIRE, "MOD", "R-MPA")
    world.exchange("MPA", "MOD")
    colleague(world, text="Fire near the school")
    world.release("MPA", FIRE, "MOD", "R-MPA", "again")
    world.exchange("MPA", "MOD")
    theirs = Screen(world, "MOD", "duty-officer")
    page = text_of(theirs.get(f"{PATH}/edition/1/beside/2"))
    assert "<del>mill</del>" in page
    with world.names.under("recall"):
        releasing.recall(world.desk("MPA"), world.actor("MPA"), FIRE, PartyCode("MOD"), "error")
    world.exchange("MPA", "MOD")
    for address in ("edition/1", "edition/2", "edition/1/beside/2"):
        assert 404 == theirs.get(f"{PATH}/{address}").status_code


def test_d1_reading_an_edition_is_noted(world):
    """The access log names the edition that was shown."""
    colleague(world, text="Fire near the school")
    first = read.history(world.desk("MPA"), world.viewer("MPA"), "MPA", FIRE)[0].value
    desk = world.desk("MPA")
    before = desk.store.head("access").size
    screen(world).get(f"{PATH}/edition/1")
    found = [entry.data for entry in desk.store.read("access", before, before + 9)]
    assert any(first.digest[:16].encode() in data for data in found)


def test_d1_a_conflict_counts_no_edition_that_is_hidden(world):
    """The saved text is numbered as its reader counts: an edition above that clearance is none."""
    mine = screen(world)
    form = edited(mine.get(f"{PATH}/edit"), text="I say")
    colleague(world, label=to("MOD", classification=HIGH), text="Closed")
    colleague(world, label=to("MOD"), text="They say")
    head = text_of(mine.post(f"{PATH}/edit", form)).partition("<table")[2].partition("</thead>")[0]
    assert '<bdi dir="ltr">2</bdi>' in head
    assert '<bdi dir="ltr">3</bdi>' not in head
