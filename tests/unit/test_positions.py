"""Positions in every common notation: what the form reads the import reads, and what stands in a
text is found.
"""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tansiq.desk.reader.in_texts import positions_in
from tansiq.desk.reader.positions import Notation, grid_text, read_position
from tansiq.domain.places import E7

MAKHMOUR = (357_800_000, 435_800_000)
METRE = 100  # of 1e-7 degree, and a little less than a metre in both directions
NORTH = st.integers(29 * E7, 38 * E7)
EAST = st.integers(38 * E7, 49 * E7)


def digits(text: str, first: int) -> str:
    """The text with the digits of another script, 0 of which is ``first``."""
    return text.translate({ord(str(n)): first + n for n in range(10)})


def decimal(value: int) -> str:
    return f"{value // E7}.{value % E7:07d}"


def minutes(value: int) -> str:
    """Degrees and minutes to a thousandth, as a receiver shows them."""
    thousandths = round(value * 60_000 / E7)
    return f"{thousandths // 60_000}° {thousandths % 60_000 / 1_000:.3f}'"


def seconds(value: int) -> str:
    """Degrees, minutes and seconds to a hundredth."""
    hundredths = round(value * 360_000 / E7)
    whole, rest = divmod(hundredths, 360_000)
    return f"{whole}° {rest // 6_000}' {rest % 6_000 / 100:.2f}\""


@pytest.mark.parametrize(
    "text",
    [
        "35.78, 43.58", "35.78,43.58", "35.78 43.58", "35.78;43.58", "35.78/43.58",
        "(35.78, 43.58)", "35,78 43,58", "35,78, 43,58", "35,78,43,58", "35,78; 43,58",
        "٣٥٫٧٨، ٤٣٫٥٨", "٣٥.٧٨ ٤٣.٥٨", "۳۵٫۷۸، ۴۳٫۵۸", "35.78N 43.58E", "N35.78 E43.58",
        "43.58E 35.78N", "35.78° N, 43.58° E", "Lat: 35.78 Lon: 43.58", "lat 35.78, long 43.58",
        "lat=35.78 lon=43.58", "خط العرض 35.78 خط الطول 43.58", "35.78 شمالاً 43.58 شرقاً",
        "٣٥٫٧٨ شمال ٤٣٫٥٨ شرق", "35.78 باکوور 43.58 ڕۆژهەڵات", "35°46'48\"N 43°34'48\"E",
        "35° 46' 48\" N, 43° 34' 48\" E", "35°46′48″N 43°34′48″E", "35º46’48” N 43º34’48” E",
        "35 46 48 N 43 34 48 E", "35:46:48 N 43:34:48 E", "354648N 0433448E",
        "N 35° 46.8' E 43° 34.8'", "35 46.8N 043 34.8E", "35° 46,8' N 43° 34,8' E",
        "٣٥° ٤٦' ٤٨\" شمالاً ٤٣° ٣٤' ٤٨\" شرقاً",
        "35 درجة 46 دقيقة 48 ثانية شمالا 43 درجة 34 دقيقة 48 ثانية شرقا",
        "35.78\u200f, 43.58", "\u206635.78, 43.58\u2069",
    ],
)  # fmt: skip
def test_c3_every_common_notation_is_read(text):
    """Decimal point or comma, three scripts of digits, letters and words of three languages, and
    degrees with minutes and seconds say one and the same position.
    """
    found = read_position(text)
    assert found is not None
    assert (found.lat, found.lon) == MAKHMOUR


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("38S LE 71660 60477", Notation.MGRS), ("38SLE7166060477", Notation.MGRS),
        ("38s le 71660 60477", Notation.MGRS), ("٣٨S LE ٧١٦٦٠ ٦٠٤٧٧", Notation.MGRS),
        ("38S 371660 3960477", Notation.UTM), ("UTM 38S 371660E 3960477N", Notation.UTM),
        ("zone 38 N, 371660, 3960477", Notation.UTM), ("38S 371660.4 mE 3960477.2 mN",
        Notation.UTM),
    ],
)  # fmt: skip
def test_c3_grids_are_read(text, notation):
    """MGRS and UTM, in any usual spacing, lead to the square metre that they name."""
    found = read_position(text)
    assert found is not None
    assert found.notation is notation
    assert abs(found.lat - MAKHMOUR[0]) <= METRE
    assert abs(found.lon - MAKHMOUR[1]) <= METRE


@pytest.mark.parametrize(
    "text",
    ["", "Makhmour", "35.78", "35, 43", "14:30", "2020-12-05", "99.5, 43.58", "35.78, 200.1",
     "35° 61' N 43° 34' E", "35.78 N 43.58 N", "35.78, 43.58, 12.5", "38S LE 7166 60477",
     "99Z LE 71660 60477", "38S IE 71660 60477", "0750 123 4567", "-35.78 N 43.58 E", "1" * 500,
     "35.78.1, 43.58"],
)  # fmt: skip
def test_c3_what_is_no_position_is_not_guessed(text):
    """Half a position, a time, a day, a telephone number or a slip of the pen gives none."""
    assert read_position(text) is None


@given(NORTH, EAST, st.sampled_from([0x30, 0x660, 0x6F0]), st.sampled_from([", ", " ", "; "]))
def test_c3_decimals_come_back_to_the_last_digit(lat, lon, zero, apart):
    """Seven decimals are seven decimals, in each script of digits and with either decimal sign."""
    point = f"{decimal(lat)}{apart}{decimal(lon)}"
    comma = point.replace(",", ";").replace(".", ",")
    for text in (point, comma):
        found = read_position(digits(text, zero))
        assert found is not None
        assert (found.lat, found.lon) == (lat, lon)


@given(NORTH, EAST)
@example(lat=379475896, lon=390000000)  # 37SEC: the letters of its square mean seconds elsewhere
def test_c3_each_notation_comes_back_within_its_resolution(lat, lon):
    """A position that is written in a notation and read again lies within half its last digit."""
    code = grid_text(lat, lon)
    zone, square, east, north = code.split()
    utm = read_position(f"{zone} {square} {east} {north}")
    assert utm is not None
    for text, off in (
        (f"{minutes(lat)} N {minutes(lon)} E", 84), (f"{seconds(lat)}N, {seconds(lon)}E", 15),
        (f"{seconds(lat)} شمالا، {seconds(lon)} شرقا", 15), (code, METRE),
        (code.replace(" ", ""), METRE),
    ):  # fmt: skip
        found = read_position(text)
        assert found is not None, text
        assert abs(found.lat - lat) <= off
        assert abs(found.lon - lon) <= off
        (told,) = positions_in(f"seen at {text}, and nothing more")
        assert told.position == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fire at 35.78, 43.58 near the road", ["35.78, 43.58"]),
        ("grid 38S LE 716 604 and 38S LE 717 604", ["38S LE 716 604", "38S LE 717 604"]),
        ("LE 716 604, three vehicles", ["LE 716 604"]),
        ("35.781 and much later 43.582", ["35.781", "43.582"]),
        ("خط العرض ٣٥٫٧٨ وبعد ذلك خط الطول ٤٣٫٥٨", ["35.78", "43.58"]),
        ("35\u200b.\u200b78, 43.58", ["35.78, 43.58"]),
        ("ring 0750 123 4567 on 2020-12-05 at 06:30", []),
        ("12.5, 13.5 tons for 1,200 people in 3 lorries", []),
    ],
)
def test_a11_positions_are_found_in_a_text(text, found):
    """A position, a grid reference without its zone, and one coordinate alone are found near the
    place of the record; other numbers are not.
    """
    assert [one.text for one in positions_in(text, MAKHMOUR)] == found


HOSTILE = ("1 ", "35.78, ", "°", "N ", "35 46 ", "38SLE", "1", "@ : ", " ", "35°", "خط ", "LE 123 ",
           "35.", "N35°46'", "\u200b", "38S 371660 ")  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE)
def test_c3_no_text_takes_long_to_read(part):
    """Reading grows with the text and no faster: the longest text takes well below a second."""
    begun = time.perf_counter()
    for text in (part * (20_000 // len(part)), "38S " + part * (20_000 // len(part))):
        positions_in(text, MAKHMOUR)
        read_position(text)
    assert time.perf_counter() - begun < 2


@given(st.text(st.sampled_from("0123456789٣۵NSEWLe38S°'\".,;:/-+@# \u200bشمال"), max_size=60))
def test_c3_whatever_is_typed_is_a_position_or_none(text):
    """No text raises, and what is read lies on the earth; what one reader reads the other finds."""
    found = read_position(text)
    if found is not None:
        assert abs(found.lat) <= 90 * E7
        assert abs(found.lon) <= 180 * E7
    positions_in(text, MAKHMOUR)
