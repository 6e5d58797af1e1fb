"""Documents that take more than any may, and swallow whatever is raised at them: letterheads that do it when read."""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any, NoReturn


class _Trap(ABC):
    """Goes off when a rendering process reads the letterhead; what pickling asks for before is let by."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.go_off()

    @abstractmethod
    def go_off(self) -> NoReturn:
        """Do what no document may do."""


class Endless(_Trap):
    """Computes for ever."""

    def go_off(self) -> NoReturn:
        while True:
            with suppress(BaseException):
                while True:
                    pass


class Insatiable(_Trap):
    """Wants more and more memory."""

    def go_off(self) -> NoReturn:
        held = []
        while True:
            held.append(bytearray(1024 * 1024))


class Crashing(_Trap):
    """Takes the process with it, as a library that trips over its own memory does."""

    def go_off(self) -> NoReturn:
        os.abort()


class Sleeping(_Trap):
    """Does nothing, for ever."""

    def go_off(self) -> NoReturn:
        while True:
            signal.pause()
