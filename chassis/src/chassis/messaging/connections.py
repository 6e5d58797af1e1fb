"""Connections to a broker that say so when they were cut, on the loop that services run on.

uvloop raises RuntimeError for what is written on a connection that was closed a moment ago; the loop of the standard
library takes it and says nothing. aiokafka knows OSError alone (its issue 1038): a fetch, a commit or a publishing that
falls into that moment would end the task that it is made by, and with it, for a consumer, the process.
"""

from __future__ import annotations

from typing import Any

from aiokafka import conn
from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError


class Connection(AIOKafkaConnection):  # type: ignore[misc]
    """A connection of aiokafka's that is broken, and says so, where there is nothing any more to write to."""

    def send(self, request: Any, expect_response: bool = True) -> Any:
        """What aiokafka gives to be awaited for an answer. Raises KafkaConnectionError."""
        try:
            return super().send(request, expect_response)
        except RuntimeError as fault:
            self.close(reason=CloseReason.CONNECTION_BROKEN)
            raise KafkaConnectionError(f"Connection at {self.host}:{self.port} broken: it is closed") from fault


def say_which_connections_are_closed() -> None:
    """Have all clients of aiokafka in this process connect by this."""
    conn.AIOKafkaConnection = Connection
