"""Every image by its digest: `pins.py` writes docker-compose.pinned.yml, `pins.py --check FILE…` refuses others.

A tag can be moved to another image by whoever has the repository; a digest is that image and no other. Digests are
asked of the registries by `docker buildx`; the file is to be looked at and committed, and used beside the other:
`docker compose -f docker-compose.yml -f docker-compose.pinned.yml up`.
"""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE, PINNED, DOCKERFILE = (
    ROOT / "docker-compose.yml",
    ROOT / "docker-compose.pinned.yml",
    ROOT / "deploy/Dockerfile",
)
BASE = "PYTHON"
"""The argument of the Dockerfile that names what our own images stand on: the tag of `python`."""
HEAD = "# Written by deploy/containers/pins.py: the images of docker-compose.yml by digest (docs/operating.md)\n"
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")


def main(arguments: Sequence[str] | None = None) -> int:
    """0: written, or all have digests; 1: not, and which."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", nargs="+", type=Path, metavar="FILE", help="compose files, in compose's order")
    given = parser.parse_args(arguments)
    if given.check:
        return _told(unpinned(*(yaml.safe_load(file.read_text(encoding="utf-8")) for file in given.check)))
    try:
        pinned = pins(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")))
    except (OSError, ValueError, subprocess.CalledProcessError) as trouble:
        sys.stderr.write(f"No digests: {getattr(trouble, 'stderr', '') or trouble}\n")
        return 1
    PINNED.write_text(HEAD + yaml.safe_dump(pinned, sort_keys=True), encoding="utf-8")
    return 0


def unpinned(*files: dict[str, Any]) -> list[str]:
    """What has no digest once the files are laid over each other, as compose lays them, a line each."""
    images: dict[str, str] = {}
    for file in files:
        images |= dict(_images(file))
    return [f"{name}: {image} has no digest" for name, image in sorted(images.items()) if not _DIGEST.search(image)]


def pins(compose: dict[str, Any]) -> dict[str, Any]:
    """A compose file that says of each container only its image, by digest. Raises CalledProcessError, OSError."""
    images = dict(_images(compose))
    digests = {image: digest_of(image) for image in sorted(set(images.values()))}
    services: dict[str, Any] = {}
    for name, image in images.items():
        whole = f"{image}{digests[image]}"
        built = "build" in compose["services"][name]
        services[name] = {"build": {"args": {BASE: whole.partition(":")[2]}}} if built else {"image": whole}
    return {"services": services}


def digest_of(image: str) -> str:
    """`@sha256:…` of what a tag names at the moment. Raises CalledProcessError, OSError, ValueError."""
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", image]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own images' names
    digest = f"@{json.loads(done.stdout).get('digest')}"
    if not _DIGEST.search(digest):
        raise ValueError(f"docker says no digest of {image}")
    return digest


def _images(compose: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each container's image; of one that is built, what it is built on."""
    for name, container in compose["services"].items():
        if "image" in container:
            yield name, container["image"]
        elif "build" in container:
            yield name, f"python:{container['build'].get('args', {}).get(BASE) or _base()}"


def _base() -> str:
    found = re.search(rf"^ARG {BASE}=(\S+)$", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{DOCKERFILE} has no ARG {BASE}")
    return found[1]


def _told(lines: Sequence[str]) -> int:
    sys.stderr.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
