"""Addresses of the links, of joining, and of the exchange by stick."""

from django.urls import path

from tansiq.web.links import joining, keys, states, sticks, views

urlpatterns = [
    path("links", views.page, name="links"),
    path("links/part", views.part, name="links-part"),
    path("links/card", joining.card, name="own-card"),
    path("links/join", joining.join, name="join"),
    path("links/keys", keys.page, name="key-page"),
    path("links/keys/revoke", keys.revoke, name="key-revoke"),
    path("links/keys/pass", keys.pass_on, name="key-pass"),
    path("links/keys/notice/<str:public>", keys.download, name="key-notice"),
    path("links/<str:party>/authorise", states.authorise, name="authorise"),
    path("links/<str:party>/stop", states.stop, name="link-stop"),
    path("links/<str:party>/restart", states.restart, name="link-restart"),
    path("links/<str:party>", views.one, name="link"),
    path("links/<str:party>/part", views.one_part, name="link-part"),
    path("links/<str:party>/sign", views.sign, name="sign"),
    path("links/<str:party>/stick", sticks.page, name="stick"),
    path("links/<str:party>/stick/make", sticks.make, name="stick-make"),
    path("links/<str:party>/stick/<int:number>", sticks.download, name="stick-file"),
]
