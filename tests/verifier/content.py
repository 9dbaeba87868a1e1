"""What the entries of evidence say together: releases by a rule, recalls, reads, erasures."""

try:
    from tests.verifier.formats import CLASSES, GRAINS, ONWARD, UUID, need
except ImportError:  # as a script
    from formats import CLASSES, GRAINS, ONWARD, UUID, need

EDITION = {"type", "release", "record", "kind", "v", "k", "state", "label", "body", "position",
           "purpose", "rule", "at"}  # fmt: skip
STEP = {"type", "v", "root", "lane", "step", "release", "seat", "act", "of", "after", "values",
        "at"}  # fmt: skip
LABEL = {"policy", "class", "audience", "categories", "caveats", "onward", "embargo", "expires"}


def check_life(manifest, feeds, agreements):
    """The entries fit one another, the record, and what the parties had agreed."""
    by_pair = {(feed["from"], feed["to"]): feed for feed in feeds}
    for feed in feeds:
        where = f"{feed['from']}-{feed['to']}"
        for entry in feed["entries"]:
            if entry["what"] == "step":
                check_step(manifest, feed, by_pair, entry["item"])
            elif entry["item"] is not None and entry["what"] != "anchor":
                check_form(manifest, feed, entry, where)
        if feed["from"] == manifest["owner"]:
            back = by_pair.get((feed["to"], feed["from"]))
            check_releases(manifest, feed, back, agreements)
        elif feed["to"] == manifest["owner"] or any(e["what"] != "step" for e in feed["entries"]):
            known = by_pair.get((feed["to"], feed["from"]))
            need(known is not None, "release_unknown", where)


def items(feed, *whats):
    """The entries of these types that show their content."""
    return [e["item"] for e in feed["entries"] if e["what"] in whats and e["item"] is not None]


def check_form(manifest, feed, entry, where):
    """An entry is about this record, and comes from whoever may say it."""
    item, what = entry["item"], entry["what"]
    where = f"{where} {entry['seq']}"
    from_owner = what in ("edition", "recall")
    need((feed["from"] == manifest["owner"]) == from_owner, "entry_sender", where)
    need(type(item.get("at", 0)) is int, "entry_form", where)
    if from_owner:
        need(item.get("record") == manifest["record"], "entry_record", where)
    if what == "recall":
        releases = item.get("releases")
        need(isinstance(releases, list) and releases, "entry_form", where)
        need(all(UUID.fullmatch(str(r)) for r in releases), "entry_form", where)
    else:
        need(UUID.fullmatch(str(item.get("release"))), "entry_form", where)
    if what == "edition":
        need(set(item) >= EDITION, "entry_form", where)
        label = item["label"]
        need(isinstance(label, dict) and set(label) == LABEL, "entry_form", where)
        need(isinstance(item["body"], dict) and type(item["k"]) is int, "entry_form", where)
        need(label["class"] in CLASSES and label["onward"] in ONWARD, "entry_form", where)
    if what == "purged":
        need(item.get("cause") in ("recalled", "expired"), "entry_form", where)


def check_step(manifest, feed, by_pair, item):
    """A step is about this record, in a lane that a release opened to the owner's receiver. In a
    circle two may act of whom neither owns it: there the release is the one to the maker.
    """
    where = f"{feed['from']}-{feed['to']} step"
    need(set(item) == STEP and type(item["at"]) is int, "entry_form", where)
    need(item["root"] == manifest["record"], "entry_record", where)
    need(str(item["seat"]).partition("/")[0] == feed["from"], "entry_sender", where)
    among = manifest["owner"] not in (feed["from"], feed["to"])
    need(not among or item["lane"] == "", "step_lane", where)
    other = feed["to"] if feed["from"] == manifest["owner"] else feed["from"]
    other = manifest["party"] if among else other
    told = by_pair.get((manifest["owner"], other), {"entries": (), "absent": ()})
    hidden = told["absent"] or any(e["what"] == "withheld" for e in told["entries"])
    lanes = {edition.get("lane") for edition in items(told, "edition")}
    need(hidden or item["lane"] in lanes, "step_lane", where)


def check_releases(manifest, feed, back, agreements):
    """The releases to one receiver: each once, none left out, each by a rule."""
    where = f"{feed['from']}-{feed['to']}"
    editions = items(feed, "edition")
    ids = [item["release"] for item in editions]
    need(len(set(ids)) == len(ids), "release_twice", where)
    hidden = sum(e["what"] == "withheld" for e in feed["entries"]) + len(feed["absent"])
    ordinals = sorted(item["k"] for item in editions)
    need(len(set(ordinals)) == len(ordinals) and all(k > 0 for k in ordinals), "release_gap", where)
    need(hidden or ordinals == list(range(1, len(ordinals) + 1)), "release_gap", where)
    for item in editions:
        check_rule(feed, item, agreements)
    known = set(ids) | set(feed["absent"])
    recalled = {release for item in items(feed, "recall") for release in item["releases"]}
    need(hidden or recalled <= known, "release_unknown", where)
    if feed["absent"]:  # only a receiver erases
        need(feed["to"] == manifest["party"], "release_unknown", where)
    for item in items(back, "read", "purged") if back else ():
        need(hidden or item["release"] in known, "release_unknown", where)
        if item["type"] == "purged" and item["cause"] == "recalled":
            need(item["release"] in recalled, "recall_missing", where)


def check_rule(feed, item, agreements):
    """The release was for this receiver, and an agreement of both parties had a rule for it."""
    receiver, label = feed["to"], item["label"]
    where = f"release {item['release']}"
    need(label["audience"] == [[receiver]] and label["embargo"] == 0, "release_receiver", where)
    pair = sorted((feed["from"], receiver))
    reasons = [
        refusal(text, rule, feed, item)
        for text in agreements
        if text["parties"] == pair
        for rule in text["rules"]
        if rule["name"] == item["rule"] and rule["sender"] == feed["from"]
    ]
    need(reasons, "release_rule", where)
    if "" not in reasons:
        need(False, reasons[0], where)


def fits(body, facet, values):
    """Whether what is told does not contradict a facet; what is not told may have fitted."""
    said = body.get(facet)
    said = said.get("key") if isinstance(said, dict) else said
    said = said if isinstance(said, list) else [said]
    return not any(said) or any(value in values for value in said)


def may_begin(rule, item):
    """Whether a record may be told in its state: the first time in those that the rule names."""
    follows = rule["follow"] == "whole" and item["k"] > 1
    return follows or not rule["stages"] or item["state"] in rule["stages"]


def refusal(text, rule, feed, item):
    """Why a rule of an agreement does not cover a release; "" where it does."""
    label, body = item["label"], item["body"]
    receiver = feed["to"]
    rank = min(CLASSES.index(rule["class_max"]), CLASSES.index(text["clearance"][receiver]))
    told = [v["grain"] for v in body.values() if isinstance(v, dict) and "grain" in v]
    place = [GRAINS.index(grain) if grain in GRAINS else -1 for grain in told]
    checks = (
        (text["begins"] <= item["at"] < text["ends"], "release_time"),
        (item["kind"] in rule["kinds"], "release_rule"),
        (all(fits(body, *facet) for facet in rule["facets"].items()), "release_rule"),
        (may_begin(rule, item), "release_rule"),
        (item["purpose"] == rule["purpose"], "release_rule"),
        (CLASSES.index(label["class"]) <= rank, "release_class"),
        (set(label["categories"]) <= set(text["held"][receiver]), "release_class"),
        (ONWARD.index(label["onward"]) <= ONWARD.index(rule["onward"]), "release_onward"),
        (not set(rule["hide"]) & set(body), "release_hidden"),
        (rule["files"] != "none" or "attachments" not in body, "release_hidden"),
        (not ("position" in rule["hide"] and item["position"]), "release_hidden"),
        (all(g >= GRAINS.index(rule["grain"]) for g in place), "release_hidden"),
    )  # fmt: skip
    return next((code for holds, code in checks if not holds), "")
