"""A database's address as libpq has it, and the one way of this system to a connection: engine, leases, bells alike.

asyncpg reads the address anew for each connection, and the certificates that it names with it: what was renewed is
used from the next connection on.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chassis.database.faults import NotLetIn
from chassis.tls import EndedUnsaid, refusal

SCHEMES = ("postgresql+asyncpg", "postgresql", "postgres")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
_OURS = "sslcert"
_CUT = (asyncpg.ConnectionDoesNotExistError, ConnectionResetError, BrokenPipeError)
_ELSEWHERE = (OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)
"""Why another of several servers is asked: this one is away, begins, or takes no changes."""
_SQLALCHEMYS_NAME, _LIBPQS_NAME = "ssl", "sslmode"
_WANTED, _CHANGEABLE = "target_session_attrs", ("read-write", "primary", "any")
_PORT = 5432
_CONNECT_SECONDS = 10.0
_IDLE_SECONDS, _PROBE_SECONDS, _PROBES = 10, 3, 3
_UNACKNOWLEDGED_MS = 15_000
NOTICED_SOON = {
    "tcp_keepalives_idle": str(_IDLE_SECONDS),
    "tcp_keepalives_interval": str(_PROBE_SECONDS),
    "tcp_keepalives_count": str(_PROBES),
    "tcp_user_timeout": str(_UNACKNOWLEDGED_MS),
}
"""What a machine held that vanished without a goodbye (locks, leases, transactions) the server lets go after
10 + 3 x 3 seconds, or 15 where it has something to say to it; without these after minutes, or never."""


def dsn_of(address: str) -> str:
    """The address as asyncpg reads it: without SQLAlchemy's name of the driver, `sslmode` where it says `ssl`."""
    parts = urlsplit(address)
    named = [(_LIBPQS_NAME if name == _SQLALCHEMYS_NAME else name, value) for name, value in _asked(parts.query)]
    return parts._replace(scheme="postgresql", query=urlencode(named)).geturl()


def require_usable(address: str) -> None:
    """Raise ValueError for an address that no connection can be made with; it is not quoted, as it holds a password."""
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES:
        raise ValueError("begins with none of postgresql:// and postgresql+asyncpg://")
    asked = dict(_asked(parts.query))
    if _SQLALCHEMYS_NAME in asked and _LIBPQS_NAME in asked:
        raise ValueError("has both ssl and sslmode, which are the same: write sslmode")
    mode = asked.get(_LIBPQS_NAME, asked.get(_SQLALCHEMYS_NAME))
    if mode is not None and mode not in SSL_MODES:
        raise ValueError(f"has an sslmode that is none of {', '.join(SSL_MODES)}")
    if asked.get(_WANTED, "any") not in _CHANGEABLE:
        raise ValueError(f"has a {_WANTED} that is none of {', '.join(_CHANGEABLE)}: a standby takes no changes")
    for name in _FILES:
        if name in asked and not os.access(asked[name], os.R_OK):
            raise ValueError(f"has an {name} that is no file that can be read")


def places_of(address: str) -> str:
    """Where it says that a server is, or several are (`host1:5432, host2:5432`): without user, password and options."""
    parts = urlsplit(address)
    asked = dict(_asked(parts.query))
    if named := asked.get("host"):
        ports = asked.get("port", "").split(",")
        hosts = [f"{host}:{ports[min(at, len(ports) - 1)]}" for at, host in enumerate(named.split(","))]
    else:
        hosts = parts.netloc.rpartition("@")[2].split(",")
    return ", ".join(_with_port(host) for host in hosts)


async def connect(address: str, settings: Mapping[str, str], **options: Any) -> asyncpg.Connection:
    """A connection with these settings of the server's (`application_name`, `statement_timeout`).

    Where either side vanishes without a goodbye, the other notices within 20 seconds. Of several servers it is to the
    first that takes changes, however silent those before it are. Raises what `chassis.database.faults` names.
    """
    given = {"server_settings": {**NOTICED_SOON, **settings}, "timeout": _CONNECT_SECONDS} | options
    try:
        connection = await _connected(dsn_of(address), given)
    except _CUT as fault:
        if refusal(fault) is None and _OURS in dict(_asked(urlsplit(address).query)):
            raise EndedUnsaid(str(fault)) from fault
        raise
    except asyncpg.InsufficientPrivilegeError as fault:
        raise NotLetIn(str(fault)) from fault
    _notice_soon(connection._transport.get_extra_info("socket"))  # noqa: SLF001 - asyncpg shows no other way to it
    return connection


def engine(
    address: str,
    settings: Mapping[str, str] | None = None,
    statements: int = 100,
    command_timeout: float | None = None,
    **options: Any,
) -> AsyncEngine:
    """SQLAlchemy's engine, whose connections are made by `connect`; each keeps so many prepared statements.

    Nobody waits longer for a statement's answer than `command_timeout` seconds, whatever has become of the server.
    """

    async def connected() -> asyncpg.Connection:
        return await connect(address, settings or {}, command_timeout=command_timeout)

    arguments = {"async_creator_fn": connected, "prepared_statement_cache_size": statements}
    return create_async_engine("postgresql+asyncpg://", connect_args=arguments, **options)


async def _connected(address: str, given: Mapping[str, Any]) -> asyncpg.Connection:
    """Of several servers each has its share of the time: asyncpg would give all of it to the first that is silent."""
    parts = urlsplit(address)
    user, at, hosts = parts.netloc.rpartition("@")
    each = [parts._replace(netloc=f"{user}{at}{host}").geturl() for host in hosts.split(",")]
    if len(each) == 1:
        return await asyncpg.connect(address, **given)
    wanted: dict[str, Any] = {"timeout": _CONNECT_SECONDS / len(each)}
    if _WANTED not in dict(_asked(parts.query)):
        wanted[_WANTED] = _CHANGEABLE[0]
    faults: list[Exception] = []
    for one in each:
        try:
            return await asyncpg.connect(one, **{**given, **wanted})
        except _ELSEWHERE as fault:
            faults.append(fault)
    raise min(faults, key=lambda fault: isinstance(fault, socket.gaierror))  # one that may pass, if there is one


def _with_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    if not colon or "]" in port:
        name, port = host, ""
    return f"{name or 'localhost'}:{port or _PORT}"


def _notice_soon(of: Any) -> None:
    """The same on this side of the connection, as far as the system has it."""
    if of is None or of.family not in (socket.AF_INET, socket.AF_INET6):
        return
    of.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    wanted = {
        "TCP_KEEPIDLE": _IDLE_SECONDS,
        "TCP_KEEPINTVL": _PROBE_SECONDS,
        "TCP_KEEPCNT": _PROBES,
        "TCP_USER_TIMEOUT": _UNACKNOWLEDGED_MS,
    }
    for name, value in wanted.items():
        if (option := getattr(socket, name, None)) is not None:
            of.setsockopt(socket.IPPROTO_TCP, option, value)


def _asked(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)
