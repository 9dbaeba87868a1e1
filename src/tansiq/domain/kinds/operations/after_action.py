"""The after-action review as a draft of the own party: what happened, why, and what will be done
otherwise. It begins with who was told when, as the steps of a safety message or of an evacuation
say it, or with who was asked and said what of a joint operation.
"""

from typing import Final

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.parties import ACTING
from tansiq.domain.records import Body

DONE: Final = (
    "sent", "came", "called", "by_telephone", "read_back", "stand_down", "reported",
    "accept_evacuation", "decline_evacuation", "set_off", "pick_up", "hand_over",
    "close_evacuation", "cancel",
    "ask_parts", "parts_shared", "ask_go", "say_go", "say_go_if", "say_no_go", "conclude_go",
    "conclude_no_go", "call_operation_off", "heard_off",
)  # fmt: skip


def _lesson(body: Body) -> Body:
    """What a lesson that is drawn from a review says at first."""
    said = {"text": "text", "happened": "observed_what", "why": "discussion",
            "otherwise": "recommendation"}  # fmt: skip
    return {to: body[name] for name, to in said.items() if name in body}


AFTER_ACTION: Final = Kind(
    name="after_action",
    version=1,
    letter="AR",
    fields=(
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="timeline", type=Type.ROWS, searchable=True, columns=(
            Field(name="moment", type=Type.MOMENT),
            Field(name="party", type=Type.PARTY),
            Field(name="done", type=Type.CHOICE, choices=DONE),
            Field(name="by_position", type=Type.LINE),
        )),
        Field(name="expected", type=Type.TEXT, searchable=True),
        Field(name="happened", type=Type.TEXT, searchable=True),
        Field(name="why", type=Type.TEXT, searchable=True),
        Field(name="otherwise", type=Type.TEXT, searchable=True),
        Field(name="about", type=Type.RECORD, hidden=True),
        Field(name="incident", type=Type.RECORD, hidden=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    states=("drafted", "reviewed"),
    transitions=(
        Transition(
            name="finish_review", sources=frozenset({"drafted"}), target="reviewed", roles=ACTING,
            needs=("happened", "why", "otherwise"),
        ),
    ),
    writers=ACTING,
    about="about",
    inbox=False,
    inner=True,
    drafts={"lesson": _lesson},
    tones=(("drafted", "warn"), ("reviewed", "ok")),
    listing=Listing(
        columns=("reference", "text", "moment", "state"),
        tabs=(Tab(name="open", states=("drafted",)), ALL),
        views=(View.LIST,),
    ),
)  # fmt: skip
