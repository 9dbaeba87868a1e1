"""A project as an activity of the IATI standard 2.03: which field becomes which element.

``desk.reform.publishing`` makes it of what may be told to the world, and a gateway writes it. What
must hold: a budget lies within one year of the calendar, its parts add up to the whole, and what
cannot be said truthfully is left out or refused with the name of the field.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from tansiq.domain.errors import InputError
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.reform.project import DECLARED, PROJECT
from tansiq.domain.measures import CURRENCIES
from tansiq.domain.records import Body
from tansiq.domain.search import without_overrides
from tansiq.domain.wording import LANGUAGES, Text, words

# The languages of this house by the codes of the standard's list, which has ISO 639-1 alone: there
# Sorani is said by the code of Kurdish.
CODES: Final = {"en": "en", "ar": "ar", "ckb": "ku"}
YEARS_MAX: Final = 40
CURRENCY: Final = "USD"  # that of an activity without money
_STATUS: Final = {
    "proposed": 1, "chartered": 1, "on_hold": 1, "in_progress": 2, "submitted": 2, "returned": 2,
    "executed": 3, "closed": 4, "cancelled": 5, "suspended": 6,
}  # fmt: skip
_VERIFIED, _SUSPENDED = 4, 6
_BEGUN: Final = frozenset({"in_progress", "submitted", "returned", "suspended", *DECLARED})
_KURDISH: Final = frozenset("ەێۆڕڵڤگچپژڎۊیک")
_ALLOWED: Final = frozenset("\n\t")
_REFUSED: Final = frozenset({"Cc", "Cs", "Cn", "Co"})

Narrative: TypeAlias = tuple[tuple[str, str], ...]  # language of the standard, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who takes part: by the role of the standard (1 funds, 2 accounts, 3 extends, 4 implements).
    ``ref`` is the identifier by which the world knows it, "" = none.
    """

    role: int
    names: Narrative
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """An amount in the smallest unit of its currency, for the days from ``first`` to ``last``."""

    first: str
    last: str
    minor: int
    currency: str

    @property
    def value(self) -> str:
        """The amount as a decimal number."""
        digits = CURRENCIES[self.currency]
        whole, rest = divmod(self.minor, 10**digits)
        return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending(Sum):
    """What was spent until a day, and whose money it was."""

    source: Narrative


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An outcome with its indicator; None = not said."""

    title: Narrative
    before: int | None
    target: int | None
    actual: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that anybody may fetch."""

    address: str
    title: Narrative


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """The party that publishes: the identifier by which the world knows it, and its names."""

    ref: str
    names: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What is published of one project. ``dates`` are day by type of the standard (1 planned start,
    2 actual start, 3 planned end, 4 actual end); ``related`` the codes of the projects that it
    depends on and that are published beside it.
    """

    code: str
    reporter: Reporter
    title: Narrative
    objective: Narrative
    scope: Narrative
    status: int
    dates: Mapping[int, str]
    organisations: tuple[Organisation, ...]
    currency: str
    budgets: tuple[Sum, ...]
    spent: tuple[Spending, ...]
    outcomes: tuple[Outcome, ...]
    documents: tuple[Document, ...]
    related: tuple[str, ...] = ()

    @property
    def identifier(self) -> str:
        """By what the world knows it."""
        return identifier(self.reporter, self.code)


def identifier(reporter: Reporter, code: str) -> str:
    """By what the world knows a project of this party."""
    return f"{reporter.ref}-{code}"


def status_of(body: Body, state: str, *, verified: bool) -> int:
    """The status of a project as the standard says it. Held back once it had begun, it is
    suspended; declared and not verified, it is in finalisation.
    """
    if state == "on_hold" and _has_begun(body):
        return _SUSPENDED
    return _VERIFIED if verified and state in DECLARED else _STATUS[state]


def _has_begun(body: Body) -> bool:
    done = any(row.get("done") for row in rows_in(body, "milestones"))
    return done or any(_minor(row.get("spent")) for row in rows_in(body, "budget"))


def activity_of(
    body: Body, state: str, *, verified: bool, reporter: Reporter, documents: Sequence[Document]
) -> Activity:
    """The activity of a project whose ``body`` holds only what may be told to the world. Raises
    InputError that names the field where something is lacking or cannot be written.
    """
    if not reporter.ref:
        raise InputError("publish_no_ref")
    _demand_plain(body)
    for name in ("code", "objective", "start", "baseline_end", "budget"):
        if not body.get(name):
            raise InputError("publish_lacks", field=name)
    title = _title(body)
    sums = tuple(_sums(body))
    return Activity(
        code=str(body["code"]), reporter=reporter, title=title,
        objective=as_typed(str(body["objective"])), scope=as_typed(str(body.get("scope", ""))),
        status=status_of(body, state, verified=verified), dates=_dates(body, state),
        organisations=tuple(_organisations(body, reporter)),
        currency=sums[0].currency if sums else CURRENCY, budgets=sums,
        spent=tuple(_spent(body, state, reporter)), outcomes=tuple(_outcomes(body)),
        documents=tuple(documents),
    )  # fmt: skip


def as_typed(text: str) -> Narrative:
    """A text that somebody typed in one language, under the language of its letters; nothing for
    an empty one.
    """
    letters = [one for one in text if one.isalpha()]
    if not letters:
        return (("en", text),) if text else ()
    arabic = sum("\u0600" <= one <= "\u06ff" for one in letters)
    if arabic * 2 < len(letters):
        return (("en", text),)
    return ((CODES["ckb"] if _KURDISH & set(letters) else CODES["ar"], text),)


def in_three(text: Text) -> Narrative:
    """Words of the house, in each of its languages."""
    return tuple((CODES[language], text.of(language)) for language in LANGUAGES)


def _demand_plain(body: Body) -> None:
    """Nothing that no XML can hold, or that turns round what stands beside it."""
    for name, value in body.items():
        for text in _texts(value):
            odd = any(unicodedata.category(one) in _REFUSED and one not in _ALLOWED for one in text)
            if odd or without_overrides(text) != text:
                raise InputError("publish_controls", field=name)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _title(body: Body) -> Narrative:
    """Its title in every language in which it has one; the first is that of its owner."""
    found = [
        (CODES[language], str(body[f"title_{language}"]))
        for language in LANGUAGES
        if body.get(f"title_{language}")
    ]
    if not found and body.get("text"):
        return as_typed(str(body["text"]))
    if not found:
        raise InputError("publish_lacks", field="text")
    return tuple(found)


def _dates(body: Body, state: str) -> dict[int, str]:
    found = {1: str(body["start"]), 3: str(body["baseline_end"])}
    if state in _BEGUN or (state == "on_hold" and _has_begun(body)):
        found[2] = str(body["start"])
    if state in DECLARED:
        if not body.get("forecast_end"):
            raise InputError("publish_lacks", field="forecast_end")
        found[4] = str(body["forecast_end"])
    return dict(sorted(found.items()))


def _organisations(body: Body, reporter: Reporter) -> Iterator[Organisation]:
    own = in_three(reporter.names)
    sources = dict.fromkeys(
        str(row["source"]) for row in rows_in(body, "budget") if row.get("source")
    )
    for source in sources:
        yield _funder(source, reporter)
    yield Organisation(role=2, names=own, ref=reporter.ref)
    nations = [body.get("lead"), *(row.get("nation") for row in rows_in(body, "supporting"))]
    for nation in dict.fromkeys(str(one) for one in nations if one):
        yield Organisation(role=3, names=in_three(words(f"choice.nation.{nation}")))
    yield Organisation(role=4, names=own, ref=reporter.ref)


def _funder(source: str, reporter: Reporter) -> Organisation:
    if source == "own":
        return Organisation(role=1, names=in_three(reporter.names), ref=reporter.ref)
    return Organisation(role=1, names=in_three(words(f"choice.source.{source}")))


def _minor(value: object) -> int:
    return int(value["minor"]) if isinstance(value, dict) else 0


def _sums(body: Body) -> Iterator[Sum]:
    """The budgets, each within one year."""
    first = dt.date.fromisoformat(str(body["start"]))
    last = dt.date.fromisoformat(str(body["baseline_end"]))
    for row in rows_in(body, "budget"):
        planned = row.get("planned")
        if isinstance(planned, dict) and planned["minor"]:
            for begin, end, minor in by_year(first, last, int(planned["minor"])):
                yield Sum(
                    first=begin.isoformat(), last=end.isoformat(), minor=minor,
                    currency=str(planned["currency"]),
                )  # fmt: skip


def by_year(first: dt.date, last: dt.date, minor: int) -> list[tuple[dt.date, dt.date, int]]:
    """An amount for a time, cut where years end, each part by its days; together they are the
    whole. Raises InputError for a time that ends before it begins, or of too many years.
    """
    if last < first:
        raise InputError("project_dates", field="baseline_end")
    if last.year - first.year >= YEARS_MAX:
        raise InputError("publish_years", field="baseline_end", limit=YEARS_MAX)
    days, told, found = (last - first).days + 1, 0, []
    for year in range(first.year, last.year + 1):
        begin, end = max(first, dt.date(year, 1, 1)), min(last, dt.date(year, 12, 31))
        upto = minor * ((end - first).days + 1) // days
        found.append((begin, end, upto - told))
        told = upto
    return found


def _spent(body: Body, state: str, reporter: Reporter) -> Iterator[Spending]:
    """What was spent, on the last day of which the project itself speaks."""
    done = [str(row["done"]) for row in rows_in(body, "milestones") if row.get("done")]
    day = max([str(body["start"]), *done])
    if state in DECLARED:
        day = str(body["forecast_end"])
    for row in rows_in(body, "budget"):
        spent = row.get("spent")
        if isinstance(spent, dict) and spent["minor"]:
            yield Spending(
                first=day, last=day, minor=int(spent["minor"]), currency=str(spent["currency"]),
                source=_funder(str(row.get("source", "own")), reporter).names,
            )  # fmt: skip


def _outcomes(body: Body) -> Iterator[Outcome]:
    for row in rows_in(body, "outcomes"):
        if not row.get("named"):
            continue
        numbers = {
            name: value if isinstance(value := row.get(name), int) else None
            for name in ("before", "target", "actual")
        }
        yield Outcome(title=as_typed(str(row["named"])), **numbers)


# Which field of a project an element comes from: the checks name elements, people read fields.
_FIELDS: Final = {
    "title": "text", "description": "objective", "participating-org": "lead",
    "activity-date": "start", "budget": "budget", "transaction": "budget",
    "document-link": "published_at", "related-activity": "depends_on", "result": "outcomes",
}  # fmt: skip


def field_of(element: str) -> str:
    """The field from which an element of an activity was made."""
    return _FIELDS.get(element, "code")


def may_be_told(body: Body, tear: frozenset[str]) -> Body:
    """What of a project stands above its tear line."""
    below = tear | PROJECT.always_below()
    return {name: value for name, value in body.items() if name not in below}
