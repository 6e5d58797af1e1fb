"""What can keep the stack from running: one exception, whose text is a sentence for the person who started it."""

from __future__ import annotations


class CannotRun(Exception):
    """The stack, or a part of it, cannot run; the text says what is missing and what to do about it."""
