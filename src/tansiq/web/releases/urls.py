"""Addresses of the release panel, the approvals, and of who holds what."""

from django.urls import path

from tansiq.web.releases import approvals, holdings, panel
from tansiq.web.shell.ways import ways

urlpatterns = [
    path("record/<str:owner>/<uuid:record>/release", panel.page, name="release"),
    path("record/<str:owner>/<uuid:record>/recall/<str:party>", holdings.recall, name="recall"),
    path("approvals", approvals.page, name="approvals"),
    path("approvals/part", approvals.part, name="approvals-part"),
    path("approvals/<uuid:release>", approvals.one, name="approval"),
    path("holdings", holdings.page, name="holdings"),
    path("holdings/part", holdings.part, name="holdings-part"),
    *ways("holdings", "holdings", holdings.table),
]
