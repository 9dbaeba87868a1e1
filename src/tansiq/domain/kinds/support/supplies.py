"""The supplies that a request may name: what there is, by class, and in what it is counted.

Classes are those of the field (I food and water ... X civil programmes). Class V, and the weapons
of class VII, are left out on purpose: no form, sheet or step can name them. The names of items
stand with the words (``choice.item.<code>``). A party may have items of its own beside these; a
line that names one carries its names, so that others need not have it. What nobody has is said in
words in a line of its own.
"""

import csv
import functools
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final, NamedTuple

from tansiq.domain.search import normalise
from tansiq.domain.wording import LANGUAGES, Text


class Item(NamedTuple):
    """One item: its class, the units in which it is counted, the usual one first, and how many
    pieces a pack of it holds (0 = it has no pack).
    """

    supply_class: str
    units: tuple[str, ...]
    pack: int = 0


_PIECE: Final = ("piece",)
_BOXED: Final = ("piece", "box")
_LIQUID: Final = ("litre",)

ITEMS: Final[dict[str, Item]] = {
    "water_bottled": Item("i", ("litre", "pack"), 12),
    "ration": Item("i", ("piece", "box"), 12),
    "rice": Item("i", ("kg",)),
    "flour": Item("i", ("kg",)),
    "cooking_oil": Item("i", _LIQUID),
    "baby_food": Item("i", _BOXED, 24),
    "blanket": Item("ii", _PIECE),
    "sleeping_bag": Item("ii", _PIECE),
    "winter_jacket": Item("ii", _PIECE),
    "rain_coat": Item("ii", _PIECE),
    "boots": Item("ii", ("pair",)),
    "tent": Item("ii", _PIECE),
    "diesel": Item("iii", _LIQUID),
    "petrol": Item("iii", _LIQUID),
    "kerosene": Item("iii", _LIQUID),
    "engine_oil": Item("iii", _LIQUID),
    "gas_cylinder": Item("iii", _PIECE),
    "sandbag": Item("iv", _BOXED, 100),
    "cement": Item("iv", ("kg", "tonne")),
    "gravel": Item("iv", ("m3", "tonne")),
    "road_barrier": Item("iv", _PIECE),
    "timber": Item("iv", ("m3",)),
    "plastic_sheet": Item("iv", ("piece", "roll")),
    "culvert_pipe": Item("iv", ("metre",)),
    "hygiene_kit": Item("vi", _PIECE),
    "soap": Item("vi", _BOXED, 48),
    "generator": Item("vii", _PIECE),
    "water_pump": Item("vii", _PIECE),
    "water_tank": Item("vii", _PIECE),
    "water_tanker": Item("vii", ("vehicle",)),
    "bus": Item("vii", ("vehicle",)),
    "truck": Item("vii", ("vehicle",)),
    "radio_set": Item("vii", ("set",)),
    "satellite_phone": Item("vii", _PIECE),
    "laptop": Item("vii", _PIECE),
    "printer": Item("vii", _PIECE),
    "solar_set": Item("vii", ("set",)),
    "mask": Item("viii", _BOXED, 50),
    "gloves": Item("viii", ("pair", "box"), 50),
    "gown": Item("viii", _PIECE),
    "trauma_dressing": Item("viii", _BOXED, 20),
    "tourniquet": Item("viii", _PIECE),
    "first_aid_kit": Item("viii", _PIECE),
    "stretcher": Item("viii", _PIECE),
    "saline": Item("viii", ("litre", "box"), 10),
    "oxygen_cylinder": Item("viii", _PIECE),
    "disinfectant": Item("viii", _LIQUID),
    "thermometer": Item("viii", _PIECE),
    "test_kit": Item("viii", _BOXED, 25),
    "spare_parts": Item("ix", ("set",)),
    "tyre": Item("ix", _PIECE),
    "battery": Item("ix", _PIECE),
    "oil_filter": Item("ix", _PIECE),
    "air_filter": Item("ix", _PIECE),
    "cable": Item("ix", ("metre", "roll")),
    "chlorine": Item("x", ("kg",)),
    "water_tablet": Item("x", _BOXED, 100),
    "school_kit": Item("x", _PIECE),
    "map_sheet": Item("x", _PIECE),
}
OTHER: Final = "other"  # what the catalogue does not have: its name is written beside it
# A party's own item: its code behind the party's, so that no two parties mean two things by one.
# With a unit and what is damaged it stands in the name of a value of a step: 32 characters.
OWN: Final = r"(?=.{4,16}$)[a-z]{2,8}-[a-z0-9_]{1,12}"
_WORD: Final = re.compile(r"[^\W_]+")
OWN_MAX: Final = 300
OWN_NAME_MAX: Final = 60
PACKS: Final = ("box", "pack")
CLASSES: Final = ("i", "ii", "iii", "iv", "vi", "vii", "viii", "ix", "x")
CODES: Final = (*ITEMS, OTHER)
UNITS: Final = (
    "piece", "pair", "set", "box", "pack", "roll", "vehicle", "person", "kg", "tonne", "litre",
    "m3", "metre",
)  # fmt: skip


def fits(item: str, unit: str) -> bool:
    """Whether an item is counted in that unit."""
    return item == OTHER or is_own(item) or unit in ITEMS[item].units


def pack(item: str, unit: str) -> int:
    """How many pieces that unit of an item holds; 0 for a unit that is no pack."""
    return ITEMS[item].pack if unit in PACKS and item in ITEMS else 0


@functools.cache
def _arms() -> frozenset[str]:
    """Words of weapons and ammunition, folded, in three languages."""
    source = resources.files("tansiq.domain.kinds.support") / "arms_words.csv"
    with source.open("r", encoding="utf-8") as lines:
        return frozenset(normalise(row["word"]) for row in csv.DictReader(lines))


def arms_in(name: str) -> str:
    """The first word of a name that means a weapon or ammunition, folded; "" where none does."""
    return next((word for word in _WORD.findall(normalise(name)) if word in _arms()), "")


def is_own(code: str) -> bool:
    """Whether that is the code of an item that some party has beside the shared catalogue."""
    return re.fullmatch(OWN, code) is not None


class OwnItem(NamedTuple):
    """An item that a party has beside the shared catalogue, with its names. One that is not
    ``offered`` any more stands in no new line, and is still named where it was asked for.
    """

    code: str
    supply_class: str
    names: Text
    units: tuple[str, ...]
    pack: int = 0
    offered: bool = True

    def to_json(self) -> dict[str, Any]:
        """As the journal has it."""
        names = {language: self.names.of(language) for language in LANGUAGES}
        return {
            "code": self.code, "class": self.supply_class, "names": names,
            "units": list(self.units), "pack": self.pack, "offered": self.offered,
        }  # fmt: skip


def item_from_json(said: Mapping[str, Any]) -> OwnItem:
    """The item of a journal entry of this node."""
    names = said["names"]
    return OwnItem(
        code=str(said["code"]), supply_class=str(said["class"]),
        names=Text(*(str(names[language]) for language in LANGUAGES)),
        units=tuple(said["units"]), pack=int(said["pack"]), offered=bool(said["offered"]),
    )  # fmt: skip
