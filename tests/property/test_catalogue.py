"""The catalogue of supplies as a file: what is written is read back as it was, in both formats."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.desk.support import catalogue
from tansiq.domain.kinds.support import supplies
from tansiq.domain.kinds.support.supplies import OwnItem
from tansiq.domain.wording import Text
from tests.cleaning import InProcess
from tests.workbooks import workbook
from tests.world import worlds

# Also what means something to a spreadsheet: formulas, separators, quotes, signs of direction.
CHARACTERS = st.one_of(
    st.sampled_from("ABZ آبپڕڵێ ٠١۲۳\",;\t=+-@#'|_*&<>{}%\u200c\u200f"),
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Co"]),
)
NAMES = (
    st.text(CHARACTERS, min_size=1, max_size=supplies.OWN_NAME_MAX)
    .map(catalogue.plain_name)
    .filter(lambda name: 0 < len(name) <= supplies.OWN_NAME_MAX and "\ufffd" not in name)
    .filter(lambda name: not supplies.arms_in(name))
)
PLAIN = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=12).filter(
    lambda code: not supplies.arms_in(code) and supplies.is_own(f"mpa-{code}")
)
UNITS = st.lists(st.sampled_from(supplies.UNITS), min_size=1, max_size=4, unique=True).map(tuple)


@st.composite
def items(draw):
    """An item that a file may bring."""
    units = draw(UNITS)
    packed = bool({*units} & {*supplies.PACKS})
    return OwnItem(
        code="mpa-" + draw(PLAIN), supply_class=draw(st.sampled_from(supplies.CLASSES)),
        names=Text(*(draw(NAMES) for _ in range(3))), units=units,
        pack=draw(st.integers(1, 9_999_999)) if packed else 0,
    )  # fmt: skip


@settings(deadline=None)
@given(st.lists(items(), max_size=8, unique_by=lambda one: one.code))
def test_a_written_catalogue_is_read_back_the_same(made):
    """Whatever stands in the names: the CSV, and a workbook of the same cells, give each item as it
    was and no fault.
    """
    with worlds("MPA") as world:
        desk = world.desk("MPA")
        desk.cleaner = InProcess()
        said = catalogue.written(made)
        cells = list(csv.reader(io.StringIO(said)))
        for data in (said.encode(), workbook(*cells)):
            found = catalogue.read(desk, io.BytesIO(data), "en")
            assert not found.faults
            assert found.items == tuple(made)
