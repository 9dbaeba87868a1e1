"""The second wall: what a person asks for is read as that person, where the database can."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from tansiq.board import queries
from tansiq.desk.act.desk import Desk
from tansiq.domain.parties import Viewer

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Ask = Callable[Concatenate[Desk, Viewer, Given], Answer]


def reading_as(ask: Ask[Given, Answer]) -> Ask[Given, Answer]:
    """Every statement of this use case touches only rows that its viewer may see."""

    @wraps(ask)
    def asked(desk: Desk, viewer: Viewer, /, *given: Given.args, **named: Given.kwargs) -> Answer:
        with desk.board.glance():
            reader = queries.row_reader(desk.board, viewer, desk.clock.now())
            with desk.database.reading(reader):
                return ask(desk, viewer, *given, **named)

    return asked
