"""D1: what differs between two editions is said field by field, and word by word in texts."""

from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.differences import Mark, differences, marked
from tansiq.domain.kinds import kind_named
from tests.world import incident

INCIDENT = kind_named("incident")


def test_d1_only_what_differs_is_a_difference():
    """Fields that read alike are left out, and one that is not said equals one that is empty."""
    old = {**incident().body, "internal": ""}
    new = {**incident().body, "text": "Fire in the barley fields", "size": "two fields"}
    found = differences(INCIDENT, old, new)
    assert ["text", "size"] == [one.field.name for one in found]
    assert (None, "two fields") == (found[1].old, found[1].new)
    assert () == differences(INCIDENT, old, old)


def test_d1_words_that_differ_are_marked():
    """Both texts stand whole, and the words that only one of them has are told apart."""
    left, right = marked("Fire in the wheat fields", "Fire in the barley fields")
    assert ["wheat"] == [piece.text for piece in left if piece.mark is Mark.OTHER]
    assert ["barley"] == [piece.text for piece in right if piece.mark is Mark.OTHER]


@given(st.text(max_size=200), st.text(max_size=200))
def test_d1_marking_loses_no_word(old, new):
    """Whatever the texts are, the pieces of each are that text."""
    left, right = marked(old, new)
    assert old == "".join(piece.text for piece in left)
    assert new == "".join(piece.text for piece in right)


def test_d1_long_texts_are_compared_as_a_whole():
    """A text that would take long to compare is shown as other, and nothing of it is lost."""
    old, new = "a " * 1_900, "b a " * 950
    left, right = marked(old, new)
    assert (old, new) == (left[0].text, right[0].text)
    assert Mark.OTHER is left[0].mark
