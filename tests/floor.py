"""A watch floor on a clock that the test moves: what waits, who is there, a journal of rings."""

from tansiq.domain.attention import Wait, Watch, past, rings, stand, unheard
from tansiq.domain.escalation import HOUR_MS, Haste
from tansiq.domain.parties import Position, Role
from tansiq.domain.wording import Text

START = 1_700_000_000_000
DAY_MS = 24 * HOUR_MS


def post(code, role=Role.DUTY_OFFICER, **more):
    """A position of the floor."""
    return Position(code=code, role=role, names=Text(code, code, code), **more)


POSTS = (
    post("duty-1", deputy="duty-2"),
    post("duty-2"),
    post("liaison", Role.LIAISON_OFFICER),
    post("senior", Role.SENIOR_DUTY_OFFICER),
)


class Floor:
    """A watch floor on a clock that the test moves: its journal is all that it remembers."""

    def __init__(self, posts=POSTS):
        self.posts = posts
        self.on = {item.code for item in posts}
        self.blind = set()
        self.in_doubt = False
        self.now = START
        self.waits = {}
        self.journal = []

    def comes(self, **more):
        """Something comes that waits."""
        chosen = {"seat": "duty-1", "about": "MPA/1", "why": "record", "step": "r1",
                  "since": self.now, "haste": Haste.FLASH}  # fmt: skip
        wait = Wait(**(chosen | more))
        self.waits[wait.id] = wait
        return wait

    def watch(self):
        able = {item.code for item in self.posts} - self.blind
        return Watch(positions=self.posts, on=self.on, able=lambda _: able, in_doubt=self.in_doubt)

    def tick(self):
        """What each position hears now; the journal has it before anybody does."""
        found = rings(self.waits.values(), past(self.journal), self.watch(), self.now)
        self.journal += [ring.rang for ring in found]
        codes = sorted({code for ring in found for code in ring.to})
        return {code: [one.wait.about for one in found if code in one.to] for code in codes}

    def after(self, milliseconds):
        """What is heard so much later."""
        self.now += milliseconds
        return self.tick()

    def hears(self, wait):
        """Somebody hears it."""
        self.journal += unheard(wait, past(self.journal))

    def stands(self, wait):
        return stand(wait, past(self.journal), self.watch(), self.now)
