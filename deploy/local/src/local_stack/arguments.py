"""The types of the command's arguments: each says what it takes where it is given something else."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable
from datetime import date

from local_stack.layout import PORTS

PORT_BASE_MAX = 65_535 - len(PORTS) + 1
"""The highest port from which a port for each part can be counted up."""
API_PROCESSES_MAX = 64
PATIENTS_MAX = 10**9
HOURS_MAX = 24.0 * 365
OPTIONS = ("port_base", "api_processes", "trace_ratio", "log_level")
"""How a stack runs, where it is told: what is not given is not in the parsed arguments."""


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number from `least` to `most`."""

    def parsed(given: str) -> int:
        if not given.removeprefix("-").isdecimal() or not least <= int(given) <= most:
            raise ArgumentTypeError(f"{given!r} is not a whole number from {least} to {most}")
        return int(given)

    return parsed


def number(least: float, most: float) -> Callable[[str], float]:
    """A number from `least` to `most`."""

    def parsed(given: str) -> float:
        try:
            value = float(given)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise ArgumentTypeError(f"{given!r} is not a number from {least:g} to {most:g}")
        return value

    return parsed


def day(given: str) -> date:
    """A day in ISO 8601's form."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ArgumentTypeError(f"{given!r} is not a day such as 2026-01-31") from None


def options_given(arguments: Namespace) -> dict[str, int | float | str]:
    """Those of OPTIONS that a command line gives."""
    return {name: getattr(arguments, name) for name in OPTIONS if name in arguments}


def as_flag(option: str) -> str:
    """How an option is given on a command line: `--port-base`."""
    return f"--{option.replace('_', '-')}"
