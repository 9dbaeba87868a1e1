"""C1, at the desk: an act that a form asks for is done once, in one transaction with its token."""

import pytest

from tansiq.desk.act import once
from tansiq.desk.act.once import Answer, SavedError, Sent, Told
from tansiq.desk.records import read, say
from tests import world as worlds
from tests.world import START, line, refusal


@pytest.fixture
def world():
    with worlds.worlds("MPA") as made:
        yield made


def sent(token="t", digest="d", **more):
    return Sent(token=token, made=START, digest=digest, **more)


def write(world, form, text="The road is open"):
    """One line, as a request that sent this form writes it."""
    world.names.name = f"{world.names.name}+"
    with once.sending(form):
        return say.write(world.desk("MPA"), world.actor("MPA"), line(text=text))


def lines(world):
    return read.count(world.desk("MPA"), world.viewer("MPA"), read.Query(kinds=("log_line",)))


def test_c1_a_form_is_saved_once(world):
    """The second request with the same form writes nothing and learns what the first one made."""
    record = write(world, sent())
    with pytest.raises(SavedError) as caught:
        write(world, sent())
    assert caught.value.answer == Answer(told=(Told(what="saved", record=record),))
    assert 1 == lines(world)


def test_c1_the_answer_of_a_form_is_kept(world):
    """Where its sender went is known after the node was started again: it stands in the database,
    and goes through text unchanged.
    """
    form, desk = sent(), world.desk("MPA")
    write(world, form)
    answer = form.answer("/log", "log.P-1")
    desk.answered(form, answer)
    assert answer == desk.answered_before(sent()) == once.answer_of(answer.text())
    assert desk.answered_before(sent(digest="other")) is None


def test_c1_what_fails_is_not_remembered(world):
    """A form whose act fails is not saved: put right it is sent again."""
    form, desk, actor = sent(), world.desk("MPA"), world.actor("MPA")
    with refusal("field_required"), once.sending(form):
        say.write(desk, actor, line(text=""))
    assert not form.saved
    write(world, sent())
    assert 1 == lines(world)


def test_c1_a_form_that_led_nowhere_may_be_sent_again(world):
    """A page that shows something once, as new codes, is not remembered as saved."""
    form, desk = sent(), world.desk("MPA")
    write(world, form)
    desk.answered(form, form.answer())
    write(world, sent())
    assert 2 == lines(world)


def test_c1_several_acts_of_one_request_are_one_sending(world):
    """A request may act twice; only another request with the form is refused."""
    form = sent()
    write(world, form)
    write(world, form, "The road is closed")
    assert 2 == lines(world)
    with pytest.raises(SavedError):
        write(world, sent())


def test_c1_what_is_shown_meanwhile_is_noted_without_the_form(world):
    """The access log is no act of the form: it is kept whatever the token is worth."""
    form, desk = sent(fault="form_foreign"), world.desk("MPA")
    with once.sending(form):
        desk._keep_access([{"type": "access", "act": "read", "at": START, "position": "cleared",
                            "person": "P-1", "place": "record", "items": [], "asked": {},
                            "hits": -1}])  # fmt: skip
        with refusal("form_foreign"):
            say.write(desk, world.actor("MPA"), line())
    assert 1 == desk.store.head("access").size
