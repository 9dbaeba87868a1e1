"""The release panel: to whom, by which rule, what is hidden, and exactly what the partner reads.

What leaves is what the preview showed: the form carries a mark of the preview, and a choice that
was changed since then is shown again before it can be released.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from tansiq.desk.act.desk import demand
from tansiq.desk.records import read
from tansiq.desk.records.read import View
from tansiq.desk.release import offers, releasing
from tansiq.desk.release.offers import Offer
from tansiq.desk.release.proposing import Preview
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import Grain
from tansiq.domain.wording import LANGUAGES, direction
from tansiq.policy import mandate
from tansiq.web.releases.inference import inferences
from tansiq.web.shell.page import fragment, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

RECEIVED: Final = "records/_received.html"
NONE: Final = frozenset[str]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What stands chosen in the panel."""

    to: PartyCode
    rule: str
    hide: frozenset[str]
    grain: Grain
    language: str
    loosen: bool

    def wish(self, record: str) -> releasing.Wish:
        """The release that it asks for."""
        return releasing.Wish(
            record=record, to=self.to, rule=self.rule, hide=self.hide, grain=self.grain,
            loosen=self.loosen,
        )  # fmt: skip

    def query(self) -> str:
        """Its address form."""
        pairs = [("to", str(self.to)), ("rule", self.rule)]
        pairs += [("hide", name) for name in sorted(self.hide)]
        pairs += [("grain", self.grain.value), ("preview_lang", self.language)]
        pairs += [("loosen", "1")] if self.loosen else []
        return urlencode(pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A preview's page: its language and direction, the markup that the partner gets, and the view
    of which it is made.
    """

    language: str
    direction: str
    markup: Markup
    view: View


@require_http_methods(["GET", "POST"])
@signed_on
def page(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """The panel; a POST prepares the release that stands in the preview."""
    demand(mandate.may_do(seat.position.role, mandate.Act.PREPARE_RELEASE))
    view = read.record(current().desk, seat.viewer, owner, str(record))
    if view.value.received is not None:
        raise RefusedError(Refused("release_foreign"))
    found = offers.offers(current().desk, seat.actor, str(record))
    given = request.POST if request.method == "POST" else request.GET
    choice = _chosen(given, view, found, language_of(request))
    if request.method == "POST":
        return _prepare(request, seat, view, found, choice)
    return _page(request, seat, view, found, choice)


def _chosen(given: QueryDict, view: View, found: list[Offer], language: str) -> Choice | None:
    """The choice in the address or the form: None until a person chose the party; what else is
    missing is filled with the most cautious.
    """
    party = str(given.get("to", ""))
    if not found or not party:
        return None
    offer = next((offer for offer in found if offer.party == party), None)
    if offer is None:
        raise InputError("party_unknown", field="to")
    rule = str(given.get("rule", ""))
    tongue = str(given.get("preview_lang", ""))
    grain = str(given.get("grain", ""))
    names = {field.name for field in kind_named(view.value.kind).fields}
    return Choice(
        to=offer.party,
        rule=rule if rule in {r.name for r in offer.rules} else offer.rule,
        hide=frozenset(str(name) for name in given.getlist("hide")) & names,
        grain=Grain(grain) if grain in set(Grain) else Grain.EXACT,
        language=tongue if tongue in LANGUAGES else language,
        loosen=given.get("loosen") == "1",
    )


def _prepare(
    request: HttpRequest, seat: Seat, view: View, found: list[Offer], choice: Choice | None
) -> HttpResponse:
    if choice is None:
        raise InputError("party_unchosen", field="to")
    address = f"/record/{view.value.owner}/{view.value.record}"
    if not choice.rule:
        return _page(request, seat, view, found, choice, status=403)
    if request.POST.get("act") != "release":
        return HttpResponseRedirect(f"{address}/release?{choice.query()}")
    wish, seen = choice.wish(view.value.record), str(request.POST.get("seen", ""))
    if request.POST.get("sure") != choice.to and _asks_once_more(seat, choice, wish):
        asked = InputError("party_first", field="sure").text(language_of(request))
        return _page(request, seat, view, found, choice, status=422, error=asked, at="sure")
    try:
        releasing.prepare(current().desk, seat.actor, wish, seen=seen)
    except RefusedError as refused:
        if refused.code == "preview_changed":
            return HttpResponseRedirect(f"{address}/release?{choice.query()}&changed=1")
        reason = refused.text(language_of(request))
        return _page(request, seat, view, found, choice, status=403, error=reason)
    return HttpResponseRedirect(address)


def _asks_once_more(seat: Seat, choice: Choice, wish: releasing.Wish) -> bool:
    """Whether the party has to be confirmed: what may leave is the first thing that this person
    releases to it.
    """
    desk, actor = current().desk, seat.actor
    first = offers.is_first(desk, actor, choice.to)
    return first and bool(releasing.preview(desk, actor, wish).decision)


def _grain(choice: Choice, look: Preview) -> Grain:
    """How coarse the place leaves: as the person chose, or as the rule asks where that is more."""
    return max(choice.grain, look.rule.grain, key=lambda grain: grain.rank)


def _page(
    request: HttpRequest, seat: Seat, view: View, found: list[Offer], choice: Choice | None, *,
    status: int = 200, error: str = "", at: str = "rules",
) -> HttpResponse:  # fmt: skip
    desk, language = current().desk, language_of(request)
    offer = next((o for o in found if choice and o.party == choice.to), None)
    sent = [
        item
        for item in read.releases_of(desk, seat.viewer, view.value.record)
        if choice and item.party == choice.to
    ]
    context: dict[str, Any] = {
        "view": view, "offers": found, "offer": offer, "choice": choice, "look": None,
        "changed": request.GET.get("changed") == "1",
        "errors": {at: error} if error else {},
        "first": choice is not None and offers.is_first(desk, seat.actor, choice.to),
        "releases": sent,
        "again": any(x.edition == view.value.ordinal and not x.gone for x in sent),
        "refusal": offer.decision.text(language) if offer and not offer.decision else "",
    }  # fmt: skip
    if choice is not None and choice.rule:
        look = releasing.preview(desk, seat.actor, choice.wish(view.value.record))
        context |= _previewed(view, choice, look)
        context["refusal"] = "" if look.decision else look.decision.text(language)
    return render(request, "releases/panel.html", status=status, **context)


def _previewed(view: View, choice: Choice, look: Preview) -> dict[str, Any]:
    rule = look.rule
    return {
        "look": look,
        "frame": framed(look.shown, look.files, choice.language),
        "seen": look.digest,
        "may_hide": _may_hide(view, choice, look),
        "grains": [grain for grain in Grain if grain.rank >= rule.grain.rank],
        "grain": _grain(choice, look),
        "inferences": inferences(view, look.shown, look.hidden, look.files),
        "languages_shown": LANGUAGES,
        "held": look.due > current().desk.clock.now(),
    }


def framed(
    shown: View, attachments: tuple[View, ...], language: str, *, unseen: frozenset[str] = NONE
) -> Frame:
    """The partner's page of a release: the very fragment that its own record page shows. Raises
    RefusedError where it does not show all that would leave, but for fields ``unseen`` by who may
    not decide for that reason: nobody releases blindly.
    """
    text = fragment(RECEIVED, language, view=shown, attachments=list(attachments))
    if any(f'data-field="{name}"' not in text for name in shown.value.body.keys() - unseen):
        raise RefusedError(Refused("preview_incomplete"))
    # Rendered, and so escaped, by the same guarded template as the record page.
    markup = Markup(text)  # noqa: S704
    return Frame(
        language=language, direction=direction(language), markup=markup, view=shown
    )  # fmt: skip


def _may_hide(view: View, choice: Choice, look: Preview) -> list[Field]:
    """The filled fields that a person may still hide, or has hidden."""
    kind, rule = kind_named(view.value.kind), look.rule
    kept = kind.always_below() | view.value.tear | rule.hide
    leaving = look.shown.value.body
    return [
        field
        for field in kind.fields
        if field.name not in kept
        and (field.name in leaving or field.name in choice.hide & set(view.value.body))
        and field.type is not Type.RECORD
    ]
