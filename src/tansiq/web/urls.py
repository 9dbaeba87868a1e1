"""Every address of a node's pages. The registry in ``exits.py`` must name each of them."""

from django.urls import include, path

from tansiq.web.incidents import views as incidents
from tansiq.web.log import views as log
from tansiq.web.records import cases
from tansiq.web.records import views as records
from tansiq.web.requests import views as requests
from tansiq.web.shell.listing import ANY, pages, parts

urlpatterns = [
    path("", include("tansiq.web.accounts.urls")),
    path("log", log.page, name="log"),
    *parts(log.HOME, log.lines),
    path("log/<uuid:record>/correct", log.correct, name="log-correct"),
    path("incidents/new", incidents.new, name="incident-new"),
    *pages(incidents.LIST),
    *pages(incidents.MAP),
    *pages(ANY),
    path("record/<str:owner>/<uuid:record>", records.page, name="record"),
    path("record/<str:owner>/<uuid:record>/part", records.part, name="record-part"),
    path("record/<str:owner>/<uuid:record>/print", records.printed, name="record-print"),
    path("record/<str:owner>/<uuid:record>/edit", records.edit, name="record-edit"),
    path("record/<str:owner>/<uuid:record>/step", records.step, name="record-step"),
    path("record/<str:owner>/<uuid:record>/case/<uuid:lane>", cases.act, name="case-act"),
    path("requests/new", requests.new, name="request-new"),
    path("record/<str:owner>/<uuid:record>/file", records.file, name="record-file"),
    path("", include("tansiq.web.releases.urls")),
    path("", include("tansiq.web.inbox.urls")),
    path("", include("tansiq.web.unknowns.urls")),
    path("", include("tansiq.web.links.urls")),
    path("", include("tansiq.web.audit.urls")),
]

handler400 = "tansiq.web.shell.page.malformed"
handler404 = "tansiq.web.shell.page.not_found"
handler500 = "tansiq.web.shell.page.failed"
