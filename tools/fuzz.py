"""``./dev fuzz [SEED] [words for pytest]``: the tests that draw, with a seed that nobody has tried.

``./dev test`` itself draws the same every time. A seed that fails is printed and kept in
``.dev/fuzzed``; Hypothesis keeps the smallest example of it in ``.dev/examples``.
"""

import os
import re
import secrets
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DRAWS = re.compile(r"hypothesis import|seeds\.chance")


def drawing() -> list[Path]:
    """The test files that draw: with Hypothesis, or from ``tests/seeds.py``."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [file for file in files if DRAWS.search(file.read_text("utf-8"))]


def main(arguments: list[str]) -> int:
    """Runs them; pytest's exit code."""
    again = bool(arguments) and arguments[0].isdecimal()
    seed = arguments[0] if again else str(secrets.randbelow(2**32))
    rest = arguments[1:] if again else arguments
    print(f"seed {seed}", flush=True)
    command: list[str | Path] = [sys.executable, "-m", "pytest", "-q", "-n", "2"]
    command += ["--dist=loadgroup", f"--hypothesis-seed={seed}", *drawing(), *rest]
    environment = {**os.environ, "TANSIQ_TEST_SEED": seed}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603
    code = done.returncode
    if code:
        asked = f"./dev fuzz {shlex.join([seed, *rest])}"
        with (ROOT / ".dev" / "fuzzed").open("a", encoding="utf-8") as kept:
            kept.write(f"{asked}\n")
        print(f"seed {seed} failed. Again: {asked}   (kept in .dev/fuzzed)")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
