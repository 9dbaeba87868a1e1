"""What a partner says in cases, and what it hands over, that is valid and that nobody expects:
steps of lanes and circles with goods, agreements, cards and papers; and what belongs to sealed
checks, asked, answered and in parts.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Any

from tansiq.board import sealed_checks
from tansiq.desk.operations import sealed
from tansiq.desk.records import say
from tansiq.desk.release import agreements
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases.step import step_from_json
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.kinds import KINDS
from tansiq.domain.operations.sealing import REFUSALS
from tansiq.domain.wording import Text
from tansiq.log import ristretto
from tansiq.log.canonical import base64_text, decode_object
from tansiq.log.cards import CardPosition, make_card, read_card
from tansiq.log.keys import public_of
from tansiq.log.papers import Revocation, Succession, make_revocation, make_succession
from tansiq.log.store import Entry, in_log, out_log
from tansiq.policy.agreement import Follow
from tests.activities import SPOT, planned
from tests.circling import NAME
from tests.fuzz import odd
from tests.fuzz.place import ME, THEY, Target, canonical
from tests.noninterference.supplies import PLACE
from tests.world import (
    CLEARED,
    HOUR,
    START,
    World,
    agreement_of,
    authority,
    both_ways,
    card_of,
    rule,
    to,
    uuid_of,
)

STEPS, AGREEMENTS, CARDS, CHECKS, OF_CHECKS = 60, 6, 4, 3, 60
_GOODS = (
    "mask.piece", "mask.piece.damaged", "mask.piece.for", "x.y.for", "x.y", "0", "a.b.c.d",
    "author", "seats", "expected",
)  # fmt: skip


def asks(made: World) -> None:
    """MOD asks MPA for information and for support, offers it some, and asks a member of its
    circle, so that MPA's steps have something to be about.
    """
    kinds = frozenset({"support", "support_offer", "support_note", NAME})
    rules = [rule(one, f"S-{one}", kinds=kinds, automatic=True, follow=Follow.WHOLE)
             for one in (ME, THEY)]  # fmt: skip
    made.agree(ME, THEY, *both_ways(ME, THEY), *rules, version=2)
    question = {
        "text": "Is the road open?", "needed_by": START + 10 * HOUR, "seats": [f"{THEY}/{CLEARED}"]
    }  # fmt: skip
    made.write(ME, "question", say.Draft(kind="rfi", body=question, label=to(THEY)))
    need = {
        "sort": "supplies", "text": "Masks", "priority": "flash", "reason": "None are left",
        "needed_by": START + 90 * HOUR, "place": PLACE, "seats": [f"{THEY}/{CLEARED}"],
        "lines": [{"item": "mask", "unit": "piece", "count": 40}],
    }  # fmt: skip
    made.write(ME, "need", say.Draft(kind="support", body=need, label=to(THEY)))
    offer = {name: need[name] for name in ("sort", "text", "place", "seats", "lines")}
    offer |= {"valid_until": START + 90 * HOUR, "about": uuid_of("need/1")}
    made.write(ME, "offer", say.Draft(kind="support_offer", body=offer, label=to(THEY)))
    for n in range(CHECKS):
        plan = made.write(ME, f"plan {n}", planned(sealed="sealed", area=SPOT))
        with made.names.under(f"check {n}"):
            sealed.ask(made.desk(ME), made.actor(ME), plan, THEY)
    made.write(ME, "root", say.Draft(kind=NAME, body={"text": "Whose was it?"}, label=to(THEY)))
    made.exchange(ME, THEY)


def _roots(feed: Iterable[Entry]) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The roots of cases in a feed: of each its kind, its lane and the release."""
    for entry in feed:
        item = decode_object(entry.data) if entry.data is not None else {}
        if item.get("type") == "edition" and "lane" in item and item.get("kind") in KINDS:
            yield str(item["record"]), (str(item["kind"]), str(item["lane"]), str(item["release"]))


def entries(chance: Random, target: Target) -> Iterator[bytes]:
    """Steps about roots of ours, about those that the partner has sent, and about none; then
    what belongs to sealed checks, agreements, cards and papers.
    """
    feeds = (target.desk.store.scan(log) for log in (out_log(THEY), in_log(THEY)))
    roots = {root: about for feed in feeds for root, about in _roots(feed)}
    roots |= {uuid_of("nobody knows"): ("rfi", uuid_of("no lane"), uuid_of("no release"))}
    known: list[str] = []
    for number in range(STEPS * 4):
        made = step(chance, *chance.choice(list(roots.items())), known, number)
        with suppress(InputError):
            known.append(step_from_json(made, THEY).step)
            yield canonical(made)
        if len(known) == STEPS:
            break
    yield from map(canonical, checks(chance, target))
    yield from map(canonical, (agreement(chance, number) for number in range(AGREEMENTS)))
    yield from map(_entry, cards(chance))
    yield from map(_entry, papers())


def step(
    chance: Random, root: str, about: tuple[str, str, str], known: list[str], number: int
) -> dict[str, Any]:
    """A step of the partner: an act of the kind or any other, with values that fit or do not."""
    kind, lane, release = about
    declared = KINDS[kind].case
    acts = [one.name for one in declared.acts] if declared else []
    given = chance.sample(_GOODS, chance.choice((0, 1, 2, len(_GOODS))))
    values = {name: _value(chance) for name in given}
    told = chance.choice(declared.acts) if declared else None
    for value in getattr(told, "values", ()):
        fits = sorted(value.choices)
        values[value.name] = chance.choice(fits) if fits else _value(chance)
    return {
        "type": "step", "v": chance.choice((1, 1, 1, 1, 2, 2**53 - 1)), "root": root, "lane": lane,
        "step": chance.choice([uuid_of(f"odd step {number}"), *known[-1:]]),
        "release": uuid_of(f"odd step release {number}"),
        "seat": f"{THEY}/{chance.choice((CLEARED, *odd.POSITIONS))}",
        "act": told.name if told and chance.random() < 0.8 else chance.choice((*acts, "x", "9.-")),
        "of": chance.choice(("", *known[-3:], uuid_of("no step"))),
        "after": sorted({release, *chance.sample(known, min(len(known), chance.choice((0, 1, 3))))})
        if chance.random() < 0.8 else [uuid_of("never comes")],
        "values": values, "at": chance.choice(odd.MOMENTS),
    }  # fmt: skip


def _value(chance: Random) -> object:
    return chance.choice((
        *odd.NUMBERS, *odd.MOMENTS, "x", "9_.-", "mask.piece", "a.b", "a.b.c", *odd.PARTIES, [],
        [f"{ME}/{CLEARED}", f"{THEY}/{CLEARED}"], [f"ZZ/{odd.POSITIONS[2]}"] * BOUNDS.parties_max,
    ))  # fmt: skip


def checks(chance: Random, target: Target) -> Iterator[dict[str, Any]]:
    """Entries of sealed checks, out of order and repeated: questions of the partner's, answers to
    ours and to what was never asked, and the bytes of both, that fit or do not.
    """
    ours = [one.ref for one in sealed_checks.with_party(target.desk.board, THEY, CHECKS)]
    asked = [uuid_of(f"odd check {n}") for n in range(CHECKS)]
    data = ristretto.base_times(b"\x01" + bytes(31)) * 250  # elements, and yet no question
    for _ in range(OF_CHECKS):
        of = chance.choice(("asked", "answered", "answered", "answered", "x"))
        check = chance.choice(asked if of == "asked" else ours)
        made = chance.choice((data, bytes(16_000), data[:32], b"\xff" * 24_576))
        head = {"check": chance.choice((check,) * 6 + ("x", 7)), "at": chance.choice(odd.MOMENTS)}
        digest = chance.choice((*[hashlib.sha256(made).hexdigest()] * 3, "0" * 64, "\u0660" * 64))
        key, proof = (base64_text(bytes(count)) for count in (32, 64))
        said = (
            {"type": "sealed_part", "of": of, "n": chance.choice((0, 0, 1, 63, 64, -1)),
             "data": chance.choice((*[base64_text(made)] * 6, "", "no base64"))},
            {"type": "sealed_asked", "size": chance.choice((250, 250, 5_000, 1, 2**53 - 1, "250")),
             "digest": digest, "commitment": chance.choice(("0" * 64, "1" * 64, ""))},
            {"type": "sealed_answered", "size": chance.choice((1_000, 1_000, 20_000, 7)),
             "digest": digest, "key": chance.choice((key, key, "x")), "proof": proof,
             "begins": chance.choice((*odd.MOMENTS, -1)), "until": chance.choice(odd.MOMENTS)},
            {"type": "sealed_refused", "reason": chance.choice((*REFUSALS, "", "{x}", "x" * 400))},
        )  # fmt: skip
        weights = {"asked": (4, 4, 1, 0), "x": (1, 1, 1, 1)}.get(of, (10, 0, 8, 1))
        yield {**head, **chance.choices(said, weights)[0]}


def agreement(chance: Random, number: int) -> dict[str, Any]:
    """An agreement that the partner alone has signed, with odd rules and times."""
    rules = tuple(
        rule(
            chance.choice((ME, THEY)), chance.choice(odd.TEXTS)[:40].strip() or f"R{n}",
            kinds=frozenset(chance.sample(sorted(KINDS), 3)), days=chance.choice((0, 1, 3_650)),
            delay=chance.choice((0, HOUR)), follow=chance.choice(tuple(Follow)),
            approvers=chance.choice((0, 1, 2)), automatic=chance.choice((True, False)),
        )
        for n in range(chance.choice((0, 1, 5)))
    )  # fmt: skip
    begins = chance.choice((0, START, odd.LAST - 1))
    plain = agreement_of(ME, THEY, *rules, version=3 + number)
    made = replace(plain, begins=begins, ends=chance.choice((begins + 1, odd.LAST)))
    text: dict[str, Any] = {**made.to_json()}
    signature = authority(THEY).sign(agreements.DOMAIN + canonical(text))
    return {"type": "agreement", "agreement": text, "signatures": {THEY: base64_text(signature)}}


def cards(chance: Random) -> Iterator[bytes]:
    """Newer cards of the partner, under names that nobody expects."""
    for number in range(CARDS):
        with suppress(ParcelError):  # a name that no card may have
            names = Text(*(chance.choice(odd.TEXTS)[:120].strip() or "x" for _ in range(3)))
            posts = tuple(CardPosition(code=code, names=names) for code in odd.POSITIONS)
            newer = replace(
                read_card(card_of(THEY)), names=names, positions=posts,
                issued_ms=START + 1 + number,
                expires_ms=chance.choice((START + HOUR * 9_999, START + 3_000 * 24 * HOUR)),
            )  # fmt: skip
            yield make_card(newer, authority(THEY).seed)


def papers() -> Iterator[bytes]:
    """Revocations of keys that were never in use, and, since nothing of before counts after it, at
    the end another authority.
    """
    signer = authority(THEY)
    for reason in ("lost", "stolen", "retired"):
        gone = Revocation(
            party=THEY, authority=signer.public, node="z" * 32, public=public_of(reason.encode()
            .ljust(32)), revoked_ms=START, lost_ms=1, reason=reason, replacement=b"",
        )  # fmt: skip
        yield make_revocation(gone, signer.seed)
    follows = Succession(
        party=THEY, authority=signer.public, successor=public_of(b"n" * 32), issued_ms=START
    )
    yield make_succession(follows, signer.seed)


def _entry(paper: bytes) -> bytes:
    said: dict[str, Any] = json.loads(paper)
    (kind,) = said.keys() - {"signature"}
    return canonical({"type": kind, **said})
