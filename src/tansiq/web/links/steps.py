"""The way of a partner from its card to the first contact, as steps that a page can show."""

from dataclasses import dataclass
from typing import Final

from tansiq.desk.links.linking import LinkState, Signed

NAMES: Final = ("card", "words", "authorise", "agree", "contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its name, whether it is done or is the one to take now, and when it was done."""

    name: str
    done: bool
    now: bool
    at: int = 0


def beginning(*, compared: bool) -> tuple[Step, ...]:
    """The steps while the card is not trusted yet; ``compared`` = the words are on the screen."""
    at = 1 if compared else 0
    return tuple(
        Step(name=name, done=place < at, now=place == at) for place, name in enumerate(NAMES)
    )


def of(link: LinkState, agreed: list[Signed]) -> tuple[Step, ...]:
    """The steps of a party whose card is trusted."""
    known = link.partner
    both = any(item.ours and item.theirs for item in agreed)
    done = {
        "card": known.trusted_at, "words": known.trusted_at, "authorise": known.authorised_at,
        "agree": int(both), "contact": known.contact_at,
    }  # fmt: skip
    following = next((name for name in NAMES if not done[name]), "")
    return tuple(
        Step(
            name=name, done=bool(done[name]), now=name == following,
            at=done[name] if name != "agree" else 0,
        )
        for name in NAMES
    )  # fmt: skip
