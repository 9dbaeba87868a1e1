"""What is not known: who sees it, since when, and what becomes of it."""

import pytest

from tansiq.desk.act.desk import Desk
from tansiq.desk.proof import checking
from tansiq.desk.records import read, say, unknowns
from tansiq.desk.records.unknowns import Question, Settling
from tansiq.domain.parties import Classification
from tansiq.domain.unknowns import UnknownState
from tests.world import DAY, HOUR, START, both_ways, incident, refusal, to, uuid_of, worlds

HIGH = Classification.CONFIDENTIAL
WHO = {"id": "0a1b2c3d", "text": "Who lit it", "state": "open", "by": ""}
WHY = {"id": "4e5f6a7b", "text": "Why nobody saw it", "state": "open", "by": ""}
FIRE = uuid_of("fire/1")


@pytest.fixture
def town():
    """Two parties that have agreed."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *both_ways("MPA", "MOD"))
        yield made


def told(town, party="MOD", position="cleared", **asked):
    """The texts that are open for a position, with since when."""
    viewer = town.viewer(party, position)
    page = unknowns.page(town.desk(party), viewer, Question(**asked))
    return [(one.text, one.since) for one in page.rows]


def counts(town, party="MOD", position="cleared"):
    viewer = town.viewer(party, position)
    return unknowns.counts(town.desk(party), viewer, Question(), unknowns.OWNER)


def sound(desk: Desk) -> bool:
    """Folding again gives the same board."""
    return checking.fsck(desk, lambda *_: None) == []


def _revise(town, items, label=None):
    desk, actor = town.desk("MPA"), town.actor("MPA")
    base = say.current(desk, actor, FIRE).value.digest
    say.revise(desk, actor, FIRE, base, incident(label or to("MOD"), unknowns=items))


def _release(town, name, record=FIRE):
    """MPA releases what stands, and MOD has it; the release."""
    release = town.release("MPA", record, "MOD", "R-MPA", name=name)
    town.exchange("MPA", "MOD")
    return release


def _sent(town, *items):
    """MPA writes, releases and sends an incident."""
    town.write("MPA", "fire", incident(to("MOD"), unknowns=list(items)))
    return _release(town, "first")


def test_an_unknown_is_open_at_home_and_at_the_partner_from_its_release(town):
    """The owner sees it since it wrote it, the partner since the edition that it got."""
    town.write("MPA", "fire", incident(to("MOD"), unknowns=[WHO]))
    assert told(town, "MPA") == [("Who lit it", START)]
    town.clock.time += HOUR
    town.release("MPA", FIRE, "MOD", "R-MPA")
    assert told(town) == []
    town.exchange("MPA", "MOD")
    assert told(town) == [("Who lit it", START + HOUR)]
    assert counts(town) == {"MPA": 1}
    assert told(town, owners=("MOD",)) == []
    assert sound(town.desk("MOD"))


def test_an_item_keeps_its_age_from_edition_to_edition(town):
    """A new edition that still has it asks nothing anew; an item that is new begins then."""
    _sent(town, WHO)
    town.clock.time += HOUR
    _revise(town, [WHY, WHO])
    _release(town, "second")
    newest = [(WHY["text"], START + HOUR), (WHO["text"], START)]
    assert told(town) == told(town, "MPA") == newest
    assert told(town, oldest=True) == newest[::-1]
    _revise(town, [WHY])
    assert told(town, "MPA") == newest[:1]
    _revise(town, [WHY, WHO])
    assert told(town, "MPA") == newest
    assert all(sound(town.desk(party)) for party in ("MPA", "MOD"))


def test_what_is_hidden_is_neither_listed_nor_counted(town):
    """Above a clearance, outside the audience, below the tear line: nothing, and no number."""
    town.write("MPA", "fire", incident(to("MOD", classification=HIGH), unknowns=[WHO]))
    assert told(town, "MPA", "duty-officer") == []
    assert counts(town, "MPA", "duty-officer") == {}
    assert counts(town, "MPA", "administrator") == {}
    assert counts(town, "MPA") == {"MPA": 1}
    torn = frozenset({"unknowns"})
    town.write("MPA", "smoke", incident(to("MOD"), torn, unknowns=[WHY]))
    town.release("MPA", uuid_of("smoke/1"), "MOD", "R-MPA")
    town.exchange("MPA", "MOD")
    assert counts(town) == {}


def test_since_tells_of_no_edition_that_is_hidden(town):
    """Who may read only the newer edition sees the item since then."""
    town.write("MPA", "fire", incident(to("MOD", classification=HIGH), unknowns=[WHO]))
    town.clock.time += HOUR
    _revise(town, [WHO])
    assert told(town, "MPA", "duty-officer") == [(WHO["text"], START + HOUR)]
    assert told(town, "MPA") == [(WHO["text"], START)]


def test_a_recall_takes_its_unknowns_and_its_age_away(town):
    """What stands again asks what it asked; what is gone from the board asks nothing."""
    first = _sent(town, WHO)
    town.clock.time += HOUR
    _revise(town, [{**WHO, "state": "no_value"}, WHY])
    second = _release(town, "second")
    assert told(town) == [(WHY["text"], START + HOUR)]
    for release, left in ((second, [(WHO["text"], START)]), (first, [])):
        recall = {"type": "recall", "record": FIRE, "releases": [release], "reason": "error",
                  "at": START}  # fmt: skip
        with town.desk("MPA").act() as act:
            act.feed("MOD", recall)
        town.exchange("MPA", "MOD")
        assert told(town) == left
        rows = town.desk("MOD").database.rows("SELECT COUNT(*) FROM unknown")
        assert rows == [(len(left),)]
        assert sound(town.desk("MOD"))


def test_a_label_that_ends_ends_its_unknowns(town):
    """After the label's end the partner's list has nothing of it."""
    town.write("MPA", "fire", incident(to("MOD", expires=START + DAY), unknowns=[WHO]))
    town.release("MPA", FIRE, "MOD", "R-MPA")
    town.exchange("MPA", "MOD")
    assert len(told(town)) == 1
    town.clock.time += DAY
    assert told(town) == []
    assert counts(town) == {}


def test_a_list_goes_on_where_it_ended(town):
    """Every item is on one page, and only on one, whichever way the list runs."""
    items = [{**WHO, "id": f"{n:08x}", "text": f"item {n}"} for n in range(7)]
    town.write("MPA", "fire", incident(unknowns=items[:4]))
    town.clock.time += HOUR
    town.write("MPA", "smoke", incident(unknowns=items[4:]))
    for oldest in (False, True):
        found, after = [], None
        while True:
            asked = Question(limit=3, oldest=oldest, after=after)
            page = unknowns.page(town.desk("MPA"), town.viewer("MPA"), asked)
            found += [one.text for one in page.rows]
            after = page.after
            if after is None:
                break
        assert sorted(found) == [item["text"] for item in items]
        assert (found[0] in {item["text"] for item in items[4:]}) != oldest


def _settle(town, state, by="", item=WHO["id"], position="cleared"):
    desk, actor = town.desk("MPA"), town.actor("MPA", position)
    base = say.current(desk, town.actor("MPA"), FIRE).value.digest
    unknowns.settle(desk, actor, FIRE, base, Settling(item=item, state=state, by=by))


def test_an_answer_is_a_new_edition_that_names_who_answered(town):
    """Own record or a partner's: the item is answered by it, and may be opened again."""
    town.write("MPA", "fire", incident(to("MOD"), unknowns=[WHO, WHY]))
    answer = town.write("MPA", "smoke", incident(to("MOD")))
    desk, viewer = town.desk("MPA"), town.viewer("MPA")
    _settle(town, UnknownState.ANSWERED, answer)
    view = read.record(desk, viewer, "MPA", FIRE)
    assert view.value.body["unknowns"] == [{**WHO, "state": "answered", "by": answer}, WHY]
    assert view.value.ordinal == 2
    assert list(unknowns.answers(desk, viewer, view)) == [answer]
    assert [text for text, _ in told(town, "MPA")] == [WHY["text"]]
    _settle(town, UnknownState.NO_VALUE, item=WHY["id"])
    assert told(town, "MPA") == []
    _settle(town, UnknownState.OPEN)
    assert told(town, "MPA") == [(WHO["text"], START)]


def test_who_answered_leaves_only_where_the_answer_left(town):
    """The partner sees that it is answered; by what, only once it holds that record."""
    _sent(town, WHO)
    answer = town.write("MPA", "smoke", incident(to("MOD")))
    _settle(town, UnknownState.ANSWERED, answer)
    for expected in ("", answer):
        _release(town, f"second {expected}")
        body = read.record(town.desk("MOD"), town.viewer("MOD"), "MPA", FIRE).value.body
        assert body["unknowns"] == [{**WHO, "state": "answered", "by": expected}]
        if not expected:
            _release(town, "the answer", answer)


def test_settling_needs_the_mandate_the_item_and_a_record_that_one_may_see(town):
    """An observer, an invented item, a hidden or an absent record are refused; nothing is kept."""
    town.write("MPA", "fire", incident(to("MOD"), unknowns=[WHO]))
    secret = town.write("MPA", "smoke", incident(to(classification=HIGH)))
    with refusal("mandate"):
        _settle(town, UnknownState.NO_VALUE, position="observer")
    with refusal("unknown_absent"):
        _settle(town, UnknownState.NO_VALUE, item="ffffffff")
    for by in (secret, uuid_of("nothing")):
        with refusal("record_absent"):
            _settle(town, UnknownState.ANSWERED, by, position="duty-officer")
    with pytest.raises(say.EditedMeanwhileError):
        unknowns.settle(
            town.desk("MPA"), town.actor("MPA"), FIRE, "0" * 64,
            Settling(item=WHO["id"], state=UnknownState.NO_VALUE),
        )  # fmt: skip
    assert say.current(town.desk("MPA"), town.actor("MPA"), FIRE).value.ordinal == 1


def test_as_of_a_moment_stands_what_was_open_then(town):
    """Since it was known here until it was answered, whichever edition said so; before that, and
    for a partner before it came, there was nothing.
    """
    _sent(town, WHO)
    town.clock.time += HOUR
    _revise(town, [WHO, WHY])
    _release(town, "second")
    town.clock.time += HOUR
    _revise(town, [{**WHO, "state": "no_value"}, WHY])
    _release(town, "third")
    for party in ("MPA", "MOD"):
        desk = town.desk(party)
        assert told(town, party) == [(WHY["text"], START + HOUR)]
        both = [(WHY["text"], START + HOUR), (WHO["text"], START)]
        assert told(town, party, as_of=START + 2 * HOUR - 1) == both
        assert told(town, party, as_of=START + HOUR - 1) == both[1:]
        assert told(town, party, as_of=START - 1) == []
        for moment in (START, START + HOUR, START + 2 * HOUR):
            asked = Question(as_of=moment)
            number = len(told(town, party, as_of=moment))
            for group in (unknowns.OWNER, unknowns.KIND, unknowns.AGE):
                found = unknowns.counts(desk, town.viewer(party), asked, group)
                assert sum(found.values()) == number
        assert sound(desk)


def test_as_of_a_moment_reads_with_the_labels_of_today(town):
    """Who may not read the record now finds nothing of it then, and no edition that was above the
    reader then; what was recalled was never there.
    """
    town.write("MPA", "fire", incident(to("MOD", classification=HIGH), unknowns=[WHO]))
    town.clock.time += HOUR
    _revise(town, [WHY])
    low = "duty-officer"
    assert told(town, "MPA", as_of=START) == [(WHO["text"], START)]
    assert told(town, "MPA", low, as_of=START) == []
    assert told(town, "MPA", low) == [(WHY["text"], START + HOUR)]
    town.clock.time += HOUR
    _revise(town, [WHY], to("MOD", classification=HIGH))
    assert told(town, "MPA", low, as_of=START + HOUR) == []
    assert (
        unknowns.counts(
            town.desk("MPA"), town.viewer("MPA", low), Question(as_of=START + HOUR), unknowns.AGE
        )
        == {}
    )


def test_what_was_recalled_is_absent_as_of_any_moment(town):
    """At the partner that gave it up, then as now."""
    release = _sent(town, WHO)
    town.clock.time += HOUR
    assert told(town, as_of=START) == [(WHO["text"], START)]
    with town.desk("MPA").act() as act:
        act.feed("MOD", {"type": "recall", "record": FIRE, "releases": [release],
                         "reason": "error", "at": START})  # fmt: skip
    town.exchange("MPA", "MOD")
    assert told(town, as_of=START) == []
    assert town.desk("MOD").database.rows("SELECT COUNT(*) FROM left_open") == [(0,)]


def test_age_and_kind_narrow_and_count_what_their_lists_hold(town):
    """Each value counts the rows of its list; the ages leave no gap between them."""
    for days in (0, 1, 7, 8, 30, 40):
        record = f"old {days}"
        town.write("MPA", record, incident(unknowns=[{**WHO, "text": record}]))
        town.clock.time += DAY
    desk, viewer, found = town.desk("MPA"), town.viewer("MPA"), 0
    for later in (0, 1, 10, 25):
        town.clock.time += later * DAY
        ages = unknowns.counts(desk, viewer, Question(), unknowns.AGE)
        for age in unknowns.Age:
            listed = told(town, "MPA", age=age)
            assert len(listed) == ages.get(age, 0)
            found += len(listed)
        assert sum(ages.values()) == len(told(town, "MPA")) == 6
    assert found == 24
    assert unknowns.counts(desk, viewer, Question(), unknowns.KIND) == {"incident": 6}
    assert told(town, "MPA", kinds=("log_line",)) == []
