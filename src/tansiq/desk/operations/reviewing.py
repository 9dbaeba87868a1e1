"""The incident and the draft of a review that one act makes of what was asked of others in haste: a
safety message, an evacuation; or the draft alone, of a joint operation. Both are for the own party
alone.
"""

from collections.abc import Sequence

from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import read, say
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.kinds.operations.after_action import AFTER_ACTION
from tansiq.domain.kinds.watch.incident import INCIDENT
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.records import Body, RecordId, RecordView
from tansiq.policy.seal import Released


def make(
    act: Act, actor: Actor, view: RecordView, *, text: str, timeline: Sequence[Body],
    incident: Body | None = None,
) -> RecordId:  # fmt: skip
    """Make both of a record, or the review alone without an ``incident``; the review, which begins
    with ``text`` and ``timeline``. Where it was made already, it is the one that is there. Raises
    InputError, RefusedError.
    """
    made = review_of(act.desk, act.desk.viewer(actor), view.record)
    if made is not None:
        return made.value.record
    body: Body = {
        "text": text, "about": view.record, "timeline": list(timeline)[: BOUNDS.rows_max]
    }  # fmt: skip
    if incident is not None:
        draft = say.Draft(kind=INCIDENT.name, body=incident, label=Label())
        body["incident"] = say.write_in(act, actor, draft).record
    draft = say.Draft(kind=AFTER_ACTION.name, body=body, label=Label())
    return say.write_in(act, actor, draft).record


@reading_as
def review_of(desk: Desk, viewer: Viewer, record: str) -> Released[RecordView] | None:
    """The review that our party made of a record, if the viewer may see it."""
    found = read.linked(desk, viewer, record, AFTER_ACTION.about)
    return next(
        (one for one in found
         if (one.value.owner, one.value.kind) == (desk.me, AFTER_ACTION.name)), None
    )  # fmt: skip
