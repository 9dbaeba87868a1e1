"""What ends with a recall beside the record itself; what leaves only where it reads otherwise; and
which agreement is asked.
"""

import pytest

from tansiq.desk.links import linking
from tansiq.desk.records import say
from tansiq.desk.release import agreements, releasing
from tansiq.domain.errors import TansiqError
from tests.unit.test_following import FAST, FILES, agree, held, recall, revise, sent
from tests.world import DAY, HOUR, START, asking, incident, line, replies, rule, to, worlds

LINES = rule("MPA", "LINES", kinds=frozenset({"log_line"}), automatic=True)


@pytest.fixture
def town():
    """Two parties; MPA's fires, lines and files go by themselves, and replies both ways."""
    with worlds("MPA", "MOD") as made:
        agree(made, FAST, LINES, FILES, replies("MPA", "A-MPA"), replies("MOD", "A-MOD"))
        yield made


def test_a1_a_recall_on_the_way_ends_the_files_that_waited_with_it(town):
    """A file that never left with its record does not leave by itself with another."""
    agree(town, rule("MPA", "FAST", automatic=True, delay=5 * HOUR), FILES, version=2)
    file = town.attach("MPA", "plan.txt", b"a plan", to("MOD"))
    first = town.write("MPA", "first", incident(to("MOD"), attachments=[file]))
    recall(town, first)
    town.write("MPA", "second", incident(to("MOD"), attachments=[file]))
    town.clock.time += DAY
    releasing.tick(town.desk("MPA"))
    assert held(town, file) is None
    assert not any(b"plan.txt" in plain for _, _, plain in town.sent)


def test_a1_a_correction_of_an_ended_line_stays_too(town):
    """It says the same once more, in better words: a person releases it."""
    first = town.write("MPA", "line", line(to("MOD")))
    assert held(town, first)
    recall(town, first)
    desk, actor = town.desk("MPA"), town.actor("MPA")
    with town.names.under("correct"):
        again = say.correct_line(desk, actor, first, line(to("MOD"), text="The road is shut"))
    assert held(town, again) is None
    town.release("MPA", again, "MOD", "LINES")
    assert held(town, again)["text"] == "The road is shut"


def test_a1_no_step_follows_a_recall(town):
    """Once the root of a case was recalled, neither side of its lane hears more of it."""
    agree(town, FAST, FILES, replies("MPA", "A-MPA"), replies("MOD", "A-MOD"), version=2)
    body = asking("MOD", internal="ours")
    asked = town.write("MPA", "ask", say.Draft(kind="rfi", body=body, label=to("MOD")))
    assert held(town, asked)
    recall(town, asked)
    size = sent(town)
    with pytest.raises(TansiqError):
        town.step("MPA", "cancel", ("MPA", asked), "cancel")
    base = say.current(town.desk("MPA"), town.actor("MPA"), asked).value
    draft = say.Draft(kind="rfi", body={**base.body, "text": "Another"}, label=base.label)
    with town.names.under("revise the question"):
        say.revise(town.desk("MPA"), town.actor("MPA"), asked, base.digest, draft)
    assert (sent(town), held(town, asked)) == (size, None)


@pytest.mark.parametrize("change", [
    {"internal": "call the base"}, {"informant": "checkpoint 7"}, {"size": "two fields"},
    {"text": "Other words"}, {"hurt": 3}, {"grade": "C3"}, {"category": "flood"},
])  # fmt: skip
def test_a5_an_edition_goes_exactly_if_the_partner_reads_otherwise(town, change):
    """Whatever field changes: an entry leaves if, and only if, what arrives is another body."""
    agree(town, rule("MPA", "FAST", automatic=True, hide=frozenset({"size"})), version=2)
    record = town.write("MPA", "fire", incident(to("MOD")))
    before, size = held(town, record), sent(town)
    revise(town, record, **change)
    went = sent(town) > size
    assert went == (held(town, record) != before)
    assert went == (not {"internal", "informant", "size"} & change.keys())
    revise(town, record, **change)
    assert sent(town) == size + went


def test_a14_every_way_asks_the_agreement_that_has_begun(town):
    """Rules, offers, preview, release by itself, steps, receipts and the page of the link agree."""
    agree(town, rule("MPA", "NEW"), version=2, begins=START + HOUR)
    desk = town.desk("MPA")
    for moment, version in ((START, 1), (START + HOUR - 1, 1), (START + HOUR, 2)):
        town.clock.time = moment
        assert agreements.governs(desk.board, "MOD", moment).version == version
        assert agreements.in_force(desk.board, "MOD", moment).version == version
        told = linking.agreements_with(desk, town.viewer("MPA"), "MOD")
        assert [one.agreement.version for one in told if one.in_force] == [version]
        record = town.write("MPA", f"fire {moment}", incident(to("MOD")))
        assert (held(town, record) is not None) == (version == 1)
    town.clock.time = START + 1_500 * DAY
    assert agreements.in_force(desk.board, "MOD", town.clock.time) is None
    record = town.write("MPA", "late", incident(to("MOD")))
    assert held(town, record) is None
