"""The addresses of what is not known."""

from django.urls import path

from tansiq.web.unknowns import views

urlpatterns = [
    path("unknowns", views.page, name="unknowns"),
    path("unknowns/part", views.part, name="unknowns-part"),
    path("record/<str:owner>/<uuid:record>/unknown", views.settle, name="record-unknown"),
]
