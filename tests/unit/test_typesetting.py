"""Pages of a list: whole, in order, within their columns, and made of data alone.

What is on a page is read back by poppler's pdftotext, where on it by its boxes. Joined letters are
looked at by people: ``./dev shots`` draws the pages.
"""

import html
import itertools
import json
import re
import subprocess
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.domain.parties import Classification
from tansiq.domain.wording import LANGUAGES, phrase
from tansiq.gateways import typesetting
from tansiq.gateways.typesetting.settable import FONTS, LACKING, SIZE, Words, advances
from tansiq.node import bounded, page_process
from tansiq.node.page_process import PageProcess
from tansiq.web.shell.typesetting import content
from tests.unit.test_tables import leaving, row, table

MARKUP = '*bold* _x_ = Head $a$ #panic("no") #read("/etc/passwd") `raw` <label> @ref \\ // /* "'
VOWEL_SIGNS = set("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652")  # poppler doubles them
HOSTILE = (
    MARKUP, "A" * 10_000, "W" * 300, "م" * 3_000, "\u202eabc\u2066def",
    "🔥👩‍👩‍👧🏽 漢字 e\u0301\u0306",
    "\ufeff\u200b\u200d\ufe0f\U000e0041",
    "a\u0000b\u0007c\tb", "", " ", "\n\n", "line\u2028line\r\nline",
    "R-JCC-MPA-0001/" * 30, "\u0640" * 900,
)  # fmt: skip


def listed(*texts, language="en", **more):
    given = {"classification": Classification.RESTRICTED}
    made = table(*(row(text, **given) for text in texts), **more)
    return content(leaving(made, language))


def made_of(*texts, language="en"):
    return typesetting.pages(listed(*texts, language=language))


def read(pdf, *options):
    """What poppler reads from a PDF."""
    command = ["pdftotext", "-q", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def plain(text):
    """Without marks of direction."""
    return "".join(one for one in text if unicodedata.category(one) != "Cf")


def letters_of(text):
    """The words of a text, each as its letters in any order: poppler turns lam-alef round, and what
    stands beside a colon.
    """
    return {"".join(sorted(word)) for word in re.findall(r"[^\W\d]+|\d+", plain(text))}


def facts_of(pdf):
    command = ["pdfinfo", "-"]
    told = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return dict(re.findall(r"^([^:\n]+): +(.*)$", told, re.MULTILINE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_what_it_is(language):
    """Title, definition and facts once; class, reference, who took it and the number on each."""
    pdf = made_of(*["Fire at the camp"] * 60, language=language)
    texts = read(pdf).split("\f")[:-1]
    pages = [letters_of(text) for text in texts]
    made = leaving(table(row(classification=Classification.RESTRICTED)), language)
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        for said in (
            made.marking, made.reference, made.title, made.voice.t("audit.when"),
            phrase("paper.page", language, page="", pages=""),
        ):  # fmt: skip
            assert letters_of(said) <= page, said
        if language == "en":
            assert f"Page {number} of {len(pages)}" in " ".join(plain(texts[number - 1]).split())
    bare = (word for word in made.definition.split() if not VOWEL_SIGNS & set(word))
    assert letters_of(" ".join(bare)) <= pages[0]
    assert letters_of("2020-12-20 14:00 Asia/Baghdad") <= pages[0]
    told = facts_of(pdf)
    assert ("yes", "Sun Dec 20 11:00:00 2020 UTC") == (told["Tagged"], told["CreationDate"])
    assert made.title == told["Title"]


def test_words_are_read_back_in_their_order():
    """Sentences of both directions, dates and codes are found whole in what a reader searches."""
    texts = ("Fire at the camp on 2020-12-20 at I-NNTS1.", "حريق في مخيم قرب الطريق")
    for language in LANGUAGES:
        found = " ".join(plain(read(made_of(*texts, language=language))).split())
        assert "Fire at the camp on 2020-12-20 at I-NNTS1." in found
        assert "حريق في مخيم قرب الطريق" in found
        assert found.index(texts[0][:8]) < found.index(texts[1])


def test_columns_begin_on_the_side_from_which_people_read():
    """The first column stands at the left in English, at the right in Arabic and Sorani."""
    for language in LANGUAGES:
        (heading,) = letters_of(phrase("audit.when", language))
        boxes = read(made_of("Fire", language=language), "-bbox")
        found = re.findall(r'xMin="([\d.]+)"[^>]*>([^<]*)</word>', boxes)
        (left,) = {float(x) for x, word in found if letters_of(html.unescape(word)) == {heading}}
        assert (left < 100) == (language == "en"), (language, left)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_text_breaks_a_page_or_runs_off_it(text, language):
    """Markup is words; long runs break in their column; what the font lacks is one mark."""
    pdf = made_of("Before", text, "After", language=language)
    found = read(pdf, "-bbox")
    width = float(re.search(r'page width="([\d.]+)"', found)[1])
    # A text's own column ends where that of the place begins.
    place = [float(x) for x in re.findall(r'xMin="([\d.]+)"[^>]*>Makhmour<', found)]
    for least, most in re.findall(r'word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)"', found):
        assert 30 < float(least) <= float(most) < width - 30
    assert 3 == len(place)
    text_of_it = " ".join(plain(read(pdf)).split())
    assert text_of_it.index("Before") < text_of_it.index("After")
    if text == MARKUP and language == "en":
        assert '#panic("no") #read("/etc/passwd") `raw` <label>' in text_of_it


def test_what_the_font_lacks_is_marked_counted_and_said():
    """A mark for each, and one note; what is never drawn is no character that is lacking."""
    pdf = read(made_of("🔥 漢", "x\ufe0f\u200b"))
    assert phrase("paper.lacking", "en") + " 2" in " ".join(plain(pdf).split())
    assert phrase("paper.lacking", "en") not in read(made_of("Fire"))
    words = Words()
    assert f"\u2068{LACKING}\u2069" == words.settable("🔥", 100)
    assert ("", 1) == (words.settable("\u200b\ufe0f", 100).strip("\u2068\u2069\u200b"), 1)


@settings(max_examples=50)
@given(st.text(max_size=80), st.integers(20, 400))
def test_what_is_set_can_be_set(text, room):
    """Only what the font has or never draws is left, and nothing between breaks is too wide."""
    for line in Words().lines(text, room):
        assert line == "" or (line[0], line[-1]) == ("\u2068", "\u2069")
        for run in re.split(r"[\s\u200b]", line):
            drawn = [one for one in run if one not in "\u200c\u200d\u2066\u2067\u2068\u2069"]
            assert set(drawn) <= set(advances())
            wide = sum(advances()[one] for one in drawn) * SIZE
            assert wide <= room or len(drawn) == 1 or wide - room < SIZE * 2


def test_every_character_there_is_can_stand_in_a_text():
    """What the font lacks and what PDF/UA refuses stops no pages."""
    codes = (*range(0xD800), *range(0xE000, 0x10000), *range(0x1F000, 0x1FB00), 0xE0041, 0x10FFFF)
    text = "".join(map(chr, codes))
    pdf = made_of(*(text[at : at + 1000] for at in range(0, len(text), 1000)))
    assert pdf.startswith(b"%PDF-")


def test_the_list_of_widths_is_that_of_the_fonts():
    """Each character that both have, and at least as wide as each draws it alone."""
    (folder,) = FONTS.glob("vazirmatn-*")
    fonts = [TTFont(path) for path in sorted(folder.glob("*.ttf"))]
    assert 2 == len(fonts)
    for font in fonts:
        names, units = font.getBestCmap(), font["head"].unitsPerEm
        assert {ord(one) for one in advances()} <= set(names)
        for one, wide in advances().items():
            assert font["hmtx"][names[ord(one)]][0] / units <= wide + 0.001
    letters = "ئابپتجچحخدرڕزژسشعغفڤقکگلڵمنوۆهەھیێءآأؤإةثذصضطظىيك،؛؟٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹–…·"
    assert set(letters) <= set(advances())


def test_the_same_list_is_the_same_pages():
    """No clock, no chance, no font of the machine."""
    one, other = (typesetting.pages(listed("Fire", language="ckb")) for _ in range(2))
    assert one == other


def test_an_empty_list_says_so():
    """A page, with the words for no rows and no class."""
    pdf = typesetting.pages(content(leaving(table())))
    assert phrase("table.empty", "en") in read(pdf)
    assert "1" == facts_of(pdf)["Pages"]


def test_what_stands_under_a_column_stands_small_in_its_cell():
    """As on a page, with its heading where it is a number or a code."""
    columns = list(table(row()).columns)
    columns[3] = type(columns[3])(
        key="n", heading="chart.count", holds=columns[3].holds, under="text"
    )
    told = json.loads(content(leaving(table(row("Fire"), columns=tuple(columns)))))
    (part,) = told["parts"]
    assert 4 == len(part["columns"])
    assert ["Fire", "Number \u2066-3\u2069"] == part["rows"][0][2]
    assert ZoneInfo("Asia/Baghdad").key == plain(told["facts"][3][1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_columns_stand_side_by_side_and_break_no_day_and_no_heading(language):
    """Twenty narrow columns: each day and each word of a heading is whole, and none stands on
    another.
    """
    told = json.loads(listed("x", language=language))
    head = {"en": "Participants", "ar": "المشاركون", "ckb": "بەشداربووان"}[language]
    column = {"heading": head, "weight": 0.8, "number": False}
    told["parts"][0] |= {"columns": [column] * 15, "rows": [[["2020-12-17", ""]] * 15]}
    found = typesetting.pages(json.dumps(told).encode())
    text = plain(read(found))
    assert text.count("2020-12-17") == 15
    boxes = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)".*?>2020-12-17<',
                       plain(html.unescape(read(found, "-bbox"))))  # fmt: skip
    sides = sorted((float(left), float(right)) for left, _, right in boxes)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(sides))
    assert len(sides) == 15


def test_the_process_answers_as_the_code_in_it():
    """What a node hears from the other process is what is made there."""
    asked = listed("Fire")
    assert typesetting.pages(asked) == PageProcess().pages(asked)


@pytest.mark.parametrize("end", ["import os; os.abort()", "while True: pass", "x = ' ' * 10**13"])
def test_pages_that_end_the_process_end_nothing_else(monkeypatch, end):
    """A crash, a hang and a hunger for memory are an answer: no pages."""
    monkeypatch.setattr(page_process, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(page_process, "COMMAND", ("-c", end))
    assert PageProcess().pages(b"{}") is None


def test_few_wait_for_their_pages(monkeypatch, tmp_path):
    """Who comes when three wait is answered at once: the threads of the node draw other pages."""
    go = tmp_path / "go"
    code = f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.01)\nprint('x')"
    monkeypatch.setattr(page_process, "COMMAND", ("-c", code))
    process = PageProcess()
    with ThreadPoolExecutor(page_process.WAITING_MAX) as pool:
        waiting = [pool.submit(process.pages, b"") for _ in range(page_process.WAITING_MAX)]
        while process._places.acquire(blocking=False):
            process._places.release()
            time.sleep(0.01)
        assert process.pages(b"") is None
        go.touch()
        assert [b"x\n"] * len(waiting) == [one.result() for one in waiting]


def test_the_process_is_bounded():
    """It may have so much memory and time, and no file but its answer."""
    code = (
        "import resource as r; from tansiq.node.bounded import bound;"
        "bound(memory=2**31, seconds=7, answer_bytes=9, threads=True);"
        "print(*(r.getrlimit(n)[0] for n in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE)))"
    )
    told = bounded.answer(("-c", code.replace("answer_bytes=9", "answer_bytes=99")), b"", 9.0)
    assert f"{2**31} 7 99" == (told or b"").decode().strip()
