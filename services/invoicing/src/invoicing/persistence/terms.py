"""How a plan was divided, between JSON and the domain: amounts are minor units, days are text (`PLN-6`)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from chassis.database.rows import document_as, json_text

from invoicing.domain.installment_schedule import InstallmentSchedule, Part, Recurrence, Terms


def terms_json(terms: Terms | None) -> str | None:
    """The terms of a version; NULL where nobody divided anything by it."""
    return json_text(asdict(terms)) if terms else None


def terms_of(found: dict[str, Any] | None) -> Terms | None:
    """The terms of that JSON."""
    if found is None:
        return None
    told = found["division"]
    schedule, down = told["schedule"], told["down_payment"]
    division = InstallmentSchedule(
        currency=told["currency"],
        count=told["count"],
        amount_per_period=told["amount_per_period"],
        schedule=document_as(Recurrence, schedule, anchor=date.fromisoformat(schedule["anchor"])) if schedule else None,
        given=tuple(_part(one) for one in told["given"]),
        down_payment=_part(down) if down else None,
        step=told["step"],
    )
    return Terms(division, date.fromisoformat(found["earliest"]))


def _part(found: dict[str, Any]) -> Part:
    return document_as(Part, found, due_date=date.fromisoformat(found["due_date"]))
