"""Random labels, viewers, places, editions, rules and agreements, odd ones most of all."""

from dataclasses import replace

from hypothesis import strategies as st

from tansiq.domain.kinds import KINDS
from tansiq.domain.labels import CATEGORIES, CAVEATS, CONTRADICTION, POLICY, Label, Onward
from tansiq.domain.parties import Actor, Classification, PartyCode, Role, Viewer
from tansiq.domain.places import E7, Grain, Place, Precision, gazetteer
from tansiq.domain.records import Edition, RecordId, WireEdition
from tansiq.policy.agreement import (
    PURPOSES,
    Agreement,
    Files,
    Follow,
    Receipts,
    Rule,
    by_facets,
)
from tansiq.policy.following import NEVER, Past
from tests.world import START, uuid_of

NOW = START
CODES = ("MPA", "MOD", "COA", "JCC")
PARTIES = st.sampled_from([PartyCode(code) for code in CODES])
# Before, at and after the moment at which everything is asked.
EDGES = st.sampled_from([0, 1, NOW - 1, NOW, NOW + 1, NOW * 2])
IDS = st.sampled_from([RecordId(uuid_of(name)) for name in "abcdef"])
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf"]), max_size=20)
TEXTS = WORDS.map(str.strip).filter(bool)
CLASSES = st.sampled_from(list(Classification))


def some(*values):
    """Any subset of these."""
    return st.frozensets(st.sampled_from(sorted(values)))


LABELS = st.builds(
    Label,
    policy=st.sampled_from([POLICY, POLICY, POLICY, CONTRADICTION, "OTHER-9", ""]),
    classification=CLASSES,
    audience=st.lists(st.frozensets(PARTIES, max_size=4), max_size=3).map(tuple),
    categories=some(*CATEGORIES, "unheard_of"),
    caveats=some(*CAVEATS, "unheard_of"),
    onward=st.sampled_from(list(Onward)),
    embargo=EDGES,
    expires=EDGES,
)
VIEWERS = st.builds(
    Viewer,
    party=PARTIES,
    position=st.just("desk"),
    role=st.sampled_from([*Role, Role.DUTY_OFFICER, Role.OBSERVER]),
    clearance=CLASSES,
    categories=some(*CATEGORIES, "unheard_of"),
)

TOWNS = sorted(gazetteer().values(), key=lambda town: town.key)


@st.composite
def places(draw):
    """Towns under any of their names, words that are no town, and positions out to the poles."""
    town = draw(st.sampled_from(TOWNS))
    names = (town.names.en, town.names.ar, town.names.ckb, "behind the third house", "")
    known = draw(st.booleans())
    return Place(
        name=draw(st.sampled_from(names)),
        key=draw(st.sampled_from([town.key, "", "house-7", TOWNS[0].key])),
        lat=draw(st.integers(-90 * E7, 90 * E7)) if known else None,
        lon=draw(st.integers(-180 * E7, 180 * E7)) if known else None,
        precision=draw(st.sampled_from(list(Precision))),
        grain=draw(st.sampled_from(list(Grain))),
    )


@st.composite
def unknowns(draw):
    """Items in every state; what answers one is named only where it is answered."""
    names = draw(st.lists(st.sampled_from(["00000001", "0badcafe", "ffffffff"]), min_size=1,
                          unique=True))  # fmt: skip
    items = []
    for name in names:
        state = draw(st.sampled_from(["open", "answered", "no_value"]))
        by = draw(IDS) if state == "answered" and draw(st.booleans()) else ""
        items.append({"id": name, "text": draw(TEXTS), "state": state, "by": by})
    return items


PLACES = places()
_BY_TYPE = {
    "unknowns": unknowns(),
    "text": TEXTS,
    "line": TEXTS,
    "count": st.integers(0, 1_000_000_000),
    "flag": st.booleans(),
    "moment": EDGES,
    "span": st.tuples(EDGES, EDGES).map(sorted).map(lambda ends: {"from": ends[0], "to": ends[1]}),
    "place": PLACES.map(Place.to_json),
    "area": st.builds(
        dict,
        shape=st.just("corridor"),
        name=st.sampled_from(["", "Makhmour", "the old mill"]),
        metres=st.integers(1, 20_000),
        grain=st.sampled_from(["exact", "km1"]),
        positions=st.lists(
            st.tuples(
                st.integers(350_000_000, 352_000_000), st.integers(430_000_000, 432_000_000)
            ).map(list),
            min_size=2,
            max_size=3,
        ),
    ),
    "grade": st.builds("{}{}".format, st.sampled_from("ABCDEF"), st.sampled_from("123456")),
    "positions": st.lists(st.sampled_from(["desk", "night-desk"]), min_size=1, max_size=2),
    "record": IDS,
    "step": IDS,
    "seats": st.lists(
        st.sampled_from(["COA/desk", "MOD/night-desk"]), min_size=1, max_size=2, unique=True
    ).map(sorted),
    "records": st.lists(IDS, min_size=1, max_size=3),
    "attachments": st.lists(IDS, min_size=1, max_size=3),
    "party": PARTIES,
    "date": st.sampled_from(["1900-01-01", "2020-12-20", "9999-12-31"]),
    "digest": st.sampled_from(["0" * 64, "f" * 64]),
}


def value_of(field):
    """A value that the field takes."""
    match field.type.value:
        case "amount":
            return st.fixed_dictionaries(
                {"unit": st.sampled_from(field.choices), "value": st.integers(0, 10**9)}
            )
        case "money":
            return st.fixed_dictionaries(
                {"currency": st.sampled_from(field.choices), "minor": st.integers(0, 10**9)}
            )
        case "rows":
            cells = {column.name: value_of(column) for column in field.columns}
            row = st.fixed_dictionaries({}, optional=cells).filter(bool)
            return st.lists(row, min_size=1, max_size=3)
    return st.sampled_from(field.choices) if field.choices else _BY_TYPE[field.type.value]


@st.composite
def bodies(draw, kind):
    """A body of this kind with any of its fields filled."""
    return {
        field.name: draw(value_of(field))
        for field in kind.fields
        if field.required or draw(st.booleans())
    }


ACTORS = st.builds(
    Actor,
    party=PARTIES,
    position=st.sampled_from(["desk", "night-desk"]),
    role=st.sampled_from(list(Role)),
    person=st.sampled_from(["P-1", "P-2"]),
)


@st.composite
def editions(draw):
    """An own edition of any kind."""
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    names = [field.name for field in kind.fields]
    return Edition(
        record=draw(IDS),
        owner=draw(PARTIES),
        kind=kind.name,
        version=kind.version,
        number=draw(st.integers(1, 9)),
        previous=draw(st.sampled_from(["", "0" * 64])),
        state=draw(st.sampled_from(kind.states)),
        label=draw(LABELS),
        body=draw(bodies(kind)),
        tear=draw(some(*names)),
        author=draw(ACTORS),
        at=draw(EDGES),
    )


@st.composite
def wires(draw):
    """A wire edition as a partner could send it."""
    edition = draw(editions())
    return WireEdition(
        release=draw(IDS),
        record=edition.record,
        owner=edition.owner,
        kind=edition.kind,
        version=edition.version,
        ordinal=draw(st.integers(1, 9)),
        state=edition.state,
        label=edition.label,
        body=edition.body,
        position=edition.author.position,
        purpose=draw(st.sampled_from(PURPOSES)),
        rule="R-1",
        at=edition.at,
        extra=draw(st.sampled_from([{}, {"later": [1, None]}])),
    )


ALL_FIELDS = sorted({field.name for kind in KINDS.values() for field in kind.fields})
VALUES = some("fire", "flood", "attack", "makhmour").filter(bool)
FACETS = st.dictionaries(
    st.sampled_from(["category", "place", "severity"]), VALUES, max_size=2
).map(lambda values: by_facets(**values))
_RULES = st.builds(
    Rule,
    name=st.sampled_from(["R-1", "R-2", "R-3", "R-4"]),
    sender=st.sampled_from(CODES[:2]).map(PartyCode),
    kinds=some(*KINDS, "unheard_of"),
    facets=FACETS,
    stages=st.one_of(st.just(frozenset()), some("reported", "confirmed", "saved")),
    hide=some("position", *ALL_FIELDS),
    grain=st.sampled_from(list(Grain)),
    delay=st.sampled_from([0, 1, 3_600_000]),
    days=st.sampled_from([0, 1, 30]),
    follow=st.sampled_from(list(Follow)),
    files=st.sampled_from(list(Files)),
    receipts=st.sampled_from(list(Receipts)),
    onward=st.sampled_from(list(Onward)),
    purpose=st.sampled_from(PURPOSES),
    class_max=CLASSES,
)
# One that goes without a person wants no approver.
RULES = st.one_of(
    _RULES.map(lambda rule: replace(rule, automatic=True)),
    st.builds(lambda rule, n: replace(rule, approvers=n), _RULES, st.integers(0, 2)),
)
PASTS = st.one_of(
    st.just(NEVER),
    st.builds(
        Past,
        holds=st.booleans(),
        ended=st.booleans(),
        rule=st.sampled_from(["R-1", "R-2"]),
        rules=st.lists(RULES, max_size=2).map(tuple),
    ),
)


@st.composite
def agreements(draw):
    """An agreement between MPA and MOD."""
    parties = (PartyCode("MOD"), PartyCode("MPA"))
    begins = draw(EDGES)
    return Agreement(
        id="AG-1",
        version=draw(st.integers(1, 3)),
        parties=parties,
        begins=begins,
        ends=draw(EDGES.filter(lambda moment: moment > begins)) if begins < NOW * 2 else NOW * 3,
        clearance={party: draw(CLASSES) for party in parties},
        held={party: draw(some(*CATEGORIES)) for party in parties},
        rules=tuple(draw(st.lists(RULES, max_size=3, unique_by=lambda rule: rule.name))),
    )


def plain_viewer(viewer):
    """A viewer in the form of the oracle."""
    return {
        "party": viewer.party,
        "role": viewer.role.value,
        "clearance": viewer.clearance.value,
        "categories": sorted(viewer.categories),
    }
