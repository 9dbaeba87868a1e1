"""What is written is read back the same, and anything else is refused as an input."""

import copy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.errors import InputError
from tansiq.domain.kinds import KINDS
from tansiq.domain.labels import Label, label_from_json
from tansiq.domain.places import Place, place_from_json
from tansiq.domain.records import (
    Edition,
    RecordId,
    WireEdition,
    actor_from_json,
    edition_from_json,
    record_id,
    reference,
    wire_from_json,
)
from tansiq.domain.search import normalise, without_overrides
from tansiq.policy.agreement import Agreement, agreement_from_json
from tests.property.values import ACTORS, LABELS, PLACES, agreements, editions, wires

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.sampled_from([[], {}, ["x"]])
)
JUNK = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def places_of(value, path=()):
    """All places inside a JSON value, as paths."""
    yield path
    children = value.items() if isinstance(value, dict) else ()
    children = enumerate(value) if isinstance(value, list) else children
    for key, inner in children:
        yield from places_of(inner, (*path, key))


def mutated(data, plain):
    """The value with one place dropped, replaced or added to."""
    broken = copy.deepcopy(plain)
    *way, last = data.draw(st.sampled_from([path for path in places_of(plain) if path]))
    target = broken
    for key in way:
        target = target[key]
    how = data.draw(st.sampled_from(["drop", "replace", "add"]))
    if how == "drop":
        del target[last]
    elif how == "replace":
        target[last] = data.draw(JUNK)
    elif isinstance(target, dict):
        target["surplus"] = data.draw(JUNK)
    else:
        target.append(data.draw(JUNK))
    return broken


def reads_or_refuses(read, kind, value):
    """The reader gives a value of its kind, or raises InputError; nothing else happens."""
    try:
        found = read(value)
    except InputError:
        return
    assert isinstance(found, kind)
    assert read(found.to_json()) == found


def owned(reader, plain):
    return lambda value: reader(value, plain.owner)


@given(plain=LABELS, data=st.data())
def test_labels_are_read_back_and_mutants_refused(plain, data):
    """A label survives writing; a mutant is another label or an InputError."""
    assert label_from_json(plain.to_json()) == plain
    reads_or_refuses(label_from_json, Label, mutated(data, plain.to_json()))


@given(plain=PLACES, data=st.data())
def test_places_are_read_back_and_mutants_refused(plain, data):
    """A place survives writing; a mutant is another place or an InputError."""
    assert place_from_json(plain.to_json()) == plain
    reads_or_refuses(place_from_json, Place, mutated(data, plain.to_json()))


@given(plain=agreements(), data=st.data())
def test_agreements_are_read_back_and_mutants_refused(plain, data):
    """An agreement survives writing; a mutant is another agreement or an InputError."""
    assert agreement_from_json(plain.to_json()) == plain
    reads_or_refuses(agreement_from_json, Agreement, mutated(data, plain.to_json()))


@given(plain=editions(), data=st.data())
def test_editions_are_read_back_and_mutants_refused(plain, data):
    """An own edition survives writing; a mutant is another edition or an InputError."""
    read = owned(edition_from_json, plain)
    assert read(plain.to_json()) == plain
    reads_or_refuses(read, Edition, mutated(data, plain.to_json()))


@given(plain=wires(), data=st.data())
def test_wire_editions_are_read_back_and_mutants_refused(plain, data):
    """A wire edition survives writing, with what a newer partner added; mutants are refused."""
    read = owned(wire_from_json, plain)
    assert read(plain.to_json()) == plain
    reads_or_refuses(read, WireEdition, mutated(data, plain.to_json()))


@given(actor=ACTORS, junk=JUNK)
def test_actors_are_read_back_and_junk_refused(actor, junk):
    """Who did an act survives writing; junk is refused."""
    assert actor_from_json(actor.to_json()) == actor
    with pytest.raises(InputError):
        actor_from_json(junk)


@given(plain=editions(), data=st.data())
def test_bodies_are_checked_alike_before_and_after_the_wire(plain, data):
    """A checked body passes the check unchanged; a mutant passes changed or is refused."""
    kind = replace(KINDS[plain.kind], whole=None)  # the fields one by one, not what goes together
    body = kind.check(plain.body)
    assert kind.check(body) == body
    assert kind.check(body, whole=False) == body
    kind.search_text(body)
    for whole in (True, False):
        try:
            again = kind.check(mutated(data, body), whole=whole)
        except InputError:
            continue
        assert kind.check(again, whole=whole) == again


@given(junk=JUNK | st.text("0123456789abcdef-", min_size=36, max_size=36))
def test_record_ids_are_uuids_or_refused(junk):
    """Whatever passes as an id has a short reference; all else is refused."""
    try:
        found = record_id(junk)
    except InputError:
        return
    assert len(reference(found)) == 5


@given(number=st.uuids())
def test_references_are_five_letters_that_sound_apart(number):
    """A reference has no letter that is mistaken for another."""
    assert set(reference(RecordId(str(number)))) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@given(text=st.text())
def test_folding_twice_changes_nothing_more(text):
    """Folding is idempotent and gives words without direction controls."""
    once = normalise(text)
    assert normalise(once) == once
    assert without_overrides(once) == once
    assert without_overrides(without_overrides(text)) == without_overrides(text)
