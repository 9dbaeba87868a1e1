"""The six lessons of the sample scenario, each as far as it had come by the end of the year: four
learned, one implemented and not validated, one of which the action is assigned.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.operations import lessons
from tansiq.desk.operations.lessons import Wish
from tansiq.desk.records import read, say
from tansiq.domain.cases import seat_code
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import PartyCode
from tansiq.node.scenario.cast import PARTIES, moment, read_json

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

Item = dict[str, Any]
_HOUR: Final = 3_600_000
_TEXTS: Final = ("text", "observed_what", "recommendation", "test")


def put_on(stage: "Stage") -> None:
    """Put each lesson and what came of it into the queue."""
    items: list[Item] = read_json("lessons.json")
    for item in items:
        begun = moment(item["at"])
        stage.at(begun, partial(_write, stage, item))
        acts, judge, due = item["acts"], item["judge"], item["due"]
        _asked(stage, item, begun + _HOUR, Wish(move="ask_judgement", seats=(judge,)), "is_lesson")
        stage.at(begun + 3 * _HOUR, partial(_move, stage, item, Wish(move="identify_lesson")))
        assigned = Wish(move="assign_action", seats=(acts,), due=due)
        stage.at(begun + 4 * _HOUR, partial(_move, stage, item, assigned))
        if "done" not in item:
            continue
        done = moment(item["done"])
        stage.at(done, partial(_answer, stage, item, acts, "action_done"))
        stage.at(done + _HOUR, partial(_move, stage, item, Wish(move="note_done")))
        if "validated" in item:
            checked, asks = moment(item["validated"]), Wish(move="ask_validation", seats=(judge,))
            _asked(stage, item, checked, asks, "change_works")
            stage.at(checked + 2 * _HOUR, partial(_move, stage, item, Wish(move="note_learned")))


def _asked(stage: "Stage", item: Item, when: int, wish: Wish, answer: str) -> None:
    """Somebody is asked, and answers an hour later."""
    stage.at(when, partial(_move, stage, item, wish))
    stage.at(when + _HOUR, partial(_answer, stage, item, wish.seats[0], answer))


def _write(stage: "Stage", item: Item) -> None:
    owner = item["owner"]
    label = Label(audience=audience_of(*map(PartyCode, item["to"])))
    body = {name: item[name] for name in _TEXTS}
    draft = say.Draft(kind="lesson", body=body, label=label)
    record = say.write(stage.desks[owner], PARTIES[owner].actor(item["by"]), draft)
    stage.keep(item["code"], owner, record)


def _move(stage: "Stage", item: Item, wish: Wish) -> None:
    """The owner lets it go on."""
    owner, record = stage.records[item["code"]]
    desk, actor = stage.desks[owner], PARTIES[owner].actor(item["by"])
    viewer = desk.viewer(actor)
    view = read.record(desk, viewer, owner, record)
    circle = rounds.circle_of(desk, viewer, view, actor)
    assert circle is not None, "a lesson is a circle"
    seen = Wish(move=wish.move, seats=wish.seats, due=wish.due, seen=circle.value.newest)
    lessons.go_on(desk, actor, record, view.value.digest, seen)


def _answer(stage: "Stage", item: Item, position: str, act: str) -> None:
    """A seat answers on its own node."""
    owner, record = stage.records[item["code"]]
    seat = seat_code(position)
    desk, actor = stage.desks[seat.party], PARTIES[seat.party].actor(seat.position)
    viewer = desk.viewer(actor)
    view = read.record(desk, viewer, owner, record)
    read.mark_read(desk, actor, view)
    circle = rounds.circle_of(desk, viewer, view, actor)
    assert circle is not None, "a lesson is a circle"
    rounds.take(
        desk, actor,
        Wanted(owner=PartyCode(owner), record=view.value.record, lane="", act=act,
               seen=circle.value.newest, of=circle.value.about(act)),
    )  # fmt: skip
