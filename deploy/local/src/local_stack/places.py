"""Where the stack finds what it is made of, and where it keeps what it makes."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
"""The checkout: the stack runs from it, never from an installed wheel."""
PROVISION_SQL = ROOT / "deploy" / "postgres" / "provision.sql"
TOPICS_FILE = ROOT / "deploy" / "kafka" / "topics.yaml"
REALM_FOLDER = ROOT / "deploy" / "keycloak"
KAFKA_CHECKSUMS = ROOT / "deploy" / "kafka" / "jars.sha256"


def home() -> Path:
    """The folder of the stack that `stack up` keeps: `STACK_HOME`, else `.local/stack` in the checkout."""
    return Path(os.environ.get("STACK_HOME") or ROOT / ".local" / "stack").resolve()


def cache() -> Path:
    """What is fetched once for all stacks and all checkouts of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "dental-billing"


def passable_folder(name: str) -> Path:
    """A new temporary folder that PostgreSQL's account, which is not root, can pass through."""
    folder = Path(tempfile.mkdtemp(prefix=f"dental-billing-{name}-"))
    folder.chmod(0o711)
    return folder


def command(name: str) -> str:
    """The console script of an installed package, beside the running Python."""
    return str(Path(sys.executable).parent / name)
