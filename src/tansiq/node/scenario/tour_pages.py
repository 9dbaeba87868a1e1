"""The demo's first page, served by its nodes beside their own pages: the way through the year, and
a link a step that signs on there with the sample's passphrase.

Only a node of the demo has these two addresses: ``child`` serves it with this module's routes. All
that they show is the scenario's own words, the same for everybody.
"""

from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_GET

from tansiq.domain.errors import RefusedError
from tansiq.node.founding import Node
from tansiq.node.scenario import nodes, tour
from tansiq.node.scenario.cast import PARTIES, passphrase_of
from tansiq.node.scenario.nodes import Demo
from tansiq.node.scenario.tour import START, Named
from tansiq.web import urls
from tansiq.web.accounts import proving
from tansiq.web.accounts.service import SignOn
from tansiq.web.accounts.sessions import Stage, sits
from tansiq.web.accounts.views import local
from tansiq.web.shell.page import not_found, render
from tansiq.web.shell.site import current

_OPEN: Final = f"{START}/open"


class _Way(NamedTuple):
    """The demo to which this node belongs, and where its records are."""

    demo: Demo
    named: Named


_way: list[_Way] = []


def use(node: Node) -> None:
    """Lead through the demo in whose folder this node lies. Raises StoreError, InputError."""
    folder = node.settings.folder.parent
    demo = nodes.opened(folder, None)
    assert demo is not None
    _way[:] = [_Way(demo, tour.read_names(folder))]


def _opens(party: str, person: str, position: str, to: str) -> str:
    asked = urlencode({"person": person, "position": position, "to": to})
    return f"{_way[0].demo.address(party)}{_OPEN}?{asked}"


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The way: chapters, their steps, and after them every desk of every node."""
    named = _way[0].named
    chapters = [
        {"name": chapter.name, "steps": [
            {"name": step.name, "party": step.party, "position": step.position,
             "address": _opens(step.party, step.person, step.position, step.address(named))}
            for step in chapter.steps
        ]}
        for chapter in tour.chapters()
    ]  # fmt: skip
    desks = [
        {"party": plan.code, "seats": [
            {"position": position.code, "person": person, "passphrase": passphrase_of(person),
             "address": _opens(plan.code, person, position.code, "/")}
            for person, posts in plan.people.items()
            for position in plan.positions if position.code in posts
        ]}
        for plan in PARTIES.values()
    ]  # fmt: skip
    names = {
        plan.code: {"party": plan.names, **{one.code: one.names for one in plan.positions}}
        for plan in PARTIES.values()
    }
    return render(
        request, "demo/start.html", seat=None, chapters=chapters, desks=desks, names=names
    )  # fmt: skip


@require_GET
def take_seat(request: HttpRequest) -> HttpResponse:
    """Sit down at a desk of this node: the sign-on of its form, with the passphrase that the first
    page shows. A page of somebody else's site cannot make a browser do so.
    """
    person, position = request.GET.get("person", ""), request.GET.get("position", "")
    ours = position in PARTIES[current().desk.me].people.get(person, ())
    if not ours or request.headers.get("Sec-Fetch-Site") == "cross-site":
        return not_found(request)
    to, here = local(request.GET.get("to", "/")), sits(request)
    if here and (here.stage, here.person, here.position) == (Stage.OPEN, person, position):
        return HttpResponseRedirect(to)
    asked = SignOn(position=position, person=person, passphrase=passphrase_of(person))
    try:
        way = proving.by_passphrase(request, asked)
    except RefusedError:  # somebody who tries the demo has changed it
        return HttpResponseRedirect(
            f"/sign-on?{urlencode({'person': person, 'position': position})}"
        )
    return HttpResponseRedirect(to if way == "/" else way)


urlpatterns = [
    *urls.urlpatterns,
    path(START[1:], start, name="demo"),
    path(_OPEN[1:], take_seat, name="demo-open"),
]
handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500
