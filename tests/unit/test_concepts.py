"""One word for one thing: where the English names a concept, both translations use its word.

``concepts.csv`` has a row for each concept: patterns of its word in the three languages, and of
words that it must not have there. Before matching, placeholders, vowel signs and isolates are taken
away. A pattern is a stem: what is inflected is listed, what means another thing is left out.
"""

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from tansiq.domain.wording import LANGUAGES, catalogue

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_SIGNS = re.compile("[\u064b-\u0652\u0670\u0640\u2066\u2069]")
_QUOTED = re.compile(r'(?<!\*)\*([^*]{2,60})\*(?!\*)|"[^"]{3,60}"|«[^»]{3,60}»')
_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@cache
def concepts():
    """The rows of the table."""
    with (HERE / "concepts.csv").open("r", encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def plain(text):
    return _PLACEHOLDER.sub("", _SIGNS.sub("", text))


@cache
def said():
    """Every text of the product and every row of the glossary, by where it stands."""
    found = {
        key: {language: plain(text.of(language)) for language in LANGUAGES}
        for key, text in catalogue().items()
    }
    table = (ROOT / "docs/concepts/words.md").read_text("utf-8")
    for row in re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ", table, re.MULTILINE)[1:]:
        found[f"words.md: {row[0]}"] = dict(zip(LANGUAGES, map(plain, row), strict=True))
    return found


def guides(language):
    for path in (ROOT / "src/tansiq/web/guides/texts" / language).glob("*.md"):
        yield str(path.relative_to(ROOT)), plain(re.sub(r"\s+", " ", path.read_text("utf-8")))


@pytest.mark.parametrize("concept", concepts(), ids=lambda row: row["concept"])
def test_a_concept_has_one_word_in_each_language(concept):
    """A text whose English names the concept names it in Arabic and in Sorani by its own word."""
    if not concept["en"]:
        return
    wrong = [
        (where, language, text["en"], text[language])
        for where, text in said().items()
        if re.search(concept["en"], text["en"], re.IGNORECASE)
        for language in ("ar", "ckb")
        if not re.search(concept[language], text[language])
    ]
    assert [] == wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_that_means_another_thing_is_used_nowhere(language):
    """Neither lists of words nor guides hold what the table forbids: "sitting" for a session, the
    word for a freed prisoner for a release, the one for a worker for a second factor.
    """
    texts = [(where, text[language]) for where, text in said().items()]
    wrong = [
        (row["concept"], where, found.group())
        for row in concepts()
        if row[f"never_{language}"]
        for where, text in (*texts, *guides(language))
        for found in [re.search(row[f"never_{language}"], text, re.IGNORECASE)]
        if found
    ]
    assert [] == wrong


def test_the_table_of_concepts_bites():
    """Each pattern is one, and most concepts are in use now."""
    used = 0
    for row in concepts():
        for name, pattern in row.items():
            if name != "concept":
                re.compile(pattern)
        used += any(
            row["en"] and re.search(row["en"], text["en"], re.IGNORECASE)
            for text in said().values()
        )
    assert used > 80
    assert len({row["concept"] for row in concepts()}) == len(concepts())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guide_quotes_the_screens_as_they_are(language):
    """What a guide sets in italics or between quotation marks is read on a page in just those
    words; how the page sets a full stop, a comma or capitals is not asked.
    """
    shown = [quoted(text.of(language)) for text in catalogue().values()]
    wrong = [
        (path.name, words)
        for path in sorted((ROOT / "src/tansiq/web/guides/texts" / language).glob("*.md"))
        for words in quotes(re.sub(r"\s+", " ", without_head(path.read_text("utf-8"))))
        if not any(quoted(words) in one for one in shown)
    ]
    assert [] == wrong


def without_head(text):
    """A guide without its title, its other languages and what it says of its reviewer, and without
    the words in bold, which are its own headings.
    """
    return re.sub(r"\*\*[^*]+\*\*", "", text[text.index("**") :])


def quotes(text):
    return [match[0] for match in _QUOTED.finditer(text)]


def quoted(text):
    """The words alone: no signs and no capitals."""
    return re.sub(r"\s+", " ", re.sub(r"[.,:،؛*«»\"]", "", text)).strip().casefold()
