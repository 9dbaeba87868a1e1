"""Words: complete in three languages, or the node does not start."""

import pytest

from tansiq.domain import wording
from tansiq.domain.isolates import isolate
from tansiq.domain.wording import (
    Text,
    WordingError,
    catalogue,
    direction,
    phrase,
    words,
)

HEAD = "key,en,ar,ckb,sure\n"


@pytest.fixture
def lists(tmp_path, monkeypatch):
    """Word lists of the test's own."""

    def write(*rows, name="test.csv"):
        folder = tmp_path / "words"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(HEAD + "".join(f"{row}\n" for row in rows), "utf-8")
        (folder / "notes.txt").write_text("no list", "utf-8")
        monkeypatch.setattr(wording.resources, "files", lambda package: tmp_path)
        return catalogue()

    catalogue.cache_clear()
    yield write
    catalogue.cache_clear()


def test_the_lists_of_the_product_load():
    """Every row is complete and no key stands twice."""
    assert len(catalogue()) > 300
    for text in catalogue().values():
        assert text.of("en")
        assert text.of("ar")
        assert text.of("ckb")
        assert text.of("xx") == text.en


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (["a,x,y,,yes"], "lacks a language"),
        (["a,x, ,z,yes"], "lacks a language"),
        (["a,x,y,z,yes", "a,x,y,z,yes"], "stands twice"),
        (["a,{n} x,y,z,yes"], "placeholders"),
        (["a,{n},{n},{m},yes"], "placeholders"),
    ],
)
def test_an_incomplete_list_cannot_start(lists, rows, fault):
    """The error says which row of which list."""
    with pytest.raises(WordingError, match=fault) as refused:
        lists(*rows)
    assert "test.csv row" in str(refused.value)


def test_a_complete_list_is_read(lists):
    """Only lists are read, with what stands between the languages."""
    assert lists("a,one {n},واحد {n},یەک {n},yes") == {"a": Text("one {n}", "واحد {n}", "یەک {n}")}


def test_an_unknown_key_is_an_error():
    """No page shows a key in place of words."""
    with pytest.raises(WordingError, match="no word list"):
        words("no.such.key")
    with pytest.raises(WordingError):
        Text("one", "", "یەک")


def test_codes_and_dates_keep_their_order_inside_arabic():
    """A value that starts with a Latin letter or digit is isolated, other words are not."""
    arabic = phrase("error.field_required", "ar", field="text")
    assert isolate("text") in arabic
    assert isolate("الوصف") not in phrase("error.field_required", "ar", field="الوصف")
    assert "\u2066" not in phrase("error.field_required", "en", field="text")
    assert phrase("kind.incident", "ckb") == words("kind.incident").ckb


def test_direction_comes_from_the_language():
    """Arabic and Sorani read from right to left."""
    assert [direction(language) for language in ("en", "ar", "ckb")] == ["ltr", "rtl", "rtl"]
