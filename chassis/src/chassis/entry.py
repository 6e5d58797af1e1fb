"""What a process looks at before it begins: whether its settings let it in at all, said in a sentence that names them.

What may only be away for a moment (a broker, a certificate that is being renewed) ends no process: it lives, is not
ready, and its log says why (decision 0041). What no waiting mends ends it, and so does a database at which nobody
answers for `start_seconds`: nothing can be done without one, and whoever supervises the process starts it again.
"""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

import asyncpg
import structlog

from chassis.broker import Broker
from chassis.database.address import connect, places_of
from chassis.database.faults import DATABASE_FAULTS, UNKNOWN_HOST, NotLetIn
from chassis.messaging.kafka import BrokerUnreachable, require_answer
from chassis.tls import refusal

_PAUSE_SECONDS = 0.5
_NOT_LET_IN = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)
_OWNER = "_owner"
_BOOTSTRAP = "KAFKA_BOOTSTRAP"

log = structlog.get_logger(__name__)


class SettingUnusable(Exception):
    """A process cannot work with a setting; the text is a sentence that names the environment variable."""

    def __init__(self, variable: str, why: str) -> None:
        super().__init__(f"the environment variable {variable} is not usable: {why}")
        self.variable = variable


async def require_database(variable: str, address: str) -> None:
    """See that the database lets us in now: what a command asks. Raises SettingUnusable."""
    if (fault := await _fault_of(address)) is not None:
        raise SettingUnusable(variable, _told(address, fault))


async def await_database(variable: str, address: str, seconds: float) -> None:
    """See that the database lets us in, or at least answers, before so many seconds are over: what a process asks.

    Raises SettingUnusable.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while (fault := await _fault_of(address)) is not None:
        if _is_for_good(fault):
            raise SettingUnusable(variable, _told(address, fault))
        if refusal(fault) is not None or _is_said_by_the_server(fault):
            log.warning("database_not_ready", reason=_told(address, fault))
            return
        if asyncio.get_running_loop().time() > deadline:
            raise SettingUnusable(variable, _told(address, fault))
        await asyncio.sleep(_PAUSE_SECONDS)


async def require_owner(variable: str, address: str) -> None:
    """See that the address names an owning role: migrations run as no other. Raises SettingUnusable."""
    await require_database(variable, address)
    user = urlsplit(address).username or ""
    if not user.endswith(_OWNER):
        raise SettingUnusable(
            variable, f"migrations run as the owning role <service>{_OWNER}, not as {user or 'nobody'}"
        )


async def require_broker(broker: Broker) -> None:
    """See that a broker lets us in now: what a command asks. Raises SettingUnusable."""
    try:
        await require_answer(broker)
    except BrokerUnreachable as unreachable:
        raise SettingUnusable(unreachable.setting or _BOOTSTRAP, str(unreachable)) from None


async def await_broker(broker: Broker) -> None:
    """See that no setting keeps us from every broker; one that is away is waited for. Raises SettingUnusable."""
    try:
        await require_answer(broker)
    except BrokerUnreachable as unreachable:
        if unreachable.setting is not None:
            raise SettingUnusable(unreachable.setting, str(unreachable)) from None
        log.warning("broker_not_ready", reason=str(unreachable))


async def _fault_of(address: str) -> BaseException | None:
    try:
        connection = await connect(address, {"application_name": "start"})
    except DATABASE_FAULTS as fault:
        return fault
    connection.terminate()
    return None


def _is_said_by_the_server(fault: BaseException) -> bool:
    """It is there, and lets nobody in at the moment: as it starts, say, or has no connection left."""
    said = isinstance(fault, (asyncpg.PostgresError, NotLetIn))
    return said and not isinstance(fault, asyncpg.PostgresConnectionError)


def _is_for_good(fault: BaseException) -> bool:
    return isinstance(fault, _NOT_LET_IN) or (isinstance(fault, socket.gaierror) and fault.errno in UNKNOWN_HOST)


def _told(address: str, fault: BaseException) -> str:
    """Why, without the password; what follows PostgreSQL's first line may quote a row."""
    place = f"PostgreSQL at {places_of(address)}"
    if (said := refusal(fault)) is not None:
        return f"{place}: {said}"
    if isinstance(fault, socket.gaierror):
        return f"{place}: nobody has that name ({type(fault).__name__})"
    if isinstance(fault, asyncpg.TargetServerAttributeNotMatched):
        return f"{place}: none that is there takes changes ({type(fault).__name__})"
    if _is_said_by_the_server(fault):
        return f"{place}: {str(fault).partition(chr(10))[0]} ({type(fault).__name__})"
    return f"{place}: nobody answers there ({type(fault).__name__})"
