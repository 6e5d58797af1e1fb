"""What several answers have in common."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody
from chassis.money import Money
from pydantic import ConfigDict

from payments.domain.transaction import PayerKind


def example_of(example: dict[str, Any]) -> ConfigDict:
    """The configuration of an answer that is shown by an example."""
    return ConfigDict(json_schema_extra={"examples": [example]})


class PayerOut(ResponseBody):
    """Who paid."""

    kind: PayerKind
    payer_id: UUID | None
    name: str | None


def money(minor: int, currency: str) -> MoneyOut:
    """An amount in minor units as the wire has it."""
    return MoneyOut.of(Money(minor, currency))
