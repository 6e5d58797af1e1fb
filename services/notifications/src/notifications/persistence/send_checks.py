"""Messages with all that their check sees of their clinic, patient, payment and invoice (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, lateral, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.facts import Clinic, Facts, InvoiceFacts, TransactionFacts
from notifications.domain.message import Message
from notifications.domain.settings import Settings
from notifications.persistence.installment_plans import plan_of
from notifications.persistence.messages import message_of
from notifications.persistence.patients import patient_of
from notifications.persistence.settings import settings_of
from notifications.persistence.tables import (
    clinics,
    installment_plans,
    invoices,
    messages,
    patients,
    receipts,
    settings,
    transactions,
)


@dataclass(frozen=True)
class SendCheck:
    """One message and the facts."""

    message: Message
    facts: Facts
    contact_of: UUID | None = None
    """The record that the patient goes on in and is reached as, where that is another than the message's."""


_newest = lateral(
    select(settings.c.version, settings.c.body)
    .where(settings.c.clinic_id == messages.c.clinic_id)
    .order_by(settings.c.version.desc())
    .limit(1)
).alias("newest")


# The plan that a message is about; where it is about an invoice only, the live plan of that.
_plan = lateral(
    select(
        installment_plans.c.version,
        installment_plans.c.live,
        installment_plans.c.installments,
        installment_plans.c.named,
    )
    .where(
        installment_plans.c.clinic_id == messages.c.clinic_id,
        or_(
            installment_plans.c.plan_id == messages.c.plan_id,
            and_(
                messages.c.plan_id.is_(None),
                installment_plans.c.invoice_id == messages.c.invoice_id,
                installment_plans.c.live,
            ),
        ),
    )
    .limit(1)
).alias("plan")


def _same_clinic(table: Any, column: str) -> Any:
    return and_(table.c.clinic_id == messages.c.clinic_id, table.c[column] == messages.c[column])


# As the register has them now: under the record that goes on, where several are one patient (`ALL-10`).
_PATIENT = and_(
    patients.c.clinic_id == messages.c.clinic_id,
    patients.c.patient_id == func.survivor_of(messages.c.clinic_id, messages.c.patient_id),
)

_LOOK = (
    select(
        messages,
        _newest.c.version.label("settings_version"),
        _newest.c.body.label("settings_body"),
        clinics.c.name.label("clinic_name"),
        clinics.c.time_zone.label("clinic_zone"),
        clinics.c.language.label("clinic_language"),
        clinics.c.email.label("clinic_email"),
        clinics.c.phone.label("clinic_phone"),
        func.nullif(patients.c.patient_id, messages.c.patient_id).label("reached_as"),
        patients.c.given_name,
        patients.c.family_name,
        patients.c.language.label("patient_language"),
        patients.c.time_zone.label("patient_zone"),
        patients.c.contact_points,
        transactions.c.stands,
        transactions.c.payer_name,
        receipts.c.number.label("receipt_number"),
        invoices.c.total_minor,
        invoices.c.change_minor,
        invoices.c.is_void,
        invoices.c.insurers_estimated_minor,
        invoices.c.insurers_decided_minor,
        invoices.c.insurers_paid_minor,
        _plan.c.version.label("plan_version"),
        _plan.c.live.label("plan_live"),
        _plan.c.installments.label("plan_installments"),
        _plan.c.named.label("plan_named"),
    )
    .select_from(messages)
    .outerjoin(_newest, true())
    .outerjoin(clinics, clinics.c.clinic_id == messages.c.clinic_id)
    .outerjoin(patients, _PATIENT)
    .outerjoin(transactions, _same_clinic(transactions, "transaction_id"))
    .outerjoin(receipts, _same_clinic(receipts, "transaction_id"))
    .outerjoin(invoices, _same_clinic(invoices, "invoice_id"))
    .outerjoin(_plan, true())
    .with_for_update(of=messages, skip_locked=True)
)


async def load_send_checks(connection: AsyncConnection, message_ids: Sequence[UUID]) -> list[SendCheck]:
    """These messages and their facts, locked; those that somebody else has locked are left out."""
    rows = await connection.execute(_LOOK.where(messages.c.id.in_(message_ids)).order_by(messages.c.id))
    return [SendCheck(message_of(row), _facts_of(row), row.reached_as) for row in rows]


def _facts_of(row: Row[Any]) -> Facts:
    known = row.settings_version is not None
    return Facts(
        settings=settings_of(row.settings_version, row.settings_body) if known else Settings(),
        clinic=_clinic_of(row),
        patient=_patient_of(row),
        transaction=_transaction_of(row),
        invoice=_invoice_of(row),
        plan=None
        if row.plan_version is None
        else plan_of(row.plan_version, row.plan_live, row.plan_installments, row.plan_named),
    )


def _clinic_of(row: Row[Any]) -> Clinic | None:
    if row.clinic_name is None:
        return None
    return Clinic(row.clinic_name, row.clinic_zone, row.clinic_language, row.clinic_email, row.clinic_phone)


def _patient_of(row: Row[Any]) -> Any:
    if row.contact_points is None:
        return None
    return patient_of(row.given_name, row.family_name, row.patient_language, row.patient_zone, row.contact_points)


def _transaction_of(row: Row[Any]) -> TransactionFacts | None:
    return TransactionFacts(row.stands, row.payer_name, row.receipt_number) if row.stands is not None else None


def _invoice_of(row: Row[Any]) -> InvoiceFacts | None:
    if row.is_void is None:
        return None
    return InvoiceFacts(
        row.total_minor,
        (row.total_minor or 0) + row.change_minor,
        row.is_void,
        row.insurers_estimated_minor,
        row.insurers_decided_minor,
        row.insurers_paid_minor,
    )
