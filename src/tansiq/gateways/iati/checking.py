"""Whether a file is as the IATI standard 2.03 wants it: its schema, its code lists, its ruleset and
what its guidance asks beside them. Everything that is needed lies in ``standard/``; nothing is
fetched.

A rule or a list that is not known here is a fault, not a pass.
"""

import datetime as dt
import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, Final, TypeAlias

from lxml import etree

from tansiq.desk.reform.publishing import Fault

Element: TypeAlias = Any  # lxml ships no types
Case: TypeAlias = Mapping[str, Any]
FAULTS_MAX: Final = 20
_SAID_MAX: Final = 200
_YEAR_DAYS: Final = 366
_NOW: Final = "NOW"
_ACTIVITY: Final = "iati-activity"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def faults(document: bytes, *, at: int) -> Sequence[Fault]:
    """What in a file is not as the standard wants it, as of a moment in milliseconds; at most
    ``FAULTS_MAX``.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        return [Fault(_ACTIVITY, str(error.msg)[:_SAID_MAX])]
    today = dt.datetime.fromtimestamp(at / 1000, dt.UTC).date().isoformat()
    found = [*_schema(root), *_codes(root), *_rules(root, today), *_guidance(root)]
    return found[:FAULTS_MAX]


def _of(element: Element) -> str:
    """The child of an activity in which something stands."""
    while element is not None:
        parent = element.getparent()
        if parent is None or parent.tag == _ACTIVITY:
            return str(element.tag)
        element = parent
    return _ACTIVITY


def _bytes(name: str) -> bytes:
    return (resources.files("tansiq.gateways.iati") / "standard" / name).read_bytes()


class _Beside(etree.Resolver):  # type: ignore[misc]
    """Gives a schema the others that it names, out of the same folder and from nowhere else."""

    def resolve(self, url: str, _: object, context: object) -> object:
        return self.resolve_string(_bytes(url.rpartition("/")[2]), context)


@functools.cache
def _compiled() -> Element:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside())
    return etree.XMLSchema(etree.fromstring(_bytes("iati-activities-schema.xsd"), parser))


def _schema(root: Element) -> Iterator[Fault]:
    schema = _compiled()
    if not schema.validate(root):
        for error in schema.error_log:
            element = next(iter(root.xpath(error.path)), root) if error.path else root
            yield Fault(_of(element), str(error.message)[:_SAID_MAX])


@functools.cache
def _lists() -> tuple[list[dict[str, str]], dict[str, frozenset[str]]]:
    known = json.loads(_bytes("codelists.json"))
    return known["places"], {name: frozenset(codes) for name, codes in known["lists"].items()}


def _codes(root: Element) -> Iterator[Fault]:
    """Codes that do not stand in the list of their place."""
    places, lists = _lists()
    for place in places:
        path, _, name = place["path"].rpartition("/@")
        condition = f"[{place['condition']}]" if place["condition"] else ""
        name = name.replace("xml:lang", _LANG)
        anywhere = "//*" if path == "/" else path
        for element in root.xpath(anywhere + condition):
            code = element.get(name)
            if code is not None and code not in lists[place["list"]]:
                yield Fault(_of(element), f"{place['list']}: {code}"[:_SAID_MAX])


@functools.cache
def _ruleset() -> dict[str, dict[str, dict[str, list[Case]]]]:
    found: dict[str, dict[str, dict[str, list[Case]]]] = json.loads(_bytes("ruleset.json"))
    return found


def _rules(root: Element, today: str) -> Iterator[Fault]:
    for path, rules in _ruleset().items():
        for element in root.xpath(path):
            for name, rule in rules.items():
                for case in rule["cases"]:
                    yield from _RULES.get(name, _unknown)(element, case, today)


def _values(element: Element, path: str) -> list[str]:
    found = element.xpath(path)
    return [one if isinstance(one, str) else (one.text or "") for one in found]


def _at_least_one(element: Element, case: Case, _: str) -> Iterator[Fault]:
    if not any(element.xpath(path) for path in case["paths"]):
        yield Fault(_lacking(element, case), " | ".join(case["paths"]))


def _lacking(element: Element, case: Case) -> str:
    if element.tag == _ACTIVITY:
        return re.split(r"[/\[@]", str(case["paths"][0]))[0]
    return _of(element)


def _no_more_than_one(element: Element, case: Case, _: str) -> Iterator[Fault]:
    if sum(len(element.xpath(path)) for path in case["paths"]) > 1:
        yield Fault(_of(element), " | ".join(case["paths"]))


def _date_order(element: Element, case: Case, today: str) -> Iterator[Fault]:
    less = _values(element, case["less"])
    more = [today] if case["more"] == _NOW else _values(element, case["more"])
    if any(one > other for one in less for other in more):
        of = str(case["less"]).partition("[")[0] if element.tag == _ACTIVITY else _of(element)
        yield Fault(of, f"{case['less']} > {case['more']}")


def _matches(element: Element, case: Case, _: str) -> Iterator[Fault]:
    for path in case["paths"]:
        for value in _values(element, path):
            if not re.fullmatch(case["regex"], value):
                of = str(path).partition("/")[0] if element.tag == _ACTIVITY else _of(element)
                yield Fault(of, f"{path}: {value}"[:_SAID_MAX])


def _sum(element: Element, case: Case, _: str) -> Iterator[Fault]:
    values = [value for path in case["paths"] for value in _values(element, path)]
    if values and sum(map(float, values)) != case["sum"]:
        yield Fault(_lacking(element, case), f"{' + '.join(case['paths'])} != {case['sum']}")


def _unknown(element: Element, case: Case, _: str) -> Iterator[Fault]:
    yield Fault(_of(element), "unknown rule")


_RULES: Final[dict[str, Callable[[Element, Case, str], Iterator[Fault]]]] = {
    "atleast_one": _at_least_one, "no_more_than_one": _no_more_than_one,
    "date_order": _date_order, "regex_matches": _matches, "sum": _sum,
}  # fmt: skip


def _guidance(root: Element) -> Iterator[Fault]:
    """What the text of the standard asks and its ruleset does not: budgets of a year at most, a
    language for every narrative, identifiers that begin with who publishes, and only once.
    """
    seen: set[str] = set()
    for item in root.iterfind(_ACTIVITY):
        name, ref = item.findtext("iati-identifier"), item.find("reporting-org").get("ref")
        if not name.startswith(f"{ref}-") or name == f"{ref}-" or name in seen:
            yield Fault("iati-identifier", str(name)[:_SAID_MAX])
        seen.add(name)
        for budget in item.iterfind("budget"):
            days = [budget.find(one).get("iso-date") for one in ("period-start", "period-end")]
            first, last = map(dt.date.fromisoformat, days)
            if (last - first).days + 1 > _YEAR_DAYS:
                yield Fault("budget", f"{days[0]} – {days[1]}")
        for said in item.iterfind(".//narrative"):
            if not said.get(_LANG) or not (said.text or "").strip():
                yield Fault(_of(said), "narrative")
