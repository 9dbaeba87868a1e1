"""What is built is what runs: the wheel holds the program with its data."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.architecture.house import PACKAGE, ROOT


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path):
    """Words, dictionaries, templates, static files and py.typed are in the wheel."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"tansiq/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    lacking = sorted(wanted - held)
    reason = "The wheel lacks files that the program reads; see .gitignore and [tool.hatch.build]."
    assert not lacking, f"{reason}\n{lacking}"
    assert any(name.endswith("entry_points.txt") for name in held)
