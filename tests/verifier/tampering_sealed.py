"""Kinds of tampering by a maker who holds its own node's keys and seals the result again."""

from base64 import b64decode, b64encode

from tansiq.log.checkpoint import Checkpoint, cosign, sign
from tansiq.log.merkle import tree_root
from tests.verifier.formats import decode, encode, leaf
from tests.verifier.made import Forger, opened, proof, sealed
from tests.verifier.tampering import OUT, entry_changed, forged, kind
from tests.world import DAY, START, authority, card_of, node_keys


@kind("canonical")
def a_body_with_white_space(files):
    name = f"{OUT}/00000001.json"
    return sealed({**files, name: files[name].replace(b'":', b'": ')})


@kind("inclusion")
def a_body_changed_and_sealed_again(files):
    name = f"{OUT}/00000001.json"
    return sealed({**files, name: files[name].replace(b"urgent", b"routin")})


@kind("proof_index")
def two_entries_swapped(files):
    swap = {f"{OUT}/00000001{e}": f"{OUT}/00000002{e}" for e in (".json", ".tlog-proof")}
    both = {**swap, **{b: a for a, b in swap.items()}}
    return sealed({both.get(name, name): data for name, data in files.items()})


@kind("inclusion")
def a_proof_cut_short(files):
    name = f"{OUT}/00000001.tlog-proof"
    lines = files[name].split(b"\n")
    return sealed({**files, name: b"\n".join([*lines[:2], *lines[3:]])})


@kind("inclusion")
def a_forged_proof(files):
    name = f"{OUT}/00000001.tlog-proof"
    lines = files[name].split(b"\n")
    lines[2], lines[3] = lines[3], lines[2]
    return sealed({**files, name: b"\n".join(lines)})


@kind("proof_form")
def a_proof_of_another_form(files):
    name = f"{OUT}/00000001.tlog-proof"
    return sealed({**files, name: files[name].replace(b"tlog-proof@v1", b"tlog-proof@v2")})


@kind("proof_note")
def a_proof_into_another_head(files):
    name, other = f"{OUT}/00000001.tlog-proof", files["feeds/MPA-JCC/head.note"]
    return sealed({**files, name: files[name].split(b"\n\n")[0] + b"\n\n" + other})


@kind("note_signature")
def a_head_signed_by_another_key(files):
    head = Checkpoint(origin="tansiq/feed/MPA/MOD", size=5, root=bytes(32))
    note = sign(head, head.origin, node_keys("MOD").seed)
    return sealed({**files, f"{OUT}/head.note": note.encode()})


@kind("note_origin")
def a_head_of_another_feed(files):
    return sealed({**files, f"{OUT}/head.note": files["feeds/MPA-JCC/head.note"]})


@kind("note_size")
def an_older_head_replayed(files):
    leaves = [leaf(files[f"{OUT}/{n:08d}.json"]) for n in (1, 2)]
    head = Checkpoint(origin="tansiq/feed/MPA/MOD", size=2, root=tree_root(leaves))
    note = sign(head, head.origin, node_keys("MPA").seed)
    return sealed({**files, f"{OUT}/head.note": note.encode()})


@kind("split_view")
def two_heads_of_one_size(files):
    head = Checkpoint(origin="tansiq/feed/MPA/MOD", size=5, root=bytes(32))
    note = sign(head, head.origin, node_keys("MPA").seed)
    signed = cosign(note, "tansiq/node/MOD/mod", node_keys("MOD").seed, START + DAY)
    return sealed({**files, f"{OUT}/receipt.note": signed.encode()})


@kind("consistency")
def a_receipt_that_the_head_does_not_continue(files):
    leaves = [bytes([n]) * 32 for n in range(4)]
    head = Checkpoint(origin="tansiq/feed/MPA/MOD", size=4, root=tree_root(leaves))
    note = sign(head, head.origin, node_keys("MPA").seed)
    signed = cosign(note, "tansiq/node/MOD/mod", node_keys("MOD").seed, START + DAY)

    def older(forger):
        forger.files[f"{OUT}/receipt.note"] = signed.encode()
        manifest = forger.manifest
        next(f for f in manifest["feeds"] if f["to"] == "MOD")["signed"] = 4
        forger.told(lambda _: manifest)

    return forged(older)


@kind("receipt_signature")
def a_receipt_without_the_receivers_line(files):
    alone = files[f"{OUT}/head.note"].split(b"\xe2\x80\x94 tansiq/node")[0]
    return sealed({**files, f"{OUT}/receipt.note": alone})


@kind("receipt_signature")
def a_receipt_signed_by_the_sender(files):
    note = files[f"{OUT}/head.note"].decode().split("— tansiq/node")[0]
    signed = cosign(note, "tansiq/node/MOD/mod", node_keys("MPA").seed, START + DAY)
    return sealed({**files, f"{OUT}/receipt.note": signed.encode()})


@kind("receipt_signature")
def an_altered_time_of_a_receipt(files):
    note = files[f"{OUT}/receipt.note"].decode()
    begin, _, last = note.rstrip("\n").rpartition(" ")
    value = bytearray(b64decode(last))
    value[11] ^= 1
    return sealed(
        {**files, f"{OUT}/receipt.note": f"{begin} {b64encode(value).decode()}\n".encode()}
    )


@kind("receipt_time")
def a_receipt_of_no_time(files):
    note = files[f"{OUT}/receipt.note"].decode()
    begin, _, last = note.rstrip("\n").rpartition(" ")
    value = b64decode(last)
    value = value[:4] + bytes(8) + value[12:]
    return sealed(
        {**files, f"{OUT}/receipt.note": f"{begin} {b64encode(value).decode()}\n".encode()}
    )


@kind("card_party")
def the_card_of_another_party(files):
    return sealed({**files, "cards/MOD.json": card_of("JCC")})


@kind("card_signature")
def a_card_with_another_key_in_it(files):
    value = decode(files["cards/MOD.json"])
    value["card"]["key"] = decode(card_of("JCC"))["card"]["key"]
    return sealed({**files, "cards/MOD.json": encode(value)})


@kind("card_untrusted")
def a_card_signed_by_a_made_up_authority(files):
    value = decode(files["cards/MOD.json"])["card"]
    value["authority"] = b64encode(authority("EVIL").public).decode()
    signature = authority("EVIL").sign(b"tansiq/card/v1\n" + encode(value))
    card = {"card": value, "signature": b64encode(signature).decode()}
    return sealed({**files, "cards/MOD.json": encode(card)})


def revoked(files, party, lost):
    """The evidence with a revocation of that party's node."""
    card = decode(files[f"cards/{party}.json"])["card"]
    body = {
        "v": 1, "party": party, "node": card["node"], "authority": card["authority"],
        "key": card["key"], "revoked": lost, "lost": lost, "reason": "lost", "replacement": None,
    }  # fmt: skip
    signature = authority(party).sign(b"tansiq/revocation/v1\n" + encode(body))
    paper = {"revocation": body, "signature": b64encode(signature).decode()}

    def add(forger):
        forger.files[f"revocations/{party}-1.json"] = encode(paper)
        forger.told(lambda m: {**m, "revocations": [f"{party}-1"]})

    return forged(add)


@kind("node_revoked")
def evidence_signed_by_a_revoked_node(files):
    return revoked(files, "MPA", START + 900 * DAY)


@kind("node_revoked")
def a_receipt_signed_after_its_key_was_lost(files):
    return revoked(files, "MOD", START - DAY)


@kind("revocation_form")
def a_revocation_that_nobody_signed(files):
    again = opened(revoked(files, "MOD", START + 900 * DAY))
    paper = decode(again["revocations/MOD-1.json"])
    paper["revocation"]["lost"] -= 1
    return sealed({**again, "revocations/MOD-1.json": encode(paper)})


@kind("card_expired")
def evidence_made_after_its_card_had_ended(files):
    def later(forger):
        forger.told(lambda m: {**m, "made": START + 4_000 * DAY})

    return forged(later)


@kind("card_early")
def evidence_made_before_its_card_began(files):
    def earlier(forger):
        forger.told(lambda m: {**m, "made": START - 30 * DAY})

    return forged(earlier)


@kind("agreement_signature")
def an_agreement_that_one_party_did_not_sign(files):
    value = decode(files["agreements/MOD-MPA-1.json"])
    del value["signatures"]["MOD"]
    return sealed({**files, "agreements/MOD-MPA-1.json": encode(value)})


@kind("agreement_signature")
def an_agreement_with_a_wider_rule(files):
    value = decode(files["agreements/MOD-MPA-1.json"])
    value["agreement"]["rules"][0]["class_max"] = "secret"
    return sealed({**files, "agreements/MOD-MPA-1.json": encode(value)})


@kind("release_rule")
def a_release_by_a_rule_that_nobody_agreed(files):
    return entry_changed(1, rule="R-NEW")


@kind("release_class")
def a_release_above_the_agreed_class(files):
    label = Forger(files).entries()[1]["label"]
    return entry_changed(1, label={**label, "class": "secret"})


@kind("release_hidden")
def a_release_with_a_field_that_the_rule_hides(files):
    body = Forger(files).entries()[1]["body"]
    return entry_changed(1, body={**body, "informant": "post 7"})


@kind("release_receiver")
def a_release_meant_for_somebody_else(files):
    label = Forger(files).entries()[1]["label"]
    return entry_changed(1, label={**label, "audience": [["JCC"]]})


@kind("release_time")
def a_release_from_after_the_agreement(files):
    return entry_changed(1, at=START + 2_000 * DAY)


@kind("release_twice")
def one_release_id_used_twice(files):
    found = Forger(files).entries()
    return entry_changed(1, release=found[0]["release"])


@kind("release_gap")
def a_release_left_out(files):
    def without_first(forger):
        forger.feed(forger.entries()[1:])

    return forged(without_first)


@kind("recall_missing")
def a_recall_left_out_by_its_maker(files):
    def without_recall(forger):
        forger.feed([e for e in forger.entries() if e["type"] != "recall"])

    return forged(without_recall)


@kind("release_unknown")
def a_recall_of_something_never_released(files):
    return entry_changed(2, releases=["00000000-0000-4000-8000-000000000000"])


@kind("entry_record")
def an_entry_about_another_record(files):
    return entry_changed(1, record="00000000-0000-4000-8000-000000000000")


@kind("entry_type")
def an_entry_that_is_listed_as_something_else(files):
    def told(forger):
        manifest = forger.manifest
        feed = next(f for f in manifest["feeds"] if f["to"] == "MOD")
        feed["entries"][2]["what"] = "purged"
        forger.told(lambda _: manifest)

    return forged(told)


@kind("entry_sender")
def a_reading_told_by_the_owner_itself(files):
    def own_reading(forger):
        read = forger.entries("MOD", "MPA")[0]
        forger.feed([*forger.entries(), read])

    return forged(own_reading)


@kind("anchor_opening", "own")
def an_anchor_opened_to_other_heads(files):
    value = decode(files["journal/anchor.json"])
    value["heads"]["journal"]["size"] += 1
    return sealed({**files, "journal/anchor.json": encode(value)})


@kind("journal_head", "own")
def a_journal_rewritten_after_its_anchor(files):
    name = next(n for n in sorted(files) if n.startswith("journal/0") and n.endswith(".json"))
    size = decode(files["journal/anchor.json"])["heads"]["journal"]["size"]
    seq = int(name[8:16])
    data = files[name].replace(b"Fire", b"Feast")
    leaves = [leaf(data) if n == seq else bytes(32) for n in range(size)]
    origin = "tansiq/journal/MPA"
    head = Checkpoint(origin=origin, size=size, root=tree_root(leaves))
    note = sign(head, origin, node_keys("MPA").seed)
    proved = name.replace(".json", ".tlog-proof")
    return sealed({**files, name: data, proved: proof(leaves, seq, note)})
