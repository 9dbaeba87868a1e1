"""Faults in what is saved by a slip of the hand, and the test that must see each."""

from tests.mutants.planting import Fault

ONCE = "tests.unit.test_once"
PAGES = "tests.web.test_saved_once"

SAVING_FAULTS = (
    Fault(
        name="a form is not remembered with what it saved",
        where="tansiq.desk.act.desk:Desk._acting",
        old="if form is not None and act.wrote:",
        new="if False:",
        killer=f"{ONCE}:test_c1_a_form_is_saved_once",
    ),
    Fault(
        name="a form of another person counts",
        where="tansiq.web.shell.once:_mark",
        old="\\n{seat.actor.person}",
        new="",
        killer=f"{PAGES}:test_c1_a_token_of_another_is_refused_and_nothing_is_lost",
        given={"token": "foreign", "language": "en"},
    ),
    Fault(
        name="what was changed in a form that was saved is dropped in silence",
        where="tansiq.desk.act.once:answered",
        old=" and found[0] == form.digest",
        new="",
        killer=f"{PAGES}:test_c1_a_form_with_other_words_is_asked_about_and_keeps_them",
    ),
)
