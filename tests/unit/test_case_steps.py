"""Steps as a partner may send them, and declarations as we may write them: what is refused."""

import json
from dataclasses import replace

import pytest

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import Outcome, Ruling, Seat, StepKey, step_from_json
from tansiq.domain.errors import InputError
from tests.property.case_kinds import EVIDENCE, INFORMATION, SUPPORT
from tests.property.case_world import OTHERS, OWNER, World, uuid
from tests.property.circle_world import Circle

COA, MOD, _ = OTHERS
GOOD = World(SUPPORT).make(
    COA, COA, "allot", after=(uuid("b"), uuid("a")), count=3, unit="piece", line="masks"
)


def test_a_step_comes_back_from_its_form_and_tells_a_receiver_only_release_and_after():
    """What is read is what was written; two receivers' forms differ in these two fields alone."""
    assert step_from_json(GOOD.to_json(), COA) == GOOD
    seats = replace(GOOD, values={"seats": ("COA/adviser-gb",), "to": "MOD"})
    assert step_from_json(json.loads(json.dumps(seats.to_json())), COA) == seats
    other = GOOD.told(uuid("r"), ()).to_json()
    differ = {name for name, value in GOOD.to_json().items() if other[name] != value}
    assert differ == {"release", "after"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "edition"), ("v", True), ("v", -1), ("root", "x"), ("lane", 7), ("step", ""),
        ("release", None), ("seat", "MOD/liaison"), ("seat", "COA"), ("act", "Take it"),
        ("of", "x"), ("after", "x"), ("after", [uuid("a")] * 2), ("after", [{}]),
        ("after", [uuid("b"), uuid("a")] if uuid("a") < uuid("b") else [uuid("a"), uuid("b")]),
        ("after", sorted(uuid(n) for n in range(BOUNDS.case_after_max + 1))),
        ("values", []), ("values", {"a": 1.5}), ("values", {"a": True}), ("values", {"a": -1}),
        ("values", {"a": "a text of words"}), ("values", {"a": {}}), ("values", {"a": ["x"]}),
        ("values", {"a": BOUNDS.integer_max + 1}), ("values", {"A b": 1}),
        ("values", {f"n{n}": 1 for n in range(BOUNDS.case_values_max + 1)}),
        ("values", {"a": ["COA/duty"] * (BOUNDS.parties_max + 1)}),
        ("at", BOUNDS.moment_max + 1), ("at", "now"), ("text", "smuggled"),
    ],
)  # fmt: skip
def test_a_step_that_is_not_written_as_agreed_ends_in_an_input_error(field, value):
    """Hostile input never gets as far as a fold, and never ends in another error."""
    with pytest.raises(InputError):
        step_from_json(GOOD.to_json() | {field: value}, COA)
    short = GOOD.to_json()
    del short[field if field in short else "at"]
    with pytest.raises(InputError):
        step_from_json(short, COA)


def test_a_partner_cannot_change_the_meaning_of_anothers_step_by_taking_its_id():
    """What a node said after its own step stays after it, whoever uses the id as well."""
    world = World(INFORMATION)
    world.drain()
    world.act(COA, COA, "answer")
    world.drain()
    mine = world.act(COA, OWNER, "satisfied")
    late = world.act(COA, OWNER, "ask_again")
    before = world.stands(COA, OWNER)
    forged = replace(world.make(COA, COA, "partial", after=()), step=mine.step)
    world.held[COA, OWNER].entries.append(forged)
    after = world.stands(COA, OWNER)
    assert after.verdicts[late.key] == before.verdicts[late.key]
    assert after.verdicts[mine.key] == before.verdicts[mine.key]


def test_a_refusal_in_a_circle_reaches_the_step_of_the_author_that_it_names():
    """A member that takes the id of another's step draws no refusal onto the copy, or off its own,
    and a refusal without an author, or of the owner's own step, is not allowed.
    """
    circle = Circle(EVIDENCE, OWNER, OTHERS)
    asked = circle.act(OWNER, "duty", "ask", seats=("COA/adviser", "MOD/adviser"))
    circle.drain()
    real = circle.act(MOD, "adviser", "doubt", of=asked.step)
    copied = replace(real, author=COA, seat=Seat(COA, "adviser"), act="verify")
    circle.held[OWNER].append(copied)
    circle.drain(MOD, OWNER)
    for author, other in ((MOD, COA), (COA, MOD)):
        refused = circle.act(OWNER, "duty", "refuse", of=real.step, author=author)
        found = circle.stands(OWNER).verdicts
        assert found[refused.key].outcome is Outcome.COUNTED
        assert found[StepKey(author, real.step)].outcome is Outcome.REFUSED
        assert found[StepKey(other, real.step)].outcome is Outcome.COUNTED
        circle.held[OWNER].pop()
    for values in ({}, {"author": 7}, {"author": OWNER}):
        wrong = circle.act(OWNER, "duty", "refuse", of=asked.step, **values)
        assert circle.stands(OWNER).verdicts[wrong.key].outcome is Outcome.NOT_ALLOWED
    with pytest.raises(ValueError, match="names the author"):
        replace(EVIDENCE, acts=(*EVIDENCE.acts[:-1], Ruling(name="refuse")))


def test_steps_that_name_one_another_or_a_newer_version_wait_for_ever_and_harm_nothing():
    """A circle of names is no past; an act of a newer version is kept until this node knows it."""
    world = World(INFORMATION)
    world.drain()
    one = world.make(COA, COA, "accept", after=())
    two = world.make(COA, COA, "partial", after=(one.step,))
    one = one.told(one.release, (two.step,))
    newer = replace(world.make(COA, COA, "accept", after=()), version=2)
    unknown = world.make(COA, COA, "levitate", after=())
    strange = replace(world.make(COA, COA, "accept", after=()), author=MOD)
    world.held[COA, OWNER].entries += [one, two, newer, unknown, strange]
    standing = world.stands(COA, OWNER)
    waiting = {k for k, v in standing.verdicts.items() if v.outcome is Outcome.WAITING}
    assert waiting == {one.key, two.key, newer.key, unknown.key}
    assert standing.verdicts[strange.key].outcome is Outcome.NOT_ALLOWED
    assert standing.stage == "sent"


@pytest.mark.parametrize(
    "wrong",
    [
        {"stages": ("sent",)},
        {"stages": (*INFORMATION.stages, "sent")},
        {"settle": ""},
        {"settle": "accept"},
        {"rounds": EVIDENCE.rounds},
        {"turns": {"nowhere": ()}},
        {"falls_to": "nowhere"},
    ],
)
def test_a_declaration_that_contradicts_itself_is_not_loaded(wrong):
    """Whoever writes one is told at once what is wrong with it."""
    with pytest.raises(ValueError, match=r"."):
        replace(INFORMATION, **wrong)
