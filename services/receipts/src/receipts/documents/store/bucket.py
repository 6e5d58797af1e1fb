"""A bucket of S3, or of what speaks as S3 does, as the place of objects: by `obstore`, which is loaded only for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from receipts.documents.store.address import BucketAccess, BucketName
from receipts.documents.store.objects import ObjectsRefused, ObjectsUnreachable
from receipts.domain.stored_document import PDF

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

_LISTED_AT_ONCE = 1_000
_NO_BUCKET = "<Code>NoSuchBucket</Code>"
_RETRIES = 2
_FIRST_BACKOFF, _LONGEST_BACKOFF = timedelta(milliseconds=100), timedelta(seconds=1)


class Bucket:
    """Objects of a bucket below a prefix. Nothing is written over: a put says `If-None-Match: *`."""

    moves = False

    def __init__(self, name: BucketName, access: BucketAccess, timeout_seconds: float) -> None:
        from obstore.store import S3Store

        self._place = f"bucket {name.bucket}"
        self._store: Any = S3Store(
            name.bucket,
            prefix=name.prefix or None,
            config=_config_of(access),
            client_options=_client_of(access, timeout_seconds),
            retry_config=_retries_within(timeout_seconds),
        )

    async def add(self, path: str, data: bytes) -> bool:
        """Keep bytes, all of them or none; False where something is there, which stays as it is."""
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        with self._asked():
            try:
                await self._store.put_async(path, data, mode="create", attributes={"Content-Type": PDF})
            except (AlreadyExistsError, PreconditionError):
                return False
            except FileNotFoundError:
                raise self._absent() from None
        return True

    async def read(self, path: str) -> bytes | None:
        """The bytes that lie there; None where nothing does."""
        with self._asked():
            try:
                answer = await self._store.get_async(path)
                return bytes(await answer.bytes_async())
            except FileNotFoundError as absent:
                if _NO_BUCKET in str(absent):
                    raise self._absent() from None
                return None

    async def remove(self, paths: Sequence[str]) -> None:
        """Remove what lies there, where something does."""
        with self._asked():
            await self._store.delete_async(list(paths))

    async def listed(self, folder: str) -> AsyncIterator[list[str]]:
        """The paths of all objects in a folder and below, up to a thousand at a time."""
        with self._asked():
            async for objects in self._store.list(folder, chunk_size=_LISTED_AT_ONCE):
                yield [found["path"] for found in objects]

    async def tidy(self) -> None:
        """Nothing: what a write leaves behind that was cut off is the store's own."""

    async def close(self) -> None:
        """Nothing is held."""

    def _absent(self) -> ObjectsRefused:
        return ObjectsRefused(f"there is no {self._place}")

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """What a store answers may quote a key: only the kind of it is told."""
        from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

        try:
            yield
        except (PermissionDeniedError, UnauthenticatedError) as fault:
            raise ObjectsRefused(f"the {self._place} does not let us in ({type(fault).__name__})") from None
        except (BaseError, OSError) as fault:
            raise ObjectsUnreachable(f"the {self._place} does not answer ({type(fault).__name__})") from None


def _config_of(access: BucketAccess) -> S3Config:
    """What is not said here is taken from where AWS has it: further variables, the machine's role."""
    config: Any = {name: value for name, value in asdict(access).items() if value}
    config["checksum_algorithm"] = "SHA256"
    said: S3Config = config
    return said


def _client_of(access: BucketAccess, timeout_seconds: float) -> ClientConfig:
    return {
        "allow_http": urlsplit(access.endpoint).scheme == "http",
        "timeout": timedelta(seconds=timeout_seconds),
        "connect_timeout": timedelta(seconds=timeout_seconds / 2),
        "default_content_type": PDF,
    }


def _retries_within(timeout_seconds: float) -> RetryConfig:
    return {
        "max_retries": _RETRIES,
        "retry_timeout": timedelta(seconds=timeout_seconds),
        "backoff": {"init_backoff": _FIRST_BACKOFF, "max_backoff": _LONGEST_BACKOFF, "base": 2},
    }
