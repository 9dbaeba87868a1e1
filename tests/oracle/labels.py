"""Who may see, decided from a label as JSON: one question after the other, in plain words."""

KNOWN_POLICY = "TANSIQ-1"
LADDER = ["open", "restricted", "confidential", "secret"]
RESTRICTIVE = ["medical", "liaison", "source"]
KNOWN_CAVEATS = ["no_action", "ask_first", "own_area", "exercise"]


def viewer(party, role="observer", clearance="restricted", categories=()):
    """A viewer in plain form."""
    return {
        "party": party,
        "role": role,
        "clearance": clearance,
        "categories": list(categories),
    }


def may_see(who, owner, label, now):
    """Yes or no: may ``who`` have a record of ``owner`` under this label at this moment?"""
    return may_read(who, owner, label) and (who["party"] == owner or is_time(label, now))


def is_time(label, now):
    """Whether the record is out of its embargo and not yet expired."""
    if label["embargo"] > now:
        return False
    return label["expires"] == 0 or label["expires"] > now


def may_read(who, owner, label):
    """The same question, leaving time aside."""
    if who["role"] == "administrator":
        return False  # runs the node, reads nothing
    if who["party"] != owner and not is_addressed(who["party"], label):
        return False
    if LADDER.index(label["class"]) > LADDER.index(who["clearance"]):
        return False
    for category in label["categories"]:
        if category == "training_alone":
            if who["party"] != owner or who["role"] != "training_manager":
                return False
            continue
        if category not in RESTRICTIVE or category not in who["categories"]:
            return False
    return all(caveat in KNOWN_CAVEATS for caveat in label["caveats"])


def is_addressed(party, label):
    """Whether a party that is not the owner is named: in every set, by a policy that we know."""
    if label["policy"] != KNOWN_POLICY or label["audience"] == []:
        return False
    return all(party in group for group in label["audience"])
