"""C5: numbers, dates, codes and paths keep their order between Arabic letters."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tansiq.domain import isolates
from tansiq.domain.isolates import LRI, PDI, inserted, isolated, neutral, pieces
from tansiq.domain.wording import catalogue, phrase
from tansiq.web.shell import dates, page

TEMPLATES = Path(page.__file__).parents[1] / "templates"
CONTROLS = "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
MARKS = "\u061c\u200e\u200f"
# What a watch types, in its pieces: digits of three kinds, separators, letters, controls.
TYPED = st.text(
    st.sampled_from("0173٠٥۰۵ -–/.,:+()#°'\"،\n\u00a0abXçنێم،«»…" + CONTROLS + MARKS), max_size=60
)


def shown(text):
    """The text with isolates as brackets, so that a person can read the cases."""
    return isolated(text).replace(LRI, "[").replace(PDI, "]")


@pytest.mark.parametrize(
    "text",
    [
        "اتصل على [0750-123-4567] الآن", "[+964 750 123 4567] هاتف", "[(0750) 123-4567] هاتف",
        "الموقع [35.7811, 43.5811] قرب", "[35.78N, 43.58E] هنا", "خط [-43.58] طول",
        "عند [35°46'52\"N 43°34'52\"E] قرب", "المربع [38S MF 12345 67890] شمالاً",
        "يوم [05-06-2020] أو [12/19/2020]", "[2020-05-06 14:30] شوهد",
        "المناوبة [08:00 - 12:00] اليوم", "نحو [10 – 12] شخصاً", "نحو [10-12] شخصاً",
        "کتێبی [١٢٣/٤٥] لە [٢٠٢٠/٥/٦]", "ژمارەی [٠٧٥٠-١٢٣-٤٥٦٧]ە",
        "المرجع [I-TB147] ثم [TB147/2020]، وانتهى", "ملف [/var/log/tansiq/x.csv] هنا",
        "حريق في 15 دونماً. [Fire in wheat fields, about 15 ha] ثم",
        "[Two posts seen. No one hurt: checkpoint 4-B is open] تم",
        "مركبة [Toyota Hilux 4x4 B-12] شوهدت", "نقطة [Checkpoint 4-B] أغلقت",
        "أمر [tansiq clock FOLDER --right] الآن", "رابط [http://10.0.0.1:8600/x?y=1] هنا",
        "سطر [12-3]\n[4-5] سطر", "[0750-123-4567]",
    ],
)  # fmt: skip
def test_c5_a_run_is_isolated_whole(text):
    """Telephone numbers, coordinates, dates, spans, codes and paths are one run each."""
    assert text == shown(text.replace("[", "").replace("]", ""))


@pytest.mark.parametrize(
    "text",
    [
        "في 2020 15 حادثاً", "الساعة 0730 15 جندياً", "5 - 3 منهم", "النقاط 5،6،7", "1) الأول",
        "Checkpoint 4-B closed, call 0750-123-4567", "كلام بلا أرقام", "", "Hilux أو Land Cruiser",
    ],
)  # fmt: skip
def test_c5_numbers_in_a_row_and_latin_text_stay_as_they_are(text):
    """Two numbers side by side are read in the order of the sentence; English needs no help."""
    assert text == isolated(text)


@given(TYPED)
def test_c5_nothing_is_lost_and_everything_is_closed(text):
    """Without its isolates the shown text is the typed one without what turns; each isolate is
    closed, holds no other, and ends in its own line.
    """
    said = isolated(text)
    assert neutral(text) == said.replace(LRI, "").replace(PDI, "")
    assert not set(CONTROLS) - {LRI, PDI} & set(said)
    for line in said.split("\n"):
        assert re.fullmatch(f"([^{LRI}{PDI}]|{LRI}[^{LRI}{PDI}]+{PDI})*", line)
    assert said == isolated(said)  # saying it twice changes nothing


@given(TYPED)
def test_c5_every_number_with_a_separator_between_arabic_letters_is_isolated(text):
    """Outside isolates no two groups of digits meet with only separators between them."""
    said = isolated(f"م {text} م")
    outside = re.sub(f"{LRI}[^{PDI}]*{PDI}", "|", said)
    assert not re.search(r"[0-9٠-٩۰-۹][-/.:_–][0-9٠-٩۰-۹]", outside)


@example(text="\u2066\u202a\u2069", mirrored=False, twice=False)
@given(text=TYPED, mirrored=st.booleans(), twice=st.booleans())
def test_c5_what_a_sentence_is_given_is_balanced_and_cannot_turn_it(text, mirrored, twice):
    """Isolates within a value are closed, also where the value was a sentence itself, and nothing
    else that turns is left.
    """
    said = inserted(text, mirrored=mirrored)
    if twice:
        said = inserted(said, mirrored=mirrored)
    depth = 0
    for character in said:
        depth += (character == LRI) - (character == PDI)
        assert 0 <= depth <= 2
    assert depth == 0
    assert not set(CONTROLS) - {LRI, PDI} & set(said)
    bare = {ord(control): None for control in (LRI, PDI)}
    assert neutral(text) == neutral(said.translate(bare))


def test_c5_marks_beside_a_number_cannot_turn_it():
    """A number pasted from a telephone brings marks of direction; within an isolate they go."""
    assert "عند [0750-123-4567] ثم" == shown("عند \u200f0750\u200f-123-\u200e4567\u202c ثم")
    assert "ن\u200fم" == isolated("ن\u200fم")


def test_c5_a_sentence_isolates_its_values_and_itself():
    """Paths, numbers and dates in a message read from left to right, and examples that the words
    themselves hold; a value in Arabic keeps its direction.
    """
    path = phrase("error.import_file_unreadable", "ar", file="/var/نسخ/05-06-2020.csv")
    assert path.endswith(f"{LRI}{LRI}/var{PDI}/نسخ{LRI}/05-06-2020.csv{PDI}{PDI}")
    arabic = phrase("error.import_file_unreadable", "ckb", file="/بەڵگە/ڕاپۆرت")
    assert arabic.endswith(f"{LRI}/بەڵگە/ڕاپۆرت{PDI}")
    for value in ("/srv/tansiq", "-5", "+964 750", "2020-12-20", "٠٧٥٠-١٢٣", "text"):
        assert f"{LRI}{value}{PDI}" in phrase("error.field_required", "ckb", field=value)
        assert value in phrase("error.field_required", "en", field=value)
    assert phrase("error.field_required", "ar", field="الوصف").endswith("الوصف")
    assert f"{LRI}07:00-19:00{PDI}" in phrase("error.hours_form", "ar")
    assert LRI not in phrase("error.hours_form", "en")
    inner = phrase("error.field_required", "ar", field="text")
    assert f"{LRI}text{PDI}" in phrase("alarm.entry_unusable", "ar", number=5, fault=inner)


def test_c5_no_word_of_ours_holds_a_run_bare():
    """In the lists of words too every number with separators is isolated for Arabic and Sorani."""
    for key, text in catalogue().items():
        for said in (text.ar, text.ckb):
            outside = re.sub(f"{LRI}[^{PDI}]*{PDI}", "|", said)
            assert not re.search(r"\d[-/.:]\d|(?<!\S)--\w|(?<!\S)/\w", outside), key


def test_c5_a_page_shows_runs_in_elements():
    """On a page a run is an element, so that what is copied holds no invisible character."""
    said = dates.said("عند 0750-123-4567 <b>")
    assert 'عند <bdi class="run" dir="ltr">0750-123-4567</bdi> &lt;b&gt;' == said
    long = f"/srv/{'a' * 30}"
    assert f'ملف <bdi class="run-long" dir="ltr">{long}</bdi>' == dates.said(f"ملف {long}")
    assert "12-3" == dates.said("12-3 left").partition(" ")[0]


def test_c5_the_letters_that_turn_are_those_of_unicode():
    """Each letter of Arabic script is known as one that reads from right to left."""
    for code in (*range(0x0600, 0x0700), *range(0x0750, 0x0780), *range(0x08A0, 0x08CA)):
        letter = chr(code)
        turns = unicodedata.bidirectional(letter) in ("R", "AL") and letter.isalpha()
        assert not turns or isolates._RIGHT.match(letter), hex(code)


@pytest.mark.parametrize(
    "text", ["12 " * 1_300, "1-" * 2_000, "+" * 4_000, "(12345)" * 500, "1.5 2.5 " * 500]
)
def test_c5_a_long_text_takes_no_time(text):
    """A hostile text of the greatest length is one pass: its pieces are no more than its words."""
    assert sum(1 for _ in pieces(f"م{text}")) <= len(text) + 1


def test_c5_what_people_wrote_stands_in_an_element_of_its_own_direction():
    """A text that begins in English is not turned by the page: where a template says people's
    words, the element around them takes its direction from them.
    """
    around = re.compile(
        r'(?:<bdi[^>]*>|dir="auto"[^>]*>|<s>|</s>\{% else %\}|<del>|<ins>'
        r"|</ins>\{% endif %\}\{% else %\})$"
    )
    bare = [
        f"{path.name}: {text[at - 60 : at]}"
        for path in TEMPLATES.rglob("*.html")
        for text in [path.read_text("utf-8")]
        for at in (found.start() for found in re.finditer(r"\{\{ said\(", text))
        if not around.search(text[max(0, at - 200) : at])
    ]
    assert [] == bare


def test_c5_a_span_of_times_reads_from_its_begin_to_its_end():
    """Between Arabic letters two moments and the dash between them are one run: each alone, the
    later one would stand where digits are read first.
    """
    ends = re.compile(r"\{\{ (?:stamp|day|clock_time)\([^}]*\}\} – \{\{")
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text("utf-8")
        for found in ends.finditer(text):
            assert text[: found.start()].endswith('<bdi dir="ltr">'), (template.name, found[0])
