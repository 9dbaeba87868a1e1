"""Addresses of the auditor, and of evidence."""

from django.urls import path

from tansiq.web.audit import views

urlpatterns = [
    path("audit", views.page, name="audit"),
    path("audit/table", views.table, name="audit-table"),
    path("audit/verify", views.verify, name="audit-verify"),
    path("record/<str:owner>/<uuid:record>/evidence", views.evidence_file, name="evidence"),
]
