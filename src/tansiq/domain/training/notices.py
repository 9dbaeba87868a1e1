"""The notice of a suspension in three languages, made from words: what a person then edits and
releases. It says nothing of how many cohorts there are, and names none that was chosen by hand:
who reads it may know some of them alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tansiq.domain.kinds.training.suspension import SUSPENSION
from tansiq.domain.places import find_town
from tansiq.domain.training.suspending import Scope
from tansiq.domain.wording import LANGUAGES, phrase, words

_JOINED: Final = {"en": "; "}  # the others have a semicolon of their own


def notices(reason_class: str, decision: str, review: str, scope: Scope) -> dict[str, str]:
    """The fields of a suspension that hold its notice, each in its language."""
    return {
        f"notice_{language}": _notice(language, reason_class, decision, review, scope)
        for language in LANGUAGES
    }


def _notice(language: str, reason_class: str, decision: str, review: str, scope: Scope) -> str:
    until = "suspension.notice_until" if scope.last_day else "suspension.notice_open"
    found: Mapping[str, str] = {
        "scope": scope_words(replace(scope, codes=()), language, chosen=bool(scope.codes)),
        "first": scope.first_day,
        "reason": SUSPENSION.field("reason_class").choice(reason_class).of(language),
        "decision": decision, "review": review,
        "until": phrase(until, language, last=scope.last_day),
    }  # fmt: skip
    return phrase("suspension.notice", language, **found)


def scope_words(scope: Scope, language: str, *, chosen: bool = False) -> str:
    """What a scope takes in, in words; ``chosen`` says that cohorts were chosen by hand, without
    naming them.
    """
    said = []
    if scope.meets:
        said.append(SUSPENSION.field("meets").choice(scope.meets).of(language))
    if scope.family:
        said.append(SUSPENSION.field("family").choice(scope.family).of(language))
    if scope.lead:
        said.append(SUSPENSION.field("lead").choice(scope.lead).of(language))
    said += (place_words(name, language) for name in scope.places)
    said += scope.codes
    if chosen:
        said.append(words("suspension.chosen").of(language))
    if not said:
        return words("suspension.all_training").of(language)
    return _JOINED.get(language, "؛ ").join(said)


def place_words(name: str, language: str) -> str:
    """What a place is called in a language, where the gazetteer knows it."""
    town = find_town(name)
    return town.names.of(language) if town else name
