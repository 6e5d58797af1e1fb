"""Mails to clinics about endpoints that were disabled: one row for each time (`NOT-7.7`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from chassis.database import Work
from chassis.database.rows import Rows
from pydantic import TypeAdapter
from sqlalchemy import text

from notifications.domain.endpoint_alert import A_DAY_MAX, AlertFacts, EndpointAlert
from notifications.persistence.tables import ENDPOINT_ALERTS

_ALERT = TypeAdapter(EndpointAlert)
_FACTS = TypeAdapter(AlertFacts)
_ROWS = Rows(ENDPOINT_ALERTS)
_ADD = text(
    f"""
    INSERT INTO endpoint_alerts ({_ROWS.names})
    SELECT * FROM {_ROWS.given()}
     WHERE (SELECT count(*) FROM endpoint_alerts AS a
             WHERE a.clinic_id = given.clinic_id AND a.disabled_at > :since) < {A_DAY_MAX}
    """  # noqa: S608 - constants
)
# One at a time: what a server that is away holds up is not ours yet.
_FIRST_DUE = text(
    """
    SELECT to_jsonb(a) AS alert,
           jsonb_build_object('url', e.url, 'disabled_because', e.disabled_because, 'clinic', to_jsonb(c)) AS facts
      FROM endpoint_alerts AS a
      LEFT JOIN webhook_endpoints AS e ON e.id = a.endpoint_id
      LEFT JOIN clinics AS c ON c.clinic_id = a.clinic_id
     WHERE a.next_attempt_at <= :now ORDER BY a.next_attempt_at LIMIT 1 FOR UPDATE OF a SKIP LOCKED
    """
)
_STORE = text(
    f"""
    UPDATE endpoint_alerts AS a SET {_ROWS.setting("r", "id", "clinic_id", "endpoint_id", "because", "disabled_at")}
      FROM {_ROWS.given(alias="r")} WHERE a.id = r.id AND a.state = ANY (CAST(:states AS text[]))
    """  # noqa: S608 - constants
)
_DELETE_OLD = text("DELETE FROM endpoint_alerts WHERE disabled_at < :before AND next_attempt_at IS NULL")


async def add(work: Work, alert: EndpointAlert) -> None:
    """Have a clinic mailed, unless it was so often today."""
    since = work.now - timedelta(days=1)
    await work.connection.execute(_ADD, _ROWS.arrays([asdict(alert)]) | {"since": since})


async def first_due(work: Work) -> tuple[EndpointAlert, AlertFacts] | None:
    """The first of the transaction's clinics' that is due, locked, with what it is about."""
    row: Mapping[Any, Any] | None = (await work.connection.execute(_FIRST_DUE, {"now": work.now})).mappings().first()
    return (_ALERT.validate_python(row["alert"]), _FACTS.validate_python(row["facts"])) if row else None


async def store(work: Work, alert: EndpointAlert, *states: str) -> None:
    """Store it as it is now, unless it is in none of these states by now."""
    await work.connection.execute(_STORE, _ROWS.arrays([asdict(alert)]) | {"states": list(states)})


async def delete_old(work: Work, before: datetime) -> None:
    """Delete those of endpoints that were disabled before a moment."""
    await work.connection.execute(_DELETE_OLD, {"before": before})
