"""The evidence for milestones of a project: a case in a circle, in which its verifiers accept it or
return it, round by round.

The owner of the project says what it proves and opens a round that names the verifiers: positions
of other parties, and of its own that do not own the project. Each answers on its own node. What a
verifier accepted is the owner's to conclude, and nothing is verified that a verifier has not
accepted (``progress``). Where the protocol of a milestone says so, what was accepted is looked at a
second time, in a new round (``judging``).
"""

import re
from typing import Final

from tansiq.domain.cases.declaration import (
    AUTHOR,
    OWNER,
    SEAT,
    Declaration,
    Fact,
    Form,
    Rounds,
    Ruling,
    Shape,
    Value,
)
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type, rows_in
from tansiq.domain.kinds.facets import Facet
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.kinds.listing import ALL, Listing, Tab, View
from tansiq.domain.kinds.reform.judging import (
    ACCEPTED,
    AGAIN,
    RETURNED,
    is_settled,
    second_look,
)
from tansiq.domain.kinds.reform.project import MANAGERS, PROOFS
from tansiq.domain.parties import Relation, Role
from tansiq.domain.records import Body

# Why a verifier returns an item.
LACKS: Final = frozenset(
    {"unsigned", "incomplete", "other_sort", "out_of_date", "not_the_milestone", "not_sampled"}
)
_VERIFIERS: Final = frozenset({Role.ADVISER, Role.AUDITOR, Role.LIAISON_OFFICER}) | MANAGERS
_WORDS: Final = "evidence_note"

CASE: Final = Declaration(
    version=1,
    shape=Shape.CIRCLE,
    stages=("gathered", "under_review", "judged"),
    acts=(
        Fact(
            name="ask_verifiers", by=OWNER, roles=MANAGERS, beside=_WORDS,
            values=(Value(name="seats", form=Form.SEATS),),
        ),
        Fact(
            name="accept_item", by=OWNER | SEAT, roles=_VERIFIERS, beside=_WORDS,
            relations=frozenset({Relation.VERIFIER, Relation.OWNER}),
        ),
        Fact(
            name="return_item", by=OWNER | SEAT, roles=_VERIFIERS, beside=_WORDS,
            relations=frozenset({Relation.VERIFIER, Relation.OWNER}),
            values=(Value(name="item_lacks", choices=LACKS),),
        ),
        Fact(
            name="conclude_review", by=OWNER, roles=MANAGERS, beside=_WORDS,
            values=(
                Value(name="finding", choices=frozenset({ACCEPTED, RETURNED})),
                Value(name=AGAIN, form=Form.MOMENT, required=False, worked_out=True),
            ),
        ),
        Ruling(name="refuse", values=(AUTHOR,), roles=MANAGERS),
    ),
    refuse="refuse",
    rounds=Rounds(
        opens="ask_verifiers", answers=frozenset({"accept_item", "return_item"}),
        concludes="conclude_review", again=AGAIN,
    ),
    asked=Relation.VERIFIER,
)  # fmt: skip


_ADDRESS: Final = re.compile(r"https://[^\s<>\"'\\]{3,300}")


def _whole(body: Body) -> None:
    """Raises InputError where it does not say which milestone it proves, or where it is said to be
    published at what is no address.
    """
    if not all(row.get("mark") for row in rows_in(body, "proves")):
        raise InputError("evidence_mark", field="proves")
    address = body.get("published_at")
    if address and not _ADDRESS.fullmatch(str(address)):
        raise InputError("address_form", field="published_at")


EVIDENCE: Final = Kind(
    name="evidence",
    version=1,
    letter="E",
    fields=(
        Field(name="about", type=Type.RECORD, required=True, hidden=True),
        Field(name="proof", type=Type.CHOICE, choices=PROOFS, required=True),
        Field(name="text", type=Type.TEXT, required=True, searchable=True),
        Field(name="proves", type=Type.ROWS, required=True, searchable=True, columns=(
            Field(name="mark", type=Type.LINE, searchable=True),
        )),
        Field(name="dated", type=Type.DATE),
        Field(name="public", type=Type.FLAG),
        Field(name="published_at", type=Type.LINE, rare=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True, rare=True),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    writers=MANAGERS,
    about="about",
    inbox=False,  # it waits for whom a round names
    facets=(Facet(field="proof"), Facet(field="public")),
    whole=_whole,
    works_out=second_look,
    settled=("proof", "text", "proves", "dated"),
    settles=is_settled,
    case=CASE,
    tones=(("under_review", "warn"), ("judged", "ok")),
    listing=Listing(
        columns=("reference", ("text", "proof"), "dated", "owner", "moment", "state"),
        tabs=(Tab(name="open", states=("gathered", "under_review")), ALL),
        views=(View.LIST, View.BOARD, View.TIMELINE, View.CHART),
        boards=("state", "proof"),
    ),
)  # fmt: skip
