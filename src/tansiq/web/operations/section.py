"""The section of operations: planned activities and the meetings of two that meet, safety messages
and medical evacuations, the reviews that begin with one, protected sites, lines, joint
operations and lessons.
"""

from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.records import inbox
from tansiq.desk.records.read import Query
from tansiq.domain.parties import Viewer
from tansiq.web.operations import (
    activities,
    joint,
    lessons,
    lines,
    medevac,
    meetings,
    named,
    neighbours,
    safety,
    sealed,
    sites,
)
from tansiq.web.records import writing
from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.home import Home, Panel
from tansiq.web.shell.listing import pages, parts
from tansiq.web.shell.sections import Entry, Group, Key, Number, Section, Where, of_position

_ACTIVITIES: Final = Home(
    name="activities", kind="planned_activity", section="activities", new="/activities/new",
    new_word="planned_activity.new",
    panel=Panel(
        template="operations/_activity.html", make=activities.panel, fields=activities.FIELDS,
        shows=frozenset({"meeting"}),
    ),
    first=neighbours.FIRST,
)  # fmt: skip
_SAFETY: Final = Home(
    name="safety", kind="safety_message", section="safety", new="/safety/new",
    new_word="safety.new", none="safety.none", none_text="safety.none_text",
    panel=Panel(template="operations/_safety.html", make=safety.panel, tells_case=True),
)  # fmt: skip
_MEDEVAC: Final = Home(
    name="medevac", kind="medevac", section="medevac", new="/medevac/new",
    new_word="medevac.new", none="medevac.none", none_text="medevac.none_text",
    panel=Panel(
        template="operations/_medevac.html", make=medevac.panel, tells_case=True,
        fields=medevac.FIELDS,
        paper="operations/_medevac_paper.html",
    ),
)  # fmt: skip
_CROSSINGS: Final = Home(
    name="crossings", kind="crossing", section="crossings", none="crossing.none",
    none_text="crossing.none_text",
)  # fmt: skip
_REVIEWS: Final = Home(
    name="reviews", kind="after_action", section="reviews", new="/reviews/new",
    new_word="review.new",
    panel=Panel(template="operations/_review.html", make=safety.made_with),
)  # fmt: skip
_LESSONS: Final = Home(
    name="lessons", kind="lesson", section="lessons", new="/lessons/new", new_word="lesson.new",
    figures=lessons.MEASURE,
    panel=Panel(
        template="operations/_lesson.html", make=lessons.panel, fields=lessons.FIELDS
    ),
)  # fmt: skip


def _ours(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many safety messages wait for an act of ours."""
    return inbox.unread_count(desk, viewer, most, Query(kinds=("safety_message",)))


def _evacuations(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many evacuations wait for an act of ours."""
    return inbox.unread_count(desk, viewer, most, Query(kinds=("medevac",)))


def _to_agree(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many coordination lines wait for an act of ours."""
    return inbox.unread_count(desk, viewer, most, Query(kinds=("coordination_line",)))


def _to_confirm(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many protected sites wait for an act of ours."""
    return inbox.unread_count(desk, viewer, most, Query(kinds=("protected_site",)))


def _to_say(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many joint operations and passages wait for an act of ours."""
    kinds = ("joint_operation", "operation_part", "passage")
    return inbox.unread_count(desk, viewer, most, Query(kinds=kinds))


SECTION: Final = Section(
    name="operations",
    word="section.safety",
    addresses=(
        page("activities/new", writing.new, "planned_activity-new", word="section.activities",
             given={"kind": "planned_activity"}),
        *pages(_ACTIVITIES),
        page("meetings/open/<uuid:record>", meetings.open_one, "meeting-open",
             word="section.meetings"),
        page("meetings/<str:owner>/<uuid:record>/propose", meetings.propose, "meeting-propose",
             word="section.meetings"),
        page("meetings/<str:owner>/<uuid:record>/agree", meetings.agree, "meeting-agree",
             word="section.meetings"),
        page("meetings/<str:owner>/<uuid:record>/settle", meetings.settle, "meeting-settle",
             word="section.meetings"),
        *pages(meetings.HOME),
        page("sealed", sealed.page, "sealed", word="section.sealed"),
        page("sealed/<uuid:record>/ask", sealed.ask, "sealed-ask", word="section.sealed"),
        page("sealed/<uuid:record>/agreed", sealed.agreed, "sealed-agreed",
             word="section.sealed"),
        page("sealed/<uuid:record>/opened", sealed.opened, "sealed-opened",
             word="section.sealed"),
        page("safety/new", safety.new, "safety-new", word="safety.new"),
        page("safety/<str:owner>/<uuid:record>/read-back", safety.read_back, "safety-read-back"),
        page("safety/<uuid:record>/called", safety.called, "safety-called"),
        page("safety/<uuid:record>/stand-down", safety.stand_down, "safety-stand-down"),
        page("safety/<uuid:record>/follow-up", safety.follow_up, "safety-follow-up"),
        part("safety/sites", named.part, "safety-sites", word="safety.new"),
        *pages(_SAFETY),
        page("medevac/new", medevac.new, "medevac-new", word="medevac.new"),
        page("medevac/<uuid:record>/offer", medevac.offer_again, "medevac-offer"),
        page("medevac/<str:owner>/<uuid:record>/crossing", medevac.crossing, "medevac-crossing"),
        page("medevac/<uuid:record>/follow-up", medevac.follow_up, "medevac-follow-up"),
        *pages(_MEDEVAC),
        *pages(_CROSSINGS),
        page("reviews/new", writing.new, "review-new", word="section.reviews",
             given={"kind": "after_action"}),
        *pages(_REVIEWS),
        page("sites/new", writing.new, "site-new", word="section.sites",
             given={"kind": "protected_site"}),
        page("sites/<uuid:record>/verify", sites.verify, "site-verify", word="section.sites"),
        page("sites/<uuid:record>/notify", sites.notify, "site-notify", word="section.sites"),
        page("sites/<str:owner>/<uuid:record>/confirm", sites.confirm, "site-confirm",
             word="section.sites"),
        page("lines/new", writing.new, "line-new", word="section.lines",
             given={"kind": "coordination_line"}),
        page("lines/<uuid:record>/put", lines.put, "line-put", word="section.lines"),
        page("lines/<str:owner>/<uuid:record>/answer", lines.answer, "line-answer",
             word="section.lines"),
        page("lines", lines.page, "lines", word="section.lines", lists=True),
        *parts(lines.HOME, lines.of_rows),
        page("sites", sites.page, "sites", word="section.sites", lists=True),
        *parts(sites.HOME, sites.of_rows),
        page("joint/new", writing.new, "joint-new", word="section.joint",
             given={"kind": "joint_operation"}),
        page("joint/<uuid:record>/go-on", joint.go_on, "joint-go-on", word="section.joint"),
        page("joint/<str:owner>/<uuid:record>/answer", joint.answer, "joint-answer",
             word="section.joint"),
        page("joint/<str:owner>/<uuid:record>/review", joint.review, "joint-review",
             word="section.joint"),
        *pages(joint.HOME),
        page("parts/new", writing.new, "part-new", word="section.parts",
             given={"kind": "operation_part"}),
        *pages(joint.PARTS),
        page("passages/new", writing.new, "passage-new", word="section.passages",
             given={"kind": "passage"}),
        *pages(joint.PASSAGES),
        page("lessons/new", writing.new, "lesson-new", word="section.lessons",
             given={"kind": "lesson"}),
        page("lessons/measure", lessons.measure, "lessons-measure", word="lesson.measure"),
        page("lessons/<uuid:record>/go-on", lessons.go_on, "lesson-go-on"),
        *pages(_LESSONS),
    ),
    homes=(
        _ACTIVITIES, meetings.HOME, _SAFETY, _MEDEVAC, _CROSSINGS, _REVIEWS, sites.HOME,
        lines.HOME, joint.HOME, joint.PARTS, joint.PASSAGES, _LESSONS,
    ),
    entries=(
        Entry(name="activities", path="/activities", group=Group.WATCH),
        Entry(name="meetings", path="/meetings", group=Group.WATCH,
              count=of_position(meetings.ours), loud="urgent"),
        Entry(name="safety", path="/safety", group=Group.WATCH, count=of_position(_ours),
              loud="flash"),
        Entry(name="medevac", path="/medevac", group=Group.WATCH, count=of_position(_evacuations),
              loud="flash"),
        Entry(name="crossings", path="/crossings", group=Group.WATCH),
        Entry(name="joint", path="/joint", group=Group.WATCH, count=of_position(_to_say),
              loud="urgent"),
        Entry(name="passages", path="/passages", group=Group.WATCH),
        Entry(name="sealed", path="/sealed", group=Group.WATCH),
        Entry(name="reviews", path="/reviews", group=Group.WATCH),
        Entry(name="lines", path="/lines", group=Group.WATCH, count=of_position(_to_agree),
              loud="urgent"),
        Entry(name="sites", path="/sites", group=Group.WATCH, count=of_position(_to_confirm),
              loud="urgent"),
        Entry(name="lessons", path="/lessons", group=Group.WATCH),
    ),
    numbers=(
        Number(kind="safety_message", loud="flash"),
        Number(kind="medevac", loud="flash"),
        Number(kind="meeting", loud="urgent"),
        Number(kind="planned_activity", tab="under_way"),
        Number(kind="planned_activity"),
        Number(kind="coordination_line"),
        Number(kind="protected_site"),
        Number(kind="protected_site", tab="due_sites", loud="urgent"),
        Number(kind="after_action"),
        Number(kind="lesson"),
    ),
    keys=(
        Key(names=("G",), word="act.give_back_booking", where=Where.RECORD),
        Key(names=("M",), word="act.open_meeting", where=Where.RECORD),
        Key(names=("K",), word="sealed.check", where=Where.RECORD),
        Key(names=("X",), word="site.in_danger", where=Where.RECORD),
        Key(names=("F7",), word="medevac.new", opens="/medevac/new", writes="medevac"),
        Key(names=("F10",), word="safety.new", opens="/safety/new", writes="safety_message"),
    ),
)  # fmt: skip
