"""The guard before every page: nothing that policy has not released gets through."""

from dataclasses import dataclass, replace

import pytest
from django.http import HttpRequest

from tansiq.board import queries
from tansiq.desk.records import read, say
from tansiq.desk.release import proposing
from tansiq.domain.parties import PartyCode
from tests.noninterference.browser import settings_of
from tests.world import incident, to, worlds


@pytest.fixture
def town():
    """One node with one record."""
    with worlds("MPA", "MOD") as made:
        made.write("MPA", "fire", incident(to()))
        settings_of(made.desk("MPA"))
        yield made


@dataclass(frozen=True)
class Holder:
    """A value of a view that hides something inside."""

    inside: object


def unreleased(town):
    """Everything that a template must never hold."""
    from tansiq.web.accounts.models import Person  # noqa: PLC0415 - once Django is configured

    desk, actor = town.desk("MPA"), town.actor("MPA")
    record = desk.database.rows("SELECT record FROM record")[0][0].partition("/")[2]
    opened = say.current(desk, actor, record)
    return {
        "sealed": queries.found(desk.board, PartyCode("MPA"), record),
        "view": opened.value,
        "edition": proposing.own_edition(desk, record),
        "model": Person(roster="P-1"),
        "queryset": Person.objects.all(),
        "manager": Person.objects,
        "request": HttpRequest(),
    }


def test_nothing_unreleased_reaches_a_page(town):
    """Bare, in a list, in a dictionary, in a value of a view: each is refused."""
    # Imported once Django is configured.
    from tansiq.web.shell.page import UnreleasedError, guard  # noqa: PLC0415

    for name, value in unreleased(town).items():
        for wrapped in (value, [value], (value,), {"a": [{"b": value}]}, Holder([value])):
            with pytest.raises(UnreleasedError):
                guard({name: wrapped})


def test_nothing_hides_from_the_guard_by_being_deep(town):
    """However far down it stands it is refused; what is too deep to be looked at is refused too."""
    # Imported once Django is configured.
    from tansiq.web.shell.page import UnreleasedError, guard  # noqa: PLC0415

    for bottom, levels in ((unreleased(town)["sealed"], 12), ("a word", 40)):
        value = bottom
        for _ in range(levels):
            value = Holder([value])
        with pytest.raises(UnreleasedError):
            guard({"value": value})


def test_what_is_released_passes(town):
    """Released values, words and numbers are what pages are made of."""
    from tansiq.web.shell.page import guard  # noqa: PLC0415 - once Django is configured

    desk = town.desk("MPA")
    listed = read.page(desk, town.viewer("MPA"), read.Query(kinds=("incident",)))
    guard({"rows": list(listed.rows), "total": listed.total, "page": listed, "words": "text"})


def test_a_view_that_forgets_fails_closed(town, monkeypatch):
    """A page that is given a sealed value does not leave at all."""
    # Imported once Django is configured; the rooms before the fault, or they keep it.
    import tansiq.web.urls  # noqa: PLC0415
    from tansiq.web.shell import listing  # noqa: PLC0415
    from tests.noninterference.browser import Browser  # noqa: PLC0415

    assert tansiq.web.urls.urlpatterns
    sealed = unreleased(town)["sealed"]
    shown = listing.listed
    monkeypatch.setattr(listing, "listed", lambda *a: {**shown(*a), "rows": [sealed]})
    browser = Browser(town.desk("MPA"), "cleared")
    try:
        reply = browser.get("/incidents")
    finally:
        browser.close()
    assert 500 == reply.status
    assert b"wheat" not in reply.body
    assert replace(reply, body=b"").status == 500
