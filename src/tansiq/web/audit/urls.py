"""Addresses of the auditor, and of evidence."""

from django.urls import path

from tansiq.web.audit import views
from tansiq.web.shell.ways import ways

urlpatterns = [
    path("audit", views.page, name="audit"),
    *ways("audit", "audit", views.table),
    path("audit/verify", views.verify, name="audit-verify"),
    path("record/<str:owner>/<uuid:record>/evidence", views.evidence_file, name="evidence"),
]
