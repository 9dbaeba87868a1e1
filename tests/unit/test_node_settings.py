"""Settings, secrets and the founding of a node: strict, whole or not at all, nothing shown."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.duty import Hours
from tansiq.domain.errors import FaultError, InputError, RefusedError, StoreError
from tansiq.domain.parties import Classification, Role
from tansiq.log.cards import read_card
from tansiq.node import founding
from tansiq.node.clock import SystemClock, SystemEntropy
from tansiq.node.founding import actor_of, init_node, open_node, read_own_card, write_card
from tansiq.node.keyring import load_keyring
from tansiq.node.settings import parse_settings, read_settings, settings_json
from tests.contract.desks import MPA, POSITIONS, befriend, desk_of, found

LANGUAGES = ("en", "ar", "ckb")


@pytest.fixture
def settings(tmp_path):
    """A founded node."""
    return found(tmp_path, MPA, store="sqlite")


def spoilt(settings, change):
    """The bytes of the node's settings after ``change``."""
    value = json.loads(settings_json(settings))
    change(value)
    return json.dumps(value).encode()


def test_settings_come_back_as_they_were_written(settings):
    """Writing and reading are inverse."""
    position = replace(
        POSITIONS[0], clearance=Classification.SECRET, categories=frozenset({"medical"}),
        hours=(Hours(19 * 60, 7 * 60),), telephone="0750 000 0000",
    )  # fmt: skip
    deputy = replace(position, code="deputy", deputy=position.code)
    full = replace(
        settings, positions=(position, deputy), web_hosts=("node.lan",), web_secure=True,
        clock_offset_ms=-5, sample_data=True, zone="UTC", language="ckb", rest_minutes=5,
        second_factor=(Role.ADVISER,), shift_hours=8, sessions_max=1,
    )  # fmt: skip
    assert full == parse_settings(settings.folder, settings_json(full))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda value: value.pop("party"), "party"),
        (lambda value: value.update(extra=1), "extra"),
        (lambda value: value["web"].update(port="8000"), "web.port"),
        (lambda value: value["web"].update(port=70_000), "web.port"),
        (lambda value: value["positions"][0].update(role="king"), "positions[0].role"),
        (lambda value: value["positions"][0].update(categories=["x"]), "categories"),
        (lambda value: value.update(positions=value["positions"] * 2), "positions"),
        (lambda value: value.update(positions=[]), "positions"),
        (lambda value: value["positions"][0].update(deputy="nobody"), "deputy"),
        (lambda value: value["positions"][0].update(deputy=POSITIONS[0].code), "deputy"),
        (lambda value: value["positions"][0].update(telephone="7" * 81), "telephone"),
        (lambda value: value["names"].update(ckb=""), "names.ckb"),
        (lambda value: value.update(zone="Asia/Atlantis"), "zone"),
        (lambda value: value.update(zone="../../etc/passwd"), "zone"),
        (lambda value: value.update(language="fr"), "language"),
        (lambda value: value.update(v=2), "v"),
        (lambda value: value["identity"].update(second_factor=["king"]), "second_factor"),
        (lambda value: value["identity"].update(rest_minutes=0), "identity.rest_minutes"),
        (lambda value: value["identity"].update(shift_hours=25), "identity.shift_hours"),
        (lambda value: value["identity"].update(sessions=0), "identity.sessions"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(settings, change, where):
    """A tired administrator is told where to look, in three languages."""
    with pytest.raises(InputError) as caught:
        parse_settings(settings.folder, spoilt(settings, change))
    assert where in caught.value.values["where"]
    assert all(where in caught.value.text(language) for language in LANGUAGES)


def test_who_releases_runs_or_checks_a_node_takes_a_second_factor_unless_chosen_otherwise(settings):
    """What nobody chose is the careful way, also in a file that says nothing of it."""
    plain = parse_settings(settings.folder, spoilt(settings, lambda value: value.pop("identity")))
    assert {"administrator", "auditor", "liaison_officer"} == set(plain.second_factor)


def test_bad_codes_bad_json_and_giant_files_are_typed(settings):
    """Party and position codes have their own words; so has what is no JSON."""
    for change, code in (
        (lambda value: value.update(party="mpa"), "party_code"),
        (lambda value: value["positions"][0].update(code="A B"), "position_code"),
        (lambda value: value["positions"][0].update(hours=["7-19"]), "hours_form"),
    ):
        with pytest.raises(InputError) as caught:
            parse_settings(settings.folder, spoilt(settings, change))
        assert caught.value.code == code
    for data in (b"{", b"\xff", b"", b" " * 300_000):
        with pytest.raises(InputError):
            parse_settings(settings.folder, data)


@given(st.binary(max_size=200))
def test_no_bytes_end_in_anything_but_a_fault(data):
    """Whatever stands in the file, it ends in settings or in a FaultError."""
    with pytest.raises(FaultError):
        parse_settings(founding.Path("/nowhere"), data)


def test_an_absent_or_unreadable_node_is_said(tmp_path):
    """A wrong path is told apart from a missing right."""
    with pytest.raises(StoreError) as caught:
        read_settings(tmp_path)
    assert caught.value.code == "node_absent"
    (tmp_path / "node.json").mkdir()
    with pytest.raises(StoreError) as caught:
        read_settings(tmp_path)
    assert caught.value.code == "node_unreadable"


def test_a_founded_node_is_private_and_its_card_is_good(settings):
    """Secrets are for the node's user alone; the card holds none and names the certificate."""
    for path in (settings.folder, settings.keys):
        assert path.stat().st_mode & 0o077 == 0
    for path in settings.keys.iterdir():
        assert path.stat().st_mode & 0o177 == 0
    keyring = load_keyring(settings.keys)
    card = read_card(read_own_card(settings))
    assert card.certificate == keyring.certificate
    assert card.public == keyring.node.public
    assert card.authority == keyring.authority.public
    shown = repr(keyring)
    assert keyring.node.seed.hex() not in shown
    assert keyring.web_secret not in shown
    assert repr(keyring.node.seed) not in shown


def test_a_node_without_an_address_has_a_card_without_one(tmp_path):
    """Such a node calls and is not called."""
    card = read_card(read_own_card(found(tmp_path, MPA, address="")))
    assert (card.address, card.certificate) == ("", b"")


def test_an_authority_can_be_brought_along(tmp_path):
    """Two nodes of one party share its authority."""
    seed = bytes(range(32))
    settings = replace(found(tmp_path, MPA, store="sqlite"), folder=tmp_path / "second")
    init_node(settings, authority_seed=seed)
    assert load_keyring(settings.keys).authority.seed == seed


def test_nothing_is_founded_over_anything(settings):
    """A folder with anything in it is left alone."""
    before = sorted(settings.folder.iterdir())
    with pytest.raises(StoreError) as caught:
        init_node(settings)
    assert caught.value.code == "node_folder_taken"
    assert before == sorted(settings.folder.iterdir())


def test_a_founding_that_fails_leaves_nothing(tmp_path, monkeypatch):
    """No half node stays behind."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(founding, "replace_file", full)
    with pytest.raises(StoreError) as caught:
        found(tmp_path, MPA)
    assert "No space left" in caught.value.text("ar")
    assert not list(tmp_path.iterdir())


def test_keys_that_others_can_read_are_refused(settings):
    """A leaked key is noticed before it is used."""
    (settings.keys / "secrets.json").chmod(0o640)
    with pytest.raises(StoreError) as caught:
        load_keyring(settings.keys)
    assert caught.value.code == "key_open"


@pytest.mark.parametrize("name", ["secrets.json", "secrets.age"])
@pytest.mark.parametrize("data", [b"", b"zz", b"\xff\xfe", None])
def test_damaged_or_absent_keys_are_typed(settings, name, data):
    """Each ends in words that name the file or the key."""
    path = settings.keys / name
    if data is None:
        (settings.keys / "secrets.json").unlink()
    else:
        path.touch(mode=0o600)
        path.write_bytes(data)
    with pytest.raises(FaultError) as caught:
        load_keyring(settings.keys, lambda _name: "any passphrase")
    assert all(caught.value.text(language) for language in LANGUAGES)


def test_without_its_authority_a_node_opens_but_signs_no_card(settings):
    """The authority's seed can be kept elsewhere."""
    (settings.keys / "authority.seed").unlink()
    with open_node(settings.folder) as node:
        assert node.desk.identity.authority is None
        with pytest.raises(RefusedError):
            write_card(node.settings, node.keyring)


def test_a_renewed_card_follows_the_settings(settings):
    """After a new address the card says so, and it is newer."""
    moved = replace(settings, address="https://10.0.0.1:8443")
    card = read_card(write_card(moved, load_keyring(settings.keys)))
    assert card.address == moved.address
    assert read_card(read_own_card(moved)) == card


def test_one_works_alone_or_several_together(settings):
    """A check needs the node for itself, and says so; afterwards all is open again."""
    with open_node(settings.folder), open_node(settings.folder):
        with pytest.raises(StoreError) as caught, open_node(settings.folder, alone=True):
            pass
        assert caught.value.code == "node_in_use"
    with open_node(settings.folder, alone=True):
        with pytest.raises(StoreError) as caught, open_node(settings.folder):
            pass
        assert caught.value.code == "node_locked"


def test_a_broken_database_or_card_is_typed(settings):
    """The database's own words come along as the detail."""
    settings.database.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError) as caught, open_node(settings.folder):
        pass
    assert caught.value.code in {"database_damaged", "database_open"}
    settings.card.unlink()
    with pytest.raises(StoreError), open_node(settings.folder):
        pass


def test_who_acts_is_checked(settings):
    """Unknown positions and malformed roster numbers are input errors."""
    desk = desk_of(settings)
    try:
        for position, person in (("nobody", "P-1"), ("liaison", ""), ("liaison", "p 1")):
            with pytest.raises(InputError):
                actor_of(desk, position, person)
        assert actor_of(desk, "liaison", "P-1").role is POSITIONS[0].role
        with pytest.raises(FaultError):
            befriend(desk, settings)  # its own card
    finally:
        desk.database.close()


def test_the_clock_can_be_moved_and_ids_are_random():
    """A training node lives in another time; its ids do not tell of it."""
    real, moved = SystemClock(), SystemClock(-86_400_000)
    assert abs(real.now() - moved.now() - 86_400_000) < 10_000
    assert SystemEntropy().uuid() != SystemEntropy().uuid()
