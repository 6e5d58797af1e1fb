"""Pictures that somebody gave, drawn once into plain pixels: in a process of its own, which may take only so much.

Whoever keeps what is drawn here need not trust the picture ever after, nor draw it again.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from chassis.drawing.frame import Frame
from chassis.sentence import Sentence

__all__ = ["DrawingBusy", "Frame", "NotDrawn", "drawn", "drawn_at_once"]

REFUSED: Final = 3
"""The exit code of a drawing process that says on its standard error what is wrong with the picture."""
_OUT_OF_MEMORY: Final = 4
_RASTER: Final = (b"\x89PNG", b"\xff\xd8\xff")
_PATIENCE_SECONDS: Final = 60.0
_MOST_OF_ONE_CLINIC: Final = 2
_FONTS: Final = "FONTCONFIG_FILE"
_one_after_the_other: Final = ThreadPoolExecutor(1, thread_name_prefix="drawing")


@dataclass(slots=True)
class _Line:
    """One clinic's: how many pictures are in it, of which one at a time stands in line with those of the others."""

    present: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


_lines: Final[dict[UUID, _Line]] = {}


class NotDrawn(ValueError):
    """The picture cannot be drawn within the limits; the text says why, for whoever gave it."""


class DrawingBusy(Exception):
    """Other pictures of the clinic wait, or the machine has no processor for them now: it can be tried again."""


async def drawn(picture: bytes, frame: Frame, clinic_id: UUID) -> bytes:
    """A PNG, JPEG or SVG as PNG or JPEG within the frame, on white; one after the other, beside the event loop.

    Clinics take turns: who comes waits for one picture of each other clinic at most (`ALL-4`). Raises NotDrawn;
    DrawingBusy where two of this clinic are not drawn yet.
    """
    async with _turn_of(clinic_id):
        return await asyncio.get_running_loop().run_in_executor(_one_after_the_other, drawn_at_once, picture, frame)


@asynccontextmanager
async def _turn_of(clinic_id: UUID) -> AsyncIterator[None]:
    line = _lines.setdefault(clinic_id, _Line())
    if line.present >= _MOST_OF_ONE_CLINIC:
        raise DrawingBusy
    line.present += 1
    try:
        async with line.turn:
            yield
    finally:
        line.present -= 1
        if not line.present:
            del _lines[clinic_id]


def drawn_at_once(picture: bytes, frame: Frame, patience_seconds: float | None = _PATIENCE_SECONDS) -> bytes:
    """The same, waiting for it, however long where there is no `patience_seconds`."""
    if not picture.startswith(_RASTER) and b"<" not in picture:
        raise NotDrawn("is neither a PNG nor a JPEG nor an SVG file")
    command = [sys.executable, "-I", "-m", "chassis.drawing.process", *frame.as_arguments()]
    try:
        done = subprocess.run(  # noqa: S603  our own Python
            command, input=picture, capture_output=True, check=False, timeout=patience_seconds, env=_environment()
        )
    except subprocess.TimeoutExpired:
        raise DrawingBusy from None
    if done.returncode == 0:
        return done.stdout
    if done.returncode == -signal.SIGKILL:
        raise DrawingBusy
    raise NotDrawn(_why(done))


def _environment() -> dict[str, str]:
    """This process's, with the fonts of the machine: receipts knows its packaged ones only, where DejaVu is none."""
    return {name: value for name, value in os.environ.items() if name != _FONTS}


def _why(done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode == REFUSED:
        return Sentence.of_json(done.stderr.rpartition(b"\n")[2])
    if done.returncode == -signal.SIGXCPU:
        return "takes too long to draw"
    if done.returncode in (_OUT_OF_MEMORY, -signal.SIGABRT):
        return "takes too much memory to draw"
    return "cannot be drawn"
