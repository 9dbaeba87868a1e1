"""B7: every recovery of the manual has a door, and is walked by what the manual says to type."""

import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from tansiq.desk.exchange import handshake
from tansiq.desk.proof import checking
from tansiq.desk.trust import partners, restarting
from tansiq.log.store import in_log, out_log
from tansiq.node import cli
from tansiq.node.founding import actor_of, open_node
from tests.commands import said, tansiq
from tests.contract.desks import GER, MOD, MPA, found
from tests.unit.test_cli import nodes, say_something

__all__ = ["nodes"]

PASSPHRASE = "four quiet words of ours\n"
MANUAL = Path(__file__).parents[2] / "docs/operating"
POST = "liaison:liaison_officer:Liaison officer:ضابط الارتباط:ئەفسەری پەیوەندی"
NAMED = ("--name-en", "Party MPA", "--name-ar", "الطرف MPA", "--name-ckb", "لایەنی MPA")
FOUND = ("--party", MPA, *NAMED, "--node", "second", "--position", POST, "--keys-unprotected")
# What the manual tells to do when something is lost, and the test that walks it.
WALKS = {
    ("backup.md", "Bring one back"): "tests.unit.test_stick_recovery:"
    "test_b6_both_sides_heal_over_sticks_alone",
    ("backup.md", "When it cannot go on"): "tests.unit.test_recovery:"
    "test_what_both_have_lost_is_not_waited_for",
    ("backup.md", "Two histories"): f"{__name__}:test_b7_two_histories_as_the_manual_says",
    ("backup.md", "A backup from before a change of keys"): f"{__name__}:"
    "test_b7_a_backup_from_before_a_change_of_keys_as_the_manual_says",
    ("backup.md", "A partner that joined after the backup"): f"{__name__}:"
    "test_b7_a_partner_that_joined_after_the_backup_as_the_manual_says",
    ("keys.md", "A lost node"): f"{__name__}:test_b7_a_lost_node_as_the_manual_says",
    ("keys.md", "A lost authority key"): "tests.unit.test_key_verbs:"
    "test_b7_a_lost_authority_key_as_the_manual_says",
    ("keys.md", "A partner that was stopped"): "tests.web.test_keys:"
    "test_a_stopped_partner_goes_on_when_two_persons_say_so",
    ("faults.md", "The clock"): f"{__name__}:test_b7_a_clock_that_jumped_as_the_manual_says",
    ("sign-on.md", "Somebody has lost the telephone"): "tests.unit.test_cli_person:"
    "test_second_factors_that_were_lost_are_taken_away",
}
PERSON = ("--position", "liaison", "--person", "P-1")


def typed(page: str, heading: str, verb: str) -> list[str]:
    """The words after ``tansiq`` of the first such command in a section of the manual."""
    text = (MANUAL / page).read_text("utf-8")
    section = re.split(r"^#+ ", text.split(f" {heading}\n", 1)[1], flags=re.MULTILINE)[0]
    (found, *_) = re.findall(rf"`tansiq ({verb}\b[^`]*)`", section)
    return found.split()


class Town:
    """Two nodes and sticks; what the manual names stands for what is here."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.trips = folder, 0
        self.names = {
            "mpa": folder / MPA, "mod": folder / MOD, "MPA-erbil.card": folder / "kept.card",
            "authority.age": folder / MPA / "keys" / "authority.seed", ".": folder / "notices",
        }  # fmt: skip
        (folder / "notices").mkdir()

    def run(self, words: list[str], *more: object, code: int = 0, says: str = "") -> str:
        """What the manual says to type, with ``more`` where it says "…"."""
        given: list[object] = []
        for word in words:
            given += more if word == "…" else [self.names.get(word, word)]
        return said(tansiq(*given), code, says)

    def walk(self, *roads: tuple[Path, Path], times: int = 3) -> None:
        """A stick there and back between nodes, again and again."""
        for _ in range(times):
            self.trips += 1
            stick = self.folder / f"trip {self.trips}"
            stick.mkdir()
            for here, there in roads:
                to = cli.read_settings(there).party
                said(tansiq("exchange", here, stick, "--to", to), 0)
                said(tansiq("exchange", there, stick), 0)

    def level(self, mine: Path, theirs: Path) -> None:
        """Both feeds are the same on both sides, and all that is kept checks."""
        with open_node(mine) as one, open_node(theirs) as other:
            for here, there in ((one.desk, other.desk), (other.desk, one.desk)):
                sent = here.store.head(out_log(there.me))
                assert sent.size > 0
                assert sent == there.store.head(in_log(here.me))
                known = partners.partner(here, there.me)
                assert (known.acknowledged, known.stopped_at) == (sent.size, 0)
                assert checking.fsck(here, lambda *_: None) == []
                reports = checking.verify_feeds(here, lambda *_: None)
                assert [damage for one in reports for damage in one.damages] == []
            assert handshake.restoration(one.desk) is None


@pytest.fixture
def town(nodes):
    """Each has told the other something."""
    made = Town(nodes)
    say_something(nodes, MPA, MOD)
    say_something(nodes, MOD, MPA)
    made.walk((nodes / MPA, nodes / MOD), (nodes / MOD, nodes / MPA))
    made.level(nodes / MPA, nodes / MOD)
    return made


def heir(town: Town, page: str, heading: str) -> Path:
    """A node in the place of MPA's, founded and joined as a section says."""
    folder = town.folder / "heir"
    town.names["MPA-erbil.card"].unlink(missing_ok=True)
    town.run(typed("keys.md", "A lost node", "card"))
    town.run(typed(page, heading, "init"), folder, *FOUND)
    card = town.folder / MOD / "MOD-mod.card"
    said(tansiq("join", folder, card, *PERSON, "--words-read"), 0)
    return folder


def test_b7_a_lost_node_as_the_manual_says(town):
    """Revoked with the card that a partner hands out; the next one goes on in the same feed, also
    where nothing but sticks goes between them.
    """
    town.run(typed("keys.md", "A lost node", "card"))
    town.run(typed("keys.md", "A lost node", "revoke")[:-2])
    (notice,) = (town.folder / "notices").glob("tansiq-notice-MPA-*.json")
    words = typed("keys.md", "A lost node", "notice")[:3]
    town.names["FILE"] = notice
    town.run([*words, *PERSON])
    said(tansiq("exchange", town.folder / MOD, town.folder / "notices", "--to", MPA), 3,
         "Nothing is sent to it")  # fmt: skip
    folder = heir(town, "keys.md", "A lost node")
    say_something_from(folder)
    town.walk((folder, town.folder / MOD), (town.folder / MOD, folder))
    town.level(folder, town.folder / MOD)


def say_something_from(folder: Path, version: int = 2) -> None:
    """Put something new into the feed to MOD."""
    say_something(folder.parent, folder.name, MOD, version)


def test_b7_two_histories_as_the_manual_says(town):
    """An old state wrote a stick; a new node with new keys goes on in the history that the partner
    holds, after two persons there have said so.
    """
    copied = town.folder / "copied"
    said(tansiq("backup", town.folder / MPA, town.folder / "old.tsqb", typed=PASSPHRASE), 0)
    say_something(town.folder, MPA, MOD, 2)
    town.walk((town.folder / MPA, town.folder / MOD), (town.folder / MOD, town.folder / MPA))
    said(tansiq("restore", town.folder / "old.tsqb", copied, typed=PASSPHRASE), 0)
    with open_node(copied) as node:
        node.desk.database.run("DELETE FROM restoration")  # a copied folder has no mark
    say_something_from(copied, 3)
    stick = town.folder / "forked"
    stick.mkdir()
    said(tansiq("exchange", copied, stick, "--to", MOD), 0)
    said(tansiq("exchange", town.folder / MOD, stick), 4)
    folder = heir(town, "backup.md", "Two histories")
    with open_node(town.folder / MOD) as node:
        restarting.ask(node.desk, actor_of(node.desk, "liaison", "P-1"), MPA, "We have spoken")
        seen = restarting.asked(node.desk, MPA).at
        restarting.agree(node.desk, actor_of(node.desk, "liaison", "P-2"), MPA, seen=seen)
    say_something_from(folder, 4)
    town.walk((folder, town.folder / MOD), (town.folder / MOD, folder))
    town.level(folder, town.folder / MOD)


def test_b7_a_backup_from_before_a_change_of_keys_as_the_manual_says(town):
    """Own words that were signed under the key between come back as own words."""
    mine, back = town.folder / MPA, town.folder / "back"
    said(tansiq("backup", mine, town.folder / "old.tsqb", typed=PASSPHRASE), 0)
    said(tansiq("rotate", mine), 0)
    say_something(town.folder, MPA, MOD, 2)
    town.walk((mine, town.folder / MOD), (town.folder / MOD, mine))
    said(tansiq("restore", town.folder / "old.tsqb", back, typed=PASSPHRASE), 0)
    town.names["mpa"] = back
    town.run(typed("backup.md", "A backup from before a change of keys", "rotate"))
    say_something_from(back, 3)
    town.walk((back, town.folder / MOD), (town.folder / MOD, back), times=4)
    town.level(back, town.folder / MOD)


def test_b7_a_partner_that_joined_after_the_backup_as_the_manual_says(town):
    """It is a stranger to the older state; joined again, it gives back what had left for it."""
    other, mine, back = found(town.folder, GER), town.folder / MPA, town.folder / "back"
    said(tansiq("backup", mine, town.folder / "old.tsqb", typed=PASSPHRASE), 0)
    known = (town.folder / MPA / "MPA-mpa.card", *PERSON, "--words-read")
    said(tansiq("join", other.folder, *known), 0)
    words = typed("backup.md", "A partner that joined after the backup", "join")[:1]
    town.run([*words, "mpa", "…"], other.card, *PERSON, "--words-read")
    say_something(town.folder, MPA, GER)
    say_something(town.folder, GER, MPA)
    town.walk((mine, other.folder), (other.folder, mine))
    said(tansiq("restore", town.folder / "old.tsqb", back, typed=PASSPHRASE), 0)
    town.names["mpa"] = back
    town.run([*words, "mpa", "…"], other.card, *PERSON, "--words-read")
    town.walk((back, other.folder), (other.folder, back))
    town.walk((back, town.folder / MOD), (town.folder / MOD, back))
    town.level(back, other.folder)


def test_b7_a_clock_that_jumped_as_the_manual_says(town):
    """It is in doubt until a person has compared it."""
    file = town.folder / MPA / "node.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"clock_offset_ms": 90 * 86_400_000}))
    assert "jumped ahead" in town.run(["clock", "mpa"])
    assert "is trusted" in town.run(typed("faults.md", "The clock", "clock"))
    assert "is trusted" in town.run(["clock", "mpa"])


def test_b7_every_recovery_of_the_manual_is_walked():
    """Each section that tells how something comes back names its kept test here."""
    told = set()
    for page in ("backup.md", "keys.md", "faults.md", "sign-on.md"):
        text = (MANUAL / page).read_text("utf-8")
        told |= {(page, line) for line in re.findall(r"^##+ (.+)$", text, re.MULTILINE)}
    assert WALKS.keys() <= told
    lost = re.compile(r"lost|stopped|back$|histories|before|after|cannot", re.IGNORECASE)
    assert {found for found in told if lost.search(found[1])} <= WALKS.keys()
    for place in WALKS.values():
        module, _, name = place.partition(":")
        assert callable(getattr(import_module(module), name)), place
