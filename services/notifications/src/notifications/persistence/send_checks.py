"""Messages with all that their check sees of their clinic, patient, payment and invoice (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.facts import Clinic, Facts, InvoiceFacts, Patient, TransactionFacts
from notifications.domain.pre_send_check import SendCheck
from notifications.domain.settings import Settings
from notifications.persistence.installment_plans import plan_of
from notifications.persistence.messages import message_of
from notifications.persistence.settings import settings_of

T = TypeVar("T")

_CLINIC = TypeAdapter(Clinic)
_PATIENT = TypeAdapter(Patient)
_TRANSACTION = TypeAdapter(TransactionFacts)
_INVOICE = TypeAdapter(InvoiceFacts)
# A patient is as the register has them now: under the record that goes on, where several are one (`ALL-10`). A plan is
# the one that the message is about; where it is about an invoice only, the live plan of that. What insurers overpaid is
# theirs (`INS-4`), and so, as far as one knows, is what of nobody knows yet who paid it.
_LOAD = text(
    """
    SELECT to_jsonb(m) AS message, to_jsonb(s) AS settings, to_jsonb(c) AS clinic, to_jsonb(p) AS patient,
           nullif(p.patient_id, m.patient_id) AS contact_of,
           to_jsonb(t) || jsonb_build_object('receipt_number', r.number) AS transaction,
           to_jsonb(i) || jsonb_build_object('outstanding_minor', coalesce(i.total_minor, 0) + i.change_minor)
               AS invoice,
           to_jsonb(plan) AS plan, credit.held_minor AS credit_minor,
           left_out.suppressed, left_out.unsubscribed
      FROM messages m
      LEFT JOIN LATERAL (SELECT version, body FROM settings
                          WHERE clinic_id = m.clinic_id ORDER BY version DESC LIMIT 1) s ON true
      LEFT JOIN clinics c ON c.clinic_id = m.clinic_id
      LEFT JOIN patients p ON p.clinic_id = m.clinic_id AND p.patient_id = survivor_of(m.clinic_id, m.patient_id)
      LEFT JOIN transactions t ON t.clinic_id = m.clinic_id AND t.transaction_id = m.transaction_id
      LEFT JOIN receipts r ON r.clinic_id = m.clinic_id AND r.transaction_id = m.transaction_id
      LEFT JOIN invoices i ON i.clinic_id = m.clinic_id AND i.invoice_id = m.invoice_id
      LEFT JOIN LATERAL (SELECT version, live, installments, named FROM installment_plans
                          WHERE clinic_id = m.clinic_id
                            AND (plan_id = m.plan_id OR (m.plan_id IS NULL AND invoice_id = m.invoice_id AND live))
                          LIMIT 1) plan ON true
      CROSS JOIN LATERAL (
          SELECT coalesce(sum(part.held_minor), 0)::bigint AS held_minor
            FROM credit_parts part
            LEFT JOIN transactions paid ON paid.clinic_id = part.clinic_id AND paid.transaction_id = part.payment_id
           WHERE part.clinic_id = m.clinic_id AND part.patient_id = ANY (records_of(m.clinic_id, m.patient_id))
             AND (part.told OR NOT paid.by_insurer)) credit
      CROSS JOIN LATERAL (
          SELECT coalesce(array_agg(point ->> 'value') FILTER (WHERE a.purpose IS NULL), '{}') AS suppressed,
                 coalesce(array_agg(point ->> 'value') FILTER (WHERE a.purpose = 'reminders'), '{}') AS unsubscribed
            FROM jsonb_array_elements(p.contact_points) AS point
            JOIN suppressed_addresses a
              ON a.clinic_id = m.clinic_id AND a.channel = m.channel AND a.lifted_at IS NULL
             AND lower(btrim(a.address)) = lower(btrim(point ->> 'value'))) left_out
     WHERE m.id = ANY(CAST(:ids AS uuid[])) ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
    """
)


async def load_send_checks(connection: AsyncConnection, message_ids: Sequence[UUID]) -> list[SendCheck]:
    """These messages and their facts, locked; those that somebody else has locked are left out."""
    rows = (await connection.execute(_LOAD, {"ids": list(message_ids)})).mappings()
    return [SendCheck(message_of(row["message"]), _facts_of(row), row["contact_of"]) for row in rows]


def _facts_of(row: Any) -> Facts:
    settings = row["settings"]
    return Facts(
        settings=Settings() if settings is None else settings_of(settings),
        clinic=_read(_CLINIC, row["clinic"]),
        patient=_read(_PATIENT, row["patient"]),
        transaction=_read(_TRANSACTION, row["transaction"]),
        invoice=_read(_INVOICE, row["invoice"]),
        plan=None if row["plan"] is None else plan_of(row["plan"]),
        suppressed=frozenset(row["suppressed"]),
        unsubscribed=frozenset(row["unsubscribed"]),
        credit_minor=row["credit_minor"],
    )


def _read(kind: TypeAdapter[T], record: Any) -> T | None:
    """What a row says; None where there is none."""
    return None if record is None else kind.validate_python(record)
