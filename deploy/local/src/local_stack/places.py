"""Where the stack finds what it is made of, and where it keeps what it makes."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
"""The checkout: the stack runs from it, never from an installed wheel."""
PROVISION_SQL = ROOT / "deploy" / "postgres" / "provision.sql"
TOPICS_FILE = ROOT / "deploy" / "kafka" / "topics.yaml"
REALM_FOLDER = ROOT / "deploy" / "keycloak"
MEMORY_BYTES_MIN = 6_000_000_000
"""How much room there is to be: a container has a sixteenth of a gigabyte, if it is not given more."""
KAFKA_CHECKSUMS = ROOT / "deploy" / "kafka" / "jars.sha256"


def home() -> Path:
    """The folder of the stack that `stack up` keeps: `STACK_HOME`, else `.local/stack` in the checkout."""
    return Path(os.environ.get("STACK_HOME") or ROOT / ".local" / "stack").resolve()


def cache() -> Path:
    """What is fetched once for all stacks and all checkouts of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "dental-billing"


def passable_folder(name: str, *, within: Path | None = None) -> Path:
    """A new temporary folder that PostgreSQL's account, which is not root, can pass through."""
    folder = Path(tempfile.mkdtemp(prefix=f"dental-billing-{name}-", dir=within))
    folder.chmod(0o711)
    return folder


def memory(folder: Path = Path("/dev/shm")) -> Path | None:  # noqa: S108 - what is made there has a name of its own
    """Where files are held in memory; None where there is no such place, not enough room, or TMPDIR says another.

    A database is copied there in a twentieth of the time, which is most of what tests have databases of their own for.
    """
    if "TMPDIR" in os.environ or not os.access(folder, os.W_OK):
        return None
    return folder if shutil.disk_usage(folder).free >= MEMORY_BYTES_MIN else None


def command(name: str) -> str:
    """The console script of an installed package, beside the running Python."""
    return str(Path(sys.executable).parent / name)
