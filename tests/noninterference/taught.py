"""The chapter of training: how many were taught, what was lost and whom a party has to teach.

One course, one cohort and one session go to MOD and to JCC, and neither is told the room. Other
cohorts, other sessions of the same cohort, held and lost, and other instructors are hidden as a
whole: for another party alone, or above a low clearance; and with them every count, indicator, bar
and sum that would follow.
"""

from dataclasses import replace

from tansiq.desk.records import say
from tansiq.domain.labels import Label
from tansiq.domain.parties import Role
from tests.noninterference.story import ALL_READ, HIGH, MOD_READS, MPA_READS, Case, Story
from tests.world import CLEARED, to, uuid_of

VISIBLE = ("lesson", "class", "hours")
HIDDEN = tuple(
    f"{what} {who} 0"
    for who in ("jcc", "mod", "high")
    for what in ("class", "hours", "hours lost", "staff")
)


def _actor(story: Story):
    """A training manager who may read everything of the own party."""
    return replace(story.world.actor("MPA", CLEARED), role=Role.TRAINING_MANAGER)


def _write(story: Story, name: str, kind: str, body: dict, label: Label) -> str:
    draft = say.Draft(kind=kind, body=body, label=label)
    with story.world.names.under(name):
        return say.write(story.world.desk("MPA"), _actor(story), draft)


def _step(story: Story, name: str, act: str, **said) -> None:
    desk, actor = story.world.desk("MPA"), _actor(story)
    found = say.current(desk, actor, uuid_of(f"{name}/1"))
    with story.world.names.under(f"{name} {act}"):
        say.step(desk, actor, found.value.record, found.value.digest, act, said=said)


def _class(story: Story, code: str, text: str) -> dict:
    """A cohort; in which room it is taught is not told to partners."""
    room = "R1" if story.case in MPA_READS or not story.secret.extra else "R977"
    return {
        "about": uuid_of("lesson/1"), "code": code, "text": text, "mode": "in_person",
        "subject": "first_aid", "room": room, "first_day": "2020-12-06", "last_day": "2021-01-07",
        "days": 10, "days_done": 5, "places": 40,
        "internal": story.said("the hall is not paid", *MPA_READS),
    }  # fmt: skip


def _hours(text: str, days: int = 5) -> dict:
    return {"about": uuid_of("class/1"), "text": text, "first_day": "2020-12-06", "days": days}


def _beside(story: Story, name: str, label: Label) -> None:
    """What stands hidden beside the cohort that is seen: all of it would be counted."""
    hidden = _class(story, "HID-01", story.said(name)) | {"places": 77}
    _write(story, f"class {name}", "cohort", hidden, label)
    _step(story, f"class {name}", "call_off", reason_class="other", reason="x", decision="Order 9")
    _write(story, f"hours {name}", "session", _hours(story.said(name)), label)
    _step(story, f"hours {name}", "hold_session", attended=977)
    lost = f"hours lost {name}"
    _write(story, lost, "session", _hours(story.said(name), days=7), label)
    _step(story, lost, "lose_session", reason_class="security")
    pool = {"subject": "first_aid", "language": "ar", "of": "nl", "count": 97}
    _write(story, f"staff {name}", "instructors", pool, label)


def lessons(story: Story) -> None:
    """One cohort that both see; what they must not see stands beside it."""
    both, high = to("MOD", "JCC"), to("MOD", "JCC", classification=HIGH)
    course = {"code": "C-1", "text": story.said("First aid", *ALL_READ), "family": "medical",
              "subject": "first_aid", "days": 10}  # fmt: skip
    _write(story, "lesson", "course", course, both)
    _write(story, "class", "cohort", _class(story, "K-1", story.said("Class", *ALL_READ)), both)
    _write(story, "hours", "session", _hours(story.said("Bleeding", *ALL_READ)), both)
    for name, cases, label in (
        ("jcc", MOD_READS, to("JCC")),
        ("mod", (Case.THIRD,), to("MOD")),
        ("high", MPA_READS, high),
    ):
        for n in story.hidden(*cases):
            _beside(story, f"{name} {n}", label)
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
    _step(story, "hours", "hold_session", attended=150)
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
