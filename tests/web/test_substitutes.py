"""A line that was sent as another item than was asked: both stand side by side, at both parties."""

import re
from html import unescape

import pytest

from tansiq.domain.wording import LANGUAGES, phrase, words
from tests.web.pair import Screen, text_of
from tests.web.test_support import act, asked, feeds, lane, sums, world

__all__ = ["world"]
RATHER = {"x-item": "gown", "x-unit": "piece", "x-count": "12", "x-for": "mask.box"}


def seen(world, party, path, language="en"):
    """What a person reads on a page."""
    page = text_of(Screen(world, party, "liaison-officer").get(path, language))
    shown = re.sub(r"(?s)<(script|style|template)[^>]*>.*?</\1>|<[^>]+>", " ", page)
    plain = unescape(shown)
    return " ".join(re.sub("[\u2066-\u2069\u200e\u200f]", "", plain).split())


def said(key, language):
    return words(key).of(language)


def instead(language):
    """The sentence of the line that was asked, with its count and unit."""
    unit = phrase("supplies.pack", language, unit=said("unit.box", language), count=50)
    mask = said("choice.item.mask", language)
    return f"{said('supplies.instead_of', language)} {mask} 40 {unit}".translate(
        dict.fromkeys((0x2066, 0x2067, 0x2068, 0x2069))
    )


def sent_other(world):
    record = asked(world)
    act(world, "MOD", record, act="allot", **RATHER)
    act(world, "MOD", record, act="refuse_lines", **{"l-mask.box": "40"})
    act(world, "MOD", record, act="approve")
    answer = act(world, "MOD", record, act="dispatch", then="deliver", **{"l-gown.piece": "12"})
    assert answer.status_code == 302
    return record


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("party", ["MPA", "MOD"])
def test_what_was_asked_and_what_was_sent_stand_side_by_side(world, party, language):
    """On the case page by line, by consignment and in its history, and on paper, before the receipt
    and after it: both items, both counts, both units, whoever reads.
    """
    record = sent_other(world)
    gown = f"{said('choice.item.gown', language)} 12 {said('unit.piece', language)}"
    for closed in (False, True):
        page = seen(world, party, record, language)
        assert page.count(instead(language)) >= 3
        assert f"{said('supplies.stood_in', language)} {gown}" in page
        assert f"{gown} ({instead(language)})" in page
        paper = seen(world, party, f"{record}/print", language)
        assert paper.count(instead(language)) == 2
        if not closed:
            (sent,) = lane(world, "MPA", record).consignments
            act(world, "MPA", record, act="receipt", of=sent.sent.step, then="confirm_receipt",
                **{"l-gown.piece": "12", "v-met": "partly"})  # fmt: skip


def test_what_stands_for_another_moves_no_sum(world):
    """The line that was asked is refused, the other promised, sent and received, each by itself."""
    record = sent_other(world)
    for party in ("MPA", "MOD"):
        found = sums(world, party, record)
        assert (found["mask.box"].refused, found["mask.box"].sent) == (40, 0)
        assert (found["gown.piece"].allotted, found["gown.piece"].sent) == (12, 12)
        given = {str(one.line): one for one in lane(world, party, record).goods}
        assert [str(one.line) for one in given["gown.piece"].instead_of] == ["mask.box"]
        assert [str(one.line) for one in given["mask.box"].stood_in] == ["gown.piece"]


@pytest.mark.parametrize("wrong", ["gown.piece", "rice.kg", "other.piece"])
def test_a_line_stands_for_what_was_asked_and_for_nothing_else(world, wrong):
    """What a partner says it stands for is shown only where the request asked for that."""
    record = asked(world)
    feeds(world, "MOD MPA", record, "first", "allot", **{"gown.piece": 12, "gown.piece.for": wrong})
    world.exchange("MPA", "MOD")
    given = {str(one.line): one for one in lane(world, "MPA", record).goods}
    assert given["gown.piece"].sums.allotted == 12
    assert given["gown.piece"].instead_of == ()
    assert said("supplies.stood_in", "en") not in seen(world, "MPA", record)


@pytest.mark.parametrize(
    "values",
    [
        {"gown.piece.for": "mask.box"}, {"mask.box": 1, "gown.piece.for": "mask.box"},
        {"gown.piece": 1, "gown.piece.for": 7}, {"gown.piece": 1, "gown.piece.for": "mask"},
        {"gown.piece": 1, "gown.piece.for": "MPA"},
    ],
)  # fmt: skip
def test_a_step_that_says_it_in_another_form_counts_nothing(world, values):
    """A line that is not counted stands for nothing, and what it stands for is a line."""
    record = asked(world)
    feeds(world, "MOD MPA", record, "odd", "allot", **values)
    world.exchange("MPA", "MOD")
    assert not any(one.sums.allotted for one in lane(world, "MPA", record).goods)
    assert Screen(world, "MPA", "liaison-officer").get(record).status_code == 200
