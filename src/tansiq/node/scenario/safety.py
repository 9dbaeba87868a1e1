"""The safety message of the sample scenario: the night of incident 017, second by second."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from tansiq.desk.operations import safety
from tansiq.desk.records import read
from tansiq.domain.kinds.operations.safety_message import READ_BACK
from tansiq.domain.parties import Actor
from tansiq.domain.places import gazetteer, place_named
from tansiq.node.scenario.cast import PARTIES, moment

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

_NAME: Final = "STOP-01"
_SENDER: Final = "ERB"
_CALLED: Final = moment("2020-06-05 02:05")  # the clinic telephones
_SECOND: Final = 1_000
_TOWN: Final = "khazir"
_TEXT: Final = "STOP all movement near the camp clinic at Khazir: vehicles come very near"


def put_on(stage: "Stage") -> None:
    """Put the message and what each party does about it into the queue."""
    steps: tuple[tuple[int, Callable[[], None]], ...] = (
        (41, partial(_send, stage)),
        (80, partial(_read_back, stage, "MOD")),
        (116, partial(_read_back, stage, "MPA")),
        (125, partial(_call, stage, "COA", "no_answer")),
        (171, partial(_call, stage, "COA", READ_BACK)),
        (244, partial(_read_back, stage, "COA")),
        (2_520, partial(_stand_down, stage)),
    )
    for seconds, act in steps:
        stage.at(_CALLED + seconds * _SECOND, act)


def _sender() -> Actor:
    return PARTIES[_SENDER].actor("intake-officer")


def _send(stage: "Stage") -> None:
    place = place_named(gazetteer()[_TOWN].names.of(PARTIES[_SENDER].language)).to_json()
    record = safety.send(stage.desks[_SENDER], _sender(), {"text": _TEXT, "place": place})
    stage.keep(_NAME, _SENDER, record)


def _read_back(stage: "Stage", party: str) -> None:
    desk, actor = stage.desks[party], PARTIES[party].duty()
    owner, record = stage.records[_NAME]
    read.mark_read(desk, actor, read.record(desk, desk.viewer(actor), owner, record))
    typed = gazetteer()[_TOWN].names.of(PARTIES[party].language)
    safety.read_back(desk, actor, owner, record, typed=typed, confirmed=True)


def _call(stage: "Stage", party: str, result: str) -> None:
    _, record = stage.records[_NAME]
    safety.called(
        stage.desks[_SENDER], _sender(), record, party, whom="duty_officer", result=result
    )


def _stand_down(stage: "Stage") -> None:
    _, record = stage.records[_NAME]
    safety.stand_down(stage.desks[_SENDER], _sender(), record)
