"""Lists by cursor: stable while rows are added, as a page begins after a row and not after a count (`ALL-3`)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar, get_args, overload
from uuid import UUID

import orjson
from fastapi import Query, Request
from pydantic import BaseModel

from chassis.http.problems import Invalid

T = TypeVar("T")
Out = TypeVar("Out")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")

Position = tuple[Any, ...]
"""Where a row stands in its list: the values that the list is ordered by, one or several."""

LIMIT_MAX = 200
CURSOR_LENGTH_MAX = 1_000
_MARK_BYTES = 12
"""Nobody finds a cursor of their own making by trying: what it says goes into the query as it is."""


class Page(BaseModel, Generic[T]):
    """A part of a list. `next` is the cursor of the part after it, null at the end."""

    items: list[T]
    next: str | None


class Paging:
    """A dependency: which part of a list is asked for.

    Select `paging.fetch` rows after `paging.after_of(…)`, in the order of the key, then give them to `paging.page`.
    """

    def __init__(
        self,
        request: Request,
        cursor: Annotated[
            str | None, Query(max_length=CURSOR_LENGTH_MAX, description="`next` of the part before")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 50,
    ) -> None:
        self.limit = limit
        self._list = request.scope["path"]
        self._secret: bytes = request.app.state.resources.cursor_secret
        self._after: Position | None = None if cursor is None else decoded(cursor, self._list, self._secret)

    @property
    def fetch(self) -> int:
        """How many rows to select: one more than shown, which tells whether there is a next part."""
        return self.limit + 1

    @overload
    def after_of(self, one: type[A], two: type[B], /) -> tuple[A, B] | None: ...
    @overload
    def after_of(self, one: type[A], two: type[B], three: type[C], /) -> tuple[A, B, C] | None: ...
    @overload
    def after_of(self, one: type[A], two: type[B], three: type[C], four: type[D], /) -> tuple[A, B, C, D] | None: ...
    @overload
    def after_of(self, *kinds: Any) -> Position | None: ...
    def after_of(self, *kinds: Any) -> Position | None:
        """The key of the row after which the part begins, whose values are of these kinds; None at the beginning.

        Where a value may be None, its kind says so (`date | None`). Raises Invalid for the cursor of another order of
        the list, or of a release that ordered it otherwise.
        """
        if self._after is not None and not _are(self._after, kinds):
            raise Invalid("cursor", "is not a cursor of this list with these filters")
        return self._after

    def after_value(self, kind: type[A]) -> A | None:
        """The same of a key that is one value. Raises Invalid."""
        after = self.after_of(kind)
        return None if after is None else after[0]

    def page(
        self, rows: Sequence[T], key: Callable[[T], Position], show: Callable[[T], Out] | None = None
    ) -> Page[Any]:
        """The part, of at most `fetch` rows. `key` gives what the rows are ordered by, `show` what is sent of one."""
        shown = rows[: self.limit]
        following = encoded(key(shown[-1]), self._list, self._secret) if len(rows) > self.limit else None
        return Page.model_construct(items=[show(row) for row in shown] if show else list(shown), next=following)


def _are(values: Sequence[Any], kinds: Sequence[Any]) -> bool:
    """Whether these are values of just these kinds: no day is meant by an instant, and no number by a truth."""
    if len(values) != len(kinds):
        return False
    return all(type(value) in (get_args(kind) or (kind,)) for value, kind in zip(values, kinds, strict=True))


_KINDS: dict[str, Callable[[Any], Any]] = {
    "i": int,
    "s": str,
    "u": UUID,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "b": bool,
    "n": lambda _: None,
}


def encoded(key: Position, list_name: str, secret: bytes) -> str:
    """An opaque cursor that says where in which list a part ended, and that it was made here."""
    text = orjson.dumps([_tagged(value) for value in key])
    return base64.urlsafe_b64encode(_mark(text, list_name, secret) + text).rstrip(b"=").decode()


def decoded(cursor: str, list_name: str, secret: bytes) -> Position:
    """Where a cursor says to go on. Raises Invalid for one that this list never gave."""
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mark, text = raw[:_MARK_BYTES], raw[_MARK_BYTES:]
        if not hmac.compare_digest(mark, _mark(text, list_name, secret)):
            raise ValueError("another list's")  # noqa: TRY301 - one way out for whatever is wrong with it
        return tuple(_KINDS[kind](value) for kind, value in orjson.loads(text))
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise Invalid("cursor", "is not a cursor of this list") from None


def _mark(text: bytes, list_name: str, secret: bytes) -> bytes:
    return hashlib.blake2b(text + b"\n" + list_name.encode(), digest_size=_MARK_BYTES, key=secret).digest()


_TAGS: tuple[tuple[type, str, Callable[[Any], Any]], ...] = (
    (bool, "b", bool),  # a bool is an int, and a datetime a date: the narrower comes first
    (int, "i", int),
    (UUID, "u", str),
    (datetime, "t", datetime.isoformat),
    (date, "d", date.isoformat),
    (type(None), "n", lambda _: 0),
)


def _tagged(value: Any) -> tuple[str, Any]:
    for kind, tag, plain in _TAGS:
        if isinstance(value, kind):
            return tag, plain(value)
    return "s", str(value)
