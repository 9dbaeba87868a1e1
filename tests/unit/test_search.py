"""Folding: spellings that people mix compare equal; what is stored stays as typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain import search
from tansiq.domain.search import normalise, without_overrides

SIGNS = st.sampled_from("aÉßİ1٣ ي\u0308\u064b\u200c\u00a0\u202e\ufdfa\u00a8ةۆ_-.\n\U0001e8d0가ﬁ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كردستان", "کردستان"),
        ("علي", "علی"),
        ("مدرسة", "مدرسه"),
        ("أربيل", "اربيل"),
        ("إدارة", "اداره"),
        ("آمر", "امر"),
        ("هێرش", "هيرش"),
        ("ڕووداو", "رووداو"),
        ("ساڵ", "سال"),
        ("ئۆتۆمبێل", "ئوتومبيل"),
        ("مـــدير", "مدير"),
        ("مُحَرَّر", "محرر"),
        ("نوێ‌کردنەوە", "نوێکردنەوە"),
        ("٣١ گوند", "31 گوند"),
        ("۳۱ گوند", "31 گوند"),
        ("Café ROAD", "cafe road"),
        ("a,b;c", "a b c"),
        ("\u202eroad\u202c", "road"),
    ],
)
def test_spellings_that_people_mix_compare_equal(one, other):
    """Both forms fold to the same words."""
    assert normalise(one) == normalise(other)


@given(st.text() | st.text(SIGNS))
def test_a_text_folds_as_its_words(text):
    """Folding word by word, each word once, is folding the whole text."""
    assert normalise(text) == normalise(text) == search._normalised(text)


def test_different_words_stay_different():
    """Folding does not join what a reader tells apart."""
    assert normalise("bridge") != normalise("bride")
    assert normalise("باب") != normalise("بيت")
    assert normalise("") == normalise(" \n ") == ""


def test_overrides_go_and_joiners_stay():
    """Direction controls are taken out of what is stored; letters that join stay."""
    assert without_overrides("a\u202eb\u2066c\u2069") == "abc"
    assert without_overrides("نوێ‌بوو") == "نوێ‌بوو"
