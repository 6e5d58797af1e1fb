"""From facts of the domain to the events that invoicing announces: the only place that writes the wire format."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from chassis.database import Work
from contracts.addresses import PostalAddress
from contracts.clinics import ClinicConfigured
from contracts.event import Actor
from contracts.installments import (
    InstallmentDue,
    InstallmentDueSoon,
    InstallmentOverdue,
    InstallmentPlanAgreed,
    InstallmentPlanCancelled,
    InstallmentPlanChanged,
    InstallmentReminder,
    InvoiceOverdue,
    PlannedInstallment,
)
from contracts.invoicing import (
    InvoiceCredited,
    InvoiceDebited,
    InvoiceDrafted,
    InvoiceIssued,
    InvoiceVoided,
    PayerShare,
    RoundingPolicy,
)

from invoicing.announcements.bills import (
    coverage,
    document_charges,
    document_discounts,
    invoice_line,
    invoice_totals,
    lines_left,
    note_line,
    postal_address,
)
from invoicing.announcements.wire import amount as _amount
from invoicing.domain.changed_alone import CHANGED_ALONE
from invoicing.domain.claim import Insured
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.installment import Cause
from invoicing.domain.installment_balances import InstallmentBalance, InstallmentBalances
from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.invoice import DraftInvoice, FrozenInvoice, Invoice, IssuedInvoice, UnnumberedInvoice, VoidInvoice
from invoicing.domain.invoice_reminder import DueInstallment, OverdueInvoice, Step
from invoicing.domain.note import BAD_DEBT, CONTRACTUAL, DEFERRED, LOST_AGAIN, RECOVERY, Note
from invoicing.domain.patients_part import parts_of_installments

Prepared = InvoiceIssued
"""What an invoice's event will say, but for its number."""
UNNUMBERED = "-"
"""Stands for the number of an invoice that has none yet, in what is never announced so."""


def announce_clinic_configured(work: Work, settings: ClinicSettings) -> None:
    """A clinic's settings were set or changed (`INV-11`)."""
    address = settings.address
    event = ClinicConfigured(
        clinic_id=settings.clinic_id,
        occurred_at=work.now,
        version=settings.version,
        name=settings.name,
        legal_name=settings.legal_name,
        address=PostalAddress(**{name: getattr(address, name) for name in address.__dataclass_fields__})
        if address
        else None,
        phone=settings.phone,
        email=settings.email,
        tax_number=settings.tax_number,
        npi=settings.npi,
        logo_svg=settings.logo_svg,
        logo=settings.drawn_logo,
        currency=settings.currency,
        time_zone=settings.time_zone,
        language=settings.language,
        paper=settings.paper,
        receipt_number_pattern=settings.number_patterns["receipt"],
        receipt_shows_note=settings.receipt_shows_note,
        retention_years=settings.retention_years,
        books_closed_until=settings.books_closed_until,
    )
    work.announce(event, subject=settings.clinic_id, sequence=settings.version)


def announce_invoice_drafted(work: Work, invoice: DraftInvoice) -> None:
    """A draft was made (`INV-6`)."""
    event = InvoiceDrafted(
        clinic_id=invoice.clinic_id,
        occurred_at=work.now,
        invoice_id=invoice.id,
        patient_id=invoice.patient_id,
        appointment_id=invoice.content.appointment_id,
        total=_amount(invoice.totals.total, invoice.pricing.currency),
        lines=len(invoice.lines),
        by=Actor(subject=work.actor),
    )
    work.announce(event, subject=invoice.id, sequence=invoice.version)


def prepare_issued(work: Work, invoice: UnnumberedInvoice, insured: Insured, clinic: ClinicSettings) -> Prepared:
    """All that a frozen invoice's event says but its number, with patient and clinic as they are now (`INS-2`)."""
    currency, totals, content = invoice.pricing.currency, invoice.totals, invoice.content
    policy, payer, shares = invoice.pricing.policy, content.payer, invoice.expected_shares
    creditable = invoice.creditable_by_rule().left_by_part()
    return InvoiceIssued(
        clinic_id=invoice.clinic_id,
        occurred_at=work.now,
        invoice_id=invoice.id,
        patient_id=invoice.patient_id,
        number=UNNUMBERED,
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        appointment_id=content.appointment_id,
        primary_payer_id=payer.id if payer else None,
        primary_payer_name=payer.name if payer else None,
        prices_include_tax=invoice.pricing.prices_include_tax,
        lines=tuple(
            invoice_line(line, own, invoice.pricing, creditable[line.id])
            for line, own in zip(invoice.lines, totals.lines, strict=True)
        ),
        totals=invoice_totals(totals, currency),
        rounding=RoundingPolicy(id=policy.id, version=policy.version),
        payer_shares=tuple(
            PayerShare(
                payer_id=share.payer_id,
                payer_name=share.payer_name,
                payer_sequence=share.sequence,
                expected=_amount(share.expected, currency),
                write_off=_amount(share.write_off, currency),
            )
            for share in shares
        ),
        patient_share=_amount(invoice.patient_share, currency) if shares else None,
        document_discount_reason=content.document_discount.reason if content.document_discount else None,
        document_discounts=document_discounts(invoice),
        document_charges=document_charges(invoice),
        note=content.note,
        billing_provider_npi=clinic.npi,
        billing_provider_name=clinic.legal_name or clinic.name,
        billing_provider_address=postal_address(clinic.address),
        billing_provider_tax_number=clinic.tax_number,
        patient_given_name=insured.given_name,
        patient_family_name=insured.family_name,
        patient_address=postal_address(insured.address),
        patient_gender=insured.gender,
        patient_birth_date=insured.birth_date,
        coverages=tuple(coverage(one) for one in insured.in_turn),
        by=Actor(subject=work.actor),
    )


def announce_invoice_issued(work: Work, invoice: IssuedInvoice, prepared: Prepared) -> None:
    """An invoice was issued: what was prepared, under the number that it has got since (`INV-6`)."""
    event = prepared.model_copy(update={"number": invoice.number})
    work.announce(event, subject=invoice.id, sequence=invoice.version)


def announce_invoice_voided(work: Work, invoice: VoidInvoice) -> None:
    """An invoice became void (`INV-8`)."""
    event = InvoiceVoided(
        clinic_id=invoice.clinic_id,
        occurred_at=work.now,
        invoice_id=invoice.id,
        patient_id=invoice.patient_id,
        number=invoice.number,
        voided_on=invoice.voided_on,
        total=_amount(invoice.totals.total, invoice.pricing.currency),
        by=Actor(subject=work.actor, reason=invoice.void_reason),
    )
    work.announce(event, subject=invoice.id, sequence=invoice.version)


KINDS = {BAD_DEBT: "write_off", LOST_AGAIN: "write_off", RECOVERY: "correction", DEFERRED: CONTRACTUAL}
PURPOSES = {BAD_DEBT: "bad_debt", LOST_AGAIN: "bad_debt", RECOVERY: "bad_debt_recovery", DEFERRED: DEFERRED}
"""What the event's kind, a closed list, does not say (`INV-17`, `INS-3`)."""


def announce_note_issued(work: Work, invoice: FrozenInvoice, note: Note) -> None:
    """A credit note or a debit note changed what an invoice asks for (`INV-6`)."""
    currency = invoice.pricing.currency
    members = {
        "clinic_id": invoice.clinic_id,
        "occurred_at": work.now,
        "invoice_id": invoice.id,
        "patient_id": invoice.patient_id,
        "number": note.number,
        "invoice_number": invoice.number,
        "issue_date": note.issue_date,
        "kind": KINDS.get(note.kind, note.kind),
        "purpose": PURPOSES.get(note.kind),
        "reason": note.reason,
        "refund_id": note.refund_id,
        "undoes_id": note.undoes_id,
        "decision_id": note.decision_id,
        "lines": tuple(note_line(line, currency) for line in note.amounts.lines),
        "net": _amount(note.amounts.net, currency),
        "tax": _amount(note.amounts.tax, currency),
        "cash_rounding": _amount(note.amounts.cash_rounding, currency),
        "total": _amount(note.amounts.total, currency),
        "lines_left": lines_left(invoice),
        "asked_of_lines": None if note.asked_of_lines_minor is None else _amount(note.asked_of_lines_minor, currency),
        "by": Actor(subject=work.actor, reason=note.reason),
    }
    event = (
        InvoiceCredited.model_validate(members | {"credit_note_id": note.id})
        if note.side == "credit"
        else InvoiceDebited.model_validate(members | {"debit_note_id": note.id})
    )
    work.announce(event, subject=invoice.id, sequence=note.invoice_version)


NEAREST: dict[str, dict[Cause, str]] = {
    "lives": {**dict.fromkeys(CHANGED_ALONE, "rescheduled"), "divided_anew": "rescheduled"},
    "ended": {"divided_anew": "cancelled"},
}
"""The nearest of the causes that consumers of plans' events know from the beginning, of a plan that lives or ended."""


def announce_plan_changed(work: Work, invoice: Invoice, plan: InstallmentPlan, asked_of_patient: int) -> None:
    """An installment plan was agreed, changed or has ended: the whole of its last version (`PLN-5`).

    `asked_of_patient` is what of the invoice's outstanding is the patient's, in minor units (`INS-4`).
    """
    version, standing = plan.versions[-1], plan.standing()
    members = {
        "clinic_id": plan.clinic_id,
        "occurred_at": work.now,
        "plan_id": plan.id,
        "version": version.number,
        "invoice_id": plan.invoice_id,
        "patient_id": plan.patient_id,
        "invoice_number": plan.invoice_number,
        "agreed_on": plan.agreed_on,
        "total": _amount(standing.total, plan.currency),
        "outstanding": _amount(invoice.outstanding, plan.currency),
        "installments": _installments(standing, plan.currency, parts_of_installments(standing, asked_of_patient)),
        "cause": NEAREST["ended" if plan.ended else "lives"].get(version.cause, version.cause),
        "exact_cause": version.cause,
        "by": Actor(subject=work.actor, reason=version.reason),
    }
    event = (
        InstallmentPlanCancelled.model_validate(members)
        if plan.ended
        else InstallmentPlanAgreed.model_validate(members)
        if version.cause == "agreed"
        else InstallmentPlanChanged.model_validate(members)
    )
    work.announce(event, subject=plan.id, sequence=version.number)


REMINDERS: dict[Step, type[InstallmentReminder]] = {
    "due_soon": InstallmentDueSoon,
    "due": InstallmentDue,
    "overdue": InstallmentOverdue,
}


def announce_installment_reminded(work: Work, due: DueInstallment) -> None:
    """An installment is due soon, due or overdue (`PLN-4`)."""
    installment = due.standing.installment
    event = REMINDERS[due.step](
        clinic_id=due.clinic_id,
        occurred_at=work.now,
        installment_id=installment.id,
        plan_id=due.plan_id,
        invoice_id=due.invoice_id,
        patient_id=due.patient_id,
        invoice_number=due.invoice_number,
        position=installment.position,
        installments=due.installments,
        due_date=installment.due_date,
        on=due.on,
        amount=_amount(due.standing.amount, due.currency),
        remaining=_amount(due.standing.remaining, due.currency),
        outstanding=_amount(due.outstanding, due.currency),
    )
    work.announce(
        event, subject=installment.id, sequence=due.moves * len(REMINDERS) + list(REMINDERS).index(due.step) + 1
    )


def announce_invoice_overdue(work: Work, overdue: OverdueInvoice) -> None:
    """An invoice is overdue (`INV-9`)."""
    event = InvoiceOverdue(
        clinic_id=overdue.clinic_id,
        occurred_at=work.now,
        invoice_id=overdue.invoice_id,
        patient_id=overdue.patient_id,
        number=overdue.number,
        due_date=overdue.due_date,
        on=overdue.on,
        total=_amount(overdue.total, overdue.currency),
        outstanding=_amount(overdue.outstanding, overdue.currency),
    )
    work.announce(event, subject=overdue.invoice_id, sequence=overdue.version)


def _installments(
    standing: InstallmentBalances, currency: str, parts: Mapping[UUID, int]
) -> tuple[PlannedInstallment, ...]:
    return tuple(
        _planned(installment, currency, parts[installment.installment.id]) for installment in standing.installments
    )


def _planned(one: InstallmentBalance, currency: str, patient_part: int) -> PlannedInstallment:
    return PlannedInstallment(
        installment_id=one.installment.id,
        position=one.installment.position,
        kind=one.installment.kind,
        due_date=one.installment.due_date,
        amount=_amount(one.amount, currency),
        remaining=_amount(one.remaining, currency),
        patient_part=_amount(patient_part, currency),
    )
