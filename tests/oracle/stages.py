"""What a party hears that follows the stage of a request only, written from the specification."""

RUNNING = ["sent", "received", "accepted", "partial"]
LEADS_TO = {
    "receive": ("received", ["sent"]),
    "accept": ("accepted", ["sent", "received"]),
    "answer": ("answered", RUNNING),
    "partial": ("partial", RUNNING),
    "no_information": ("no_information", RUNNING),
    "decline": ("declined", RUNNING),
    "redirect": ("redirected", RUNNING),
    "satisfied": ("closed", ["answered", "no_information", "declined", "redirected"]),
    "ask_again": ("accepted", ["answered", "no_information"]),
    "cancel": ("cancelled", RUNNING),
}


def after(stage, act):
    """The stage of one lane after an act, None where it may not be taken there."""
    target, sources = LEADS_TO[act]
    return target if stage in sources else None


def word(stages):
    """The one word for lanes that stand so: "open" as long as one of them runs."""
    return "open" if any(stage in RUNNING for stage in stages) or not stages else "done"


class Listener:
    """What a party has heard: it holds the root from a moment on, and hears each change once."""

    def __init__(self):
        self.heard = []
        self.last = None

    def hold(self):
        """It got the root, by a new release: nothing is said yet, which reads "open"."""
        self.last = "open"

    def end(self):
        """The root was recalled."""
        self.last = None

    def hear(self, stages):
        """The owner's node looks at where the case stands."""
        now = word(stages)
        if self.last is not None and now != self.last:
            self.heard.append(now)
            self.last = now
