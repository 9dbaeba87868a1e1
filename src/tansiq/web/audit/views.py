"""The auditor's page: who looked at what, one record's life on one time line, and the check of the
chain. Every look at it is noted like any other.
"""

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.act.access import Deed
from tansiq.desk.proof import audit, evidence
from tansiq.desk.proof.audit import Filter
from tansiq.desk.records import read
from tansiq.domain.digits import whole_number
from tansiq.domain.errors import InputError
from tansiq.domain.parties import PartyCode, party_code
from tansiq.domain.tables import Table
from tansiq.policy import mandate
from tansiq.policy.seal import Released
from tansiq.web.audit import lists
from tansiq.web.shell.dates import typed_day
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, signed_on
from tansiq.web.shell.sections import word_of
from tansiq.web.shell.site import current

DAY_MS: Final = 86_400_000
_ASKED: Final = ("record", "position", "person", "act", "outside", "since", "until")
# What the access log calls a question, in the words of the interface.
_QUESTIONS: Final = {
    "q": "page.search", "severity": "field.severity", "category": "field.category",
    "record": "audit.record", "look": "audit.entry", "position": "audit.position",
    "person": "audit.person", "act": "audit.act", "since": "audit.since", "until": "audit.until",
    "outside": "audit.outside", "open": "asked.open", "show": "asked.show",
}  # fmt: skip


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The access log, or one record's time line, or one entry with all that it names."""
    return render(request, "audit/page.html", **_shown(request, seat))


def _shown(request: HttpRequest, seat: Seat) -> Context:
    desk = current().desk
    asked = _asked(request)
    wanted = _filter(request, asked)
    keys = audit.resolve(desk, seat.viewer, asked["record"]) if asked["record"] else []
    chosen = keys[0] if len(keys) == 1 else ""
    events = audit.timeline(desk, seat.viewer, chosen, wanted) if chosen else []
    found = None if asked["record"] else audit.access_rows(desk, seat.viewer, wanted)
    kept = {name: value for name, value in asked.items() if value}
    listed = (
        lists.events(seat.viewer, kept, events, len(events))
        if found is None
        else lists.looks(seat.viewer, kept, found.rows, found.total)
    )
    return {
        "table": listed,
        "asked": asked, "keys": keys, "chosen": chosen, "events": events,
        "total": len(events) if found is None else found.total,
        "looks": found, "look": _one(request, seat), "record": _opened(seat, chosen),
        "older": f"/audit?{urlencode({**kept, 'before': found.before})}" if found and found.before
        else "",
        "query": urlencode(kept), "kept": kept, "positions": desk.identity.positions,
        "word_of": word_of, "question_of": _QUESTIONS.get,
        "deeds": [deed.value for deed in Deed], "chain": None,
        "may_export": bool(mandate.may_do(seat.position.role, mandate.Act.EXPORT_EVIDENCE)),
    }  # fmt: skip


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: str(request.GET.get(name, "")).strip()[:100] for name in _ASKED}


def _filter(request: HttpRequest, asked: dict[str, str]) -> Filter:
    zone = current().zone
    since, until = asked["since"], asked["until"]
    return Filter(
        position=asked["position"], person=asked["person"], act=asked["act"],
        outside=asked["outside"] == "1",
        since=typed_day(since, zone, "since") if since else 0,
        until=typed_day(until, zone, "until") + DAY_MS if until else 0,
        before=whole_number(str(request.GET.get("before", ""))) or 0,
    )  # fmt: skip


def _one(request: HttpRequest, seat: Seat) -> audit.AccessRow | None:
    seq = whole_number(str(request.GET.get("look", "")))
    return None if seq is None else audit.access_row(current().desk, seat.viewer, seq)


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


def table(request: HttpRequest, seat: Seat, limit: int) -> Released[Table]:
    """What the page lists, from its top, for a way out."""
    shown, wanted = _shown(request, seat), replace(_filter(request, _asked(request)), before=0)
    if shown["looks"] is None:
        return lists.events(seat.viewer, shown["kept"], shown["events"][:limit], shown["total"])
    found = audit.access_rows(current().desk, seat.viewer, wanted, limit=limit)
    return lists.looks(seat.viewer, shown["kept"], found.rows, found.total)


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
