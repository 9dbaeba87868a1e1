"""The command line that the measurements share: their options, and how figures are told."""

import argparse
import json
from collections.abc import Mapping


def options_of(about: str | None) -> argparse.ArgumentParser:
    """A measurement's options, to which it adds its own; ``--json`` is every one's."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true")
    return parser


def tell(figures: Mapping[str, object], chosen: argparse.Namespace) -> None:
    """Print figures: as one JSON object for a program, else a line for each and for each part."""
    if chosen.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        for part, found in parts:
            for one in found if isinstance(found, list) else [found]:
                told = one if isinstance(one, str | int | float) else json.dumps(one)
                print(f"{name:24} {f'{part:28} ' if part else ''}{told}")
