"""Every image by its digest: `pins.py` renews those of docker-compose.yml and deploy/Dockerfile, `--check` wants them.

A tag can be moved to another image by whoever has the repository; a digest is that image and no other. Digests are
asked of the registries by `docker buildx`, and written beside their tags; what changed is looked at and committed.
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
COMPOSE, DOCKERFILE = ROOT / "docker-compose.yml", ROOT / "deploy/Dockerfile"
BASE = "PYTHON"
"""The argument of the Dockerfile that names what our own images stand on: the tag of `python`."""
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_IMAGE = re.compile(r"^( +image: )([^@\s]+)(@\S+)?$", re.MULTILINE)
_BASE = re.compile(rf"^(ARG {BASE}=)([^@\s]+)(@\S+)?$", re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    """0: renewed, or all have digests; 1: not, and which."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--check", action="store_true", help="renew nothing: name the containers whose image has no digest"
    )
    if parser.parse_args(arguments).check:
        return _told(unpinned(yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))))
    try:
        renewed = {COMPOSE: _renewed(COMPOSE, _IMAGE), DOCKERFILE: _renewed(DOCKERFILE, _BASE, "python:")}
    except (OSError, ValueError, subprocess.CalledProcessError) as trouble:
        return _told([f"No digests: {getattr(trouble, 'stderr', '') or trouble}"])
    for file, text in renewed.items():
        file.write_text(text, encoding="utf-8")
    return 0


def unpinned(compose: dict[str, Any]) -> list[str]:
    """Which containers' images have no digest, of those that are built what they are built on: a line each."""
    images = sorted(_images(compose))
    return [f"{name}: {image} has no digest" for name, image in images if not _DIGEST.search(image)]


def _renewed(file: Path, named: re.Pattern[str], repository: str = "") -> str:
    """A file with the digest of each of its images as it is now. Raises CalledProcessError, OSError, ValueError."""
    text = file.read_text(encoding="utf-8")
    digests = {tag: digest_of(repository + tag) for tag in {found[2] for found in named.finditer(text)}}
    return named.sub(lambda found: f"{found[1]}{found[2]}{digests[found[2]]}", text)


def digest_of(image: str) -> str:
    """`@sha256:…` of what a tag names at the moment. Raises CalledProcessError, OSError, ValueError."""
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", image]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own images' names
    digest = f"@{json.loads(done.stdout).get('digest')}"
    if not _DIGEST.search(digest):
        raise ValueError(f"docker says no digest of {image}")
    return digest


def _images(compose: dict[str, Any]) -> Iterator[tuple[str, str]]:
    base = _BASE.search(DOCKERFILE.read_text(encoding="utf-8"))
    ours = f"python:{base[2]}{base[3] or ''}" if base else "what the Dockerfile does not say"
    for name, container in compose["services"].items():
        yield name, ours if "build" in container else container["image"]


def _told(lines: Sequence[str]) -> int:
    sys.stderr.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
