"""What can go wrong, in three kinds. Every code has words in three languages
(``words/errors.csv``).

::

    Refused                  an expected "no": a value, returned, shown, never raised
    TansiqError
    ├── FaultError           the outside world failed: network, disk, malformed or hostile input
    │   ├── InputError       what a person, a file or a form gave cannot be used; says what to do
    │   ├── ParcelError      bytes from a partner that are not an acceptable parcel, card or
    agreement │   └── StoreError       the disk or the database └── BreachError          an
    invariant is broken (split view, bad chain): stops that peer or the node

A hostile input always ends in a FaultError, never in ``ValueError``.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from tansiq.domain.wording import phrase


@dataclass(frozen=True, slots=True)
class Refused:
    """An expected no, with the code of its reason."""

    code: str
    values: dict[str, str] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The reason in words."""
        return phrase(f"refused.{self.code}", language, **self.values)

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Granted:
    """A yes, with the code of its reason."""

    code: str
    values: dict[str, str] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The reason in words."""
        return phrase(f"granted.{self.code}", language, **self.values)

    def __bool__(self) -> bool:
        return True


Decision = Granted | Refused


class TansiqError(Exception):
    """Base of all errors that reach a person; ``code`` names its words ``error.<code>``."""

    family: ClassVar[str] = "error"

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def text(self, language: str) -> str:
        """What happened and what to do, in words."""
        return phrase(f"{self.family}.{self.code}", language, **self.values)

    def __str__(self) -> str:
        return self.text("en")


class FaultError(TansiqError):
    """The outside world failed; nothing inside is damaged."""


class InputError(FaultError):
    """A person's input, form, file or row cannot be used."""


class ParcelError(FaultError):
    """Bytes from a partner are not an acceptable parcel, card, agreement or checkpoint."""


class StoreError(FaultError):
    """Disk or database cannot do what was asked."""


class RefusedError(FaultError):
    """A use case was asked for something that policy or mandate refuses."""

    family = "refused"

    def __init__(self, refusal: Refused) -> None:
        super().__init__(refusal.code, **refusal.values)
        self.refusal = refusal


class BreachError(TansiqError):
    """An invariant is broken. Raised once, never caught and continued; evidence is kept."""
