"""`python -m contracts.packages [--to dist]`: build the contracts' packages, and try each as whoever installs it.

The wheel is installed into an environment of its own, where every example is read by its class and by its schema; the
npm package into a folder where a small program is compiled against its types and every example is read by its schema.
There a generator of models, which knows nothing but the AsyncAPI document in the package, makes some for TypeScript and
for Python; they are compiled, and read every example.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from contracts.event import EVENTS
from contracts.generate import REPOSITORY
from contracts.packages.content import NPM, Files, npm_package, openapi, python_package
from contracts.packages.tools import CannotBuild, environment, node_folder, run, uv
from contracts.rendering.schemas import written

OWN = "contracts/packages"
"""The folder of what is not made: the README of both packages, npm's tools with their lock, the programs that try."""
WITH_WHEEL = ("jsonschema[format]",)
STRICT = ("--noEmit", "--strict", "--module", "nodenext", "--target", "es2022")
"""How whoever writes TypeScript compiles."""

Say = Callable[[str], None]


def build_python(root: Path, target: Path, say: Say) -> None:
    """Build the source distribution and the wheel, and try the wheel. Raises CannotBuild."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _write(folder / "source", python_package(root))
        into = ("--python", sys.executable, "--out-dir", folder / "built")
        run(uv(root), "build", "--quiet", *into, folder / "source", folder=root)
        (wheel,) = (folder / "built").glob("*.whl")
        python = environment(root, folder / "fresh", wheel, *WITH_WHEEL)
        said = run(python, "-I", root / OWN / "consumer.py", folder=folder)
        for built in sorted((folder / "built").glob("dental*")):
            say(f"{shutil.copy(built, target)}")
    say(f"  installed by itself: {said.strip()}")


def build_npm(root: Path, target: Path, say: Say) -> None:
    """Generate the types, pack, and try the tarball. Raises CannotBuild."""
    node = node_folder(root, say)
    tools = _npm_tools(root, node, say)
    (tools / "openapi.json").write_text(written(openapi(root)), encoding="utf-8")
    generator = tools / "node_modules/.bin/openapi-typescript"
    run(generator, "openapi.json", "-o", "types.d.ts", "--default-non-nullable=false", folder=tools, path=node)
    source = tools / "source"
    shutil.rmtree(source, ignore_errors=True)
    _write(source, npm_package(root, (tools / "types.d.ts").read_text(encoding="utf-8")))
    packed = run(node / "npm", "pack", "--silent", "--pack-destination", target, folder=source, path=node).strip()
    said = _tried(root, tools, node, target / packed)
    modelled = _modelled(root, tools, node)
    say(f"{target / packed}")
    say(f"  installed by itself: {said.strip()}")
    for line in modelled.splitlines():
        say(f"  {line}")


def _npm_tools(root: Path, node: Path, say: Say) -> Path:
    """The folder with what generates and checks types, installed again where its lock has changed."""
    tools = root / ".local/packages/npm"
    tools.mkdir(parents=True, exist_ok=True)
    wanted = {name: (root / OWN / name).read_text(encoding="utf-8") for name in ("package.json", "package-lock.json")}
    done = tools / "node_modules/.package-lock.json"
    there = all((tools / name).exists() and (tools / name).read_text("utf-8") == text for name, text in wanted.items())
    if not there or not done.exists():
        say(f"Installing what generates and checks TypeScript by npm into {tools.relative_to(root)}")
        _write(tools, wanted)
        run(node / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=tools, path=node)
    return tools


def _tried(root: Path, tools: Path, node: Path, tarball: Path) -> str:
    """Install the tarball where only its user is, compile that and run it; below the tools, where it finds ajv."""
    folder = tools / "try"
    shutil.rmtree(folder, ignore_errors=True)
    manifest = '{"name": "consumer", "private": true, "type": "module"}\n'
    programs = {name: (root / OWN / name).read_text(encoding="utf-8") for name in ("consumer.ts", "consumer.mjs")}
    _write(folder, {"package.json": manifest, **programs})
    options = ("--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock")
    run(node / "npm", "install", *options, tarball, folder=folder, path=node)
    run(tools / "node_modules/.bin/tsc", *STRICT, "consumer.ts", folder=folder, path=node)
    return run(node / "node", "consumer.mjs", folder=folder, path=node)


def _modelled(root: Path, tools: Path, node: Path) -> str:
    """Have models generated of the package's AsyncAPI document, where `_tried` has installed it, and try them."""
    folder = tools / "try"
    names = {event_type: event.__name__ for event_type, event in EVENTS.items()}
    program = (root / OWN / "models.mjs").read_text(encoding="utf-8")
    _write(folder, {"names.json": json.dumps(names), "models.mjs": program})
    made = run(node / "node", "models.mjs", folder=folder, path=node)
    sources = sorted((folder / "models/typescript").glob("*.ts"))
    run(tools / "node_modules/.bin/tsc", *STRICT, *sources, folder=folder, path=node)
    examples = folder / "node_modules" / NPM / "examples"
    return made + run(sys.executable, root / OWN / "models.py", "models/python", examples, folder=folder)


def _write(folder: Path, files: Files) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Build and try both; 1 where one cannot be built or does not work."""
    parser = argparse.ArgumentParser(prog="python -m contracts.packages", description=__doc__)
    parser.add_argument("--to", type=Path, default=REPOSITORY / "dist", help="where the packages go (default: dist)")
    target: Path = parser.parse_args(arguments).to.resolve()
    target.mkdir(parents=True, exist_ok=True)

    def say(text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    try:
        build_python(REPOSITORY, target, say)
        build_npm(REPOSITORY, target, say)
    except CannotBuild as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
