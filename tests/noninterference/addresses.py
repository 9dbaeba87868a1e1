"""What a curious person asks a node for: every address, with ids seen, hidden or absent."""

from collections.abc import Iterator
from functools import cache
from itertools import product

from django.urls import URLPattern, URLResolver, get_resolver

from tansiq.domain.records import reference
from tansiq.domain.tables import Way
from tansiq.web.shell.sections import addresses, entries
from tests import breadth
from tests.noninterference import cases, listed, scene, supplies, unasked
from tests.noninterference.story import BUSY, CALM
from tests.world import START, uuid_of

WORDS = (CALM.word, BUSY.word)
LISTS = (
    "", "q=fire", *(f"q={word}" for word in WORDS), "q=high&tab=all", "tab=all",
    "tab=all&severity=flash", "tab=all&category=shooting", "tab=all&owner=JCC",
    "tab=all&owner=MOD", "until=2020-12-20", "party=JCC", "party=MOD", "tab=waits", "tab=requests",
    f"tab=all&after={START}~MPA/{uuid_of('high 0/1')}", f"after={START}~MPA/{scene.ABSENT}",
    "preview_lang=ar", "owner=MOD&first=oldest",
    f"first=oldest&after={START}~MPA/{scene.ABSENT}~00000000",
)  # fmt: skip
# Every view of a list of any kind, each grouped and filtered in some way that could tell.
VIEWS = (
    "view=board&tab=all", "view=board&by=severity&tab=all", "view=calendar&month=2020-12",
    "view=timeline&tab=all", "view=chart&by=category&tab=all", "view=chart&by=week&tab=all",
    "order=old&tab=all", "asked=MOD&tab=all", "asked=JCC&tab=all", "state=confirmed",
    "place=makhmour", "significant=yes", "since=2020-12-20 12:00&until=2020-12-21 11:00&tab=all",
    "as_of=2020-12-20 12:00&tab=all", "as_of=2020-12-21 00:00&tab=all&view=chart&by=year",
    f"as_of=2020-12-21 00:00&tab=all&q={BUSY.word}", "as_of=2020-12-21 00:00&view=board&tab=all",
)  # fmt: skip
# What the one search box is asked for by its reference and its id: seen, hidden, a file.
MEANT = ("fire/1", "high 0/1", "to MOD 0/1", "query high 0/1", "high file 0/1", "aid/1",
         "offer high 0/1")  # fmt: skip
LISTED_KINDS = (
    "incident", "log_line", "acknowledgement", "rfi", "support", "support_offer", "stock",
    "project", "evidence", "safety_message", "after_action",
    "protected_site", "coordination_line", "medevac",
    "joint_operation", "operation_part", "nothing",
)  # fmt: skip
WINDOWS = ("43,35,45,36", "43.5,35.7,43.6,35.8", "-180,-90,180,90", "", "no window")
# All ways out of a list are made of one table: of which rows it is made is asked of print and CSV.
WAYS = {
    **dict.fromkeys(
        (Way.PRINT, Way.CSV), ("", "tab=all", f"q={BUSY.word}", "severity=flash&tab=all")
    ),
    **dict.fromkeys((Way.PDF, Way.XLSX, Way.CALENDAR), ("tab=all",)),
}
# Records about which a form may be begun, seen and hidden.
ABOUT = (("MPA", "offer"), ("MPA", "offer jcc 0"), ("MPA", "offer high 0"), ("MPA", "offer up 0"),
         ("JCC", "gift jcc 0"), ("MOD", "gift high 0"), ("MPA", "aid"), ("MPA", "aid high 0"),
         ("MPA", "watched"))  # fmt: skip
QUERIES = {
    "map-data": tuple(
        f"bbox={box}&z={zoom}&{more}"
        for box, zoom, more in product(WINDOWS, (4, 12), ("tab=all", *(f"q={w}" for w in WORDS)))
    ),
    "incidents": (*LISTS, *VIEWS, "came=2020-12-20 12:00&tab=all"),
    "map": (*LISTS, "category=shooting"),
    "list": ("", *VIEWS),
    "support": (
        "",
        *VIEWS,
        "view=board&by=sort&tab=all",
        "view=board&by=priority&tab=all",
        "view=map&tab=all",
        "view=chart&by=priority&tab=all",
        "view=chart&by=sort&tab=all",
        "view=calendar&month=2020-12&tab=all",
        "view=calendar&month=2021-01&tab=all",
        "priority=urgent",
        "sort=supplies&tab=all",
        f"q={BUSY.word}&tab=all",
        "q=gown&tab=all",
    ),
    "support-data": tuple(
        f"bbox={box}&z={zoom}&tab=all" for box, zoom in product(WINDOWS, (4, 12))
    ),
    "offers": ("", *VIEWS, "view=board&by=sort&tab=all", "sort=supplies", "state=accepted&tab=all"),
    **dict.fromkeys(
        ("support-new", "offers-new"),
        ("", *(f"about={owner}/{uuid_of(f'{name}/1')}" for owner, name in ABOUT)),
    ),
    "stock": (
        "",
        *VIEWS,
        "item=mask&unit=piece",
        "use_by=2020-12-30",
        "order=due",
        "order=due_last",
    ),
    **dict.fromkeys(
        ("stock-there", "stock-there-part", "stock-there-csv", "stock-there-print"),
        ("", "unit=piece", "unit=nothing", "as_of=2020-12-20 12:00"),
    ),
    "projects": ("", *VIEWS, "workstream=supply", "order=due", "tab=executed"),
    "proofs": ("", *VIEWS, "proof=totals"),
    **dict.fromkeys(
        ("reform", "reform-part", "reform-csv", "reform-print"),
        (
            "",
            "only=verified",
            "only=asked",
            "only=amber",
            "only=planned&until=2020-12-31",
            "only=measured",
            "state=in_progress",
            "source=own",
            "workstream=supply&lead=de",
            "owner=MPA",
            "as_of=2020-12-20 12:00",
        ),
    ),
    **dict.fromkeys(
        ("reform-forecast", "reform-forecast-csv", "reform-forecast-print"),
        ("", "past=all", "past=held", "as_of=2020-12-20 12:00"),
    ),
    **dict.fromkeys(
        ("reform-sums", "reform-sums-csv", "reform-sums-print"),
        ("", "by=lead", "by=state", "by=source", "by=nothing", "as_of=2020-12-20 12:00"),
    ),
    "reform-report": ("", "since=2020-12-19", "as_of=2020-12-20 12:00"),
    "reform-report-pdf": ("", "language=ar"),
    "reform-report-xlsx": ("language=ckb", "since=2020-12-19"),
    "cohorts": ("", *VIEWS, "subject=first_aid", "order=due", "tab=finished"),
    "sessions": ("", *VIEWS, "state=held&tab=all&view=list", "reason_class=security&tab=all"),
    "instructors": ("", *VIEWS, "of=nl"),
    **dict.fromkeys(
        ("training", "training-part", "training-csv", "training-print", "training-ics"),
        (
            "",
            "only=finished",
            "only=cancelled",
            "only=moved",
            "subject=first_aid&mode=in_person",
            "owner=MPA",
            "as_of=2020-12-20 12:00",
        ),
    ),
    "log": (
        *LISTS,
        "came=2020-12-20 12:00",
        "significant=yes",
        "view=calendar&month=2020-12",
        "view=chart",
    ),
    "incidents-data": ("bbox=-180,-90,180,90&z=7&tab=all",),
    "list-data": ("bbox=-180,-90,180,90&z=7&tab=all", "bbox=43,35,45,36&z=4&severity=flash"),
    "holdings": (*LISTS, "stand=holds", "stand=recalled&party=MOD", "stand=nothing"),
    "inbox": (*LISTS, "tab=waits&owner=JCC", "kind=incident", "kind=nothing&owner=ZZZ"),
    "approvals": ("", "tab=yours", "tab=all", "tab=all&party=JCC"),
    "release": ("", "to=MOD&rule=R-MPA", "to=JCC", "to=ZZZ&rule=none"),
    "support-receipt": (
        "",
        *(f"code={reference(uuid_of(f'{name}/1'))}" for name in supplies.CODES),
        "code=C-00000",
        "code=none",
    ),
    **dict.fromkeys(
        ("search", "search-part"),
        (
            "",
            "q=fire",
            "q=inbox",
            "q=Makhm",
            *(f"q={word}" for word in WORDS),
            f"q={scene.ABSENT}",
            *(f"q={uuid_of(name)}" for name in MEANT),
            *(f"q={letter}{reference(uuid_of(name))}" for name in MEANT for letter in ("", "I-")),
            *(f"q=C{reference(uuid_of(f'{name}/1'))}" for name in supplies.CODES),
        ),
    ),
    **dict.fromkeys(("overview", "overview-part"), ("", "hours=168")),
    **dict.fromkeys(("watch", "watch-part"), ("", "late=1")),
    "sites": (
        "",
        *VIEWS,
        "site=clinic",
        "order=due",
        "tab=due_sites",
        "tab=taken_off",
        "view=board&by=site&tab=all",
        "view=map&tab=all",
        "q=camp&tab=all",
    ),
    "lines": ("", *VIEWS, "tab=ended", "view=map&tab=all", "q=line&tab=all"),
    "joint": ("", *VIEWS, "view=map&tab=all", "purpose=aid_access&tab=all", "q=aid&tab=all"),
    "parts": ("", "tab=all", "does=stands_by&tab=all", "q=hidden&tab=all"),
    "sites-data": tuple(f"bbox={box}&z={zoom}&tab=all" for box, zoom in product(WINDOWS, (4, 12))),
    "safety-new": (
        "",
        *(f"site=MPA/{uuid_of(f'{name}/1')}" for name in (*listed.VISIBLE, *listed.HIDDEN)),
    ),
    "incident-new": (
        "",
        *(f"line={uuid_of(name)}" for name in ("note/1", "fire/1", "high 0/1")),
        f"line={scene.ABSENT}",
    ),
    "place-notations": ("", "at=35.78, 43.58"),
    "place-understood": ("", "name=Makmoor", "name=Kirkuk&at=35.78, 43.58", "at=38S LE 716 604"),
    "sign-on": ("", "position=duty-officer&person=P-1"),
}
SEARCHED = {"log", "incidents", "map", "holdings", "inbox"}
FEW = ("", "first=oldest", "tab=all", f"q={BUSY.word}", "party=JCC", "tab=requests")
FORM = {
    "base": "0" * 64, "step": "close", "decision": "approve", "reason": "error", "act": "release",
    "text": "What a stranger types", "observed": "2020-12-20 10:00", "to": "MOD", "rule": "R-MPA",
    "category": "fire", "severity": "urgent", "place-name": "Erbil", "grade-r": "B",
    "grade-c": "2", "audience": ["MOD"], "next": "/log", "theme": "day", "agreement": "AG-JCC-MPA",
    "version": "1", "position": "duty-officer", "person": "P-1", "passphrase": "a wrong passphrase",
    "outcome": "answered", "item": "0a1b2c3d", "state": "answered", "by": scene.ABSENT,
    "unknowns-new": "What a stranger asks", "post": "off", "result": "busy", "with": scene.ABSENT,
    "name": f"arrival - MPA/{scene.ABSENT} 1", "party": "MOD", "whom": "duty_officer",
    "typed": "Makhmour", "confirmed": "1", "has": "1", "seats": ["MOD/cleared"],
}  # fmt: skip
# Everyday one id of each sort is asked for at every address; in a whole run more of them, and at
# the addresses of a record and of a file every id that there is.
SORTS = ("fire", "lowered", "kept own 0", "high 0", "to MOD 0", "gone 0", "query", "query high 0",
         "watched", "aid", "offer", "chain", "plan",
         "open plan", "proof", "stop", "site", "site jcc 0", "border", "border jcc 0",
         "frame", "part jcc 0")  # fmt: skip
MORE = (
    "query jcc 0",
    "query mod 0",
    "query up 0",
    "aid jcc 0",
    "aid high 0",
    "offer jcc 0",
    "offer high 0",
    "offer up 0",
    "gift jcc 0",
    "gift high 0",
    "took gift jcc 0",
    "chain high 0",
    "chain up 0",
    "shots",
    "rumour",
    "paper",
    "kept shots 0",
    "high file 0",
    "to MPA 0",
    "theirs 0",
    "site mod 0",
    "site high 0",
    "frame jcc 0",
    "part high 0",
)
SOME = tuple(uuid_of(f"{name}/1") for name in breadth.of(SORTS, (*SORTS, *MORE)))
WHOLE = breadth.of((), ("record", "record-file", "log-correct"))
RECORDS_OF_MOD = ("rumour", "ask", "doubt", "theirs 0", "to MPA 0", "gone 0")


@cache
def patterns() -> dict[str, str]:
    """Every address of the pages by its name, as a pattern with names in braces."""
    return dict(_walk(get_resolver().url_patterns))


def _walk(found, prefix: str = "") -> Iterator[tuple[str, str]]:
    for item in found:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from _walk(item.url_patterns, route)
        elif isinstance(item, URLPattern):
            for converter in ("str:", "uuid:", "int:"):
                route = route.replace(f"<{converter}", "<")
            yield item.name or "", "/" + route.replace("<", "{").replace(">", "}")


def _owned(records: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Record ids, each under its owner; some under another party."""
    theirs = {uuid_of(f"{name}/1") for name in RECORDS_OF_MOD}
    for record in records:
        yield ("MOD" if record in theirs else "MPA"), record
    for record in (uuid_of("fire/1"), uuid_of("high 0/1"), scene.ABSENT):
        yield "JCC", record


FILLS = {
    "record": scene.records(),
    "release": scene.releases(),
    "party": ("MOD", "JCC", "MPA", "ZZZ"),
    "kind": ("dispute", "acknowledgement", "nothing"),
    "code": ("ar", "xx"),
    "number": ("1", "999"),
    "other": ("1", "2"),
    "name": ("auditor", "nothing"),
    "public": ("0" * 64, "no-key"),
    "lane": (*cases.LANES, *supplies.LANES, *unasked.LANES, scene.ABSENT),
}


def filled(name: str) -> Iterator[str]:
    """The addresses by this name."""
    pattern = patterns()[name]
    records = FILLS["record"] if name in WHOLE else (*SOME, scene.ABSENT)
    names = [name for name in FILLS if f"{{{name}}}" in pattern]
    if "{owner}" in pattern:
        names.remove("record")
        for owner, record in _owned(records):
            for values in product(*(FILLS[name] for name in names)):
                given = dict(zip(names, values, strict=True))
                yield pattern.format(owner=owner, record=record, **given)
        return
    fills = FILLS | {"record": records}
    if pattern.startswith("/list/"):
        fills |= {"kind": LISTED_KINDS}
    for values in product(*(fills[name] for name in names)):
        yield pattern.format(**dict(zip(names, values, strict=True)))


def asked(name: str, *, all_of_them: bool = True) -> Iterator[str]:
    """The addresses at which somebody looks by this name."""
    listing = name.partition("-")[0] in listing_names() and "{" not in patterns()[name]
    many = LISTS if name in SEARCHED else FEW
    if addresses()[name][1].lists:  # what a list of any kind is asked
        many = (*many, *VIEWS)
    usual = many if listing else ("",)
    if addresses()[name][1].lists:
        usual = WAYS.get(name.rpartition("-")[2], usual)
    queries = QUERIES.get(name, usual)
    queries = queries if all_of_them else queries[:2]
    for address in filled(name):
        for query in queries:
            yield f"{address}?{query}" if query else address


@cache
def listing_names() -> frozenset[str]:
    """The names of the pages that the navigation opens, as the sections declare them."""
    return frozenset(one.name for one in entries())
