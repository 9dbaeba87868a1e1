"""The catalogue of supplies: own items from a spreadsheet, shown before they are taken, and what a
partner reads of a line that names one.
"""

import io
from html import unescape

import pytest

from tansiq.desk.records import items, read, say
from tansiq.desk.records.read import Query
from tansiq.desk.support import catalogue
from tansiq.domain.errors import InputError, RefusedError
from tansiq.domain.kinds.support import supplies
from tansiq.domain.wording import LANGUAGES, words
from tests.cleaning import InProcess
from tests.web.pair import Screen, text_of
from tests.web.test_support import NEED, asked, lane, world
from tests.workbooks import workbook

__all__ = ["world"]
HEAD = "code,class,name_en,name_ar,name_ckb,units,pack"
FILTER = "filter,x,Water filter,مرشح ماء,فلتەری ئاو,piece box,20"
STOVE = "stove,VII,Stove for a tent,مدفأة خيمة,سۆبای خێمە,piece,"
ADMINISTRATOR = "administrator"


def rows_of(*rows, head=HEAD):
    return io.BytesIO("\n".join((head, *rows)).encode())


def found(world, *rows, head=HEAD, language="en"):
    return catalogue.read(world.desk("MPA"), rows_of(*rows, head=head), language)


def look(world, *rows, language="en", position=ADMINISTRATOR):
    return looked(world, rows_of(*rows), language, position)


def looked(world, file, language="en", position=ADMINISTRATOR):
    file.name = "items"
    return Screen(world, "MPA", position).post("/catalogue/look", {"sheet": file}, language)


def take(world, *rows):
    items.take(world.desk("MPA"), world.actor("MPA", ADMINISTRATOR), found(world, *rows).items)


def book_of(*rows, head=HEAD):
    return io.BytesIO(workbook(*(row.split(",") for row in (head, *rows))))


def offer(world, code, *, again=False, position=ADMINISTRATOR):
    fields = {"code": code} | ({"again": "1"} if again else {})
    return Screen(world, "MPA", position).post("/catalogue/offer", fields)


def test_own_items_are_read_by_headers_units_and_classes_of_three_languages(world):
    """The headings of an exported catalogue mean the same in each language, and so do units and
    the ways to write a class.
    """
    for language in LANGUAGES:
        head = ",".join(catalogue.title(name).of(language) for name in catalogue.COLUMNS)
        box = words("unit.box").of(language)
        got = found(world, f"filter,10,Filter,مرشح,فلتەر,{box},20", head=head)
        (item,) = got.items
        assert (item.code, item.supply_class, item.units, item.pack) == (
            "mpa-filter", "x", ("box",), 20,
        )  # fmt: skip
        assert not got.faults


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("shells,V,Shells,قذائف,قومبارە,piece,", "catalogue_fifth"),
        ("shells,5,Shells,قذائف,قومبارە,piece,", "catalogue_fifth"),
        ("r1,vii,Rifle,بندقية,تفەنگ,piece,", "catalogue_arms"),
        ("r2,ix,Parts,أجزاء بندقية,پارچە,piece,", "catalogue_arms"),
        ("ammo_box,iv,Box,صندوق,سندوق,piece,", "catalogue_arms"),
        ("filter,xi,Filter,مرشح,فلتەر,piece,", "catalogue_class"),
        ("a b,x,Filter,مرشح,فلتەر,piece,", "catalogue_code"),
        ("mod-filter,x,Filter,مرشح,فلتەر,piece,", "catalogue_code"),
        ("filter,x,Filter,,فلتەر,piece,", "catalogue_name"),
        ("filter,x,Filter,مرشح,فلتەر,barrel,", "catalogue_units"),
        ("filter,x,Filter,مرشح,فلتەر,box,", "catalogue_pack"),
        ("filter,x,Filter,مرشح,فلتەر,piece,12", "catalogue_pack"),
        ("mask,viii,Mask,كمامة,ماسک,litre,", "catalogue_shared"),
        (STOVE, "import_twice"),
    ],
)
def test_one_row_that_cannot_be_used_keeps_the_whole_file_out(world, wrong, code, language):
    """Class V, weapons by any name, and what has no form: the page says which row and why, in the
    reader's language, and nothing of the file is taken.
    """
    got = found(world, STOVE, wrong)
    assert [one.error.code for one in got.faults] == [code]
    assert [one.row for one in got.faults] == [3]
    answer = look(world, STOVE, wrong, language=language)
    assert answer.status_code == 422
    page = unescape(text_of(answer))
    assert 'action="/catalogue/take"' not in page
    assert 'id="faults"' in page
    assert not items.own(world.desk("MPA"))


def test_a_file_is_shown_before_it_is_taken_and_taken_twice_changes_nothing(world):
    """The preview takes nothing; the second press takes all; the same file again is no change, and
    a changed name is one.
    """
    page = text_of(look(world, FILTER, STOVE))
    assert "mpa-filter" in page
    assert not items.own(world.desk("MPA"))
    text = unescape(page.partition('name="text" hidden>')[2].partition("</textarea>")[0])
    screen = Screen(world, "MPA", ADMINISTRATOR)
    assert screen.post("/catalogue/take", {"text": text}).status_code == 302
    assert list(items.own(world.desk("MPA"))) == ["mpa-filter", "mpa-stove"]
    again = found(world, FILTER, STOVE)
    assert (again.added, again.changed, len(again.items)) == ((), (), 2)
    assert "changes nothing" in text_of(look(world, FILTER, STOVE))
    size = world.desk("MPA").store.head("journal").size
    take(world, FILTER, STOVE)
    assert world.desk("MPA").store.head("journal").size == size
    other = found(world, FILTER.replace("Water filter", "Filter"))
    assert [one.code for one in other.changed] == ["mpa-filter"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_exported_catalogue_is_a_file_that_can_be_imported(world, language):
    """What the CSV says is read again as it is: no fault, nothing new, nothing changed."""
    take(world, FILTER, STOVE)
    screen = Screen(world, "MPA", ADMINISTRATOR)
    data = screen.get("/catalogue/csv", language).content
    got = catalogue.read(world.desk("MPA"), io.BytesIO(data), "en")
    assert (got.faults, got.added, got.changed) == ((), (), ())
    assert got.rows == len(supplies.ITEMS) + 2
    assert screen.get("/catalogue", language).status_code == 200
    assert screen.get("/catalogue/print", language).status_code == 200


def test_who_has_no_mandate_for_the_catalogue_takes_nothing(world):
    """An observer reads it and is offered no file; a post is refused."""
    screen = Screen(world, "MPA", "observer")
    assert 'action="/catalogue/look"' not in text_of(screen.get("/catalogue"))
    assert look(world, FILTER, position="observer").status_code == 403
    with pytest.raises(RefusedError):
        items.take(world.desk("MPA"), world.actor("MPA", "observer"), found(world, FILTER).items)


def test_a_line_carries_the_names_of_an_own_item_to_a_partner_who_does_not_have_it(world):
    """The partner reads code and names, promises, sends and is signed for as with any item; the
    item's unit is checked where it is asked for, and an unknown code is refused there.
    """
    take(world, FILTER)
    own = {"lines-0-item": "mpa-filter", "lines-0-unit": "box", "lines-0-count": "4"}
    form = text_of(Screen(world, "MPA", "duty-officer").get("/support/new"))
    assert '<option value="mpa-filter"' in form
    record = asked(world, **own)
    (view,) = read.page(world.desk("MOD"), world.viewer("MOD"), Query(kinds=("support",))).rows
    row = view.value.body["lines"][0]
    assert row.get("named") == "Water filter · مرشح ماء · فلتەری ئاو"
    page = text_of(Screen(world, "MOD", "liaison-officer").get(record))
    assert "mpa-filter" in page
    assert "فلتەری ئاو" in page
    given = lane(world, "MOD", record)
    answer = Screen(world, "MOD", "liaison-officer").post(
        f"{record}/case/{given.id}",
        {"seen": list(given.newest), "act": "allot", "l-mpa-filter.box": "4", "then": "approve"},
    )
    assert answer.status_code == 302
    world.exchange("MPA", "MOD")
    sums = {str(one.line): one.sums for one in lane(world, "MPA", record).goods}
    assert sums["mpa-filter.box"].allotted == 4
    desk, actor = world.desk("MPA"), world.actor("MPA", "duty-officer")
    for wrong in ({"unit": "kg"}, {"item": "mpa-none"}, {"item": "mod-filter"}):
        body = view.value.body | {"seats": ["MOD/liaison-officer"]}
        line = {"item": "mpa-filter", "unit": "box", "count": 1} | wrong
        draft = say.Draft(kind="support", body=body | {"lines": [line]}, label=view.value.label)
        with pytest.raises(InputError):
            say.write(desk, actor, draft)
    move = {"move": "in", "item": "mpa-filter", "unit": "box", "count": "9"}
    assert Screen(world, "MPA", "duty-officer").post("/stock/new", move).status_code == 302
    stock = Screen(world, "MPA", "duty-officer")
    assert "mpa-filter" in text_of(stock.get("/stock/there"))
    assert text_of(stock.get("/stock?item=mpa-filter&unit=box")).count('id="x') == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_is_read_as_the_csv_of_it(world, language):
    """The same headings, preview and items, and the same rows refused by their numbers."""
    world.desk("MPA").cleaner = InProcess()
    head = ",".join(catalogue.title(name).of(language) for name in catalogue.COLUMNS)
    rows = (FILTER, STOVE)
    book = catalogue.read(world.desk("MPA"), book_of(*rows, head=head), language)
    assert book == found(world, *rows, head=head)
    assert 'id="preview"' in text_of(looked(world, book_of(*rows), language))
    wrong = looked(world, book_of(FILTER, "", "r1,vii,Rifle,بندقية,تفەنگ,piece,"), language)
    assert wrong.status_code == 422
    page = unescape(text_of(wrong))
    assert words("catalogue.row").of(language) + " \u20664\u2069" in page or "4</bdi>" in page
    assert not items.own(world.desk("MPA"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 and no more", "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "workbook_unreadable"),
        (b"PK\x03\x04" + bytes(1_000_000), "catalogue_size"),
    ],
)
def test_what_is_no_workbook_is_refused_in_the_readers_language(world, data, code, language):
    """The page says what is wrong with the file and takes nothing."""
    world.desk("MPA").cleaner = InProcess()
    answer = looked(world, io.BytesIO(data), language)
    assert answer.status_code == 422
    said = words(f"error.{code}").of(language).partition("{")[0]
    assert said in unescape(text_of(answer))
    assert not items.own(world.desk("MPA"))


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        ("Item code,Category,Name,Arabic name,Kurdish name,Unit of issue,Pack size", "pcs cartons"),
        ("رمز المادة,صنف الإمداد,الإنجليزية,الاسم العربي,الاسم الكردي,وحدة القياس,حجم العلبة",
         "قطع/صناديق"),
        ("کۆدی شت,پۆل,ناوی ئینگلیزی,ناوی عەرەبی,ناوی کوردی,یەکەی پێوان,قەبارەی سندوق",
         "دانەکان، کارتۆن"),
    ],
)  # fmt: skip
def test_the_usual_other_words_for_columns_and_units_are_understood(world, head, unit):
    """As in the import of incidents: other headings than ours, in each language, and units as
    people write them; a heading that is there twice is refused.
    """
    got = found(world, f"filter,x,Water filter,مرشح ماء,فلتەری ئاو,{unit},20", head=head)
    assert got == found(world, FILTER)
    with pytest.raises(InputError) as refused:
        found(world, FILTER, head=HEAD.replace("pack", "unit"))
    assert refused.value.code == "import_column_twice"


def test_an_item_that_is_taken_out_is_in_no_new_line_and_still_named_in_old_ones(world):
    """The form does not offer it and refuses it where somebody names it all the same; the request
    that asked for it before says its name here and at the partner, and can be edited; what is left
    of it is still booked out. Offered again, it is as it was.
    """
    take(world, FILTER, STOVE)
    own = {"lines-0-item": "mpa-filter", "lines-0-unit": "box", "lines-0-count": "4"}
    record = asked(world, **own)
    assert offer(world, "mpa-filter").status_code == 302
    officer = Screen(world, "MPA", "duty-officer")
    form = text_of(officer.get("/support/new"))
    assert ('value="mpa-filter"' in form, 'value="mpa-stove"' in form) == (False, True)
    assert officer.post("/support/new", NEED | own | {"place-name": "Kalar"}).status_code == 422
    assert "mpa-filter" not in text_of(officer.get("/catalogue/csv"))
    assert "mpa-stove" in text_of(officer.get("/catalogue/csv"))
    assert "Water filter" in text_of(officer.get(record))
    assert "فلتەری ئاو" in text_of(Screen(world, "MOD", "liaison-officer").get(record))
    assert '<option value="mpa-filter" selected' in text_of(officer.get(f"{record}/edit"))
    assert 'value="mpa-filter"' in text_of(officer.get("/stock/new"))
    move = {"move": "in", "item": "mpa-filter", "unit": "box", "count": "9"}
    assert officer.post("/stock/new", move).status_code == 302
    assert officer.post("/stock/new", {**move, "move": "out"}).status_code == 302
    assert offer(world, "mpa-filter", again=True).status_code == 302
    assert 'value="mpa-filter"' in text_of(officer.get("/support/new"))
    assert (found(world, FILTER).added, found(world, FILTER).changed) == ((), ())


def test_a_file_that_names_an_item_that_was_taken_out_offers_it_again(world):
    """The preview says that it changes, and taking it brings it back."""
    take(world, FILTER)
    offer(world, "mpa-filter")
    assert [one.code for one in found(world, FILTER).changed] == ["mpa-filter"]
    take(world, FILTER)
    assert items.own(world.desk("MPA"))["mpa-filter"].offered


def test_who_may_not_change_the_catalogue_takes_nothing_out(world):
    """An observer sees no such form, and a post is refused; a code that nobody has does nothing."""
    take(world, FILTER)
    assert 'id="own"' not in text_of(Screen(world, "MPA", "observer").get("/catalogue"))
    assert offer(world, "mpa-filter", position="observer").status_code == 403
    size = world.desk("MPA").store.head("journal").size
    assert offer(world, "mpa-none").status_code == 302
    assert world.desk("MPA").store.head("journal").size == size
    assert items.own(world.desk("MPA"))["mpa-filter"].offered
