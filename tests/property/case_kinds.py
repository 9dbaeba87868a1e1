"""Kinds of case for tests: one for each of the five walks, beside the product's own."""

from dataclasses import replace

from tansiq.domain.cases import (
    AUTHOR,
    BOTH,
    OWNER,
    SEAT,
    Clock,
    Column,
    Decision,
    Declaration,
    Due,
    Fact,
    Form,
    Quantity,
    Rounds,
    Ruling,
    Shape,
    Side,
    Value,
    Weight,
    turn,
)
from tansiq.domain.kinds.operations.medevac import CASE as EVACUATED
from tansiq.domain.kinds.operations.safety_message import CASE as WARNED
from tansiq.domain.kinds.requests.rfi import CASE as INFORMATION
from tansiq.domain.kinds.support.offer import CASE as OFFERED
from tansiq.domain.kinds.support.request import CASE as PROVIDED

MINUTE = 60_000
HOUR = 60 * MINUTE
SEATS = frozenset({Side.SEAT})


def decision(name, sources, target, by, weight=Weight.PERSON, *, values=()):
    return Decision(
        name=name,
        sources=frozenset(sources.split()),
        target=target,
        by=by,
        weight=weight,
        values=values,
    )


SETTLE = Ruling(name="settle")
REFUSE = Ruling(name="refuse")
SUPPORT = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=("asked", "returned", "taken", "ready", "closed", "declined", "expired", "cancelled"),
    acts=(
        decision("return", "asked", "returned", SEAT),
        decision("complete", "returned", "asked", OWNER),
        decision("take", "asked", "taken", SEAT),
        decision("decline", "asked", "declined", SEAT),
        decision("ready", "taken", "ready", SEAT),
        decision("change", "taken", "asked", OWNER),
        decision("close", "taken ready", "closed", OWNER),
        decision("expire", "asked returned", "expired", OWNER, Weight.TIME_OUT),
        decision("cancel", "asked returned taken ready", "cancelled", OWNER, Weight.ENDING),
        decision("withdraw", "taken ready", "declined", SEAT, Weight.ENDING),
        Fact(name="allot", by=SEAT, lines=True),
        Fact(name="give_back", by=SEAT, lines=True),
        Fact(name="send", by=SEAT, lines=True),
        Fact(name="receipt", by=OWNER, lines=True),
        SETTLE,
        REFUSE,
    ),
    settle="settle",
    refuse="refuse",
    quantities=(
        Quantity(act="allot", column=Column.ALLOTTED),
        Quantity(act="give_back", column=Column.GIVEN_BACK),
        Quantity(act="send", column=Column.SENT),
        Quantity(act="receipt", column=Column.RECEIVED),
    ),
    clocks=(
        Clock(
            name="decision",
            runs=frozenset({"asked"}),
            still=frozenset({"returned"}),
            due=Due.LASTING,
            lasting_ms=4 * HOUR,
            rings=SEATS,
        ),
    ),
    turns={
        "asked": turn(Side.SEAT, "take", "decline", "return"),
        "returned": turn(Side.OWNER, "complete"),
        "taken": (*turn(Side.SEAT, "ready", "send"), *turn(Side.OWNER, "receipt")),
        "ready": (*turn(Side.SEAT, "send"), *turn(Side.OWNER, "receipt", "close")),
    },
)

# Nobody is above the other where two plans meet: what crosses is set aside, and they talk again.
MEETING = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=("overlap", "proposed", "agreed", "void"),
    acts=(
        decision("propose", "overlap proposed", "proposed", BOTH),
        decision("agree", "proposed", "agreed", BOTH),
        decision("reopen", "proposed", "overlap", BOTH),
        decision("void", "overlap proposed agreed", "void", BOTH, Weight.ENDING),
        REFUSE,
    ),
    refuse="refuse",
    falls_to="overlap",
    turns={
        "overlap": (*turn(Side.OWNER, "propose"), *turn(Side.SEAT, "propose")),
        "proposed": (*turn(Side.OWNER, "agree"), *turn(Side.SEAT, "agree")),
    },
)

# The owner of the decision suspends the cohorts of others; each owner resumes its own.
COHORTS = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=("suspended", "noted", "resumed", "withdrawn"),
    acts=(
        decision("note", "suspended", "noted", SEAT),
        decision("resume", "suspended noted", "resumed", SEAT),
        decision("withdraw", "suspended noted", "withdrawn", OWNER, Weight.ENDING),
        SETTLE,
    ),
    settle="settle",
)

EVIDENCE = Declaration(
    version=1,
    shape=Shape.CIRCLE,
    stages=("proposed", "asked", "concluded"),
    coarse={"proposed": "open", "asked": "open", "concluded": "done"},
    acts=(
        Fact(name="ask", by=OWNER, values=(Value(name="seats", form=Form.SEATS),)),
        Fact(name="verify", by=BOTH),
        Fact(name="doubt", by=BOTH),
        Fact(name="conclude", by=OWNER, values=(Value(name="finding"),)),
        Ruling(name="refuse", values=(AUTHOR,)),
    ),
    refuse="refuse",
    rounds=Rounds(opens="ask", answers=frozenset({"verify", "doubt"}), concludes="conclude"),
)

# No room has such a kind: all sorts of weights and crossings, and hardly a stage that ends.
TUG = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=("low", "middle", "high", "aside", "over", "given_up"),
    acts=(
        decision("raise", "low aside", "middle", BOTH),
        decision("lift", "middle", "high", OWNER),
        decision("lower", "middle high", "low", SEAT),
        decision("put_aside", "low middle", "aside", BOTH),
        decision("keep", "middle high", "middle", SEAT),
        decision("lapse", "middle high aside", "low", BOTH, Weight.TIME_OUT),
        decision("end", "low middle aside", "over", OWNER, Weight.ENDING),
        decision("give_up", "low middle high", "given_up", SEAT, Weight.ENDING),
        SETTLE,
        REFUSE,
    ),
    settle="settle",
    refuse="refuse",
)
SLIDE = replace(TUG, acts=tuple(act for act in TUG.acts if act is not SETTLE), settle="",
                falls_to="aside")  # fmt: skip

LANES = (TUG, SLIDE, INFORMATION, PROVIDED, OFFERED, SUPPORT, MEETING, COHORTS, WARNED,
         EVACUATED)  # fmt: skip
