"""The address of a store: `file:///var/lib/receipts/documents`, or `s3://bucket/prefix`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")


@dataclass(frozen=True, slots=True)
class FolderAddress:
    """A folder, by its whole path."""

    path: Path


@dataclass(frozen=True, slots=True)
class BucketName:
    """A bucket, and what the paths of our objects begin with there."""

    bucket: str
    prefix: str


@dataclass(frozen=True, kw_only=True)
class BucketAccess:
    """As whom a bucket is used, and where; what is empty is the machine's, as AWS has it."""

    access_key_id: str = ""
    secret_access_key: str = ""
    region: str = ""
    endpoint: str = ""


def address_of(url: str) -> FolderAddress | BucketName | None:
    """What is meant; None where nothing is, and documents stay in the database. Raises ValueError, which says why."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme == "file":
        return _folder(unquote(parts.path), parts.netloc)
    if parts.scheme == "s3":
        return _bucket(parts.netloc, parts.path.strip("/"))
    raise ValueError("it is file:///folder or s3://bucket/prefix")


def _folder(path: str, host: str) -> FolderAddress:
    if host or not path.startswith("/") or ".." in PurePosixPath(path).parts or path.rstrip("/") == "":
        raise ValueError("a folder is given by its whole path: file:///var/lib/receipts/documents")
    return FolderAddress(Path(path))


def _bucket(bucket: str, prefix: str) -> BucketName:
    if not _BUCKET.fullmatch(bucket):
        raise ValueError("a bucket has 3 to 63 small letters, digits, dots and hyphens; keys go into AWS_ACCESS_KEY_ID")
    if prefix and (not _PREFIX.fullmatch(prefix) or ".." in prefix.split("/")):
        raise ValueError("a prefix is of letters, digits, dots, hyphens and underscores, with slashes between")
    return BucketName(bucket, prefix)
