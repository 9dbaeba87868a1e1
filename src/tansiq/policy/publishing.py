"""What may be published to the world: the one place that decides it.

``desk.reform.publishing`` asks for every record before a word of it goes into a file that anybody
may read. The world is no partner: no agreement binds it, and nothing can be recalled from it.
"""

from tansiq.domain.errors import Decision, Granted, Refused
from tansiq.domain.labels import POLICY, Label
from tansiq.domain.parties import Classification, PartyCode


def may_publish(me: PartyCode, owner: PartyCode, label: Label, now: int) -> Decision:
    """Whether a record of this owner under this label may be told to anybody at ``now``: an own one
    of the lowest class, that is no longer the owner's alone, without category, caveat, embargo or
    end.
    """
    if owner != me:
        return Refused("publish_not_own")
    if label.policy != POLICY:
        return Refused("policy_unknown")
    if label.classification is not Classification.OPEN:
        return Refused("publish_class")
    if label.categories or label.caveats:
        return Refused("publish_limits")
    if not label.readers():
        return Refused("publish_alone")
    if now < label.embargo or label.expires:
        return Refused("publish_limits")
    return Granted("publish")
