"""A database's address as libpq has it, and the one way of this system to a connection: engine, leases, bells alike.

asyncpg reads the address anew for each connection, and the certificates that it names with it: what was renewed is
used from the next connection on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

SCHEMES = ("postgresql+asyncpg", "postgresql", "postgres")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
_SQLALCHEMYS_NAME, _LIBPQS_NAME = "ssl", "sslmode"


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
    for name in _FILES:
        if name in asked and not os.access(asked[name], os.R_OK):
            raise ValueError(f"has an {name} that is no file that can be read")


async def connect(address: str, settings: Mapping[str, str], **options: Any) -> asyncpg.Connection:
    """A connection with these settings of the server's (`application_name`, `statement_timeout`).

    Raises what `chassis.database.faults` names.
    """
    return await asyncpg.connect(dsn_of(address), server_settings=dict(settings), **options)


def engine(
    address: str, settings: Mapping[str, str] | None = None, statements: int = 100, **options: Any
) -> AsyncEngine:
    """SQLAlchemy's engine, whose connections are made by `connect`; each keeps so many prepared statements."""

    async def connected() -> asyncpg.Connection:
        return await connect(address, settings or {})

    arguments = {"async_creator_fn": connected, "prepared_statement_cache_size": statements}
    return create_async_engine("postgresql+asyncpg://", connect_args=arguments, **options)


def _asked(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)
