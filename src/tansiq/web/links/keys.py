"""Keys on a page: how ours stand, a notice to be taken, a lost node to be revoked."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.links import linking
from tansiq.desk.trust import papers
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, InputError, ParcelError, RefusedError
from tansiq.policy import mandate
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current


@require_http_methods(["GET", "POST"])
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Our keys and all revocations; a card, revocation or succession to be taken."""
    if request.method == "GET":
        return _page(request, seat, {})
    try:
        found = papers.bring(current().desk, seat.actor, _file(request))
    except FaultError as error:
        return _failed(request, seat, "notice", error)
    return HttpResponseRedirect(f"/links/keys?taken={'new' if found else 'known'}")


def _file(request: HttpRequest) -> bytes:
    file = request.FILES.get("notice")
    if file is None:
        raise InputError("file_absent", field="notice")
    if (file.size or 0) > BOUNDS.paper_bytes_max:
        raise ParcelError("paper_size", limit=BOUNDS.paper_bytes_max)
    return papers.as_handed(bytes(file.read()))


@require_POST
@signed_on
def revoke(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Revoke a key of our own party; the name of its node is typed, so that no click does it."""
    demand(mandate.may_do(seat.position.role, mandate.Act.SIGN_AGREEMENT))
    desk, public = current().desk, _public(str(request.POST.get("public", "")))
    try:
        named = [k for k in linking.key_page(desk, seat.viewer).own if k.public == public.hex()]
        if not named or str(request.POST.get("node", "")).strip() != named[0].node:
            raise InputError("revoke_name", field="node")
        papers.revoke_own(desk, seat.actor, public, _moment(str(request.POST.get("lost", ""))))
    except FaultError as error:
        return _failed(request, seat, "node", error)
    return HttpResponseRedirect("/links/keys")


def _moment(text: str) -> int:
    """When the node was lost, UTC; 0 where nobody knows."""
    if not text.strip():
        return 0
    try:
        found = datetime.fromisoformat(text.strip()[:32])
    except ValueError:
        raise InputError("time_form", field="lost") from None
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)


@require_POST
@signed_on
def pass_on(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Hand a revocation on to another partner."""
    public, party = str(request.POST.get("public", "")), str(request.POST.get("to", ""))
    papers.pass_on(current().desk, seat.actor, _public(public), party)
    return HttpResponseRedirect("/links/keys?taken=passed")


@require_GET
@signed_on
def download(request: HttpRequest, seat: Seat, public: str) -> HttpResponse:
    """A revocation as a file, for a stick."""
    demand(mandate.may_do(seat.position.role, mandate.Act.SEE_LINKS))
    key = _public(public)
    found = [item for item in papers.revocations(current().desk) if item.public == key]
    if not found:
        raise InputError("revoke_which")
    response = HttpResponse(found[0].paper, content_type="application/json")
    name = f"tansiq-notice-{found[0].party}-{found[0].node}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _public(text: str) -> bytes:
    try:
        return bytes.fromhex(text[:64])
    except ValueError:
        raise InputError("revoke_which") from None


def _failed(request: HttpRequest, seat: Seat, where: str, error: FaultError) -> HttpResponse:
    field = str(error.values.get("field", where))
    status = 403 if isinstance(error, RefusedError) else 422
    return _page(request, seat, {field: error.text(language_of(request))}, status)


def _page(
    request: HttpRequest, seat: Seat, errors: dict[str, str], status: int = 200
) -> HttpResponse:
    taken = str(request.GET.get("taken", ""))
    return render(
        request, "links/keys.html", status=status, errors=errors,
        keys=linking.key_page(current().desk, seat.viewer),
        chains=current().desk.identity.chains,
        taken=taken if taken in ("new", "known", "passed") else "",
        may_bring=bool(mandate.may_do(seat.position.role, mandate.Act.EXCHANGE)),
        may_sign=bool(mandate.may_do(seat.position.role, mandate.Act.SIGN_AGREEMENT)),
    )  # fmt: skip
