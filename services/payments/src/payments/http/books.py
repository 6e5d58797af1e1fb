"""The books: an invoice as payments sees it, the day sheet, and the proof that every balance is right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from chassis.http import MoneyOut, NotFound, Read, Reading, problems
from chassis.http.time import Day
from chassis.money import Money
from fastapi import APIRouter, Depends, Request, Response

from payments.domain.transaction import Method
from payments.http.answers import Answer, InvoiceOut, example_of
from payments.http.examples import DAY_SHEET_EXAMPLE
from payments.persistence import clinics, proof, queries

router = APIRouter(tags=["books"])
Looking = Annotated[Read, Depends(Reading("payments:read"))]
Operating = Annotated[Read, Depends(Reading("operations"))]


class FigureOut(Answer):
    """How many transactions of one kind, and their sum."""

    count: int
    amount: MoneyOut


class FiguresOut(Answer):
    """What a day's transactions sum to; `net` is what came in less what was undone or went out."""

    payments: FigureOut
    refunds: FigureOut
    cancellations: FigureOut
    refund_cancellations: FigureOut
    chargebacks: FigureOut
    net: MoneyOut


class MethodOut(FiguresOut):
    """A day's figures of one method."""

    method: Method
    method_label: str | None


class OfGroupOut(FiguresOut):
    """A day's figures of one payment group; of those in no group where it is null."""

    group_id: UUID | None
    group_name: str | None


class DaySheetOut(Answer):
    """A clinic's day (`PAY-10`)."""

    model_config = example_of(DAY_SHEET_EXAMPLE)

    date: date
    totals: FiguresOut
    by_method: list[MethodOut]
    by_group: list[OfGroupOut]


class WrongOut(Answer):
    """A stored figure that is not what the journal says, in minor units."""

    what: str
    expected: str
    found: str


class ProofOut(Answer):
    """Every balance of the clinic, recomputed from the journal (`ALL-8`)."""

    model_config = example_of({"figures": 1284, "differences": [], "proven": True})

    figures: int
    differences: list[WrongOut]
    proven: bool


@router.get("/v1/invoices/{invoice_id}", response_model=InvoiceOut, responses=problems(404, 409, 422))
async def get_invoice(invoice_id: UUID, request: Request, read: Looking) -> Response:
    """An invoice's balance as payments sees it (`INV-9`)."""
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        found = await queries.invoice(connection, invoice_id)
    if found is None:
        raise NotFound("there is no such issued invoice, or its event has not arrived yet", maybe_soon=True)
    return read.answer(InvoiceOut.of(found, clinic.today(request.app.state.resources.clock.now())))


@router.get("/v1/day-sheets/{day}", response_model=DaySheetOut, responses=problems(409, 422))
async def get_day_sheet(day: Day, read: Looking) -> Response:
    """Totals by method and by group of what was booked on a day, which is the clinic's calendar day (`PAY-10`)."""
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        rows = await queries.day(connection, read.clinic_id, day)
    methods = _grouped(rows, ("method", "method_label"))
    groups = _grouped(rows, ("group_id", "group_name"))
    return read.answer(
        DaySheetOut.model_construct(
            date=day,
            totals=FiguresOut.model_construct(**_figures(rows, clinic.currency)),
            by_method=[MethodOut.model_construct(**key, **_figures(of, clinic.currency)) for key, of in methods],
            by_group=[OfGroupOut.model_construct(**key, **_figures(of, clinic.currency)) for key, of in groups],
        )
    )


@router.get("/v1/prove", response_model=ProofOut, tags=["operations"])
async def get_proof(read: Operating) -> Response:
    """Recompute every balance of the clinic from the journal, and show what differs (`ALL-8`)."""
    async with read as connection:
        found = await proof.prove(connection)
    wrong = [WrongOut(what=one.what, expected=one.expected, found=one.found) for one in found.wrong]
    return read.answer(ProofOut(figures=found.figures, differences=wrong, proven=not wrong))


_KINDS = {
    "payments": ("payment", 1),
    "refunds": ("refund", -1),
    "cancellations": ("cancellation", -1),
    "refund_cancellations": ("refund_cancellation", 1),
    "chargebacks": ("chargeback", -1),
}


def _figures(rows: Iterable[Any], currency: str) -> dict[str, Any]:
    rows = list(rows)
    figures: dict[str, Any] = {}
    net = 0
    for name, (kind, sign) in _KINDS.items():
        count = sum(row.count for row in rows if row.kind == kind)
        minor = sum(row.minor for row in rows if row.kind == kind)
        net += sign * minor
        figures[name] = FigureOut.model_construct(count=count, amount=MoneyOut.of(Money(minor, currency)))
    return figures | {"net": MoneyOut.of(Money(net, currency))}


def _grouped(rows: Iterable[Any], names: tuple[str, str]) -> list[tuple[dict[str, Any], list[Any]]]:
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        found.setdefault(tuple(getattr(row, name) for name in names), []).append(row)
    return [(dict(zip(names, key, strict=True)), of) for key, of in found.items()]
