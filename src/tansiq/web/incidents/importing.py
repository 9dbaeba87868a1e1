"""Incidents from a table that somebody brings: what each column is taken for is shown with the
first rows, may be changed and kept for the next table of that shape; then its rows are imported.
"""

import base64
import binascii
import hashlib
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from tansiq.desk.act.access import AccessEntry, Deed
from tansiq.desk.records import importing
from tansiq.desk.records.imported import ImportOptions, Looked, Rejection, Sure, Tables
from tansiq.domain.errors import InputError
from tansiq.domain.labels import Label
from tansiq.domain.parties import Classification
from tansiq.domain.search import normalise
from tansiq.domain.typed_times import DayOrder
from tansiq.web.accounts.models import KeptColumns
from tansiq.web.shell.given_sheet import BYTES_MAX, given_sheet
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

PATH: Final = "/incidents/import"
KEPT_MAX: Final = 50
FAULTS_SHOWN: Final = 100
_NAME_MAX: Final = 60
_COLUMNS_MAX: Final = 300
_NUMBERS: Final = ("added", "changed", "unchanged", "rejected")
_PAGE: Final = "incidents/import.html"


@require_http_methods(["GET", "POST"])
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Choose a file; then look at it, as often as one likes; then take it."""
    importing.demand_import(seat.actor)
    tables, language = current().settings.tables, language_of(request)
    if tables is None:
        raise InputError("record_absent")
    if request.method == "GET":
        done = {name: request.GET.get(name, "") for name in _NUMBERS}
        whole = all(one.isascii() and one.isdigit() and len(one) < 8 for one in done.values())
        counts = {name: int(text) for name, text in done.items()} if whole else {}
        return _drawn(request, tables, imported=counts)
    if "forget" in request.POST:
        KeptColumns.objects.filter(pk=_number(request.POST["forget"])).delete()
        return HttpResponseRedirect(PATH)
    try:
        return _answered(request, seat, tables)
    except InputError as error:
        return _drawn(request, tables, status=422, fault=error.text(language))


def _answered(request: HttpRequest, seat: Seat, tables: Tables) -> HttpResponse:
    """Looked at, or taken. Raises InputError for what is no table."""
    desk, file, options = current().desk, _file(request), _options(request)
    looked = tables.look(desk, seat.actor, file, options)
    used = None
    if options.columns is None and not looked.form:
        used = KeptColumns.objects.filter(headers=_shape(looked)).order_by("-pk").first()
        if used is not None:
            options = _options(request, used)
            looked = tables.look(desk, seat.actor, file, options)
    fault = ""
    if request.POST.get("do") == "keep":
        fault = _keep(request, looked, options)
    if request.POST.get("do") == "take" and looked.report is not None:
        report = tables.take(desk, seat.actor, file, options)
        desk.access.note(
            AccessEntry(
                deed=Deed.IMPORTED, place="incident-import", position=seat.actor.position,
                person=seat.actor.person,
            )
        )  # fmt: skip
        counts = (report.added, report.changed, report.unchanged, report.rejected_count)
        told = "&".join(f"{n}={c}" for n, c in zip(_NUMBERS, counts, strict=True))
        return HttpResponseRedirect(f"{PATH}?{told}")
    return _drawn(
        request, tables, status=422 if looked.stop or fault else 200, looked=looked,
        options=options, fault=fault, used=used.name if used else "", name=file[0],
        data=base64.b64encode(file[1]).decode("ascii"), faults=_faults(looked, options.language),
    )  # fmt: skip


def _file(request: HttpRequest) -> tuple[str, bytes]:
    """The file that was just chosen, or that the page brings back. Raises InputError."""
    if "data" not in request.POST:
        data, file = given_sheet(request), request.FILES["sheet"]
        return str(getattr(file, "name", ""))[:_NAME_MAX], data
    try:
        data = base64.b64decode(request.POST["data"][: BYTES_MAX * 2], validate=True)
    except (binascii.Error, ValueError):
        raise InputError("file_absent", field="sheet") from None
    if len(data) > BYTES_MAX:
        raise InputError("catalogue_size", limit=BYTES_MAX // 1_000)
    return request.POST.get("name", "")[:_NAME_MAX], data


def _options(request: HttpRequest, used: KeptColumns | None = None) -> ImportOptions:
    """What was chosen, of what can be chosen: anything else is as if nothing were."""
    known = set(_tables().columns)
    columns = None
    if used is not None:
        columns = tuple(used.columns.split(","))
    elif "column" in request.POST:
        chosen = request.POST.getlist("column")[:_COLUMNS_MAX]
        columns = tuple(one if one in known else "" for one in chosen)
    dates = request.POST.get("dates", "") or (used.dates if used else "")
    classes = {one.value: one for one in Classification}
    chosen_class = classes.get(request.POST.get("class", ""), Label().classification)
    return ImportOptions(
        label=Label(classification=chosen_class),
        language=language_of(request),
        zone=current().zone,
        dates=DayOrder(dates) if dates in set(DayOrder) else None,
        sure=frozenset(one for one in Sure if one.value in request.POST.getlist("sure")),
        columns=columns,
    )


def _tables() -> Tables:
    tables = current().settings.tables
    assert tables is not None
    return tables


def _shape(looked: Looked) -> str:
    told = "\n".join(normalise(one) for one in looked.headers)
    return hashlib.sha256(told.encode("utf-8")).hexdigest()


def _keep(request: HttpRequest, looked: Looked, options: ImportOptions) -> str:
    """Keep the columns under a name, which another set of that name gives up; why not, or ""."""
    name = " ".join(request.POST.get("keep", "").split())[:_NAME_MAX]
    if not name:
        return InputError("kept_columns_name").text(options.language)
    others = KeptColumns.objects.exclude(name=name)
    if others.count() >= KEPT_MAX:
        return InputError("kept_columns_full", limit=KEPT_MAX).text(options.language)
    KeptColumns.objects.update_or_create(
        name=name,
        defaults={
            "headers": _shape(looked), "columns": ",".join(looked.taken),
            "dates": options.dates.value if options.dates else "",
        },
    )  # fmt: skip
    return ""


def _faults(looked: Looked, language: str) -> list[tuple[int, str]]:
    """The rows that cannot be used, and why; what the page itself asks is said without a verb."""
    rejected = looked.report.rejected[:FAULTS_SHOWN] if looked.report else ()
    return [(one.row, _said(one, language)) for one in rejected]


def _said(one: Rejection, language: str) -> str:
    return str(one.values["doubt"]) if one.code == "import_doubt" else one.text(language)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _drawn(
    request: HttpRequest, tables: Tables, *, status: int = 200, **more: object
) -> HttpResponse:
    plain: Context = {"looked": None, "options": None, "fault": "", "used": "", "name": "",
             "data": "", "faults": [], "imported": {}}  # fmt: skip
    kept = [(one.pk, one.name) for one in KeptColumns.objects.order_by("name")[:KEPT_MAX]]
    columns = {name: text.of(language_of(request)) for name, text in tables.columns.items()}
    shown: Context = {**plain, "kept": kept, "columns": columns, **more}
    return render(request, _PAGE, status=status, section="incidents", **shown)
