"""What several answers have in common."""

from __future__ import annotations

from typing import Any, Self, cast
from uuid import UUID

from chassis.http import MoneyOut
from chassis.money import Money
from pydantic import BaseModel, ConfigDict

from payments.domain.transaction import PayerKind


def example_of(example: dict[str, Any]) -> ConfigDict:
    """The configuration of an answer that is shown by an example."""
    return ConfigDict(json_schema_extra={"examples": [example]})


class Answer(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def named(cls, source: object, **others: Any) -> Self:
        """The answer with these members, and of the rest what the source has by their names, right as it is.

        Raises AttributeError for a member that neither has.
        """
        rest = {name: getattr(source, name) for name in cls.model_fields if name not in others}
        return cast("Self", cls.model_construct(**others, **rest))


class PayerOut(Answer):
    """Who paid."""

    kind: PayerKind
    payer_id: UUID | None
    name: str | None


def money(minor: int, currency: str) -> MoneyOut:
    """An amount in minor units as the wire has it."""
    return MoneyOut.of(Money(minor, currency))
