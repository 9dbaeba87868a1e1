"""The stages of ``./dev test``: how each went, and which test files took the time.

``./dev`` runs this with whatever Python there is, so only the standard library is used. Counts and
times are what pytest noted in its report (``--junit-xml``).
"""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

SLOWEST = 5  # files that are named after each stage


@dataclass
class Stage:
    """One part of ``test`` and how it went."""

    title: str
    act: Callable[[], int]
    report: Path | None = None
    outcome: str = "not run"

    def forget(self) -> None:
        """What an earlier run left counts no more."""
        if self.report is not None:
            self.report.unlink(missing_ok=True)

    def run(self) -> bool:
        """Runs the stage and keeps its outcome."""
        begun, code = time.monotonic(), self.act()
        how = "passed" if code == 0 else f"FAILED (exit code {code})"
        self.outcome = f"{how} in {time.monotonic() - begun:.0f} s"
        return code == 0

    def counts(self) -> tuple[int, int]:
        """How many passed and failed: tests as pytest reported them, any other failure as one."""
        alone = 1 if self.outcome.startswith("FAILED") else 0
        if self.report is None or not self.report.is_file():
            return 0, alone
        good, bad = counts(self.report)
        return good, max(bad, alone)

    def told(self) -> list[str]:
        """The outcome, and below it the files that took longest."""
        lines = [f"{self.title:<18}{self.outcome}"]
        if self.report is not None and self.report.is_file():
            lines += [f"{seconds:>24.0f} s  {file}" for file, seconds in slowest(self.report)]
        return lines


def counts(report: Path) -> tuple[int, int]:
    """How many tests passed, and how many did not; skipped ones are neither."""
    suites = list(_read(report).iter("testsuite"))

    def total(name: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites)

    failed = total("failures") + total("errors")
    return total("tests") - failed - total("skipped"), failed


def slowest(report: Path, most: int = SLOWEST) -> list[tuple[str, float]]:
    """The test files that took longest, with the seconds of all their tests, the longest first."""
    spent: dict[str, float] = defaultdict(float)
    for case in _read(report).iter("testcase"):
        spent[case.get("classname", "")] += float(case.get("time", "0"))
    return sorted(spent.items(), key=lambda item: -item[1])[:most]


def _read(report: Path) -> ElementTree.Element:
    return ElementTree.parse(report).getroot()  # noqa: S314 (pytest wrote it, a minute ago)
