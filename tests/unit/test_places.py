"""Places: towns by all their spellings, strict reading, and how much is told."""

import pytest

from tansiq.domain.errors import InputError
from tansiq.domain.places import (
    E7,
    Grain,
    Place,
    Precision,
    coarsen,
    find_town,
    gazetteer,
    place_from_json,
    place_named,
)


@pytest.mark.parametrize("town", gazetteer().values(), ids=lambda town: town.key)
def test_c4_each_town_is_found_by_each_of_its_spellings(town):
    """English, Arabic, Sorani and other known spellings lead to the same town."""
    for spelling in (town.names.en, town.names.ar, town.names.ckb, *town.aliases):
        assert find_town(spelling) == town
        assert find_town(f"  {spelling.upper()} ") == town
        assert place_named(spelling).key == town.key
    assert 33 * E7 < town.lat < 38 * E7
    assert 41 * E7 < town.lon < 46 * E7


@pytest.mark.parametrize(
    ("typed", "key"),
    [("هه‌ولێر", "erbil"), ("اربيل", "erbil"), ("كركوك", "kirkuk"), ("كەركووك", "kirkuk"),
     ("خانقین", "khanaqin"), ("جلولا", "jalawla"), ("شنگال", "sinjar")],
)  # fmt: skip
def test_keyboards_that_mix_letters_find_the_town(typed, key):
    """Arabic and Persian forms of one letter, and invisible joiners, make no difference."""
    town = find_town(typed)
    assert town is not None
    assert town.key == key


def test_words_that_are_no_town_stay_as_typed():
    """A place without a position keeps the words of the person."""
    place = place_named(" behind the mill ", precision=Precision.AREA)
    assert place == Place(name="behind the mill", precision=Precision.AREA)
    assert find_town("") is None


GOOD = Place(name="Makhmour", key="makhmour", lat=357_800_001, lon=435_800_001)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": 7}, "place_form"),
        ({"name": "x" * 401}, "place_form"),
        ({"key": None}, "place_form"),
        ({"key": "x" * 401}, "place_form"),
        ({"lat": None}, "place_form"),
        ({"lat": 90 * E7 + 1}, "place_position"),
        ({"lon": -180 * E7 - 1}, "place_position"),
        ({"lat": True}, "place_position"),
        ({"precision": "roughly"}, "place_form"),
        ({"grain": []}, "place_form"),
        ({"more": 1}, "place_form"),
    ],
)
def test_a_malformed_place_is_refused(change, code):
    """Only the form that is written is read."""
    with pytest.raises(InputError) as refused:
        place_from_json({**GOOD.to_json(), **change})
    assert refused.value.code == code


def test_a_town_is_told_by_name_and_free_words_are_not():
    """A coarse place keeps the town's name, in any language, and loses words of its own."""
    for name in ("Makhmour", "مخمور"):
        told = coarsen(Place(name=name, key="makhmour", lat=GOOD.lat, lon=GOOD.lon), Grain.KM5)
        assert (told.name, told.key) == (name, "makhmour")
    told = coarsen(Place(name="third house, Makhmour", key="makhmour"), Grain.KM1)
    assert (told.name, told.key) == ("", "makhmour")


def test_a_key_that_is_no_town_does_not_leave():
    """A key is a town's key or nothing: free words there could say more than the cell."""
    told = coarsen(Place(name="house-7", key="house-7", lat=GOOD.lat, lon=GOOD.lon), Grain.KM1)
    assert (told.name, told.key) == ("", "")


def test_a_place_that_says_it_is_coarse_is_coarsened_all_the_same():
    """Its word is not taken for it: an exact position under a coarse grain is snapped."""
    liar = Place(lat=GOOD.lat, lon=GOOD.lon, grain=Grain.KM5)
    for grain in (Grain.EXACT, Grain.KM1, Grain.KM5):
        told = coarsen(liar, grain)
        assert told == coarsen(Place(lat=GOOD.lat, lon=GOOD.lon), Grain.KM5)
    assert coarsen(liar, Grain.DISTRICT).lat is None


def test_coarse_positions_stay_on_the_earth():
    """A place at the pole is told inside the bounds that a partner checks."""
    for lat in (-90 * E7, 90 * E7):
        for grain in Grain:
            told = coarsen(Place(lat=lat, lon=180 * E7), grain)
            assert place_from_json(told.to_json()) == told
