"""Kinds of case for tests: one for each of the five walks. The first is fit to be taken over."""

from dataclasses import replace

from tansiq.domain.cases import (
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
    Turn,
    Value,
    Weight,
)

MINUTE = 60_000
HOUR = 60 * MINUTE
OWNERS = frozenset({Side.OWNER})
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


def turn(side, *acts):
    return (Turn(side=side, acts=acts),)


SETTLE = Ruling(name="settle")
REFUSE = Ruling(name="refuse")
REASON = Value(
    name="reason", choices=frozenset({"not_releasable", "not_ours", "no_means", "other"})
)
OPEN = "sent received accepted partial"
WORKING = turn(Side.SEAT, "partial", "answer", "no_information", "decline", "redirect")

# An answer of whatever sort is the addressee's; "we have no information" is final and honoured, and
# "not releasable" is a decline that says nothing about whether there is any.
INFORMATION = Declaration(
    version=1,
    shape=Shape.LANE,
    stages=(
        "sent", "received", "accepted", "partial", "answered", "no_information", "declined",
        "redirected", "closed", "expired", "cancelled",
    ),
    acts=(
        decision("receive", "sent", "received", SEAT),
        decision("accept", "sent received", "accepted", SEAT),
        decision("decline", OPEN, "declined", SEAT, values=(REASON,)),
        decision(
            "redirect", OPEN, "redirected", SEAT, values=(Value(name="to", form=Form.PARTY),)
        ),
        decision("partial", OPEN, "partial", SEAT),
        decision("answer", OPEN, "answered", SEAT),
        decision("no_information", OPEN, "no_information", SEAT),
        decision("satisfied", "answered no_information declined redirected", "closed", OWNER),
        decision("ask_again", "answered no_information", "accepted", OWNER),
        decision("expire", OPEN, "expired", OWNER, Weight.TIME_OUT),
        decision("cancel", OPEN, "cancelled", OWNER, Weight.ENDING),
        SETTLE,
        REFUSE,
    ),
    settle="settle",
    refuse="refuse",
    clocks=(
        Clock(
            name="receipt", runs=frozenset({"sent"}), due=Due.LASTING, lasting_ms=15 * MINUTE,
            rings=SEATS, act="receive",
        ),
        Clock(
            name="decision", runs=frozenset({"sent", "received"}), due=Due.SHARE,
            value="needed_by", percent=25, rings=SEATS, act="accept",
        ),
        Clock(
            name="warning", runs=frozenset(OPEN.split()), due=Due.SHARE, value="needed_by",
            percent=75, act="answer",
        ),
        Clock(
            name="value", runs=frozenset(OPEN.split()), due=Due.AT, value="needed_by",
            rings=BOTH, act="expire",
        ),
    ),
    turns={
        "sent": turn(Side.SEAT, "receive", "accept"),
        "received": turn(Side.SEAT, "accept", "decline", "redirect"),
        "accepted": WORKING,
        "partial": WORKING,
        "answered": turn(Side.OWNER, "satisfied", "ask_again"),
        "no_information": turn(Side.OWNER, "satisfied", "ask_again"),
        "declined": turn(Side.OWNER, "satisfied"),
        "redirected": turn(Side.OWNER, "satisfied"),
    },
    coarse={
        stage: "open" if stage in OPEN.split() else "done"
        for stage in (
            "sent", "received", "accepted", "partial", "answered", "no_information", "declined",
            "redirected", "closed", "expired", "cancelled",
        )
    },
)  # fmt: skip

GOODS = (
    Value(name="count", form=Form.COUNT),
    Value(name="unit"),
    Value(name="line", required=False),
)

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
        Fact(name="allot", by=SEAT, values=GOODS),
        Fact(name="give_back", by=SEAT, values=GOODS),
        Fact(name="send", by=SEAT, values=GOODS),
        Fact(name="receipt", by=OWNER, values=GOODS),
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
    stages=("open",),
    acts=(
        Fact(name="ask", by=OWNER, values=(Value(name="seats", form=Form.SEATS),)),
        Fact(name="verify", by=BOTH),
        Fact(name="doubt", by=BOTH),
        Fact(name="conclude", by=OWNER, values=(Value(name="finding"),)),
        REFUSE,
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

LANES = (TUG, SLIDE, INFORMATION, SUPPORT, MEETING, COHORTS)
