"""Files in forms and on pages: added, taken off, named, shown small (rows C7 and A10)."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tansiq.desk.records import read, say
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import Classification
from tests.cleaning import InProcess
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import incident, to, uuid_of

MAKER = 0x010F


@pytest.fixture
def world():
    with agreed() as made:
        for party in ("MPA", "MOD"):
            made.desk(party).cleaner = InProcess()
        yield made


@pytest.fixture
def screen(world):
    return Screen(world, "MPA", "cleared")


def picture(name="IMG at Makhmour.jpg"):
    image = Image.new("RGB", (400, 300), "green")
    said = image.getexif()
    said[MAKER] = "CANARY"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=said)
    return SimpleUploadedFile(name, out.getvalue())


TYPED = {
    "category": "fire", "severity": "urgent", "text": "Fire near the mill",
    "observed": "2020-01-01 10:00", "place-name": "Makhmour", "place-precision": "about",
    "grade-r": "B", "grade-c": "2", "class": "restricted", "audience": "MOD", "unknowns": "",
}  # fmt: skip


def written(screen, *files, **more):
    """An incident written with these files: its id."""
    reply = screen.post("/incidents/new", {**TYPED, "files": list(files), **more})
    assert reply.status_code == 302, text_of(reply)
    return reply["Location"].rpartition("/")[2]


def stands(world, record):
    return say.current(world.desk("MPA"), world.actor("MPA"), record).value


def named(world, record, field="attachments"):
    """The names of the files of a record."""
    ids = stands(world, record).body.get(field, [])
    views = [read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", one) for one in ids]
    return [view.value.body["text"] for view in views]


def edited(world, screen, record, *files, **more):
    base = stands(world, record).digest
    address = f"/record/MPA/{record}/edit"
    return screen.post(address, {**TYPED, "base": base, "files": list(files), **more})


def test_c7_files_are_added_and_taken_off_on_the_edit_page(world, screen):
    """What is on the record has a mark there to take it off; what is new comes beside it."""
    record = written(screen, picture(), SimpleUploadedFile("a list.txt", b"one, two"))
    assert named(world, record) == ["1.jpg", "2.txt"]
    page = text_of(screen.get(f"/record/MPA/{record}/edit"))
    first, second = stands(world, record).body["attachments"]
    for file in (first, second):
        assert f'name="drop" value="{file}"' in page
    reply = edited(world, screen, record, SimpleUploadedFile("b.txt", b"three"), drop=first)
    assert reply.status_code == 302, text_of(reply)
    kept, added = stands(world, record).body["attachments"]
    assert kept == second
    assert named(world, record) == ["2.txt", "3.txt"]
    assert edited(world, screen, record, drop=[kept, added]).status_code == 302
    assert "attachments" not in stands(world, record).body


def test_c7_an_edit_without_files_leaves_them_as_they_are(world, screen):
    """A form in which nobody touched them takes none away."""
    record = written(screen, picture())
    before = stands(world, record).body["attachments"]
    assert edited(world, screen, record).status_code == 302
    assert stands(world, record).body["attachments"] == before


def test_c7_nobody_takes_off_a_file_that_is_not_shown_to_that_person(world, screen):
    """The form of a person who may not see it neither shows nor drops it."""
    high = to("MOD", classification=Classification.CONFIDENTIAL)
    file = world.attach("MPA", "inner.txt", b"inner", high)
    record = world.write("MPA", "fire", incident(to("MOD"), attachments=[file]))
    low = Screen(world, "MPA", "duty-officer")
    page = text_of(low.get(f"/record/MPA/{record}/edit"))
    assert file not in page
    assert "inner.txt" not in page
    edited(world, low, record, drop=file)
    assert stands(world, record).body.get("attachments") == [file]


def test_c7_too_many_files_are_refused_with_those_that_are_there(world, screen):
    """The bound counts what the record keeps."""
    record = written(screen, *(SimpleUploadedFile(f"{n}.txt", b"x") for n in range(8)))
    reply = edited(world, screen, record, SimpleUploadedFile("9.txt", b"x"))
    assert reply.status_code == 422
    assert len(stands(world, record).body["attachments"]) == 8


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("size", "code"), [(0, "empty"), (BOUNDS.attachment_bytes_max + 1, "size")]
)
def test_c10_a_file_that_is_not_taken_is_named(world, screen, size, code, language):
    """Of several files the page says which one is empty or too large; nothing is saved."""
    good = SimpleUploadedFile("good.txt", b"x")
    bad = SimpleUploadedFile("photo of 7 May.txt", b"x" * size)
    reply = screen.post("/incidents/new", {**TYPED, "files": [good, bad]}, language)
    assert reply.status_code == 422
    said = words(f"error.attachment_{code}", language).partition(".")[0]
    assert said in text_of(reply)
    assert "photo of 7 May.txt" in text_of(reply)
    assert "good.txt" not in text_of(reply)


def test_a10_what_a_form_brings_is_cleaned_and_named_neutrally(world, screen):
    """The camera's words are gone, the name of the device stays beside it and does not leave."""
    record = written(screen, picture())
    (file,) = stands(world, record).body["attachments"]
    view, data = read.attachment(world.desk("MPA"), world.viewer("MPA"), "MPA", file)
    assert b"CANARY" not in data
    assert view.value.body["traces"] == "removed"
    assert view.value.body["brought"] == "IMG at Makhmour.jpg"
    assert "originals" not in stands(world, record).body
    named_by_hand = written(screen, picture(), files_name="the mill")
    assert named(world, named_by_hand) == ["the mill.jpg"]


def test_a10_the_original_is_kept_below_the_line_where_the_writer_asks(world, screen):
    """It is on the own page, and neither in the preview nor in what leaves."""
    record = written(screen, picture(), files_original="1")
    (kept,) = stands(world, record).body["originals"]
    _, data = read.attachment(world.desk("MPA"), world.viewer("MPA"), "MPA", kept)
    assert b"CANARY" in data
    assert kept in text_of(screen.get(f"/record/MPA/{record}"))
    panel = text_of(Screen(world, "MPA", "liaison-officer").get(f"/record/MPA/{record}/release"))
    assert kept not in panel
    assert "IMG at Makhmour" not in panel


def test_a10_the_inference_box_reads_names_of_files_and_says_what_may_be_in_them(world):
    """A town in a name, and a file that could not be cleaned."""
    screen = Screen(world, "MPA", "cleared")
    record = written(screen, SimpleUploadedFile("v.mp4", b"\x00\x01\x02"), files_name="Makhmour")
    liaison = Screen(world, "MPA", "liaison-officer")
    panel = text_of(liaison.get(f"/record/MPA/{record}/release?to=MOD"))
    assert words("infer.file_traces") in panel
    assert words("file.traces") in panel


@pytest.mark.parametrize("language", LANGUAGES)
def test_a10_pictures_are_shown_small_on_the_page(world, screen, language):
    """A small JPEG made here, with no policy but "nothing", and noted as the file is."""
    record = written(screen, picture())
    (file,) = stands(world, record).body["attachments"]
    address = f"/record/MPA/{file}/thumbnail"
    assert f'src="{address}"' in text_of(screen.get(f"/record/MPA/{record}", language))
    reply = screen.get(address)
    assert reply.headers["Content-Type"] == "image/jpeg"
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-store"
    with Image.open(io.BytesIO(reply.content)) as image:
        assert image.size == (320, 240)


def test_a10_a_thumbnail_that_is_withheld_or_cannot_be_made_is_absent(world, screen):
    """One answer for all of them."""
    high = to("MOD", classification=Classification.CONFIDENTIAL)
    record = written(screen, picture(), SimpleUploadedFile("a.txt", b"words"),
                     **{"class": "confidential"})  # fmt: skip
    assert stands(world, record).label.classification is high.classification
    first, second = stands(world, record).body["attachments"]
    low = Screen(world, "MPA", "duty-officer")
    nothing = uuid_of("nothing")
    absent = low.get(f"/record/MPA/{nothing}/thumbnail")
    assert absent.status_code == 404
    for screen_, file in ((low, first), (low, second), (screen, second)):
        reply = screen_.get(f"/record/MPA/{file}/thumbnail")
        assert reply.status_code == 404
        if screen_ is low:
            assert text_of(reply).replace(file, "") == text_of(absent).replace(nothing, "")


def test_a2_preview_approval_and_holdings_name_the_files(world, screen):
    """Whoever decides and whoever looks later reads which files leave."""
    record = written(screen, SimpleUploadedFile("A list.txt", b"words"), files_name="a plan")
    liaison = Screen(world, "MPA", "liaison-officer")
    panel = text_of(liaison.get(f"/record/MPA/{record}/release?to=MOD"))
    assert words("panel.with_files") in panel
    assert "a plan.txt" in panel
    world.release("MPA", record, "MOD", "R-MPA")
    for address in ("/holdings", f"/record/MPA/{record}", "/holdings/csv"):
        assert "a plan.txt" in text_of(liaison.get(address))
