"""Files: what goes along with a record, and when a file may be read. Strictest first, both ways.

A file stands for nothing by itself. It goes only with a record whose redacted body names it, under
the labels and rules of both; it is read only where a record that names it can be read now.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tansiq.domain.errors import Decision, Refused
from tansiq.domain.kinds import Kind
from tansiq.domain.kinds.files.attachment import CLEAN
from tansiq.domain.labels import Label, join
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Edition
from tansiq.policy.agreement import Agreement, Rule
from tansiq.policy.following import Past, goes_by_itself
from tansiq.policy.release import Proposal, matching_rules, may_release, rule_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The record that a file goes with: its label, its rule as it binds, to whom it goes."""

    label: Label
    rule: Rule
    to: PartyCode


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that a record names, as it would go with it: its label and its rule are joined with
    the record's. ``fresh``: the partner has not got it. Without a rule it does not go.
    """

    proposal: Proposal
    rule: Rule | None
    decision: Decision
    fresh: bool
    alone: bool  # it may go without a person


def readable_under(file: Label, carriers: Iterable[Label]) -> tuple[Label, ...]:
    """The labels under any of which a file may be read: its own joined with that of each record
    which names it now. Named by none, it is read by nobody.
    """
    return tuple(join((file, one)) for one in dict.fromkeys(carriers))


def along(
    edition: Edition, kind: Kind, record: Record, past: Past, *, agreement: Agreement | None,
    fresh: bool, now: int,
) -> File:  # fmt: skip
    """A file as it would go with a record: by the most cautious rule for it, which is joined with
    the record's, and under the labels of both. What says who made it, where or when goes only where
    a person releases it.
    """
    joined = replace(edition, label=join((edition.label, record.label)))
    rules = matching_rules(agreement, kind, edition, now, holds=past.holds)
    proposal = Proposal(
        edition=joined, to=record.to, rule=rules[0].name if rules else "",
        past=replace(past, rules=(*past.rules, record.rule)),
    )  # fmt: skip
    decision = may_release(proposal, kind, agreement, now)
    clean = edition.body.get("traces") in CLEAN
    return File(
        proposal=proposal,
        rule=rule_of(proposal, agreement),
        decision=decision if rules else Refused("no_rule_attachment"),
        fresh=fresh,
        alone=clean and bool(rules and decision) and goes_by_itself(rules[0], past),
    )
