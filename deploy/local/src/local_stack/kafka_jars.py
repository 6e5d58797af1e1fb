"""Apache Kafka's jars, fetched once from Maven Central into the user's cache and checked against committed hashes."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local_stack.places import KAFKA_CHECKSUMS, cache
from local_stack.trouble import CannotRun

KAFKA_VERSION = "4.4.0"
ENDPOINT = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:1.7.36"
"""The broker, and a binding that sends what it logs to its standard error."""

_DOWNLOADS_AT_ONCE = 8


def kafka_folder() -> Path:
    """Where the jars are, or will be."""
    return cache() / f"kafka-{KAFKA_VERSION}"


def kafka_jars(say: Callable[[str], None] = lambda _: None) -> Path:
    """The folder of the jars, fetched if they are not there yet. Raises CannotRun when they cannot be had."""
    folder = kafka_folder()
    if (folder / "complete").exists():
        return folder
    say(f"Fetching Apache Kafka {KAFKA_VERSION} from Maven Central (43 MB, once) into {folder}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        jars = Path(scratch) / folder.name
        jars.mkdir()
        for jar in _resolved():
            shutil.copy(jar, jars / jar.name)
        _check(jars)
        (jars / "complete").touch()
        _put_in_place(jars, folder)
    return folder


def class_path(folder: Path) -> str:
    """What Java is to load: every jar of the folder, in an order that is the same every time."""
    return ":".join(str(jar) for jar in sorted(folder.glob("*.jar")))


def _resolved() -> list[Path]:
    import jgo  # heavy, and needed once

    try:
        # Not jgo.build: to sort jars into modules it would fetch a Java of its own.
        artifacts = jgo.resolve(ENDPOINT)
        with ThreadPoolExecutor(_DOWNLOADS_AT_ONCE) as pool:
            return list(pool.map(lambda artifact: artifact.resolve(), artifacts))
    except (OSError, RuntimeError, ValueError) as error:
        raise CannotRun(
            f"Apache Kafka {KAFKA_VERSION} could not be fetched from Maven Central ({type(error).__name__}: {error}). "
            "It is fetched once; check the network, or name your mirror in ~/.config/jgo.conf, and try again."
        ) from error


def _check(jars: Path) -> None:
    """Refuse jars that are not the ones this checkout was tried with."""
    lines = [line.split() for line in KAFKA_CHECKSUMS.read_text().splitlines() if line]
    expected = {name: digest for digest, name in lines}
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in jars.glob("*.jar")}
    different = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if different:
        raise CannotRun(f"Jars from Maven Central differ from {KAFKA_CHECKSUMS.name}: {', '.join(different)}.")


def _put_in_place(jars: Path, folder: Path) -> None:
    """Move the finished folder to its name; when another process was faster, its folder stands."""
    if folder.exists() and not (folder / "complete").exists():
        shutil.rmtree(folder)
    try:
        jars.rename(folder)
    except OSError:
        if not (folder / "complete").exists():
            raise
