"""Node cards: what is signed reads back, and everything else is refused."""

import dataclasses
import json
import random
from pathlib import Path

import pytest

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.domain.wording import Text
from tansiq.log import cards, keys
from tansiq.log.canonical import decode_object, encode
from tools import make_vectors

CARD = make_vectors.example_card()
SEED = make_vectors.AUTHORITY.seed
NOW_MS = make_vectors.NOW_MS
DATA = cards.make_card(CARD, SEED)


def altered(**changes):
    return dataclasses.replace(CARD, **changes)


def forged(change):
    """A card whose body was changed and then signed again by the same authority."""
    value = decode_object(DATA)
    change(value["card"])
    signature = keys.sign_message(SEED, b"tansiq/card/v1\n" + encode(value["card"]))
    return encode({"card": value["card"], "signature": cards.base64_text(signature)})


def mutants(data, count, seed):
    """Bit flips, truncations, duplications and splices of ``data``, none equal to it."""
    draw = random.Random(seed)
    while count:
        at, to = sorted(draw.randrange(len(data) + 1) for _ in range(2))
        flip = bytearray(data)
        for _ in range(draw.randint(1, 4)):
            flip[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        mutant = draw.choice(
            (
                bytes(flip),
                data[:at],
                data[at:],
                data[:to] + data[at:],
                data[:at] + data[to:],
                data[:at] + draw.randbytes(to - at) + data[to:],
                data + draw.randbytes(1 + at % 50),
            )
        )
        if mutant != data:
            count -= 1
            yield mutant


def test_a_card_reads_back():
    """What the authority signed is what the partner reads."""
    assert cards.open_card(DATA, NOW_MS) == CARD
    assert len(DATA) < BOUNDS.card_bytes_max
    assert cards.make_card(CARD, SEED) == DATA


def test_the_words_are_those_of_the_vector():
    """Both sides of a telephone call read the same eight words and numbers."""
    expected = json.loads(make_vectors.vectors()["card.json"])["words"]
    assert expected == [list(item) for item in cards.card_words(DATA)]
    assert cards.card_words(DATA) != cards.card_words(DATA + b" ")


def test_only_its_authority_can_sign_a_card():
    """The seed must belong to the authority key that the card names."""
    with pytest.raises(ParcelError, match="Field: authority"):
        cards.make_card(CARD, b"\x07" * 32)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("party", "mpa"),
        ("party", "M"),
        ("party", "MPA\n"),
        ("names", Text("x" * 121, "x", "x")),
        ("names", Text(" x", "x", "x")),
        ("names", Text("x\u202e", "x", "x")),
        ("names", Text("x", "x\n", "x")),
        ("names", Text("x", "x", "\ud800")),
        ("authority", b"short"),
        ("node", "a/b"),
        ("node", ""),
        ("public", b""),
        ("public", CARD.authority),
        ("age_recipient", "age1nonsense"),
        ("age_recipient", CARD.age_recipient.upper()),
        ("certificate", b"not DER"),
        ("certificate", b"\x30\x82\x00\x05abcd"),
        ("certificate", b"\x30\x82\x08\x00" + bytes(2_048)),
        ("address", "http://mpa.example:80"),
        ("address", "https://mpa.example"),
        ("address", "https://mpa.example:65536"),
        ("address", "https://mpa.example:443/path"),
        ("address", "https://user@mpa.example:443"),
        ("address", "https://MPA.example:443"),
        ("address", "https://mpa.example:443\n"),
        ("address", "https://[::0001]:443"),
        ("address", "https://[nonsense]:443"),
        ("address", "https://[:::1]:443"),
        ("address", "https://" + "a." * 120 + "b:443"),
        ("positions", CARD.positions * 2),
        ("expires_ms", CARD.issued_ms),
        ("expires_ms", CARD.issued_ms + cards.LIFETIME_MS_MAX + 1),
        ("expires_ms", 2**53 - 1),
        ("issued_ms", 0),
    ],
)
def test_fields_out_of_bounds_are_refused(field, value):
    """No card can be made, nor read, with a field that breaks its rule."""
    with pytest.raises(ParcelError) as raised:
        altered(**{field: value})
    assert raised.value.code == "card_field"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", ""),
        ("address", "https://10.0.0.1:443"),
        ("address", "https://[2001:db8::1]:8443"),
        ("certificate", b"\x30\x82\x01\x00" + bytes(256)),
        ("positions", ()),
        ("names", Text("x", "x", "می\u200cخوازێت")),
    ],
)
def test_fields_within_bounds_are_accepted(field, value):
    """Whatever the rules allow reads back unchanged."""
    card = altered(**{field: value})
    assert card == cards.open_card(cards.make_card(card, SEED), NOW_MS)


def test_a_position_has_a_plain_code():
    """Messages go to positions whose codes cannot be mistaken."""
    for code in ("", "Duty", "duty officer", "x" * 40, "d\n"):
        with pytest.raises(ParcelError):
            cards.CardPosition(code=code, names=Text("x", "x", "x"))


def test_a_card_is_in_force_from_issue_to_expiry():
    """Before its issue (beyond the clock skew) and from its expiry on, a card does not count."""
    skew = BOUNDS.clock_skew_ms_max
    assert cards.open_card(DATA, CARD.issued_ms - skew) == CARD
    assert cards.open_card(DATA, CARD.expires_ms - 1) == CARD
    for now_ms, code in (
        (CARD.issued_ms - skew - 1, "card_early"),
        (CARD.expires_ms, "card_expired"),
    ):
        with pytest.raises(ParcelError) as raised:
            cards.open_card(DATA, now_ms)
        assert raised.value.code == code
        assert raised.value.text("ar")
        assert cards.read_card(DATA) == CARD


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.pop("v"),
        lambda body: body.update(v=2),
        lambda body: body.update(v=True),
        lambda body: body.update(more=1),
        lambda body: body.update(issued="1"),
        lambda body: body.update(names=[]),
        lambda body: body["names"].update(en=""),
        lambda body: body["names"].pop("ckb"),
        lambda body: body.update(key="AA"),
        lambda body: body.update(key=body["key"].replace("=", "")),
        lambda body: body.update(authority=body["key"]),
        lambda body: body.update(positions=[{"code": "x"}]),
        lambda body: body.update(positions={}),
    ],
)
def test_well_signed_nonsense_is_refused(change):
    """A signature does not make up for a missing, unknown or mistyped field."""
    with pytest.raises(ParcelError):
        cards.open_card(forged(change), NOW_MS)


def test_a_changed_field_breaks_the_signature():
    """Every field is signed."""
    changed = DATA.replace(b"mpa.example", b"mod.example")
    with pytest.raises(ParcelError) as raised:
        cards.open_card(changed, NOW_MS)
    assert raised.value.code == "card_signature"


def test_a_card_is_bounded():
    """A card past its size is refused on both sides."""
    with pytest.raises(ParcelError) as raised:
        cards.open_card(b"x" * (BOUNDS.card_bytes_max + 1), NOW_MS)
    assert raised.value.code == "card_size"
    long = Text("ە" * 120, "ە" * 120, "ە" * 120)
    positions = tuple(cards.CardPosition(code=f"p-{at}", names=long) for at in range(24))
    with pytest.raises(ParcelError):
        cards.make_card(altered(positions=positions), SEED)


def test_mutated_cards_end_in_a_parcel_error():
    """2,000 damaged cards are refused, and nothing else happens."""
    for mutant in mutants(DATA, 2_000, seed=1):
        with pytest.raises(ParcelError):
            cards.open_card(mutant, NOW_MS)


def test_the_files_of_vectors_still_hold():
    """Every file in spec/vectors is what this code makes today."""
    folder = Path(__file__).parents[2] / "spec" / "vectors"
    made = make_vectors.vectors()
    # tests/unit/test_release_vectors.py, test_certificate_codes.py and test_sealed_messages.py
    others = {"release.json", "certificate.json", "sealed.json"}
    assert set(made) == {path.name for path in folder.glob("*.json")} - others
    for name, text in made.items():
        assert text == (folder / name).read_text(encoding="utf-8")
