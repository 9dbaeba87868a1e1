"""Checks evidence of a record's life, from spec/ alone.

  python verify.py EVIDENCE.zip [--authority PARTY=BASE64KEY ...]

Without --authority the keys in the cards are shown, to be compared by a way that you trust. Exit
code 0: it holds; 1: rejected, with the reason of spec/evidence.md; 2: wrong use.
"""

import hashlib
import re
import sys
from base64 import b64encode

try:
    from tests.verifier import formats
    from tests.verifier.container import TYPE, check_statement, check_sums, unpack
    from tests.verifier.content import check_life
    from tests.verifier.formats import RejectedError, decode, need
except ImportError:  # as a script
    import formats
    from container import TYPE, check_statement, check_sums, unpack
    from content import check_life
    from formats import RejectedError, decode, need

MANIFEST = {"type", "party", "node", "owner", "record", "made", "feeds", "journal", "cards",
            "revocations", "agreements"}  # fmt: skip
FEED = {"from", "to", "size", "signed", "entries", "absent"}
WHATS = {"edition", "recall", "read", "purged", "file", "anchor", "step", "withheld"}
HEAD = "c2sp.org/tlog-proof@v1"


def verify(data, authorities=None):
    """What evidence holds, once all of it was checked. Raises RejectedError and nothing else."""
    try:
        return checked(data, authorities or {})
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise RejectedError("malformed") from None  # a value of a type that spec/ does not have


def checked(data, authorities):
    """As verify, with whatever a value of a wrong type raises."""
    files = unpack(data)
    check_sums(files)
    manifest = read_manifest(files)
    cards = read_cards(files, manifest, authorities)
    maker = manifest["party"]
    need(maker in cards, "card_missing", maker)
    need(cards[maker]["node"] == manifest["node"], "card_party", maker)
    need(not cards[maker]["keys"][cards[maker]["key"]][1], "node_revoked", maker)
    check_statement(files, maker, cards[maker], manifest["made"])
    keys = {party: card["authority"] for party, card in cards.items()}
    agreements = [
        formats.read_agreement(take(files, f"agreements/{name}.json"), keys, name)
        for name in manifest["agreements"]
    ]
    feeds = [read_feed(files, feed, cards) for feed in manifest["feeds"]]
    own = read_journal(files, manifest, cards[maker], feeds)
    known = named_files(manifest)
    extra = set(files) - known
    need(not extra, "file_extra", ", ".join(sorted(extra)[:3]))
    check_life(manifest, feeds, agreements)
    return {"manifest": manifest, "cards": cards, "feeds": feeds, "own": own}


def take(files, name):
    """A file that must be there."""
    need(name in files, "file_missing", name)
    return files[name]


def read_manifest(files):
    """What the evidence says it holds."""
    found = decode(take(files, "manifest.json"), "manifest.json", 1 << 22)
    need(isinstance(found, dict) and set(found) == MANIFEST, "manifest_form")
    need(found["type"] == TYPE and formats.UUID.fullmatch(str(found["record"])), "manifest_form")
    parties = [found["party"], found["owner"]]
    need(all(formats.PARTY.fullmatch(str(code)) for code in parties), "manifest_form")
    for name in (*listed(found["cards"]), *listed(found["revocations"])):
        need(re.fullmatch(r"[A-Z]{2,8}(-[1-9]\d?)?", str(name)), "manifest_form", str(name))
    need(type(found["made"]) is int and found["made"] > 0, "manifest_form")
    names = listed(found["agreements"])
    need(
        all(re.fullmatch(r"[A-Z]{2,8}-[A-Z]{2,8}-\d{1,16}", str(n)) for n in names), "manifest_form"
    )
    seen = set()
    for feed in listed(found["feeds"]):
        need(isinstance(feed, dict) and set(feed) == FEED, "manifest_form")
        pair = (feed["from"], feed["to"])
        need(pair[0] != pair[1] and set(pair) <= set(found["cards"]), "manifest_form")
        need(found["party"] in pair and pair not in seen, "manifest_form")
        seen.add(pair)
        check_entries(feed)
        need(0 <= feed["signed"] <= feed["size"], "manifest_form")
        need(all(formats.UUID.fullmatch(str(r)) for r in listed(feed["absent"])), "manifest_form")
    if found["journal"] is not None:
        need(set(found["journal"]) == {"size", "entries"}, "manifest_form")
        check_entries(found["journal"])
    return found


def listed(value):
    """A list, and nothing else."""
    need(isinstance(value, list), "manifest_form")
    return value


def check_entries(log):
    """Entries in ascending order, each within the log."""
    need(type(log["size"]) is int and log["size"] >= 0, "manifest_form")
    need(type(log.get("signed", 0)) is int, "manifest_form")
    last = -1
    for entry in listed(log["entries"]):
        need(isinstance(entry, dict) and set(entry) == {"seq", "what"}, "manifest_form")
        need(type(entry["seq"]) is int and entry["what"] in WHATS, "manifest_form")
        need(last < entry["seq"] < log["size"], "manifest_form", "order of entries")
        last = entry["seq"]


def read_cards(files, manifest, authorities):
    """By party: the newest card, and the keys of all its nodes that are not revoked.

    ``keys`` are (node, key, lost): lost is 0, or since when that key is in doubt.
    """
    cards, keys = {}, {}
    for name in sorted(manifest["cards"], key=lambda name: ("-" in name, name)):
        where, party = f"cards/{name}.json", name.partition("-")[0]
        card = formats.read_card(take(files, where), where)
        need(card["party"] == party, "card_party", where)
        trusted = authorities.get(party) or cards.get(party, card)["authority"]
        need(card["authority"] == trusted, "card_untrusted", where)
        need(card["issued"] - formats.SKEW_MS <= manifest["made"], "card_early", where)
        if name == manifest["party"]:
            need(manifest["made"] < card["expires"], "card_expired", where)
        need(party in cards or name == party, "card_missing", party)
        cards.setdefault(party, card)
        keys.setdefault(party, {})[card["key"]] = [card["node"], 0]
    missing = set(authorities) - set(cards)
    need(not missing, "card_missing", ", ".join(sorted(missing)))
    for name in listed(manifest["revocations"]):
        party, where = str(name).partition("-")[0], f"revocations/{name}.json"
        need(party in cards, "card_missing", party)
        key, lost = formats.read_revocation(take(files, where), cards[party]["authority"], where)
        if key in keys[party]:
            keys[party][key][1] = lost
    return {party: {**card, "keys": keys[party]} for party, card in cards.items()}


def head_by(data, origin, card, where):
    """A head signed by one of the party's nodes, whose key is not revoked."""
    failed = None
    for key, (_, lost) in card["keys"].items():
        try:
            found = formats.signed_head(data, origin, key, where)
        except RejectedError as error:
            failed = error
            continue
        need(not lost, "node_revoked", where)
        return found
    raise failed


def receipt_by(data, party, card, where):
    """A receipt by one of the party's nodes, made before its key was in doubt."""
    failed = None
    for key, (node, lost) in card["keys"].items():
        try:
            seconds = formats.receipt_time(data, f"tansiq/node/{party}/{node}", key, where)
        except RejectedError as error:
            failed = failed if failed and failed.reason == "receipt_time" else error
            continue
        need(not lost or seconds * 1000 < lost, "node_revoked", where)
        return seconds
    raise failed


def folder_of(feed):
    """Where a feed's files stand."""
    return f"feeds/{feed['from']}-{feed['to']}"


def named_files(manifest):
    """Every file that the manifest accounts for."""
    names = {"manifest.json", "README.txt", "node.pem", "SHA256SUMS", "STATEMENT.txt",
             "STATEMENT.sig"}  # fmt: skip
    names |= {f"cards/{name}.json" for name in manifest["cards"]}
    names |= {f"revocations/{name}.json" for name in manifest["revocations"]}
    names |= {f"agreements/{name}.json" for name in manifest["agreements"]}
    logs = [(folder_of(feed), feed) for feed in manifest["feeds"]]
    for folder, feed in logs:
        names.add(f"{folder}/head.note")
        if feed["signed"]:
            names |= {f"{folder}/receipt.note", f"{folder}/receipt.consistency"}
    if manifest["journal"] is not None:
        names.add("journal/anchor.json")
        logs.append(("journal", manifest["journal"]))
    for folder, log in logs:
        for entry in log["entries"]:
            ending = "leaf" if entry["what"] == "withheld" else "json"
            names |= {f"{folder}/{entry['seq']:08d}.{e}" for e in (ending, "tlog-proof")}
    return names


def read_feed(files, feed, cards):
    """The entries of one feed, each proved into the head that its sender signed."""
    folder, origin = folder_of(feed), f"tansiq/feed/{feed['from']}/{feed['to']}"
    note = take(files, f"{folder}/head.note")
    size, root = head_by(note, origin, cards[feed["from"]], f"{folder}/head.note")
    need(size == feed["size"], "note_size", folder)
    received = 0
    if feed["signed"]:
        received = check_receipt(files, feed, cards, (size, root))
    entries = [read_entry(files, folder, entry, (size, root), note) for entry in feed["entries"]]
    return {**feed, "entries": entries, "received_s": received}


def check_receipt(files, feed, cards, head):
    """The receiver has signed for a head that the sender's present head continues."""
    folder, origin = folder_of(feed), f"tansiq/feed/{feed['from']}/{feed['to']}"
    where = f"{folder}/receipt.note"
    note = take(files, where)
    size, root = head_by(note, origin, cards[feed["from"]], where)
    need(size == feed["signed"], "note_size", where)
    seconds = receipt_by(note, feed["to"], cards[feed["to"]], where)
    need(size != head[0] or root == head[1], "split_view", folder)
    lines = take(files, f"{folder}/receipt.consistency").decode("ascii", "replace").split("\n")
    need(lines.pop() == "" and len(lines) <= 64, "proof_form", folder)
    path = [formats.b64(line, "proof_form", folder, 32) for line in lines]
    need(formats.continues(size, head[0], root, head[1], path), "consistency", folder)
    return seconds


def read_entry(files, folder, entry, head, note):
    """One entry, its content if it is there, and its proof."""
    name = f"{folder}/{entry['seq']:08d}"
    if entry["what"] == "withheld":
        text = take(files, f"{name}.leaf")
        need(re.fullmatch(rb"[0-9a-f]{64}\n", text), "entry_form", name)
        hashed, item = bytes.fromhex(text[:64].decode()), None
    else:
        data = take(files, f"{name}.json")
        item = decode(data, f"{name}.json")
        need(isinstance(item, dict) and item.get("type") == entry["what"], "entry_type", name)
        hashed = formats.leaf(data)
    check_proof(take(files, f"{name}.tlog-proof"), entry["seq"], hashed, (head, note, name))
    return {**entry, "item": item}


def check_proof(data, seq, hashed, told):
    """A C2SP tlog-proof of this entry into exactly this head."""
    head, note, name = told
    lines, gap, tail = data.decode("utf-8", "replace").partition("\n\n")
    first, _, rest = lines.partition("\n")
    index, _, steps = rest.partition("\n")
    need(
        gap and first == HEAD and re.fullmatch(r"index (0|[1-9]\d{0,15})", index),
        "proof_form",
        name,
    )
    need(tail.encode() == note, "proof_note", name)
    need(int(index[6:]) == seq, "proof_index", name)
    path = [formats.b64(line, "proof_form", name, 32) for line in steps.split("\n") if line]
    need(len(path) <= 64, "proof_form", name)
    need(formats.root_of(hashed, seq, head[0], path) == head[1], "inclusion", name)


def read_journal(files, manifest, card, feeds):
    """Own editions, proved into a head of the journal that an anchor in the feeds had fixed."""
    told = manifest["journal"]
    if told is None:
        need(not any(e["what"] == "anchor" for f in feeds for e in f["entries"]), "anchor_opening")
        return []
    opening = decode(take(files, "journal/anchor.json"), "journal/anchor.json")
    need(isinstance(opening, dict), "anchor_opening")
    need(set(opening) == {"at", "nonce", "heads", "commitment"}, "anchor_opening")
    need(formats.HEX32.fullmatch(str(opening["nonce"])), "anchor_opening")
    plain = (
        b"tansiq/anchor/v1\n" + bytes.fromhex(opening["nonce"]) + formats.encode(opening["heads"])
    )
    need(hashlib.sha256(plain).hexdigest() == opening["commitment"], "anchor_opening")
    for feed in feeds:
        for entry in feed["entries"]:
            if entry["what"] == "anchor":
                same = entry["item"].get("commitment") == opening["commitment"]
                need(same and feed["from"] == manifest["party"], "anchor_opening", folder_of(feed))
    fixed = [f for f in feeds for e in f["entries"] if e["what"] == "anchor"]
    need(fixed, "anchor_missing")
    head = opening["heads"]["journal"]
    need(head.get("size") == told["size"], "journal_head")
    entries, origin = [], f"tansiq/journal/{manifest['party']}"
    for entry in told["entries"]:
        name = f"journal/{entry['seq']:08d}.tlog-proof"
        note = take(files, name).partition(b"\n\n")[2]
        size, root = formats.signed_head(note, origin, card["key"], name)
        need((size, root.hex()) == (told["size"], head.get("root")), "journal_head", name)
        found = read_entry(files, "journal", entry, (size, root), note)
        need(found["item"].get("record") == manifest["record"], "entry_record", name)
        entries.append(found)
    return entries


def main(arguments):
    """The command line."""
    if not arguments or arguments[0].startswith("-"):
        print(__doc__)
        return 2
    authorities = {}
    for flag, value in zip(arguments[1::2], arguments[2::2], strict=True):
        party, _, key = value.partition("=")
        need(flag == "--authority", "manifest_form", flag)
        authorities[party] = formats.b64(key, "card_form", party, 32)
    with open(arguments[0], "rb") as file:  # noqa: PTH123
        data = file.read()
    try:
        found = verify(data, authorities)
    except RejectedError as error:
        print(f"REJECTED {error.reason} {error.where}".rstrip())
        return 1
    manifest = found["manifest"]
    print(f"HOLDS: record {manifest['owner']}/{manifest['record']}, made by {manifest['party']}")
    for party, card in found["cards"].items():
        trust = "as given" if party in authorities else "COMPARE IT"
        print(f"  {party} authority {b64encode(card['authority']).decode()} ({trust})")
    for feed in found["feeds"]:
        kinds = ", ".join(f"{entry['seq']} {entry['what']}" for entry in feed["entries"])
        print(f"  {feed['from']} to {feed['to']}, {feed['size']} entries: {kinds}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
