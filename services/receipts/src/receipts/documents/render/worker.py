"""What a rendering process does: frozen content, or a stored original and a stamp, into the bytes of a PDF."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from receipts.documents.render.limits import RenderingLimits, at_most, hold_memory
from receipts.documents.render.printable import as_printable
from receipts.documents.render.render_job import AssetRefused, RenderJob, Stamp, TemplateRefused

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from receipts.documents.render.engine import Engine

# A document leaves few cycles behind; looking for them as often as Python does by default takes a tenth of the time.
_GC_THRESHOLDS = (50_000, 20, 50)


def serve(pipe: Connection[Any, Any], limits: RenderingLimits) -> None:
    """Be a rendering process: answer each job with (pdf, None), or with (None, reason) and the end of the process.

    It also ends when the other end of the pipe is closed, or its owner is gone; and without an answer, by SIGPROF, when
    a document takes more processor time than it may.
    """
    prepare(limits.niceness)
    hold_memory(limits.megabytes_per_document)
    pipe.send((None, None))
    try:
        while True:
            pipe.send((_printed_or_ended(pipe, pipe.recv(), limits), None))
    except (EOFError, OSError):
        return


def _printed_or_ended(pipe: Connection[Any, Any], job: RenderJob, limits: RenderingLimits) -> bytes:
    """The PDF; on any error, tell the kind of it and end: this process is not trusted with another document.

    It ends without a traceback, as an error's text may quote personal data (`ALL-6`).
    """
    try:
        with at_most(limits.seconds_of(job)):
            return printed(job)
    finally:
        error = sys.exc_info()[1]
        if error is not None:
            pipe.send((None, _reason(error, limits)))
            os._exit(1)


def _reason(error: BaseException, limits: RenderingLimits) -> str:
    if isinstance(error, MemoryError):
        return f"the document needs more than {limits.megabytes_per_document} MB of memory"
    return str(error) if isinstance(error, AssetRefused | TemplateRefused) else type(error).__name__


def printed(job: RenderJob) -> bytes:
    """The PDF. Raises whatever is wrong with the document."""
    job = as_printable(job)
    if job.roll:
        return _rolled(job)
    pdf = job.base if job.base is not None else _rendered(job)
    return pdf if job.stamp is None else _stamped(pdf, job.stamp)


def _rendered(job: RenderJob) -> bytes:
    from receipts.documents.facturx.attachment import attachment_of
    from receipts.documents.render.html import fill
    from receipts.documents.render.letterhead import assets_of
    from receipts.documents.render.own_template import fill_own
    from receipts.documents.render.payment import payment_assets
    from receipts.documents.render.registry import kind_of

    kind = kind_of(job.kind)
    content = kind.read(job.content)
    view = kind.view(content, job.clinic, brief=job.brief, texts=texts_of(job))
    assets = {**assets_of(job.clinic), **payment_assets(view)}
    attached = attachment_of(kind.bill(content, job.clinic)) if kind.bill and not job.brief else None
    if job.own is None or job.own.template is None:
        return _engine().pdf(fill(kind.template, view), style=kind.style, assets=assets, attached=attached)
    html = fill_own(job.own.template, kind.template, view)
    return _engine().pdf(html, style=kind.style, assets=assets, attached=attached, own=said_in(view))


def said_in(view: Mapping[str, Any]) -> list[str]:
    """What a document says whatever its template: without it nobody knows which it is, or of how much (`RCP-2`)."""
    return [str(view["number"]), str(view["amount"])]


def texts_of(job: RenderJob) -> Mapping[str, str]:
    """The clinic's own texts in the document's language."""
    return job.own.texts if job.own else {}


def _rolled(job: RenderJob) -> bytes:
    from receipts.documents.render import roll
    from receipts.documents.render.html import fill
    from receipts.documents.render.own_template import fill_own
    from receipts.documents.render.registry import kind_of
    from receipts.documents.render.stamp import stamp_view

    kind = kind_of(job.kind)
    view = kind.view(kind.read(job.content), job.clinic, brief=job.brief, texts=texts_of(job))
    view = {**view, "stamp": stamp_view(job.stamp) if job.stamp else None}
    if job.own is None or job.own.template is None:
        return _engine().roll(fill(roll.TEMPLATE, view), style=roll.STYLE)
    return _engine().roll(fill_own(job.own.template, roll.TEMPLATE, view), style=roll.STYLE, own=said_in(view))


def _stamped(pdf: bytes, stamp: Stamp) -> bytes:
    from receipts.documents.render.html import fill
    from receipts.documents.render.stamp import STYLE, TEMPLATE, stamp_view, stamped

    view = stamp_view(stamp)
    return stamped(pdf, _engine().overlay(fill(TEMPLATE, view), style=STYLE), view)


@cache
def _engine() -> Engine:
    from receipts.documents.render.engine import Engine

    return Engine()


def prepare(niceness: int = 0) -> None:
    """Begin as a rendering process: behind others for the processor by so much, warm, deaf to the terminal's Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever started us with `nohup` meant himself
    os.nice(niceness)
    _engine().pdf(
        "<html lang='en'><head><title>-</title></head><body class='a4'><p>Aa <b>Bb</b></p></body></html>",
        style="document.css",
    )
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
