"""What claims need between JSON and the domain (`INS-2`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis.database.rows import document_as, json_text
from sqlalchemy import Table

from invoicing.domain.claim import ActDetails, Coverage, Residence, Subscriber

_DAYS = tuple(field.name for field in fields(ActDetails) if "date" in str(field.type))


def claim_columns(claim: ActDetails, table: Table) -> dict[str, Any]:
    """What is said of an act: in columns of its members' names, where the table has them, the others as one JSON."""
    own, beside = _columns(table)
    said = {name: value for name in beside if (value := getattr(claim, name)) is not None}
    document = {"claim": json_text(said) if said else None} if "claim" in table.columns else {}
    return {name: getattr(claim, name) for name in own} | document


def claim_of(row: Any, table: Table) -> ActDetails:
    """What a row of that table says of an act."""
    own, _ = _columns(table)
    said = (row.claim or {}) if "claim" in table.columns else {}
    days = {name: date.fromisoformat(said[name]) for name in _DAYS if name in said}
    return document_as(ActDetails, said, **days, **{name: getattr(row, name) for name in own})


@lru_cache
def _columns(table: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The members that have columns in a table, and the others."""
    names = tuple(field.name for field in fields(ActDetails))
    return tuple(name for name in names if name in table.columns), tuple(
        name for name in names if name not in table.columns
    )


def coverages_json(coverages: Sequence[Coverage]) -> str | None:
    """A patient's coverages; NULL where there are none."""
    return json_text(list(coverages)) if coverages else None


def coverages_of(found: Sequence[dict[str, Any]] | None) -> tuple[Coverage, ...]:
    """The coverages of that JSON."""
    return tuple(
        document_as(Coverage, told, payer_id=UUID(told["payer_id"]), subscriber=_subscriber(told.get("subscriber")))
        for told in found or ()
    )


def residence_json(address: Residence | None) -> str | None:
    """An address; NULL where there is none."""
    return json_text(address) if address else None


def residence_of(found: dict[str, Any] | None) -> Residence | None:
    """The address of that JSON."""
    return document_as(Residence, found, lines=tuple(found["lines"])) if found else None


def _subscriber(found: dict[str, Any] | None) -> Subscriber | None:
    if not found:
        return None
    born = date.fromisoformat(found["birth_date"]) if found["birth_date"] else None
    return document_as(Subscriber, found, birth_date=born, address=residence_of(found["address"]))
