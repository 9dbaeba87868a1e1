"""Links from other parties: none of them changes how a record is shown that is not theirs."""

import json

import pytest

from tansiq.desk.records import linked, read
from tansiq.log.canonical import encode
from tests.fuzz.place import ME, Target, settled
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.world import both_ways, incident, line, to, uuid_of, worlds

GOVERNING = {"corrects": "log_line", "same_as": "incident"}


@pytest.fixture
def town():
    """MOD with records of its own and of JCC, and MPA, which points at both."""
    with worlds("MOD", "MPA", "JCC") as made:
        settled(made)
        made.agree("MOD", "JCC", *both_ways("MOD", "JCC"))
        for party in ("MOD", "JCC"):
            made.write(party, f"line {party}", line(to("MOD"), text=f"Said by {party}"))
            made.write(party, f"fire {party}", incident(to("MOD"), text=f"Seen by {party}"))
        for name in ("line JCC", "fire JCC"):
            made.release("JCC", uuid_of(f"{name}/1"), "MOD", "R-JCC")
        made.exchange("JCC", "MOD")
        yield Target(made)


def named(kind, party):
    """The record of a party that MPA points at."""
    return uuid_of(f"{'line' if kind == 'log_line' else 'fire'} {party}/1")


def says(target, field, record, *, under=""):
    """MPA hands over a record that points at this one, under an id of its own or another's."""
    sent = [json.loads(data) for data in target.sent]
    kind = GOVERNING[field]
    edition = next(one for one in sent if one.get("kind") == kind and one["type"] == "edition")
    made = under or uuid_of(f"{field} {record}")
    edition["body"][field] = record if field == "corrects" else [record]
    edition |= {"record": made, "release": uuid_of(f"release {field} {record} {under}")}
    target.take(target.follows(encode(edition)))
    return made


@pytest.mark.parametrize("owner", ["MOD", "JCC"])
@pytest.mark.parametrize("field", GOVERNING)
def test_b3_a_link_counts_only_from_the_owner_of_the_record(town, field, owner):
    """A partner's link to ours or to a third party's record changes nothing and is its claim."""
    kind, viewer = GOVERNING[field], town.made.viewer("MOD")
    record = named(kind, owner)
    claim = says(town, field, record)
    view = read.record(town.desk, viewer, owner, record)
    assert linked.by_owner(town.desk, viewer, [view], field) == {(owner, record): []}
    (found,) = linked.claims(town.desk, viewer, view)
    assert ("MPA", claim, field) == (found.view.value.owner, found.view.value.record, found.field)


def test_b3_every_link_that_governs_is_tried():
    """Who declares another such link has it in these tests."""
    assert set(GOVERNING) == set(linked.governing())


@pytest.mark.parametrize("language", LANGUAGES)
def test_b3_a_partner_cannot_strike_a_line_of_ours(town, language):
    """It stays as it was, with its button, and the record names who says that it corrects it."""
    says(town, "corrects", named("log_line", "MOD"))
    says(town, "corrects", named("log_line", "JCC"))
    screen = Screen(town.made, "MOD", "cleared")
    text = text_of(screen.get("/log", language))
    assert "line-struck" not in text
    assert f"/log/{named('log_line', 'MOD')}/correct" in text
    assert words("log.corrected_by", language) not in text
    page = text_of(screen.get(f"/record/MOD/{named('log_line', 'MOD')}", language))
    assert words("log.corrected_by", language) not in page
    assert words("claim.corrects", language) in page


def test_b3_one_of_the_same_id_is_another_record(town):
    """A record planted under the id of ours brings neither links nor files into ours."""
    record = named("log_line", "MOD")
    other = says(town, "corrects", named("log_line", "JCC"))
    says(town, "corrects", other, under=record)
    viewer = town.made.viewer("MOD")
    mine, planted = (read.record(town.desk, viewer, owner, record) for owner in (ME, "MPA"))
    found = linked.by_owner(town.desk, viewer, [mine, planted], "corrects")
    assert {key: len(views) for key, views in found.items()} == {
        (ME, record): 0, ("MPA", record): 0,
    }  # fmt: skip
    assert linked.named_by_owner(town.desk, viewer, mine, "corrects") == []
    own = linked.named_by_owner(town.desk, viewer, planted, "corrects")
    assert [("MPA", other)] == [(one.value.owner, one.value.record) for one in own]
    claim = read.record(town.desk, viewer, "MPA", says(town, "corrects", record))
    assert claim.value.body["corrects"] == record
    led = linked.named_by_owner(town.desk, viewer, claim, "corrects")
    assert [("MPA", record)] == [(one.value.owner, one.value.record) for one in led]
