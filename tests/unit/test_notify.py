"""Who hears of a long run: the same as if each record of it were told by itself."""

from tansiq.desk.act import notify
from tansiq.web.shell.live import topics_for
from tests.asking import act, carry, rfi, three_that_ask
from tests.world import POSITIONS, incident, rule, to, worlds

COUNT = 7


def heard(made, single):
    """The topics of each position of MOD when many records come at once."""
    desk, told = made.desk("MOD"), []
    desk.listen(told.append)
    made.exchange("MPA", "MOD", rounds=1)
    (changes,) = [one for one in told if any(c.topic == "inbox" for c in one)]
    assert (len([c for c in changes if c.topic == "inbox"]) == COUNT) == single
    viewers = {place.code: made.viewer("MOD", place.code) for place in POSITIONS}
    return {code: topics_for(one, changes, made.clock.now()) for code, one in viewers.items()}


def told_of_a_run(monkeypatch, singly):
    """What is heard of a run with labels that not everybody may read."""
    monkeypatch.setattr(notify, "TOLD_SINGLY", singly)
    labels = [to("MOD"), to("MOD", categories=frozenset({"medical"}))]
    with worlds("MPA", "MOD") as made:
        terms = {"held": {"MPA": frozenset(), "MOD": frozenset({"medical"})}}
        made.agree("MPA", "MOD", rule("MPA", "FAST", automatic=True), **terms)
        for n in range(COUNT):
            made.write("MPA", f"record {n}", incident(labels[n % 2]))
        return heard(made, singly >= COUNT)


def test_a_long_run_is_heard_by_the_same_people(monkeypatch):
    """One record of each label wakes whoever the records one by one would wake, and nobody else."""
    by_one, by_label = told_of_a_run(monkeypatch, COUNT), told_of_a_run(monkeypatch, 0)
    assert by_one == by_label
    assert by_one["administrator"] == ["link"]
    assert "incident" in by_one["cleared"]


def test_a_label_that_few_may_read_wakes_few(monkeypatch):
    """The comparison is not empty: positions differ in what they hear."""
    monkeypatch.setattr(notify, "TOLD_SINGLY", 0)
    with worlds("MPA", "MOD") as made:
        terms = {"held": {"MPA": frozenset(), "MOD": frozenset({"medical"})}}
        made.agree("MPA", "MOD", rule("MPA", "FAST", automatic=True), **terms)
        for n in range(COUNT):
            label = to("MOD", categories=frozenset({"medical"}))
            made.write("MPA", f"record {n}", incident(label))
        topics = heard(made, single=False)
    assert "incident" in topics["cleared"]
    assert topics["duty-officer"] == ["link"]


def test_a_step_that_comes_without_words_is_heard_by_who_may_see_its_case():
    """A partner's step has no record beside it, and the open page of its request hears of it."""
    with three_that_ask() as made:
        asked = made.write("MPA", "ask", rfi("MOD"))
        carry(made)
        told = []
        made.desk("MPA").listen(told.append)
        act(made, "MOD", asked, "receive")
        viewer, now = made.viewer("MPA"), made.clock.now()
        heard = {topic for changes in told for topic in topics_for(viewer, changes, now)}
        assert {"case", "inbox"} <= heard
