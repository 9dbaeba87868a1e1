"""Addresses of the inbox and of replies to partners' records."""

from django.urls import path

from tansiq.web.inbox import replies, views

urlpatterns = [
    path("inbox", views.page, name="inbox"),
    path("inbox/part", views.part, name="inbox-part"),
    path("record/<str:owner>/<uuid:record>/reply/<str:kind>", replies.page, name="reply"),
]
