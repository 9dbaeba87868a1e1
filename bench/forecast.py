"""How well ranges hold what really happens, on programmes whose truth is known (``programmes``).

``coverage`` is the share of open projects that ended within their range, for all and by class of
programme: 0.8 is meant. ``score_vs_naive`` is the interval score (Gneiting and Raftery) of the
ranges by that of the forecast that each project ends on the day that its plan says: below 1 is
better. ``programme_coverage`` says the same of the day on which all were executed.
"""

import random
from collections.abc import Iterable
from typing import Final, TypeAlias

from bench import programmes
from bench.command import options_of, tell
from tansiq.domain.reform.forecasting import Range, forecast
from tansiq.domain.reform.scoring import score, score_of_plan

_SEED: Final = 20_201_231
Case: TypeAlias = tuple[Range, int, int]  # what was said, what happened, what was planned


def main() -> None:
    """Measure and print."""
    parser = options_of(__doc__)
    parser.add_argument("--programmes", type=int, default=60, help="of each class")
    parser.add_argument("--seed", type=int, default=_SEED)
    chosen = parser.parse_args()
    tell(measure(chosen.programmes, chosen.seed), chosen)


def measure(count: int, seed: int = _SEED) -> dict[str, object]:
    """The figures of so many programmes of each class."""
    found = {one.name: _measured(one, count, seed) for one in programmes.CLASSES}
    every = [case for cases, _ in found.values() for case in cases]
    whole = [case for _, cases in found.values() for case in cases]
    unlike, _ = _measured(programmes.UNLIKE, count, seed)
    return {
        "programmes": count * len(found),
        "forecasts": len(every),
        "coverage": _coverage(every),
        "score_vs_naive": _against(every),
        "coverage_by_class": {name: _coverage(cases) for name, (cases, _) in found.items()},
        "score_vs_naive_by_class": {name: _against(cases) for name, (cases, _) in found.items()},
        "programme_coverage": _coverage(whole),
        "coverage_unlike_the_reference_class": _coverage(unlike),
        "below_and_above": [
            round(sum(truth < said.early for said, truth, _ in every) / len(every), 3),
            round(sum(truth > said.late for said, truth, _ in every) / len(every), 3),
        ],
    }


def _measured(chosen: programmes.Class, count: int, seed: int) -> tuple[list[Case], list[Case]]:
    """Each open project's range with its truth and its plan, and those of the programmes."""
    cases, whole = list[Case](), list[Case]()
    for number in range(count):
        made = programmes.world(chosen, random.Random(f"{seed} {chosen.name} {number}"))
        known = {one.key: one for one in made.known()}
        truth = {one.key: one.ended for one in made.real}
        found = forecast(list(known.values()), made.asked)
        cases += [(said, truth[key], known[key].end) for key, said in found.ranges.items()]
        if found.whole is not None:
            last = max(one.end for one in known.values())
            whole.append((found.whole, max(truth.values()), last))
    return cases, whole


def _coverage(cases: Iterable[Case]) -> float:
    held = [said.early <= truth <= said.late for said, truth, _ in cases]
    return round(sum(held) / len(held), 3)


def _against(cases: Iterable[Case]) -> float:
    scores = [(score(said, truth), score_of_plan(plan, truth)) for said, truth, plan in cases]
    return round(sum(one for one, _ in scores) / sum(one for _, one in scores), 3)


if __name__ == "__main__":
    main()
