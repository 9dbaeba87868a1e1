"""What people write is read everywhere alike: names in any inflection, numbers, references, days,
places that are hardly meant, and persons who are not to be recorded.
"""

import time
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.desk.reader.lines import chips_in
from tansiq.desk.reader.naming import places_in
from tansiq.desk.reader.positions import read_position
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query
from tansiq.domain import typed_times
from tansiq.domain.errors import InputError
from tansiq.domain.inflection import MARK, indexed, sought
from tansiq.domain.labels import Label
from tansiq.domain.near_names import near_names
from tansiq.domain.persons import Sign, persons_in
from tansiq.domain.place_doubts import place_doubts
from tansiq.domain.places import E7, Place, find_town, gazetteer
from tansiq.domain.records import reference
from tansiq.domain.search import normalise
from tansiq.domain.typed_times import DayOrder
from tansiq.log.dialect import SQLITE
from tansiq.web.shell.places import degrees_text, written
from tests.world import START, worlds

BAGHDAD = ZoneInfo("Asia/Baghdad")


def holds(text: str, words: str) -> bool:
    """Whether a text is found by these words, as the index compares them."""
    kept = indexed(text).split()

    def matches(spelling: str) -> bool:
        *first, last = spelling.removesuffix(MARK).split()
        whole = spelling.endswith(MARK)
        for at in range(len(kept) - len(first)):
            part = kept[at : at + len(first) + 1]
            ends = part[-1] == last if whole else part[-1].startswith(last)
            if part[:-1] == first and ends:
                return True
        return False

    return all(any(map(matches, spellings)) for spellings in sought(words))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("دخان قرب لمخمور", "مخمور"), ("بمخمور وولمخمور", "مخمور"), ("دخان قرب مخمور", "لمخمور"),
        ("وصلت بالسيارة", "سيارة"), ("وصلت السيارة", "بالسيارة"), ("للسيارات الكبيرة", "سيارات"),
        ("وسيارة محترقة", "سيارة"), ("لە مەخموورەکەدا", "مەخموور"), ("لە مەخموور", "مەخمووردا"),
        ("لەمەخموورەوە هات", "مەخموور"), ("ئۆتۆمبێلەکە سووتا", "ئۆتۆمبێل"),
        ("ئۆتۆمبێلێک سووتا", "ئۆتۆمبێلەکەدا"), ("١٬٢٠٠ شخص", "1200"), ("1,200 people", "1200"),
        ("1200 people", "1,200"), ("١٢٠٠ شخص", "١٬٢٠٠"), ("101,102,103", "102"),
        ("Makh\u200bmour road", "makhmour"), ("Makhmour's road", "مخمور"), ("\ufeffsmoke", "smoke"),
        ("ناوچه\u06c0 مخمور", "ناوچه\u0647"), ("\u06aaركوك", "كركوك"), ("so\u00adft", "soft"),
        ("35.781, 43.58", "35.781"), ("I-TB147 and more", "tb147"),
    ],
)  # fmt: skip
def test_c6_words_are_found_in_any_inflection_and_writing(text, words):
    """Particles, articles, suffixes, marks between thousands, letters of other keyboards and what
    nobody sees make no difference, in either direction.
    """
    assert holds(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("وزارة الداخلية", "زارة"), ("وزارة الداخلية", "زار"), ("بلدية مخمور", "لديه"),
        ("وقود للمولدة", "قود"), ("كتيبة", "تيبة"), ("بيت", "يت"), ("bridge", "ridge"),
        ("کوردستان", "وردستان"), ("بازگە", "ازگه"), ("1,200", "12001"),
        ("35.781", "35781"), ("كبير", "بير"), ("Kirkuk", "Erbil"),
    ],
)  # fmt: skip
def test_c6_other_words_are_not_found(text, words):
    """A letter less is another word, unless it is a particle before a word that stands whole."""
    assert not holds(text, words)


BITS = ("وبالسيارة", "لمخمور", "مخمور", "road", "١٬٢٠٠", "كركوكدا", "لەهەولێرەوە", "1,200,300", "و")
WORDS = st.lists(st.sampled_from(BITS))


def test_c6_a_particle_is_left_out_only_before_a_whole_word():
    """Who looks for a ministry does not find who visited: what is left of it is a whole word."""
    assert holds("زاروا المدينة", "زاروا")
    assert not holds("زاروها اليوم", "وزارو")
    assert holds("مخمور", "ومخمور")


@given(st.text() | WORDS.map(" ".join))
def test_c6_the_index_grows_within_a_bound(text):
    """Each word costs the index two more at most, and what is typed is found by itself."""
    assert len(indexed(text).split()) <= 3 * max(1, len(normalise(text).split()))
    assert normalise(text) == "" or holds(text, " ".join(text.split()[:3]))


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_c6_whatever_is_sought_is_a_question_that_the_index_understands(text):
    """No sign of a search reaches the language of the index."""
    for spellings in sought(text):
        for spelling in spellings:
            assert spelling
            assert '"' not in spelling
            assert "'" not in spelling
    assert SQLITE.match(sought(text)).count('"') % 2 == 0


@pytest.mark.parametrize("said", ["{ref}", "I-{ref}", "{low}", "i-{low}"])
def test_c6_a_reference_is_found_as_it_is_read_over_the_radio(said):
    """With the letter of its kind or without, in small letters or large, on every node that holds
    the record.
    """
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        body = {"text": "smoke", "observed": START}
        record = made.write("MPA", "line", say.Draft(kind="log_line", body=body, label=Label()))
        ref = reference(record)
        for words in (said.format(ref=ref, low=ref.lower()),):
            query = Query(kinds=("log_line",), words=words)
            page = read.page(made.desk("MPA"), made.viewer("MPA"), query)
            assert [view.value.record for view in page.rows] == [record]
        query = Query(kinds=("log_line",), words="ZZZZ9")
        assert read.page(made.desk("MPA"), made.viewer("MPA"), query).total == 0


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("بالكوير وبمخمور", "makhmour"), ("بالكوير وبمخمور", "gwer"), ("لە مەخمووردا", "makhmour"),
        ("لەمەخموورەوە", "makhmour"), ("Makhmour's mill", "makhmour"),
        ("Makh\u200bmour", "makhmour"),
        ("ولكركوك", "kirkuk"), ("Tuz Khurmatu road", "tuz-khurmatu"),
        ("بطوز خورماتو", "tuz-khurmatu"),
        ("photo_Kifri_01.jpg", "kifri"), ("کەرکووکەوە", "kirkuk"), ("KIRKUK", "kirkuk"),
    ],
)  # fmt: skip
def test_a11_a_town_is_found_in_any_inflection(text, key):
    """Arabic particles, Sorani suffixes, possessives and signs that nobody sees hide no town."""
    assert key in {named.key for named in places_in(text)}


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("near the Karkashan mill", "Karkashan village"),
        ("بقرية كركاشان", "كركاشان"),
        ("ولكركاشان", "قرية كركاشان"),
        ("لە کەرکاشاندا", "گوندی کەرکاشان"),
        ("Karkashan's well", "Karkashan"),
        ("Kar\u200dkashan", "Karkashan"),
    ],
)
def test_a11_the_own_name_of_the_place_is_found(text, own):
    """A place that no gazetteer knows is looked for by its own name, whole or by its rare word."""
    assert any(named.key == "" for named in places_in(text, [own]))


def test_a11_common_words_of_a_name_tell_of_no_place():
    """That a village has a school is no sign of which village."""
    assert places_in("a school by the road", ["Karkashan village school"]) == []
    assert places_in("مدرسة قرب الطريق", ["مدرسة قرية كركاشان"]) == []


@pytest.mark.parametrize("town", gazetteer().values(), ids=lambda town: town.key)
def test_a11_every_town_is_found_by_every_spelling_after_every_particle(town):
    """No name of the gazetteer hides behind a particle or before a suffix."""
    for spelling in town.spellings:
        for text in (spelling, f"قرب {spelling}.", f"({spelling})"):
            assert town.key in {named.key for named in places_in(text)}
    for particle in ("و", "ب", "ل", "وب", "ول", "ك"):
        assert town.key in {named.key for named in places_in(particle + town.names.ar)}
    for suffix in ("دا", "ەوە", "ی"):
        assert town.key in {named.key for named in places_in(town.names.ckb + suffix)}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("حريق مخمور حقول ب2", ["category:fire", "place:makhmour", "grade:B2"]),
        ("وحريق بمخمور، ٥ جرحى", ["category:fire", "place:makhmour", "hurt:5"]),
        ("ئاگرەکە لە مەخمووردا ب٢ ٣ بریندار",
         ["category:fire", "place:makhmour", "grade:B2", "hurt:3"]),
        ("injured 3, dead 2 in a fire at Makhmour c3",
         ["category:fire", "place:makhmour", "grade:C3", "hurt:3", "dead:2"]),
        ("A cow stands on the road", []),
        ("3 lorries, B24, 2021-B2", []),
        ("", []),
    ],
)  # fmt: skip
def test_j1_the_words_of_a_line_are_understood_in_each_language(text, codes):
    """Category, place, grade and counts, with particles, suffixes and any digits; a word that means
    nothing is left a word.
    """
    assert [chip.code for chip in chips_in(text)] == codes


@pytest.mark.parametrize(
    ("typed", "key"),
    [("Makmoor", "makhmour"), ("Kerkuk", "kirkuk"), ("مخمر", "makhmour"), ("Hawijah", "hawija"),
     ("Tuz Khormatu", "tuz-khurmatu"), ("Sulimaniya", "sulaymaniyah"), ("Mosil", "mosul")],
)  # fmt: skip
def test_d6_a_misspelt_town_is_proposed(typed, key):
    """By sounds or by letters, the town that is meant comes first."""
    assert near_names(typed)[0].town.key == key
    assert find_town(near_names(typed)[0].spelling).key == key


@pytest.mark.parametrize("typed", ["Nowhereville", "", "behind the mill", "38S LE 7166", "x" * 400])
def test_d6_what_is_near_no_town_proposes_none(typed):
    """A name is not bent until it is a town."""
    assert near_names(typed) == []


@pytest.mark.parametrize(
    ("name", "lat", "lon", "code"),
    [
        ("مخمور", 43.58, 35.78, "place_swapped"), ("", 43.58, 35.78, "place_swapped"),
        ("Makhmour", 0, 0, "place_zero"), ("Makhmour", 33.31, 44.37, "place_far"),
        ("Makhmour", 35.78, -43.58, "place_outside"), ("", 35.78, -43.58, "place_outside"),
        ("Nowhereville", None, None, "place_nowhere"), ("Makhmour", 35.8, 43.6, None),
        ("the mill", 36.1, 43.9, None),
    ],
)  # fmt: skip
def test_c3_a_place_that_is_hardly_meant_is_asked_about(name, lat, lon, code):
    """Values exchanged, 0 and 0, far from the town that is named, outside the area, nowhere."""
    e7 = [None if value is None else round(value * E7) for value in (lat, lon)]
    town = find_town(name)
    place = Place(name=name, key=town.key if town else "", lat=e7[0], lon=e7[1])
    assert [doubt.code for doubt in place_doubts(place)] == ([code] if code else [])


@given(st.integers(-90 * E7, 90 * E7), st.integers(-180 * E7, 180 * E7))
def test_c3_what_a_form_shows_is_what_it_holds(lat, lon):
    """Coordinates in a form are read back to the last digit."""
    found = read_position(degrees_text(lat, lon))
    assert found is not None
    assert (found.lat, found.lon) == (lat, lon)


@given(st.integers(-79 * E7, 83 * E7), st.integers(-179 * E7, 179 * E7))
def test_a_position_in_each_notation_is_read_back_where_it_was(lat, lon):
    """Degrees to the last digit; minutes, seconds and the grid within five metres north. The grid
    ends near the poles.
    """
    found = written(degrees_text(lat, lon))
    assert found is not None
    texts = dict(found.texts)
    assert texts["decimal"] == degrees_text(lat, lon)
    for text in texts.values():
        again = read_position(text)
        assert again is not None, text
        assert abs(again.lat - lat) * 111_132 <= 5 * E7, text
    assert "60.0" not in texts["minutes"]


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["06/05/2020", "19/12/2020"], DayOrder.DAY_FIRST),
        (["06/05/2020", "12/19/2020"], DayOrder.MONTH_FIRST),
        (["2020-05-06", "05/05/2020"], None),
        (["٠٦/٠٥/٢٠٢٠", "١٩/١٢/٢٠٢٠"], DayOrder.DAY_FIRST),
        ([], None),
    ],
)  # fmt: skip
def test_c2_the_column_decides_and_not_the_row(days, order):
    """One day that can be but one decides for all."""
    assert typed_times.order_of(days) is order


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (["06/05/2020"], "import_dates_open"),
        (["06/05/2020", "19/12/2020", "12/19/2020"], "import_dates_mixed"),
    ],
)
def test_c2_a_column_that_does_not_tell_is_asked_about(days, code):
    """What could be two days, or is both, is not guessed."""
    with pytest.raises(InputError) as asked:
        typed_times.order_of(days)
    assert asked.value.code == code


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        ("2006-07-01", "12:00", 1_151_740_800_000),  # summer time, UTC+4
        ("2008-07-01", "12:00", 1_214_902_800_000),  # none since 2008, UTC+3
        ("1/7/2006", "12:00", "date_ambiguous"),
        ("2006-04-01", "03:30", "hour_absent"),
    ],
)
def test_c2_a_summer_time_of_long_ago_is_what_it_was(day, clock, utc):
    """The zone history gives the offset of the day; an hour that was left out is said."""
    if not isinstance(utc, int):
        with pytest.raises(InputError) as asked:
            typed_times.typed_moment(f"{day} {clock}", BAGHDAD)
        assert asked.value.code == utc
        return
    assert typed_times.typed_moment(f"{day} {clock}", BAGHDAD) == utc


@given(st.dates(date(1970, 1, 2), date(2090, 1, 1)), st.sampled_from("-/."))
def test_c2_a_day_comes_back_as_it_was_typed(day, sign):
    """Year first, and year last in either order, give the day that was meant."""
    for order, form in ((None, "%Y{0}%m{0}%d"), (DayOrder.DAY_FIRST, "%d{0}%m{0}%Y"),
                        (DayOrder.MONTH_FIRST, "%m{0}%d{0}%Y")):  # fmt: skip
        assert typed_times.typed_day(day.strftime(form.format(sign)), order) == day


PERSONS = {
    Sign.PHONE: ["Call 0750-123-4567 now", "+964 750 123 4567", "٠٧٥٠١٢٣٤٥٦٧", "00964 7501234567",
                 "هاتف 0662512345", "ژمارەی مۆبایل 7501234567", "0750 123 4567"],
    Sign.DOCUMENT: ["passport A12345678", "ID 1234567", "رقم الهوية ١٢٣٤٥٦٧٨٩٠١٢", "198012345678",
                    "ناسنامە 1234567"],
    Sign.NAME: ["Ahmed Hassan said the road is shut", "Mr Karim told us", "قال أحمد إن الطريق مغلق",
                "أفاد المواطن علي حسن", "ئەحمەد وتی ڕێگا داخراوە", "کاک ئازاد وتی",
                "Jonas Verlind said so", "وصل محمد إلى النقطة"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("sign", "text"), [(sign, text) for sign, texts in PERSONS.items() for text in texts]
)
def test_persons_are_noticed(sign, text):
    """Telephone numbers, numbers like those of documents, and names with a verb, in three
    languages.
    """
    assert sign in {person.sign for person in persons_in(text)}


@pytest.mark.parametrize(
    "text",
    [
        "at 2020-12-18 17:20",
        "20201218",
        "38S 371660 3960477",
        "38S LE 71660 60477",
        "38SLE7166060477",
        "35.7811, 43.5811",
        "10000000 dinars",
        "1,200,000",
        "Altun Kupri reported fire",
        "RFI-05 to MOD",
        "The Ministry said so",
        "Tuz Khurmatu was shut",
        "Duty Officer said",
        "Islamic State claimed it",
        "حسن سير العمل",
        "قال الناطق باسم الوزارة",
        "علي أن أصل",
        "سيارة وصلت إلى كركوك",
        "MPA-12",
        "Convoy of 60 vehicles left Erbil at 07:00",
        "Makhmour General Hospital said",
        "بازگەکە داخرا",
        "بریندار بوو لە نزیک مەخموور",
        "hotline 122",
        "354648N 0433448E",
        "3 of 12 lorries, 07:00-09:30",
    ],
)
def test_what_is_no_person_raises_no_alarm(text):
    """Times, coordinates, sums, towns, offices and words that are names elsewhere pass."""
    assert persons_in(text) == []


@pytest.mark.parametrize(
    "part", ["1 ", "12-", "Ahmed ", "قال ", "A1", "Ab Cd ", "+", "(", ". ", "0750 ", "وبالسيارة "]
)
def test_no_text_takes_long_to_be_looked_through(part):
    """Persons, places and words are looked for in time that grows with the text and no faster."""
    text = part * (20_000 // len(part))
    begun = time.perf_counter()
    persons_in(text)
    places_in(text, ["Karkashan village"])
    indexed(text)
    assert time.perf_counter() - begun < 4
