"""Whether all say go: a fold that reads no order of arrival and takes no silence for a yes."""

import random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.cases import Seat, Step, circle_stage, circle_stands
from tansiq.domain.cases.step import LaneId, StepId
from tansiq.domain.kinds.operations.joint_operation import ANSWERS, CASE, STAGES
from tansiq.domain.operations.going import going
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import RecordId, ReleaseId

SEATS = ("COA/duty-officer", "MOD/duty-officer")
VALUES = {"say_no_go": {"no_go_for": "weather"}, "say_go_if": {"condition": "told_first"}}
OWNERS = st.one_of(
    st.tuples(
        st.just("ask_operation"), st.sampled_from(("parts_asked", "go_asked", "called_off")),
        st.integers(0, 2), st.sampled_from((SEATS, SEATS[:1])),
    ),
    st.tuples(
        st.just("conclude_operation"), st.sampled_from(("go_said", "no_go_said")), st.just(0),
        st.just(()),
    ),
    st.tuples(
        st.just("note_operation"), st.sampled_from(("operation_on", "operation_over")), st.just(0),
        st.just(()),
    ),
)  # fmt: skip
SAID = st.tuples(
    st.sampled_from(sorted({act for acts in ANSWERS.values() for act in acts})),
    st.sampled_from(SEATS), st.integers(0, 3), st.just(()),
)  # fmt: skip


def step(number, party, act, *, of="", after=(), values=None, position="duty-officer"):
    author = PartyCode(party)
    return Step(
        author=author, version=1, root=RecordId(str(UUID(int=1))), lane=LaneId(""),
        step=StepId(str(UUID(int=number + 10))), release=ReleaseId(str(UUID(int=number + 1_000))),
        seat=Seat(author, position), act=act, of=StepId(of), after=after, values=values or {},
        at=number,
    )  # fmt: skip


def story(acts):
    """The steps of a story, each author's in a chain, and what a reader who keeps a list expects:
    the stage, and what the newest round asks, of which frame, and who said what to it.
    """
    steps, last, rounds = [], {}, []
    stage, newest = STAGES[0], None
    for number, (act, what, which, seats) in enumerate(acts):
        if act in ("ask_operation", "conclude_operation", "note_operation"):
            if act == "conclude_operation" and newest is None:
                continue
            values = {"operation_now": what}
            if act == "ask_operation":
                values |= {"seats": seats, "stated": which}
            of = newest["id"] if act == "conclude_operation" else ""
            made = step(number, "MPA", act, of=of, values=values, after=last.get("MPA", ()))
            stage = what
            if act == "ask_operation":
                newest = {"id": made.step, "asks": what, "stated": which,
                          "said": dict.fromkeys(seats)}  # fmt: skip
                rounds.append(newest)
        elif rounds:
            about = rounds[max(0, len(rounds) - 1 - which)]
            party = what.partition("/")[0]
            made = step(
                number, party, act, of=about["id"], values=VALUES.get(act),
                after=last.get(party, ()),
            )  # fmt: skip
            if what in about["said"]:
                about["said"][what] = act
        else:
            continue
        last[made.author] = (made.step,)
        steps.append(made)
    return steps, stage, newest


@given(st.lists(st.one_of(OWNERS, SAID), max_size=14), st.integers(0, 2), st.randoms())
def test_a_go_needs_a_word_of_each_to_the_frame_in_hand(acts, stated, chance: random.Random):
    """In whatever order the steps come: the stage is what the owner said last, and all go only
    where each seat of the newest round has said so, to a round of go, of this very frame.
    """
    steps, stage, newest = story(acts)
    shuffled = list(steps)
    chance.shuffle(shuffled)
    stood = circle_stands(CASE, PartyCode("MPA"), shuffled)
    assert circle_stage(CASE, stood) == stage
    found = going(stood.rounds, stated)
    if newest is None:
        assert not found.all_go
        return
    said = [act if act in ANSWERS[newest["asks"]] else None for act in newest["said"].values()]
    assert [one.answer.act if one.answer else None for one in found.seats] == said
    fits = newest["asks"] == "go_asked" and newest["stated"] == stated
    assert found.all_go == (fits and all(act in ("say_go", "say_go_if") for act in said))
    assert found.somebody_says_no == ("say_no_go" in said)
    assert found.older == (newest["stated"] != stated)
    # Who has not heard of one of the answers never takes it for a go.
    without = [one for one in steps if one.act not in ("say_go", "say_go_if")]
    assert not going(circle_stands(CASE, PartyCode("MPA"), without).rounds, stated).all_go
