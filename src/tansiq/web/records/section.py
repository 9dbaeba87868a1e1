"""The section of records: the page and the list of any of them, its steps, its case, its files."""

from typing import Final

from tansiq.desk.act.access import Deed
from tansiq.web.records import cases, editing, editions, inward, places, same, views, writing
from tansiq.web.shell.addresses import file, page, part
from tansiq.web.shell.home import ANY
from tansiq.web.shell.listing import pages
from tansiq.web.shell.sections import Key, Section, Where

_RECORD: Final = "record/<str:owner>/<uuid:record>"

SECTION: Final = Section(
    name="records",
    word="place.record",
    addresses=(
        page(_RECORD, views.page, "record"),
        part(f"{_RECORD}/part", views.part, "record-part"),
        page(f"{_RECORD}/print", views.printed, "record-print", deed=Deed.PRINTED),
        page(f"{_RECORD}/edit", editing.edit, "record-edit"),
        page(f"{_RECORD}/edition/<int:number>", editions.one, "record-edition"),
        page(
            f"{_RECORD}/edition/<int:number>/beside/<int:other>",
            editions.compared,
            "record-compare",
        ),
        page(f"{_RECORD}/same", same.page, "record-same", word="same.title"),
        page(f"{_RECORD}/step", views.step, "record-step"),
        page(f"{_RECORD}/case/<uuid:lane>", cases.act, "case-act"),
        page(f"{_RECORD}/inward", inward.decide, "inward-decide"),
        page(f"{_RECORD}/circle", cases.act_in_circle, "circle-act"),
        file(f"{_RECORD}/file", views.file, "record-file", deed=Deed.DOWNLOADED),
        file(f"{_RECORD}/thumbnail", views.thumbnail, "record-thumbnail"),
        part("place/understood", places.part, "place-understood"),
        part("place/notations", places.notations, "place-notations"),
        part("area/understood", places.area, "area-understood"),
        page("list/<str:kind>/new", writing.new, "list-new"),
        part("goes/<str:kind>", writing.goes, "goes", word="place.goes"),
        *pages(ANY),
    ),
    keys=(
        Key(names=("E",), word="record.edit", where=Where.RECORD),
        Key(names=("S",), word="same.act", where=Where.RECORD),
        Key(names=("P",), word="list.month_before", where=Where.CALENDAR),
        Key(names=("F",), word="list.month_after", where=Where.CALENDAR),
    ),
)
