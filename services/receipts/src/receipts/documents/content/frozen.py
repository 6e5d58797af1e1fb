"""Frozen content as JSON and back. Members may be added with a default; none is renamed or removed."""

from __future__ import annotations

from typing import Any, cast

from pydantic import TypeAdapter

from receipts.documents.content.day_sheet import DaySheetContent
from receipts.documents.content.demand import DemandContent
from receipts.documents.content.invoice import InvoiceContent
from receipts.documents.content.note import NoteContent
from receipts.documents.content.plan_agreement import PlanAgreementContent
from receipts.documents.content.receipt import ReceiptContent
from receipts.documents.content.statement import StatementContent

_RECEIPT = TypeAdapter(ReceiptContent)
_INVOICE = TypeAdapter(InvoiceContent)
_NOTE = TypeAdapter(NoteContent)
_PLAN_AGREEMENT = TypeAdapter(PlanAgreementContent)
_STATEMENT = TypeAdapter(StatementContent)
_DAY_SHEET = TypeAdapter(DaySheetContent)
_DEMAND = TypeAdapter(DemandContent)


def receipt_as_json(content: ReceiptContent) -> dict[str, Any]:
    """A receipt's content as the database keeps it."""
    return cast("dict[str, Any]", _RECEIPT.dump_python(content, mode="json"))


def receipt_from_json(data: dict[str, Any]) -> ReceiptContent:
    """A receipt's content as it was frozen."""
    return _RECEIPT.validate_python(data)


def invoice_as_json(content: InvoiceContent) -> dict[str, Any]:
    """An invoice's content as the database keeps it."""
    return cast("dict[str, Any]", _INVOICE.dump_python(content, mode="json"))


def invoice_from_json(data: dict[str, Any]) -> InvoiceContent:
    """An invoice's content as it was frozen."""
    return _INVOICE.validate_python(data)


def note_as_json(content: NoteContent) -> dict[str, Any]:
    """A credit or debit note's content as the database keeps it."""
    return cast("dict[str, Any]", _NOTE.dump_python(content, mode="json"))


def note_from_json(data: dict[str, Any]) -> NoteContent:
    """A credit or debit note's content as it was frozen."""
    return _NOTE.validate_python(data)


def plan_agreement_as_json(content: PlanAgreementContent) -> dict[str, Any]:
    """A plan agreement's content as the database keeps it."""
    return cast("dict[str, Any]", _PLAN_AGREEMENT.dump_python(content, mode="json"))


def plan_agreement_from_json(data: dict[str, Any]) -> PlanAgreementContent:
    """A plan agreement's content as it was frozen."""
    return _PLAN_AGREEMENT.validate_python(data)


def statement_as_json(content: StatementContent) -> dict[str, Any]:
    """A statement's content as it waits to be rendered."""
    return cast("dict[str, Any]", _STATEMENT.dump_python(content, mode="json"))


def statement_from_json(data: dict[str, Any]) -> StatementContent:
    """A statement's content as it was composed."""
    return _STATEMENT.validate_python(data)


def day_sheet_as_json(content: DaySheetContent) -> dict[str, Any]:
    """A day sheet's content as it waits to be rendered."""
    return cast("dict[str, Any]", _DAY_SHEET.dump_python(content, mode="json"))


def day_sheet_from_json(data: dict[str, Any]) -> DaySheetContent:
    """A day sheet's content as it was composed."""
    return _DAY_SHEET.validate_python(data)


def demand_as_json(content: DemandContent) -> dict[str, Any]:
    """A demand's content as it waits to be rendered."""
    return cast("dict[str, Any]", _DEMAND.dump_python(content, mode="json"))


def demand_from_json(data: dict[str, Any]) -> DemandContent:
    """A demand's content as it was composed."""
    return _DEMAND.validate_python(data)
