"""The auditor's page: who looked at what, one record's life on one time line, and the check of the
chain. Every look at it is noted like any other.
"""

import csv
import io
import re
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.act.access import Deed
from tansiq.desk.proof import audit, evidence
from tansiq.desk.proof.audit import Event, Filter
from tansiq.desk.records import read
from tansiq.domain.errors import InputError
from tansiq.domain.parties import PartyCode, party_code
from tansiq.policy import mandate
from tansiq.web.shell import access
from tansiq.web.shell.dates import typed_day
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, signed_on
from tansiq.web.shell.site import current

DAY_MS: Final = 86_400_000
TABLE_ROWS_MAX: Final = 20_000
_ASKED: Final = ("record", "position", "person", "act", "outside", "since", "until")
# What the access log calls a page and a question, in the words of the interface. Whatever follows a
# hyphen is a part of that page.
_PLACES: Final = {
    "log": "section.log", "incidents": "section.incidents", "incident": "section.incidents",
    "map": "section.map", "inbox": "section.inbox", "approvals": "section.approvals",
    "approval": "section.approvals", "holdings": "section.holdings", "links": "section.links",
    "link": "section.links", "audit": "section.audit", "record": "place.record",
    "release": "place.release", "recall": "place.recall", "reply": "place.reply",
    "evidence": "place.evidence",
}  # fmt: skip
_QUESTIONS: Final = {
    "q": "page.search", "severity": "field.severity", "category": "field.category",
    "record": "audit.record", "look": "audit.entry", "position": "audit.position",
    "person": "audit.person", "act": "audit.act", "since": "audit.since", "until": "audit.until",
    "outside": "audit.outside", "open": "asked.open", "show": "asked.show",
}  # fmt: skip
_FORMULA: Final = re.compile(r"[\t\r]|\s*[=+@-]")


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The access log, or one record's time line, or one entry with all that it names."""
    return render(request, "audit/page.html", **_shown(request, seat))


def _shown(request: HttpRequest, seat: Seat) -> Context:
    desk = current().desk
    asked = {name: str(request.GET.get(name, "")).strip()[:100] for name in _ASKED}
    wanted = _filter(request, asked)
    keys = audit.resolve(desk, seat.viewer, asked["record"]) if asked["record"] else []
    chosen = keys[0] if len(keys) == 1 else ""
    events = audit.timeline(desk, seat.viewer, chosen, wanted) if chosen else []
    found = None if asked["record"] else audit.looks(desk, seat.viewer, wanted)
    kept = {name: value for name, value in asked.items() if value}
    return {
        "asked": asked, "keys": keys, "chosen": chosen, "events": events[:TABLE_ROWS_MAX],
        "total": len(events) if found is None else found.total,
        "looks": found, "look": _one(request, seat), "record": _opened(seat, chosen),
        "older": f"/audit?{urlencode({**kept, 'before': found.before})}" if found and found.before
        else "",
        "query": urlencode(kept), "kept": kept, "positions": desk.identity.positions,
        "place_of": place_of, "question_of": _QUESTIONS.get,
        "deeds": [deed.value for deed in Deed], "chain": None,
        "may_export": bool(mandate.may_do(seat.position.role, mandate.Act.EXPORT_EVIDENCE)),
    }  # fmt: skip


def place_of(place: str) -> str | None:
    """The word for a page that the access log names; None for what is no page."""
    return _PLACES.get(place.partition("-")[0])


def _filter(request: HttpRequest, asked: dict[str, str]) -> Filter:
    zone = current().zone
    before = str(request.GET.get("before", ""))[:15]
    since, until = asked["since"], asked["until"]
    return Filter(
        position=asked["position"], person=asked["person"], act=asked["act"],
        outside=asked["outside"] == "1",
        since=typed_day(since, zone, "since") if since else 0,
        until=typed_day(until, zone, "until") + DAY_MS if until else 0,
        before=int(before) if before.isascii() and before.isdecimal() else 0,
    )  # fmt: skip


def _one(request: HttpRequest, seat: Seat) -> audit.Look | None:
    seq = str(request.GET.get("look", ""))[:15]
    if not (seq.isascii() and seq.isdecimal()):
        return None
    return audit.look(current().desk, seat.viewer, int(seq))


def _opened(seat: Seat, key: str) -> read.View | None:
    """The record itself, if the auditor may read it."""
    owner, _, record = key.partition("/")
    try:
        return read.record(current().desk, seat.viewer, owner, record) if key else None
    except InputError:
        return None


@require_POST
@signed_on
def verify(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Check the chain now."""
    chain = audit.verify(current().desk, seat.viewer)
    return render(request, "audit/page.html", **{**_shown(request, seat), "chain": chain})


@require_GET
@signed_on
def table(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the page shows, for a spreadsheet; a cell that looks like a formula is text."""
    shown = _shown(request, seat)
    rows = _event_rows(shown["events"]) if shown["chosen"] else _look_rows(request, seat, shown)
    access.note(request, seat, {}, hits=len(rows) - 1)
    out = io.StringIO()
    csv.writer(out).writerows([[_cell(value) for value in row] for row in rows])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _event_rows(events: list[Event]) -> list[list[object]]:
    head: list[object] = ["at", "act", "party", "position", "person", "to", "note"]
    return [head] + [[e.at, e.act, e.party, e.position, e.person, e.to, e.note] for e in events]


def _look_rows(request: HttpRequest, seat: Seat, shown: Context) -> list[list[object]]:
    wanted = replace(_filter(request, shown["asked"]), before=0)
    found = audit.looks(current().desk, seat.viewer, wanted, limit=TABLE_ROWS_MAX)
    head: list[object] = [
        "entry", "at", "act", "position", "person", "place", "asked", "hits", "records"
    ]  # fmt: skip
    return [head] + [
        [
            look.seq + 1, look.at, look.act, look.position, look.person, look.place,
            " ".join(f"{name}={value}" for name, value in look.asked), look.hits,
            " ".join(look.items),
        ]
        for look in found.rows
    ]  # fmt: skip


def _cell(value: object) -> str:
    text = str(value)
    number = text.lstrip("-").isdecimal()
    return f"'{text}" if _FORMULA.match(text) and not number else text


@require_POST
@signed_on
def evidence_file(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Evidence of a record's life, for whoever may hand it out."""
    desk, to = current().desk, str(request.POST.get("partner", ""))
    data = evidence.make(
        desk, seat.actor, owner, str(record), card=current().settings.card,
        own=request.POST.get("own") == "1", to=PartyCode(party_code(to)) if to else "",
    )  # fmt: skip
    response = HttpResponse(data, content_type="application/zip")
    name = f"evidence-{owner}-{record}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
