"""Problems for planners: a small one that can be read, and drawn ones of any size."""

import datetime as dt
import random

from tansiq.domain.training.problem import (
    Cohort,
    Placed,
    Pool,
    Problem,
    Room,
    Spell,
    holidays_between,
)  # fmt: skip

SUNDAY = dt.date(2020, 9, 20)
PLACES = ("erbil", "duhok", "sulaymaniyah", "kirkuk", "atrush", "halabja")
SUBJECTS = ("first_aid", "logistics", "radio", "staff_work", "leadership")
LANGUAGES = ("ckb", "ar", "en")
ALWAYS = dt.date(2030, 1, 1)


def day(text):
    return dt.date.fromisoformat(text)


def cohort(code, days, **more):
    return Cohort(**{
        "code": code, "days": days, "due": SUNDAY, "begun": SUNDAY, "place": "erbil",
        "places": 20, **more,
    })  # fmt: skip


def problem(*cohorts, **more):
    return Problem(**{"first": SUNDAY, "weeks": 40, "cohorts": tuple(cohorts), **more})


def room(code, places=30, place="erbil", **more):
    return Room(code=code, place=place, places=places, **more)


def half_until(last, first=SUNDAY, factor=50):
    return (Spell(first=first, last=day(last), factor=factor),)


def drawn(seed, cohorts=200, weeks=52):
    """So many cohorts of a year that a pandemic stopped: rooms, instructors and an order that all
    bind somewhere, and some that keep their dates.
    """
    chance = random.Random(seed)
    first = SUNDAY
    rooms = tuple(
        Room(code=f"{place[:3]}-{number}", place=place, places=chance.choice((24, 40, 60)))
        for place in PLACES
        for number in range(max(1, cohorts // 40))
    )
    pools = tuple(
        Pool(subject=subject, language=language, count=max(4, cohorts // 14))
        for subject in SUBJECTS
        for language in LANGUAGES
    )
    found = tuple(_one(chance, number, first) for number in range(cohorts))
    fixed = tuple(
        Placed(
            code=f"F-{number}", first=first + dt.timedelta(days=7 * number),
            last=first + dt.timedelta(days=7 * number + 11), room=chance.choice(rooms).code,
        )
        for number in range(cohorts // 40)
    )  # fmt: skip
    return Problem(
        first=first, weeks=weeks, cohorts=found, fixed=fixed, rooms=rooms, pools=pools,
        capacity=half_until("2020-12-31"), holidays=holidays_between(first, weeks),
        rule=chance.choice(("nearly_finished", "dependencies", "oldest")),
    )  # fmt: skip


def _one(chance, number, first):
    whole = chance.choice((5, 10, 15, 20, 30, 40, 60))
    done = chance.randrange(whole) if chance.random() < 0.7 else 0
    begun = first - dt.timedelta(days=chance.randrange(190, 260))
    earliest = first + dt.timedelta(days=7 * chance.randrange(6)) if not done else first
    return Cohort(
        code=f"K-{number:03}", days=whole - done, done=done, begun=begun,
        due=begun + dt.timedelta(days=whole * 7 // 5 + chance.randrange(60)),
        on_line=chance.random() < 0.15, earliest=earliest, place=chance.choice(PLACES),
        places=chance.randrange(12, 58), instructors=chance.randrange(1, 4),
        subject=chance.choice(SUBJECTS), language=chance.choice(LANGUAGES),
        after=tuple(f"K-{before:03}" for before in [chance.randrange(number)]
                    if chance.random() < 0.1) if number else (),
        projects=chance.randrange(3),
    )  # fmt: skip
