"""TCP ports on the loopback address: given ones are checked, others are found free."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable

from local_stack.trouble import CannotRun

# Below the range that Linux hands to outgoing connections (32768 up), so that none of them takes a port between the
# moment it is found free and the moment its server listens.
_LOWEST, _HIGHEST = 18_000, 32_000
_TRIES_MAX = 2_000


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(*, besides: Iterable[int] = ()) -> int:
    """Some port that is free now. Raises CannotRun when none is found in a bounded number of tries."""
    taken = set(besides)
    for _ in range(_TRIES_MAX):
        port = random.randrange(_LOWEST, _HIGHEST)  # noqa: S311 - spreads stacks apart, guards nothing
        if port not in taken and is_free(port):
            return port
    raise CannotRun(f"No free TCP port was found between {_LOWEST} and {_HIGHEST}; end what holds them and try again.")


def named_ports(names: Iterable[str], *, base: int | None, remembered: dict[str, int]) -> dict[str, int]:
    """A port for each name: counted up from `base` if given, else the remembered one if still free, else a free one.

    Raises CannotRun naming a port counted from `base` that is taken.
    """
    ports: dict[str, int] = {}
    for offset, name in enumerate(names):
        if base is not None:
            ports[name] = _given(base + offset, name)
        elif name in remembered and is_free(remembered[name]) and remembered[name] not in ports.values():
            ports[name] = remembered[name]
        else:
            ports[name] = free_port(besides=ports.values())
    return ports


def _given(port: int, name: str) -> int:
    if not is_free(port):
        raise CannotRun(
            f"Port {port}, meant for {name}, is taken. End what listens there, give another --port-base, or leave "
            "--port-base out to have free ports found."
        )
    return port
