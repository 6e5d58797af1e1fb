"""What a rendering process does: frozen content, or a stored original and a stamp, into the bytes of a PDF."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from receipts.documents.render.order import Order, Stamp

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from types import FrameType

    from receipts.documents.render.engine import Engine

# Behind what somebody waits for, yet not starved: at 10, receipts hardly came while a clinic day was played.
_NICENESS = 5
# A document leaves few cycles behind; looking for them as often as Python does by default takes a tenth of the time.
_GC_THRESHOLDS = (50_000, 20, 50)


class AssetRefused(ValueError):
    """A template asked for an address that is not one of its assets (`RCP-6`)."""


_AGAIN_SECONDS = 0.2


class RenderingTooSlow(Exception):
    """A document took longer than a document may take."""


def serve(pipe: Connection[Any, Any], seconds_per_document: float) -> None:
    """Be a rendering process: answer each order with (pdf, None), or with (None, reason) and the end of the process.

    It also ends when the other end of the pipe is closed, or its owner is gone.
    """
    prepare()
    pipe.send((None, None))
    try:
        while True:
            pipe.send((_printed_or_ended(pipe, pipe.recv(), seconds_per_document), None))
    except (EOFError, OSError):
        return


def _printed_or_ended(pipe: Connection[Any, Any], order: Order, seconds: float) -> bytes:
    """The PDF; on any error, tell the kind of it and end: this process is not trusted with another document.

    It ends without a traceback, as an error's text may quote personal data (`ALL-6`).
    """
    try:
        return printed(order, seconds)
    finally:
        error = sys.exc_info()[1]
        if error is not None:
            pipe.send((None, _reason(error)))
            os._exit(1)


def _reason(error: BaseException) -> str:
    return str(error) if isinstance(error, RenderingTooSlow | AssetRefused) else type(error).__name__


def printed(order: Order, seconds: float) -> bytes:
    """The PDF. Raises RenderingTooSlow after `seconds`, or whatever is wrong with the document."""
    with _at_most(seconds):
        if order.roll:
            return _rolled(order)
        pdf = order.base if order.base is not None else _rendered(order)
        return pdf if order.stamp is None else _stamped(pdf, order.stamp)


def _rendered(order: Order) -> bytes:
    from receipts.documents.render.html import fill
    from receipts.documents.render.letterhead import assets_of
    from receipts.documents.render.registry import kind_of

    kind = kind_of(order.kind)
    view = kind.view(kind.read(order.content), order.clinic, brief=order.brief)
    return _engine().pdf(fill(kind.template, view), style=kind.style, assets=assets_of(order.clinic))


def _rolled(order: Order) -> bytes:
    from receipts.documents.render import roll
    from receipts.documents.render.html import fill
    from receipts.documents.render.registry import kind_of
    from receipts.documents.render.stamp import stamp_view

    kind = kind_of(order.kind)
    view = kind.view(kind.read(order.content), order.clinic, brief=order.brief)
    stamp = stamp_view(order.stamp) if order.stamp else None
    return _engine().roll(fill(roll.TEMPLATE, {**view, "stamp": stamp}), style=roll.STYLE)


def _stamped(pdf: bytes, stamp: Stamp) -> bytes:
    from receipts.documents.render.html import fill
    from receipts.documents.render.stamp import STYLE, TEMPLATE, stamp_view, stamped

    view = stamp_view(stamp)
    return stamped(pdf, _engine().overlay(fill(TEMPLATE, view), style=STYLE), view)


@cache
def _engine() -> Engine:
    from receipts.documents.render.engine import Engine

    return Engine()


def prepare() -> None:
    """Begin as a rendering process: behind all others for the processor, warm, deaf to the terminal's Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(_NICENESS)
    _engine().pdf(
        "<html lang=en><title>-</title><body class=a4><p>Aa <b>Bb</b><table><tr><td>1</table>", style="document.css"
    )
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Interrupt what is running after some seconds; the caller is the process's main thread.

    Again and again until it has ended: an exception that comes up in a callback of the interpreter is ignored there.
    """

    def too_slow(_signal: int, _frame: FrameType | None) -> None:
        raise RenderingTooSlow(f"the document was not ready after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, too_slow)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
