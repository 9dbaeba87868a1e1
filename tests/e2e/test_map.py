"""The map in a browser: the screen filled, a way measured, coordinates copied, and time."""

import re

import pytest
from playwright.sync_api import expect

from tests import breadth
from tests.e2e import acts
from tests.e2e.looks import faults


@pytest.mark.parametrize("language", breadth.of(["ar"], ["en", "ar", "ckb"]))
def test_the_map_measures_copies_and_goes_through_time(nodes, seats, language):
    """By keys alone; what is drawn of a time is the list that its link opens."""
    page = seats.sit(nodes["MPA"], "duty-officer", language)
    story = acts.STORIES[language]
    for _ in range(2):
        acts.write_incident(page, story, category="other")
    with page.expect_response(re.compile("/map/data")) as reply:
        page.goto("/map?tab=all")
    drawn = len(reply.value.json()["points"])
    assert drawn > 1
    page.locator("[data-map-measure]").press("Enter")
    expect(page.locator("[data-map-how]")).to_be_visible()
    picture = page.locator("[data-map]")
    picture.press("Enter")
    picture.press("Enter")
    expect(page.locator("[data-map-said]")).to_contain_text("0.00")
    picture.press("Backspace")
    picture.press("Escape")
    expect(page.locator("[data-map-measure]")).to_be_focused()
    page.locator("[data-map-coordinates]").press("Enter")
    picture.press("Enter")
    expect(page.locator("[data-map-said] [data-copy]")).to_have_count(3)
    assert not faults(page, language)
    picture.press("Escape")
    page.locator("[data-map-full]").press("Enter")
    expect(page.locator(".map-filled")).to_be_visible()
    tall = picture.bounding_box()
    assert tall is not None
    assert tall["height"] > 400
    assert not faults(page, language)
    page.keyboard.press("Escape")
    expect(page.locator(".map-filled")).to_have_count(0)
    slider = page.locator("#map-day")
    with page.expect_response(re.compile("/map/data.*until=")) as reply:
        slider.press("Home")
    assert reply.value.json()["points"] == [], "a year ago"
    expect(page.locator("[data-map-time] output")).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d"))
    with page.expect_response(re.compile("/map/data.*until=")) as reply:
        slider.press("End")
    now = len(reply.value.json()["points"])
    assert now >= 1
    page.locator("[data-map-time] a").click()
    page.wait_for_url(re.compile("since="))
    told = page.locator(".pages, main").first
    expect(told).to_contain_text(str(now))
