"""The tables that are written in sets: their columns and types, and one INSERT of any number of rows for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True)
class Table:
    """A table's name and the columns that are inserted, each with its PostgreSQL type."""

    name: str
    columns: Mapping[str, str]

    def inserting(self, prefix: str = "") -> str:
        """INSERT of rows that arrive as one array per column: one statement, however many rows."""
        names = ", ".join(self.columns)
        return f"INSERT INTO {self.name} ({names}) SELECT * FROM {self.unnested(prefix)}"  # noqa: S608 - constants

    def unnested(self, prefix: str = "") -> str:
        """The rows as a table expression."""
        arrays = ", ".join(f"CAST(:{prefix}{name} AS {kind}[])" for name, kind in self.columns.items())
        return f"unnest({arrays})"

    def parameters(self, rows: Sequence[tuple[Any, ...]], prefix: str = "") -> dict[str, list[Any]]:
        """Rows in the order of the columns, turned into one array per column."""
        if not rows:
            return {f"{prefix}{name}": [] for name in self.columns}
        return {
            f"{prefix}{name}": list(values) for name, values in zip(self.columns, zip(*rows, strict=True), strict=True)
        }

    async def insert(self, connection: AsyncConnection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert these rows."""
        if rows:
            await connection.execute(text(self.inserting()), self.parameters(rows))


INVOICES = Table(
    "invoices",
    {
        "id": "uuid",
        "clinic_id": "uuid",
        "patient_id": "uuid",
        "appointment_id": "uuid",
        "origin": "text",
        "status": "text",
        "version": "integer",
        "next_position": "integer",
        "currency": "text",
        "prices_include_tax": "boolean",
        "cash_rounding_to": "integer",
        "rounding_policy": "text",
        "rounding_version": "integer",
        "document_discount_percent": "numeric",
        "document_discount_minor": "bigint",
        "document_discount_reason": "text",
        "document_discount_author": "text",
        "document_discount_tax_code": "text",
        "discounts": "jsonb",
        "note": "text",
        "asked_due_date": "date",
        "payer_id": "uuid",
        "payer_name": "text",
        "price_list_id": "uuid",
        "membership": "text",
        "created_at": "timestamptz",
        "created_by": "text",
        "changed_at": "timestamptz",
        "number": "text",
        "series_number": "bigint",
        "issue_date": "date",
        "due_date": "date",
        "issued_at": "timestamptz",
        "issued_by": "text",
        "net_minor": "bigint",
        "discount_minor": "bigint",
        "tax_minor": "bigint",
        "cash_rounding_minor": "bigint",
        "total_minor": "bigint",
        "taxes": "jsonb",
        "charges": "jsonb",
    },
)
LINES = Table(
    "invoice_lines",
    {
        "id": "uuid",
        "clinic_id": "uuid",
        "invoice_id": "uuid",
        "position": "integer",
        "kind": "text",
        "description": "text",
        "quantity": "numeric",
        "unit_price_minor": "bigint",
        "unit_price_fraction": "numeric",
        "base_quantity": "numeric",
        "tax_code": "text",
        "tax_category": "text",
        "tax_rate": "numeric",
        "exemption_reason": "text",
        "code_system": "text",
        "code": "text",
        "sku": "text",
        "discount_percent": "numeric",
        "discount_minor": "bigint",
        "discount_reason": "text",
        "discount_author": "text",
        "procedure_id": "uuid",
        "date_of_service": "date",
        "provider_id": "uuid",
        "provider_name": "text",
        "tooth": "text",
        "surface": "text",
        "treatment_plan_id": "uuid",
        "treatment_plan_item_id": "uuid",
        "amount_minor": "bigint",
        "own_discount_minor": "bigint",
        "document_discount_minor": "bigint",
        "net_minor": "bigint",
        "charge_minor": "bigint",
        "charges": "jsonb",
        "estimates": "jsonb",
        "price_from": "text",
        "tax_typed": "boolean",
        "claim": "jsonb",
    },
)
PROCEDURES = Table(
    "billable_procedures",
    {
        "procedure_id": "uuid",
        "clinic_id": "uuid",
        "patient_id": "uuid",
        "sequence": "bigint",
        "completed_at": "timestamptz",
        "appointment_id": "uuid",
        "provider_id": "uuid",
        "provider_name": "text",
        "code_system": "text",
        "code": "text",
        "description": "text",
        "tooth": "text",
        "surface": "text",
        "date_of_service": "date",
        "fee_minor": "bigint",
        "fee_currency": "text",
        "treatment_plan_id": "uuid",
        "treatment_plan_item_id": "uuid",
        "invoice_id": "uuid",
        "invoiced_ahead": "boolean",
        "claim": "jsonb",
    },
)
REVIEWS = Table(
    "reviews",
    {
        "id": "uuid",
        "clinic_id": "uuid",
        "invoice_id": "uuid",
        "procedure_id": "uuid",
        "cause": "text",
        "noted_at": "timestamptz",
    },
)
NOTES = Table(
    "notes",
    {
        "id": "uuid",
        "clinic_id": "uuid",
        "invoice_id": "uuid",
        "side": "text",
        "kind": "text",
        "number": "text",
        "series_number": "bigint",
        "issue_date": "date",
        "reason": "text",
        "author": "text",
        "refund_id": "uuid",
        "undoes_id": "uuid",
        "decision_id": "uuid",
        "net_minor": "bigint",
        "tax_minor": "bigint",
        "cash_rounding_minor": "bigint",
        "total_minor": "bigint",
        "created_at": "timestamptz",
    },
)
NOTE_LINES = Table(
    "note_lines",
    {
        "clinic_id": "uuid",
        "note_id": "uuid",
        "position": "integer",
        "invoice_line_id": "uuid",
        "debit_note_id": "uuid",
        "description": "text",
        "net_minor": "bigint",
        "tax_minor": "bigint",
        "tax_category": "text",
        "tax_rate": "numeric",
        "exemption_reason": "text",
    },
)
PATIENTS = Table(
    "patients",
    {
        "clinic_id": "uuid",
        "patient_id": "uuid",
        "version": "bigint",
        "given_name": "text",
        "family_name": "text",
        "birth_date": "date",
        "chart_number": "text",
        "gender": "text",
        "coverages": "jsonb",
        "address": "jsonb",
    },
)
PLANS = Table(
    "installment_plans",
    {
        "id": "uuid",
        "clinic_id": "uuid",
        "patient_id": "uuid",
        "invoice_id": "uuid",
        "currency": "text",
        "agreed_on": "date",
        "included_minor": "bigint",
        "recorded_on": "date",
        "version": "integer",
        "ended": "boolean",
    },
)
PLAN_VERSIONS = Table(
    "installment_plan_versions",
    {
        "plan_id": "uuid",
        "version": "integer",
        "clinic_id": "uuid",
        "cause": "text",
        "made_at": "timestamptz",
        "made_by": "text",
        "reason": "text",
        "invoice_version": "integer",
        "note_id": "uuid",
        "terms": "jsonb",
        "instead_of": "integer",
    },
)
INSTALLMENTS = Table(
    "installments",
    {
        "plan_id": "uuid",
        "version": "integer",
        "position": "integer",
        "clinic_id": "uuid",
        "installment_id": "uuid",
        "kind": "text",
        "due_date": "date",
        "amount_minor": "bigint",
    },
)
DUES = Table(
    "installment_dues",
    {
        "installment_id": "uuid",
        "clinic_id": "uuid",
        "plan_id": "uuid",
        "invoice_id": "uuid",
        "due_date": "date",
        "unpaid_minor": "bigint",
        "overdue_on": "date",
    },
)
DUE_ANNOUNCEMENTS = Table(
    "due_announcements",
    {
        "id": "uuid",
        "clinic_id": "uuid",
        "invoice_id": "uuid",
        "step": "text",
        "said_at": "timestamptz",
        "due_date": "date",
        "unpaid_minor": "bigint",
        "plan_id": "uuid",
        "installment_id": "uuid",
        "position": "integer",
    },
)
SETTLEMENTS = Table(
    "settlements",
    {
        "event_id": "text",
        "ordinal": "integer",
        "clinic_id": "uuid",
        "invoice_id": "uuid",
        "transaction_id": "uuid",
        "payment_id": "uuid",
        "kind": "text",
        "change_minor": "bigint",
        "credited_minor": "bigint",
        "installment_id": "uuid",
        "method": "text",
        "payer_kind": "text",
        "payer_id": "uuid",
        "booked_on": "date",
        "occurred_at": "timestamptz",
        "refund_id": "uuid",
        "by_subject": "text",
        "reason": "text",
        "decided_minor": "bigint",
        "place": "bigint",
        "settled_with_refunds_minor": "bigint",
    },
)
DECISIONS = Table(
    "decisions",
    {
        "id": "uuid",
        "clinic_id": "uuid",
        "decision_id": "uuid",
        "claim_id": "uuid",
        "invoice_id": "uuid",
        "patient_id": "uuid",
        "payer_id": "uuid",
        "payer_name": "text",
        "payer_sequence": "text",
        "remittance_id": "uuid",
        "remittance_reference": "text",
        "charge_minor": "bigint",
        "paid_minor": "bigint",
        "contractual_minor": "bigint",
        "patient_minor": "bigint",
        "other_minor": "bigint",
        "written_off_minor": "bigint",
        "decided_at": "timestamptz",
        "applied_at": "timestamptz",
    },
)
DECISION_LINES = Table(
    "decision_lines",
    {
        "clinic_id": "uuid",
        "decision_id": "uuid",
        "position": "integer",
        "invoice_id": "uuid",
        "invoice_line_id": "uuid",
        "payer_id": "uuid",
        "payer_name": "text",
        "payer_sequence": "text",
        "charge_minor": "bigint",
        "allowed_minor": "bigint",
        "paid_minor": "bigint",
        "contractual_minor": "bigint",
        "patient_minor": "bigint",
        "other_minor": "bigint",
    },
)
DECISION_ADJUSTMENTS = Table(
    "decision_adjustments",
    {
        "clinic_id": "uuid",
        "decision_id": "uuid",
        "position": "integer",
        "ordinal": "integer",
        "adjustment_group": "text",
        "reason_code": "text",
        "amount_minor": "bigint",
    },
)
