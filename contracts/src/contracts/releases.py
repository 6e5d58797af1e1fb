"""The releases of the contracts: which version of which event came with which, on which day, and as what.

`contracts/published/releases.json` names every published schema once, with the digest of its text: what was released
can neither be changed nor go, as its events are still in Kafka.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from contracts.rendering.schemas import named, written

PUBLISHED = "contracts/published"
LIST = f"{PUBLISHED}/releases.json"
OLDEST_FIRST = "releases.json names its releases oldest first, each once"


Schema = dict[str, Any]


class ReleaseRefused(ValueError):
    """A release that cannot be: it is there, or an earlier one than the last."""


def versions(root: Path, event_type: str) -> list[Path]:
    """What was published of an event, oldest first."""
    return sorted((root / PUBLISHED / event_type).glob("*.json"), key=lambda path: int(path.stem))


def entered(root: Path) -> list[dict[str, Any]]:
    """The releases, oldest first: `release`, `date`, and the digest of each schema that came with it."""
    path = root / LIST
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def latest(root: Path) -> str:
    """The last release, 0.0.0 before the first."""
    return str(entered(root)[-1]["release"]) if entered(root) else "0.0.0"


def following(root: Path) -> str:
    """The next minor release: contracts change by addition."""
    major, minor, _ = _order(latest(root))
    return f"{major}.{minor + 1}.0"


def present(root: Path, current: dict[str, Schema]) -> str:
    """The version of what is now: the last release, or one on the way to the next where something differs from it."""
    return f"{following(root)}-dev.0" if unreleased(root, current) else latest(root)


def unreleased(root: Path, current: dict[str, Schema]) -> list[str]:
    """The types of the events whose schema is not the one that was released last, but for the version in its `$id`."""
    return [event_type for event_type, schema in current.items() if _differs(root, event_type, schema)]


def keep(root: Path, event_type: str, schema: Schema) -> Path:
    """Keep a schema as the event's next version, which its `$id` names (`contracts.rendering.schemas.urn_of`)."""
    number = len(versions(root, event_type)) + 1
    target = root / PUBLISHED / event_type / f"{number}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(written(named(schema, event_type, number)), encoding="utf-8")
    return target


def unlisted(root: Path) -> list[str]:
    """What lies among the published schemas and came with no release."""
    return sorted(_files(root).keys() - {name for name, _ in _digests(root)})


def damage(root: Path, *, publishing: bool = False) -> list[str]:
    """A sentence for each released schema that is gone or changed, each gap, and (unless publishing) each stranger."""
    files = _files(root)
    sentences = list(_out_of_order(root))
    for name, digest in _digests(root):
        if name not in files:
            sentences.append(f"{PUBLISHED}/{name}.json was released and is gone: its events are still in Kafka.")
        elif digest_of(files[name]) != digest:
            sentences.append(f"{PUBLISHED}/{name}.json was changed after its release.")
    if not publishing:
        sentences += [f"{PUBLISHED}/{name}.json came with no release: --publish enters it." for name in unlisted(root)]
    return sentences + list(_gaps(root))


def require_later(root: Path, release: str, day: date) -> None:
    """Raises ReleaseRefused where this release is not after the last one."""
    known = entered(root)
    if not known:
        return
    last = known[-1]
    if _order(release) <= _order(last["release"]):
        raise ReleaseRefused(f"{release} is not after {last['release']}, the last release: raise the version first.")
    if day.isoformat() < last["date"]:
        raise ReleaseRefused(f"{day} is before {last['date']}, the day of the last release.")


def enter(root: Path, release: str, day: date) -> None:
    """Enter what came with no release yet as this one."""
    files = _files(root)
    schemas = {name: digest_of(files[name]) for name in unlisted(root)}
    known = [*entered(root), {"release": release, "date": day.isoformat(), "schemas": schemas}]
    (root / LIST).write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def digest_of(path: Path) -> str:
    """The digest of a published schema's text."""
    return f"sha256:{sha256(path.read_bytes()).hexdigest()}"


def _differs(root: Path, event_type: str, schema: Schema) -> bool:
    earlier = versions(root, event_type)
    if not earlier:
        return True
    last: Schema = json.loads(earlier[-1].read_text(encoding="utf-8"))
    return written(last | {"$id": schema["$id"]}) != written(schema)


def _files(root: Path) -> dict[str, Path]:
    """The published schemas by `type/number`."""
    return {f"{path.parent.name}/{path.stem}": path for path in (root / PUBLISHED).glob("*/*.json")}


def _digests(root: Path) -> Iterator[tuple[str, str]]:
    for one in entered(root):
        yield from one["schemas"].items()


def _gaps(root: Path) -> Iterator[str]:
    for folder in sorted(path for path in (root / PUBLISHED).glob("*") if path.is_dir()):
        numbers = [int(path.stem) for path in versions(root, folder.name)]
        if missing := sorted(set(range(1, max(numbers, default=0))) - set(numbers)):
            yield f"{folder.name} has no version {', '.join(map(str, missing))}, and has later ones."


def _out_of_order(root: Path) -> Iterator[str]:
    known = entered(root)
    for earlier, later in pairwise(known):
        if _order(later["release"]) <= _order(earlier["release"]) or later["date"] < earlier["date"]:
            yield f"{OLDEST_FIRST}: {later['release']} of {later['date']} follows {earlier['release']}."
    names = [name for name, _ in _digests(root)]
    yield from sorted({f"{OLDEST_FIRST}: {name} is there twice." for name in names if names.count(name) > 1})


def _order(release: str) -> tuple[int, int, int]:
    if not re.fullmatch(r"\d+\.\d+\.\d+", release):
        raise ReleaseRefused(f"{release} is no release: three numbers are, such as 1.4.0.")
    major, minor, patch = release.split(".")
    return int(major), int(minor), int(patch)
