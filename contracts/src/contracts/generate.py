"""`python -m contracts.generate [--check]`: write what is derived from the event classes, or say what is stale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from contracts.event import EVENTS
from contracts.releases import present
from contracts.rendering.asyncapi import VERSIONS, asyncapi_text
from contracts.rendering.catalogue import catalogue
from contracts.rendering.schemas import example_of, schema_of, written

REPOSITORY = Path(__file__).resolve().parents[3]
OWNED = ("contracts/schemas", "contracts/examples")
"""Folders in which nothing else may lie: a file of an event that is gone is stale."""


def rendered() -> dict[str, str]:
    """Every generated file: its path in the repository and its text."""
    version = present(REPOSITORY, {event_type: schema_of(event) for event_type, event in EVENTS.items()})
    files = {path: asyncapi_text(version, specification) for path, specification in VERSIONS.items()}
    files["docs/event-catalogue.md"] = catalogue()
    for event_type, event in EVENTS.items():
        files[f"contracts/schemas/{event_type}.json"] = written(schema_of(event))
        files[f"contracts/examples/{event_type}.json"] = written(example_of(event))
    return files


def stale(root: Path, files: Mapping[str, str]) -> list[str]:
    """A sentence for each committed file that is not what the classes say."""
    sentences = []
    for path, text in files.items():
        committed = root / path
        if not committed.exists():
            sentences.append(f"{path} is missing.")
        elif committed.read_text(encoding="utf-8") != text:
            sentences.append(f"{path} is not what the event classes say.")
    return sentences + [f"{path} belongs to no event." for path in _left_over(root, files)]


def write(root: Path, files: Mapping[str, str]) -> None:
    """Make the committed files what the classes say."""
    for path in _left_over(root, files):
        (root / path).unlink()
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _left_over(root: Path, files: Mapping[str, str]) -> list[str]:
    found = [path.relative_to(root).as_posix() for folder in OWNED for path in sorted((root / folder).glob("*.json"))]
    return [path for path in found if path not in files]


def main(arguments: list[str] | None = None) -> int:
    """Write, or with `--check` say what is stale and exit 1."""
    parser = argparse.ArgumentParser(prog="python -m contracts.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is stale")
    parser.add_argument("--root", type=Path, default=REPOSITORY, help="the repository (default: this one)")
    options = parser.parse_args(arguments)
    files = rendered()
    if not options.check:
        write(options.root, files)
        return 0
    sentences = stale(options.root, files)
    for sentence in sentences:
        sys.stderr.write(f"{sentence}\n")
    if sentences:
        sys.stderr.write("Run `python -m contracts.generate` and commit what it writes.\n")
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
