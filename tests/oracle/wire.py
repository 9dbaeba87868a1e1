"""What a partner may get of an edition: written from the design, field by field."""

import csv
from pathlib import Path

import tansiq.domain
from tests.oracle.fields import FIELDS

NEVER_LEAVES = {
    "agreed_in", "internal", "neighbours_seen", "same_need", "seats", "tell", "source_ref",
    "originals", "brought", "holder", "reference", "signed_code", "part_of", "place_sum", "day_sum",
    "projects", "put_to", "acts", "evacuation",
}  # fmt: skip
ONE_LINK = {
    "about", "corrects", "replaces", "request", "incident", "part_of", "other", "agreed_in",
    "evacuation",
}  # fmt: skip
MANY_LINKS = {
    "same_as", "same_need", "related", "attachments", "suspends", "cohorts", "rests_on",
}  # fmt: skip
PARTIES = {"asks_owner"}  # each is named to itself alone
NAMED_IN_ROWS = {"told_there", "timeline"}  # rows with a party, which is named to itself alone
GRAINS = ["exact", "km1", "km5", "district"]
SIDES = {"km1": (90_000, 110_000), "km5": (450_000, 550_000)}
ONWARD = ["none", "within", "free"]
DAY = 24 * 60 * 60 * 1000


def town_spellings():
    """The exact spellings in the gazetteer, each with its key."""
    path = Path(tansiq.domain.__file__).with_name("gazetteer.csv")
    spellings = {}
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            for name in (row["en"], row["ar"], row["ckb"], *row["aliases"].split("|")):
                if name:
                    spellings[name] = row["key"]
    return spellings


SPELLINGS = town_spellings()
KEYS = set(SPELLINGS.values())


def cell(positions, grain):
    """The centre of the cell by which the last of these positions is told: that of the first, until
    one lies half a side or more beside it.
    """
    high, wide = SIDES[grain]
    centre = None
    for lat, lon in positions:
        if centre and abs(centre[0] - lat) < high and abs(centre[1] - lon) < wide:
            continue
        centre = (
            min(lat - lat % high + high // 2, 900_000_000),
            min(lon - lon % wide + wide // 2, 1_800_000_000),
        )
    return centre


def told_place(place, grain, before=()):
    """The place as it may be told: never finer than the grain asked for or already applied."""
    grain = max(grain, place["grain"], key=GRAINS.index)
    if grain == "exact":
        return dict(place)
    told = dict(place, grain=grain, precision="area")
    if SPELLINGS.get(place["name"]) != place["key"] or not place["key"]:
        told["name"] = ""
    if place["key"] not in KEYS:
        told["key"] = ""
    if grain == "district" or place["lat"] is None:
        told["lat"] = told["lon"] = None
        return told
    known = [one for one in (*before, place) if one["lat"] is not None]
    told["lat"], told["lon"] = cell([(one["lat"], one["lon"]) for one in known], grain)
    return told


def told_where(name, value, grain, before):
    """What of a place or an area leaves under its name, or nothing."""
    if name == "area":
        told = told_area(value, grain, before)
        return {} if told is None else {name: told}
    told = told_place(value, grain, before)
    return {name: told} if told["name"] or told["key"] or told["lat"] is not None else {}


def told_area(area, grain, before=()):
    """The area as it may be told: as it is, a circle about the centre of a cell, or nothing."""
    grain = max(grain, area["grain"], key=GRAINS.index)
    if grain == "exact":
        return area
    if grain == "district":
        return None
    side = {"km1": 1_000, "km5": 5_000}[grain]
    middles = [middle_of(one) for one in (*before, area)]
    middle = middles[-1]
    centre = list(cell(middles, grain))
    metres = area["metres"]
    if (area["grain"], area["positions"], metres % side) != (grain, [centre], 0):
        far = [sum(abs(a - b) for a, b in zip(one, middle, strict=True))
               for one in area["positions"]]  # fmt: skip
        metres += max(far) * 111_320 // 10_000_000
        metres += -metres % side + side
        metres += side if cell([middle], grain) != tuple(centre) else 0
    if metres > 1_000_000:
        return None
    name = area["name"] if area["name"] in SPELLINGS else ""
    return {"shape": "circle", "name": name, "positions": [centre], "metres": metres,
            "grain": grain}  # fmt: skip


def middle_of(area):
    """The middle of all that an area spans."""
    ends = [sorted(axis) for axis in zip(*area["positions"], strict=True)]
    return tuple((axis[0] + axis[-1]) // 2 for axis in ends)


def told_body(edition, rule, hide, grain, known, *, before=(), between=()):
    """The fields that leave, each as it leaves."""
    grain = max(grain, rule["grain"], key=GRAINS.index)
    body = {}
    for name, value in edition["body"].items():
        elsewhere = name in PARTIES and value not in between
        if name in NEVER_LEAVES or name in edition["tear"] or elsewhere:
            continue
        if name == "attachments" and rule["files"] == "none":
            continue
        if name in rule["hide"] or name in hide or name not in FIELDS[edition["kind"]]:
            continue
        if name in ("place", "area"):
            body |= told_where(name, value, grain, [one[name] for one in before if name in one])
        elif name == "unknowns":
            body[name] = [
                dict(item, by=item["by"] if item["by"] in known else "") for item in value
            ]
        else:
            body |= told_names(name, value, known, between)
    return body


def told_names(name, value, known, between):
    """What of a field leaves that may name records or parties; any other as it is."""
    if name in NAMED_IN_ROWS:
        rows = [{one: said for one, said in row.items() if one != "party" or said in between}
                for row in value]  # fmt: skip
        kept = [row for row in rows if row]
    elif name in MANY_LINKS:
        kept = [item for item in value if item in known]
    else:
        kept = value if name not in ONE_LINK or value in known else []
    return {} if kept == [] else {name: kept}


def told_label(label, rule, receiver, now):
    """The label as the partner gets it: alone in the audience, no embargo, the earlier end."""
    ends = [label["expires"]] if label["expires"] else []
    if rule["days"]:
        ends.append((now // DAY + 1 + rule["days"]) * DAY)
    return dict(
        label,
        audience=[[receiver]],
        embargo=0,
        expires=min(ends) if ends else 0,
        onward=ONWARD[min(ONWARD.index(label["onward"]), ONWARD.index(rule["onward"]))],
    )


def told_edition(
    edition, rule, receiver, now, *, hide=(), grain="exact", known=(), before=(), owner=""
):
    """Everything that a wire edition says of the record (ids and ordinals aside)."""
    return {
        "type": "edition",
        "record": edition["record"],
        "kind": edition["kind"],
        "v": edition["v"],
        "state": edition["state"],
        "label": told_label(edition["label"], rule, receiver, now),
        "body": told_body(
            edition,
            rule,
            hide,
            grain,
            known,
            before=before,
            between=(receiver, owner or rule["sender"]),
        ),
        "position": "" if "position" in rule["hide"] else edition["author"]["position"],
        "purpose": rule["purpose"],
        "rule": rule["name"],
        "at": now,
    }
