"""Files on a stick: names, bounds, torn sticks, nothing else touched."""

import os
from pathlib import Path

import pytest

from tansiq.carriers import bundle, stick_files
from tansiq.carriers.bundle import StickCarrier, Why
from tansiq.carriers.carrier import LinkError
from tansiq.desk.exchange import exchange
from tansiq.domain.bounds import BOUNDS
from tansiq.log.keys import fingerprint_words
from tests.contract.desks import GER, MOD, MPA, befriend, desk_of, found, signed_for, sizes, speak


@pytest.fixture
def pair(tmp_path):
    """MPA and MOD, who know each other, and an empty stick."""
    one, other = found(tmp_path, MPA), found(tmp_path, MOD)
    desks = desk_of(one), desk_of(other)
    befriend(desks[0], other)
    befriend(desks[1], one)
    stick = tmp_path / "stick"
    stick.mkdir()
    yield *desks, stick
    for desk in desks:
        desk.database.close()


def read(desk, stick):
    """What is taken from a stick."""
    return list(bundle.read(desk, bundle.look(stick, desk.me)))


def bounded(monkeypatch, **chosen):
    """Other bounds for the stick and the exchange."""

    class Less:
        def __getattr__(self, name):
            return chosen.get(name, getattr(BOUNDS, name))

    for module in (bundle, stick_files):
        monkeypatch.setattr(module, "BOUNDS", Less())
    monkeypatch.setattr("tansiq.sync.engine.BOUNDS", Less())


def test_names_say_from_whom_to_whom_and_which_number():
    """Two people can name a file over the telephone."""
    assert exchange.file_name("MPA", "MOD", 118) == "tansiq-MPA-to-MOD-000118.tsq"


def test_what_does_not_fit_one_parcel_goes_into_several_files(pair, monkeypatch):
    """Without a receipt in between, the files follow on one another and are taken in one go."""
    here, there, stick = pair
    bounded(monkeypatch, parcel_entries_max=2)
    for version in range(1, 6):
        speak(here, MOD, version)
    written = bundle.write(here, stick, MOD)
    assert [2, 2, 1] == [item.entries for item in written]
    assert [1, 2, 3] == [item.number for item in written]
    reports = read(there, stick)
    assert [2, 2, 1] == [item.taken.accepted for item in reports]
    assert sizes(there, MPA) == (0, 5)


def test_replies_go_to_the_same_stick_and_double_import_does_nothing(pair):
    """There, back, and once more by mistake: both sides end with the receipt."""
    here, there, stick = pair
    speak(here, MOD, 1)
    bundle.write(here, stick, MOD)
    read(there, stick)
    bundle.write(there, stick, MPA)
    assert [MOD] == [item.file.sender for item in read(here, stick)]
    assert signed_for(here, MOD) == 1
    again = read(there, stick)
    assert [True] == [item.taken.repeated for item in again]
    assert [0] == [item.taken.accepted for item in again]


def test_the_first_of_three_sticks_missing_is_said_and_closed_later(pair):
    """A file past a gap names what is missing; the missing one then releases it."""
    here, there, stick = pair
    speak(here, MOD, 1)
    (first,) = bundle.write(here, stick, MOD)
    speak(here, MOD, 2)
    data = exchange.outgoing(here, MOD, start=1)
    first.path.rename(stick.parent / "kept-aside")
    StickCarrier(stick, here.me).leave(MOD, 2, data)
    (report,) = read(there, stick)
    assert report.taken.missing == (1, 1)
    (stick.parent / "kept-aside").rename(first.path)
    *_, last = read(there, stick)
    assert last.taken.missing is None
    assert sizes(there, MPA) == (0, 2)


def test_nothing_else_on_the_stick_is_touched(pair):
    """Foreign files, files for others and our own old ones stay as they are, unread."""
    here, there, stick = pair
    others = {
        "photo.jpg": b"x", "tansiq-MPA-to-GER-000001.tsq": b"x",
        "tansiq-MPA-to-MOD-000009.tsq.part": b"x", "._tansiq-MPA-to-MOD-000001.tsq": b"x",
        "tansiq-MOD-to-MOD-000001.tsq": b"x", "tansiq-MOD-to-MPA-000001.tsq": b"x",
    }  # fmt: skip
    for name, data in others.items():
        (stick / name).write_bytes(data)
    assert not read(there, stick)
    (written,) = bundle.write(here, stick, MOD)
    kept = {path.name: path.read_bytes() for path in stick.iterdir() if path != written.path}
    assert kept == others


def test_files_are_taken_by_number_not_by_name_or_time(pair):
    """The order is that of the numbers, also past the sixth digit."""
    _, there, stick = pair
    for number in (1_000_000, 7, 999_999):
        (stick / exchange.file_name("MPA", "MOD", number)).write_bytes(b"noise")
    assert [7, 999_999, 1_000_000] == [item.file.number for item in read(there, stick)]


@pytest.mark.parametrize(
    ("plant", "code"),
    [
        (lambda path: path.symlink_to("/dev/zero"), "stick_read"),
        (Path.mkdir, "stick_not_a_file"),
        (os.mkfifo, "stick_not_a_file"),
        (lambda path: path.write_bytes(b""), "parcel_prefix"),
        (lambda path: path.touch() or os.truncate(path, 2**33), "stick_file_size"),
    ],
)
def test_what_is_no_parcel_ends_in_a_fault_of_its_own(pair, plant, code):
    """Links, folders, pipes, empty and giant files are named; the good file beside is taken."""
    here, there, stick = pair
    speak(here, MOD, 1)
    bundle.write(here, stick, MOD)
    plant(stick / exchange.file_name("AAA", "MOD", 1))
    bad, good = read(there, stick)
    assert bad.fault.code == code
    assert bad.fault.text("ckb")
    assert good.taken.accepted == 1


def test_a_link_in_place_of_our_file_is_not_followed(pair, tmp_path):
    """A planted link cannot make the node write elsewhere."""
    here, _, stick = pair
    target = tmp_path / "precious"
    target.write_bytes(b"precious")
    name = exchange.file_name("MPA", "MOD", 1)
    (stick / f"{name}.part").symlink_to(target)
    bundle.write(here, stick, MOD)
    assert target.read_bytes() == b"precious"
    assert not (stick / name).is_symlink()


def test_a_file_is_there_whole_or_not_at_all(pair, monkeypatch):
    """A stick that is torn out while writing holds no half file under a parcel's name."""
    here, _, stick = pair

    def torn(_number):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(bundle.os, "fsync", torn)
    with pytest.raises(LinkError) as caught:
        bundle.write(here, stick, MOD)
    assert caught.value.code == "stick_write"
    assert not list(stick.iterdir())


def test_no_file_is_written_over_another(pair):
    """After a restored backup the numbers begin anew; what is on the stick stays."""
    here, _, stick = pair
    old = stick / exchange.file_name("MPA", "MOD", 1)
    old.write_bytes(b"from before the backup")
    (written,) = bundle.write(here, stick, MOD)
    assert written.number == 2
    assert old.read_bytes() == b"from before the backup"


def test_too_many_files_or_names_end_in_a_fault(pair, monkeypatch):
    """A stick cannot make a node read without end."""
    here, there, stick = pair
    for number in range(1, 5):
        (stick / exchange.file_name("MPA", "MOD", number)).write_bytes(b"noise")
    bounded(monkeypatch, stick_files_max=3)
    with pytest.raises(LinkError, match="too many"):
        read(there, stick)
    for number in range(5, 8):
        (stick / exchange.file_name("MPA", "MOD", number)).write_bytes(b"noise")
    with pytest.raises(LinkError, match="too many parcels"):
        bundle.write(here, stick, MOD)
    monkeypatch.setattr(stick_files, "_ENTRIES_MAX", 2)
    with pytest.raises(LinkError, match="too many files"):
        read(there, stick)


def test_a_missing_stick_is_said_in_words(pair, tmp_path):
    """No stick, no traceback."""
    here, there, _ = pair
    for call in (lambda: read(there, tmp_path / "no"),
                 lambda: bundle.write(here, tmp_path / "no", MOD)):  # fmt: skip
        with pytest.raises(LinkError) as caught:
            call()
        assert "No such file" in caught.value.text("ar")


def test_a_lost_stick_shows_only_names_and_sizes(pair):
    """The file's bytes hold none of the words that stand in it, and its words are its own."""
    here, _, stick = pair
    speak(here, MOD, 1)
    (written,) = bundle.write(here, stick, MOD)
    assert Path(written.path).read_bytes() == written.data
    assert not any(word in written.data for word in (b"MPA", b"MOD", b"agreement", b"AG-MPA"))
    assert len(fingerprint_words(written.data)) == 8


@pytest.mark.parametrize(
    "name",
    [
        "tansiq-MPA-to-MOD-000001 (1).tsq", "نسخة من tansiq-MPA-to-MOD-000001.tsq", "TANSIQ~1.TSQ",
        "Tansiq-mpa-to-mod-000001.TSQ", "from Erbil/Monday/tansiq-MPA-to-MOD-000001.tsq",
        "tansiq-MPA-to-MOD-000001.tsq.txt", "download", "كۆپی/بێ ناو",
    ],
)  # fmt: skip
def test_b8_a_file_is_known_by_what_it_holds(pair, name):
    """However a computer renames a parcel, and in whatever folder, it is taken."""
    here, there, stick = pair
    speak(here, MOD, 1)
    (written,) = bundle.write(here, stick, MOD)
    (stick / name).parent.mkdir(parents=True, exist_ok=True)
    written.path.rename(stick / name)
    assert [1] == [report.taken.accepted for report in read(there, stick)]
    assert (stick / name).read_bytes() == written.data


def test_b8_what_is_not_read_is_named_with_its_reason(pair):
    """Each thing on the stick is read, or stands there with why it is not."""
    _, there, stick = pair
    lies = {
        "photos/one.jpg": Why.FOREIGN, "tansiq-MPA-to-GER-000001 (2).tsq": Why.OTHERS,
        "tansiq-MPA-to-MOD-000009.tsq.part": Why.TORN, "mine/tansiq-MOD-to-MPA-000001.tsq": Why.OWN,
        "tansiq-MOD-to-MPA-000002.tsq.part": Why.OWN, "notes.part": Why.FOREIGN,
        "._tansiq-MPA-to-MOD-000001.tsq": Why.FOREIGN,
    }  # fmt: skip
    for name in (*lies, ".Trashes/501/deleted.tsq", "a/b/c/d/e/tansiq-MPA-to-MOD-000001.tsq"):
        (stick / name).parent.mkdir(parents=True, exist_ok=True)
        (stick / name).write_bytes(b"x")
    (stick / "away").symlink_to("/etc")
    found = bundle.look(stick, there.me)
    more = {".Trashes": Why.SYSTEM, "a/b/c/d/e": Why.DEEP, "away": Why.FOREIGN}
    assert {one.name: one.why for one in found.left} == {**lies, **more}
    assert not found.parcels
    assert {Why.TORN, Why.DEEP} == {why for why in Why if why.grave}


def test_b8_a_card_of_a_stranger_and_our_own_are_left_and_said(pair, tmp_path):
    """Papers are known by what they hold too; who is no partner has to be joined by people."""
    _, there, stick = pair
    stranger = found(tmp_path, GER)
    (stick / "some card.txt").write_bytes(stranger.card.read_bytes() + b"\r\n")
    (stick / "MOD-mod.card").write_bytes((tmp_path / MOD / "MOD-mod.card").read_bytes())
    left = list(bundle.notices(there, bundle.look(stick, there.me)))
    assert [("MOD-mod.card", Why.OWN), ("some card.txt", Why.STRANGER)] == [
        (one.name, one.why) for one in left
    ]
