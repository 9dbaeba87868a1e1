"""Activities as a file of the IATI standard 2.03, element by element in the order of its schema.

lxml writes it: whatever a title holds is text there, and what no XML can hold is refused by it.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from lxml import etree

from tansiq.domain.kinds.reform.activity import (
    Activity,
    Document,
    Narrative,
    Organisation,
    Outcome,
    Spending,
    Sum,
    identifier,
)

Element: TypeAlias = Any  # lxml ships no types
VERSION: Final = "2.03"
LANGUAGE: Final = "en"
COUNTRY: Final = "IQ"
GOVERNMENT: Final = "10"
SECTOR: Final = "15210"  # DAC: security system management and reform
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_GENERAL, _OBJECTIVES = "1", "2"  # kinds of description
_SIBLING: Final = "3"
_EXPENDITURE: Final = "4"
_OUTCOME, _UNIT = "2", "1"
_RESULTS: Final = "A08"  # the category of documents: results, outcomes and outputs
_PAGE, _PDF = "text/html", "application/pdf"


def document(activities: Sequence[Activity], *, at: int) -> bytes:
    """The file of these activities, made ``at`` (milliseconds; 0 = it does not say when). The same
    activities give the same bytes.
    """
    root = etree.Element("iati-activities", version=VERSION)
    if at:
        made = dt.datetime.fromtimestamp(at // 1000, dt.UTC)
        root.set("generated-datetime", made.strftime("%Y-%m-%dT%H:%M:%SZ"))
    for one in activities:
        _activity(root, one)
    etree.indent(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _activity(root: Element, one: Activity) -> None:
    item = _put(root, "iati-activity")
    item.set(_LANG, LANGUAGE)
    item.set("default-currency", one.currency)
    _put(item, "iati-identifier").text = one.identifier
    own = Organisation(role=0, names=tuple(_three(one)), ref=one.reporter.ref)
    _tell(_put(item, "reporting-org", ref=own.ref, type=GOVERNMENT), own.names)
    _tell(_put(item, "title"), one.title)
    _tell(_put(item, "description", type=_OBJECTIVES), one.objective)
    if one.scope:
        _tell(_put(item, "description", type=_GENERAL), one.scope)
    for organisation in one.organisations:
        _organisation(item, organisation)
    _put(item, "activity-status", code=str(one.status))
    for number, day in one.dates.items():
        _put(item, "activity-date", **{"iso-date": day, "type": str(number)})
    _put(item, "recipient-country", code=COUNTRY)
    _put(item, "sector", vocabulary="1", code=SECTOR)
    for budget in one.budgets:
        _budget(item, budget)
    for spent in one.spent:
        _transaction(item, spent)
    for paper in one.documents:
        _document(item, paper)
    for code in one.related:
        _put(item, "related-activity", ref=identifier(one.reporter, code), type=_SIBLING)
    for outcome in one.outcomes:
        _outcome(item, one, outcome)


def _three(one: Activity) -> Narrative:
    return next(org.names for org in one.organisations if org.ref == one.reporter.ref)


def _put(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, name, attributes)


def _tell(parent: Element, narrative: Narrative) -> None:
    for language, text in narrative:
        said = _put(parent, "narrative")
        said.set(_LANG, language)
        said.text = text


def _organisation(item: Element, one: Organisation) -> None:
    ref = {"ref": one.ref} if one.ref else {}
    _tell(_put(item, "participating-org", role=str(one.role), type=GOVERNMENT, **ref), one.names)


def _value(parent: Element, one: Sum) -> None:
    attributes = {"currency": one.currency, "value-date": one.first}
    _put(parent, "value", **attributes).text = one.value


def _budget(item: Element, one: Sum) -> None:
    budget = _put(item, "budget", type="1", status="1")
    _put(budget, "period-start", **{"iso-date": one.first})
    _put(budget, "period-end", **{"iso-date": one.last})
    _value(budget, one)


def _transaction(item: Element, one: Spending) -> None:
    spent = _put(item, "transaction")
    _put(spent, "transaction-type", code=_EXPENDITURE)
    _put(spent, "transaction-date", **{"iso-date": one.last})
    _value(spent, one)
    _tell(_put(spent, "provider-org", type=GOVERNMENT), one.source)


def _document(item: Element, one: Document) -> None:
    sort = _PDF if one.address.lower().endswith(".pdf") else _PAGE
    link = _put(item, "document-link", url=one.address, format=sort)
    _tell(_put(link, "title"), one.title)
    _put(link, "category", code=_RESULTS)


def _outcome(item: Element, activity: Activity, one: Outcome) -> None:
    result = _put(item, "result", type=_OUTCOME)
    _tell(_put(result, "title"), one.title)
    indicator = _put(result, "indicator", measure=_UNIT, ascending="1")
    _tell(_put(indicator, "title"), one.title)
    first, last = activity.dates[1], activity.dates[3]
    if one.before is not None:
        attributes = {"year": first[:4], "iso-date": first, "value": str(one.before)}
        _put(indicator, "baseline", **attributes)
    if one.target is None and one.actual is None:
        return
    period = _put(indicator, "period")
    _put(period, "period-start", **{"iso-date": first})
    _put(period, "period-end", **{"iso-date": last})
    for name, number in (("target", one.target), ("actual", one.actual)):
        if number is not None:
            _put(period, name, value=str(number))
