"""`python -m contracts.compatibility [--publish]`: check that what is published now may meet all that was before.

Full-transitive: against every version ever published, new consumers must read old events and old consumers must read
new ones. Consumers ignore members they do not know, so an optional member may be added, and nothing else may change;
for anything else an event gets a new major version, a type of its own. Events stay in Kafka for years: there is no
version so old that nobody reads it, and what was released stays as it was (`contracts.releases`).
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from contracts import releases
from contracts.comparison import breaks
from contracts.event import EVENTS
from contracts.generate import REPOSITORY
from contracts.releases import PUBLISHED, versions
from contracts.rendering.schemas import schema_of

Schema = dict[str, Any]


def check(root: Path, current: dict[str, Schema]) -> list[str]:
    """A sentence for each break between what is now and anything that was ever published."""
    sentences: list[str] = []
    for folder in sorted(path for path in (root / PUBLISHED).glob("*") if path.is_dir()):
        event_type = folder.name
        if event_type not in current:
            sentences.append(f"{event_type} was published and is gone: its events are still in Kafka.")
            continue
        for released in versions(root, event_type):
            old = json.loads(released.read_text(encoding="utf-8"))
            found = breaks(old, current[event_type])
            sentences += [f"{event_type}, since version {released.stem}: {sentence}" for sentence in found]
    return sentences


def publish(root: Path, current: dict[str, Schema], day: date, release: str | None = None) -> list[Path]:
    """Keep what is released now, where it differs from what was released last, and enter the release with its day.

    Without a name it is the next minor release. Returns the new files. Raises ReleaseRefused where it is not after the
    last one.
    """
    changed = releases.unreleased(root, current)
    if not changed and not releases.unlisted(root):
        return []
    release = release or releases.following(root)
    releases.require_later(root, release, day)
    kept = [releases.keep(root, event_type, current[event_type]) for event_type in changed]
    releases.enter(root, release, day)
    return kept


def main(arguments: list[str] | None = None) -> int:
    """Check; with `--publish`, keep the schemas of this release where the check passes."""
    parser = argparse.ArgumentParser(prog="python -m contracts.compatibility", description="Compare with all releases.")
    parser.add_argument("--publish", action="store_true", help="keep the schemas as they are now: a release")
    parser.add_argument("--release", help="its version (default: the next minor one)")
    parser.add_argument("--on", type=date.fromisoformat, help="its day (default: today, UTC)")
    parser.add_argument("--root", type=Path, default=REPOSITORY, help="the repository (default: this one)")
    options = parser.parse_args(arguments)
    current = {event_type: schema_of(event) for event_type, event in EVENTS.items()}
    sentences = releases.damage(options.root, publishing=options.publish) + check(options.root, current)
    for sentence in sentences:
        sys.stderr.write(f"{sentence}\n")
    if sentences:
        sys.stderr.write("Add optional members only; for anything else, declare a new major version of the event.\n")
        return 1
    if options.publish:
        return _publish(options, current)
    return 0


def _publish(options: argparse.Namespace, current: dict[str, Schema]) -> int:
    try:
        kept = publish(options.root, current, options.on or datetime.now(UTC).date(), options.release)
    except releases.ReleaseRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    for path in kept:
        sys.stdout.write(f"published {path.relative_to(options.root)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
