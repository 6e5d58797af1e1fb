"""Batches as producers compress them: read, whatever they are compressed by, and never into more than is bearable.

A broker limits what a batch has compressed. What becomes of it is limited by nobody: a megabyte of gzip can hold a
gigabyte, which would end every process that reads it, again and again (`ALL-7`).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Final

import cramjam

MOST_BYTES: Final = 32 * 1024 * 1024
"""What a batch may hold; what topics take uncompressed is an eighth of it."""
_GZIP, _SNAPPY, _LZ4, _ZSTD = 1, 2, 3, 4
_GZIP_WINDOW: Final = 31
_LIKELY_TIMES: Final = 16
_XERIAL: Final = b"\x82SNAPPY\x00"
_XERIAL_HEAD: Final = 16
_LENGTH: Final = 4
"""Java's snappy comes in blocks after a head, each behind its length; others' is one block."""


class NotUncompressed(Exception):
    """A batch that nobody reads; the text says why, and quotes nothing of it (`ALL-6`)."""


def uncompressed(payload: bytes, codec: int) -> bytes:
    """What was compressed by one of Kafka's codecs (1 to 4). Raises NotUncompressed."""
    read = _READERS.get(codec)
    if read is None:
        raise NotUncompressed("it is compressed by what Kafka does not know")
    try:
        return read(payload)
    except (cramjam.DecompressionError, zlib.error):
        raise NotUncompressed("what it is compressed to is broken or too large") from None


def _gzip(payload: bytes) -> bytes:
    parts: list[bytes] = []
    left, room = payload, MOST_BYTES
    while left:
        member = zlib.decompressobj(_GZIP_WINDOW)
        parts.append(member.decompress(left, room + 1))
        if len(parts[-1]) > room or not member.eof:
            raise zlib.error("too large, or cut short")
        room -= len(parts[-1])
        left = member.unused_data
    return b"".join(parts)


def _snappy(payload: bytes) -> bytes:
    if not payload.startswith(_XERIAL):
        return _snappy_block(payload, MOST_BYTES)
    parts: list[bytes] = []
    place, room = _XERIAL_HEAD, MOST_BYTES
    while place < len(payload):
        begin = place + _LENGTH
        place = begin + int.from_bytes(payload[place:begin], "big")
        parts.append(_snappy_block(payload[begin:place], room))
        room -= len(parts[-1])
    return b"".join(parts)


def _snappy_block(block: bytes, room: int) -> bytes:
    if cramjam.snappy.decompress_raw_len(block) > room:
        raise cramjam.DecompressionError
    return bytes(cramjam.snappy.decompress_raw(block))


def _framed(read_into: Callable[[bytes, bytearray], int]) -> Callable[[bytes], bytes]:
    def read(payload: bytes) -> bytes:
        likely = bytearray(min(MOST_BYTES, _LIKELY_TIMES * len(payload)))
        try:
            return bytes(likely[: read_into(payload, likely)])
        except cramjam.DecompressionError:
            room = bytearray(MOST_BYTES)
            return bytes(memoryview(room)[: read_into(payload, room)])

    return read


_READERS: Final[Mapping[int, Callable[[bytes], bytes]]] = {
    _GZIP: _gzip,
    _SNAPPY: _snappy,
    _LZ4: _framed(cramjam.lz4.decompress_into),
    _ZSTD: _framed(cramjam.zstd.decompress_into),
}
