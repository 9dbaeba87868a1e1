"""The suspension of 8 March 2020 in the sample scenario: the centre of the advisers decides for its
own cohort and asks the ministry, which answers by a decision of its own. Both extend it on its days
of review, and let cohorts go on from 20 September on.
"""

from functools import partial
from typing import TYPE_CHECKING, Final

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read
from tansiq.desk.records.read import Query, View
from tansiq.desk.training import suspending
from tansiq.desk.training.suspending import Decision
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import PartyCode
from tansiq.domain.training.notices import notices
from tansiq.domain.training.suspending import Scope
from tansiq.node.scenario.cast import PARTIES, moment

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

COA, MPA = PartyCode("COA"), PartyCode("MPA")
ASKED: Final = "2020-03-08 12:00"
ANSWERED: Final = "2020-03-08 14:00"
NOTED: Final = "2020-03-08 15:00"
_MANAGER: Final = "training-manager"
_SCOPE: Final = Scope(first_day="2020-03-08", meets="in_person")
_REVIEW: Final = "2020-04-05"
# Who extends when, until which review, and by which order.
_EXTENDED: Final = (
    (COA, "2020-04-05 09:00", "2020-05-31", "Minute 11/2020"),
    (MPA, "2020-04-05 10:00", "2020-05-31", "Order 15/2020"),
    (COA, "2020-05-31 17:00", "2020-09-20", "Minute 16/2020"),
    (MPA, "2020-05-31 18:00", "2020-09-20", "Order 21/2020"),
    (MPA, "2020-09-20 10:00", "2020-11-01", "Order 27/2020"),
)
_ORDERS: Final = {COA: "Minute 8/2020", MPA: "Order 12/2020"}
_RESUMED: Final = {COA: "Minute 22/2020", MPA: "Order 27/2020"}
_TITLES: Final = {
    COA: "All training in person",
    MPA: "هەموو ڕاهێنانی بە ئامادەبوون",
}
_REASONS: Final = {
    COA: "Training is suspended until conditions permit",
    MPA: "ڕاهێنان ڕادەگیرێت هەتا بارودۆخ ڕێگە دەدات",
}
_SAFE: Final = {
    COA: "Groups of half the size, with distance",
    MPA: "گرووپی نیوە، بە مەودای پارێزراو",
}
_RISING: Final = {
    COA: "The number of cases is still rising",
    MPA: "ژمارەی تووشبووان هێشتا زیاد دەکات",
}


def put_on(stage: "Stage") -> None:
    """Put the decisions into the queue."""
    stage.at(moment(ASKED), partial(_decide, stage, COA))
    stage.at(moment(ANSWERED), partial(_decide, stage, MPA))
    stage.at(moment(NOTED), partial(_note, stage))
    for party, when, review, order in _EXTENDED:
        stage.at(moment(when), partial(_extend, stage, party, review, order))


def _decide(stage: "Stage", party: PartyCode) -> None:
    """One party's manager looks at what follows, and decides."""
    desk, actor = stage.desks[party], PARTIES[party].actor(_MANAGER)
    others = {PartyCode(code) for code in PARTIES if code not in (COA, MPA)}
    decision = Decision(
        text=_TITLES[party], reason_class="pandemic", reason=_REASONS[party],
        decision=_ORDERS[party], review=_REVIEW, scope=_SCOPE,
        label=Label(audience=audience_of(COA if party == MPA else MPA, *others)),
        asked=frozenset({MPA}) if party == COA else frozenset(),
        notices=dict(notices("pandemic", _ORDERS[party], _REVIEW, _SCOPE)),
        about=_question(stage, MPA) if party == MPA else None,
    )  # fmt: skip
    found = suspending.foreseen(desk, desk.viewer(actor), _SCOPE, actor)
    stage.keep(_key(party), party, suspending.decide(desk, actor, decision, found.mark))


def _question(stage: "Stage", party: PartyCode) -> View:
    """What the ministry was asked, as a party has it."""
    desk, actor = stage.desks[party], PARTIES[party].actor(_MANAGER)
    query = Query(kinds=("suspension",), owners=(COA,))
    rows = read.page(desk, desk.viewer(actor), query).rows
    found = next(one for one in rows if one.value.body.get("asks_owner") == MPA)
    read.mark_read(desk, actor, found)
    return found


def _note(stage: "Stage") -> None:
    """The centre of the advisers has read the answer."""
    desk, actor, view = stage.desks[COA], PARTIES[COA].actor(_MANAGER), _question(stage, COA)
    found = rounds.circle_of(desk, desk.viewer(actor), view, actor)
    assert found is not None, "a suspension is a circle"
    act = "end_asking"
    rounds.take(
        desk, actor,
        Wanted(owner=COA, record=view.value.record, lane="", act=act, seen=found.value.newest,
               of=found.value.about(act)),
    )  # fmt: skip


def _key(party: PartyCode) -> str:
    return f"suspension:{party}"


def _extend(stage: "Stage", party: PartyCode, review: str, order: str) -> None:
    desk, actor, record = stage.desks[party], PARTIES[party].actor(_MANAGER), _record(stage, party)
    suspending.extend(
        desk, actor, record, _digest(stage, party), review=review, reason=_RISING[party],
        decision=order,
    )  # fmt: skip


def resume(stage: "Stage", party: PartyCode, cohort: str) -> None:
    """One cohort goes on."""
    desk, actor = stage.desks[party], PARTIES[party].actor(_MANAGER)
    suspending.resume(
        desk, actor, _record(stage, party), _digest(stage, party), cohorts=[cohort],
        reason=_SAFE[party], decision=_RESUMED[party], day=suspending.today(desk),
    )  # fmt: skip


def _record(stage: "Stage", party: PartyCode) -> str:
    return stage.records[_key(party)][1]


def _digest(stage: "Stage", party: PartyCode) -> str:
    desk, actor = stage.desks[party], PARTIES[party].actor(_MANAGER)
    return read.record(desk, desk.viewer(actor), party, _record(stage, party)).value.digest
