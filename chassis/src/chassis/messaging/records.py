"""Records as they lie in Kafka, whatever their headers are called and whatever they are compressed by.

Kafka's protocol says that a header's name is UTF-8, and no broker looks: librdkafka writes whatever it is given.
aiokafka raises in the middle of a fetch, with all that was fetched beside it, and again at the next: one such record
would end every process of the service for good. So would a batch that is compressed to more than a process may take.
Here a batch that cannot be read is read again with such names escaped; what comes of the record is then a matter of its
other headers. For a batch that cannot be uncompressed stands one record, which says why (`ALL-7`).

What a fetch brings is small; what becomes of it need not be, as it may be many batches. aiokafka uncompresses one after
the other for as long as it is told that there is another. So whoever asks says what it bears at once: when that much
has been handed out, there is no other, and aiokafka fetches again from where it came to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, SupportsIndex

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

from chassis.messaging import compression
from chassis.messaging.compression import NotUncompressed, uncompressed

UNREAD: Final = "unread"
"""The header of a record that stands for a batch; its value is `Unread`, which no header on the wire is."""
_LENGTH_AT, _LENGTH_BYTES = 8, 4
_MAGIC_AT, _WITH_HEADERS = 16, 2
_ATTRIBUTES_AT, _ATTRIBUTES_BYTES = 21, 2
_CODEC: Final = 0b111
_RECORDS_AT: Final = 61


@dataclass(slots=True)
class _Room:
    """What whoever asks takes at once, of all partitions: batches are handed out until they come to that much."""

    left: int

    def take(self, size: int) -> None:
        self.left -= size


_room: ContextVar[_Room | None] = ContextVar("room for batches", default=None)


@contextmanager
def room() -> Iterator[None]:
    """Hand out here no further batch once those handed out came to what a single one may hold."""
    token = _room.set(_Room(compression.MOST_BYTES))
    try:
        yield
    finally:
        _room.reset(token)


class Unread(bytes):
    """Why a batch could not be read."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _StandIn:
    """The one record of a batch that could not be read, in the place of its last."""

    offset: int
    timestamp: int
    timestamp_type: int
    headers: tuple[tuple[str, bytes], ...]
    key: bytes | None = None
    value: bytes | None = None
    checksum: int | None = None


class _Name(bytes):
    """A piece of a batch: what is no UTF-8 in it is escaped, so that it stays a name like no other."""

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:  # noqa: ARG002 - bytes' signature
        return super().decode(encoding, "backslashreplace")


class _Buffer(bytearray):
    def __getitem__(self, place: SupportsIndex | slice) -> Any:
        found = super().__getitem__(place)
        return _Name(found) if isinstance(found, bytearray) else found


class _EscapingBatch(_DefaultRecordBatchPy):  # type: ignore[misc]
    """A batch read in Python, which is slower, with names escaped."""

    _buffer: Any

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer = _Buffer(self._buffer)


class _Batch:
    """A batch read as aiokafka reads it, uncompressed before, else with names escaped."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._read = MemoryRecords(raw).next_batch()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._read, name)

    def __next__(self) -> Any:
        return next(self._read)

    def __iter__(self) -> Iterator[Any]:
        try:
            plain = _plain(self._raw)
        except NotUncompressed as why:
            return iter([self._stand_in(str(why))])
        if (taking := _room.get()) is not None:
            taking.take(len(plain))
        return _records_of(plain)

    def _stand_in(self, why: str) -> _StandIn:
        count = int.from_bytes(self._raw[_RECORDS_AT - _LENGTH_BYTES : _RECORDS_AT], "big")
        told = Unread(f"a batch of {count} cannot be read: {why}".encode())
        return _StandIn(
            self._read.next_offset - 1, self._read.max_timestamp, self._read.timestamp_type, ((UNREAD, told),)
        )


class Records:
    """What one fetch brought of a partition, batch by batch."""

    def __init__(self, fetched: bytes) -> None:
        self._fetched = bytes(fetched)
        self._batches = self._whole_batches()
        self._next = next(self._batches, None)

    def has_next(self) -> bool:
        """Whether there is another whole batch, and room for it; the broker cuts the last one where its limit is."""
        taking = _room.get()
        return self._next is not None and (taking is None or taking.left > 0)

    def next_batch(self) -> Any:
        """The next batch, or None."""
        found, self._next = self._next, next(self._batches, None)
        return found

    def size_in_bytes(self) -> int:
        """How much was fetched."""
        return len(self._fetched)

    def _whole_batches(self) -> Iterator[Any]:
        place = 0
        while place + _LENGTH_AT + _LENGTH_BYTES <= len(self._fetched):
            length = int.from_bytes(self._fetched[place + _LENGTH_AT : place + _LENGTH_AT + _LENGTH_BYTES], "big")
            end = place + _LENGTH_AT + _LENGTH_BYTES + length
            if end > len(self._fetched):
                return
            raw = self._fetched[place:end]
            yield _Batch(raw) if raw[_MAGIC_AT] >= _WITH_HEADERS else MemoryRecords(raw).next_batch()
            place = end


def _records_of(plain: bytes) -> Iterator[Any]:
    """One after the other: all of a batch of millions that hold nothing would be more than a process may take."""
    count = 0
    try:
        for record in MemoryRecords(plain).next_batch():
            yield record
            count += 1
    except UnicodeDecodeError:
        yield from islice(_EscapingBatch(plain), count, None)


def _plain(raw: bytes) -> bytes:
    """The batch as it would be if nothing had compressed it, but for its checksum. Raises NotUncompressed."""
    attributes = int.from_bytes(raw[_ATTRIBUTES_AT : _ATTRIBUTES_AT + _ATTRIBUTES_BYTES], "big")
    if not attributes & _CODEC:
        return raw
    records = uncompressed(raw[_RECORDS_AT:], attributes & _CODEC)
    length = _RECORDS_AT - _LENGTH_AT - _LENGTH_BYTES + len(records)
    head = bytearray(raw[:_RECORDS_AT])
    head[_LENGTH_AT : _LENGTH_AT + _LENGTH_BYTES] = length.to_bytes(_LENGTH_BYTES, "big")
    head[_ATTRIBUTES_AT : _ATTRIBUTES_AT + _ATTRIBUTES_BYTES] = (attributes & ~_CODEC).to_bytes(
        _ATTRIBUTES_BYTES, "big"
    )
    return bytes(head) + records


def read_whatever_the_headers_are_called() -> None:
    """Have aiokafka's consumers of this process read what they fetch by this."""
    fetcher.MemoryRecords = Records
