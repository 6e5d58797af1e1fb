"""What is told of insurers' decisions: applied, or set aside with the reason (`INS-3`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.database import Work
from contracts.adjudications import (
    AdjudicationApplied,
    AdjudicationSetAside,
    InsurerShare,
    InvoiceEstimated,
    LineShares,
)
from contracts.adjudications import Shares as SharesPart
from contracts.event import Amount

from invoicing.announcements.wire import amount
from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.adjudication import Adjudication, StatedAdjudication
from invoicing.domain.errors import AdjudicationNotAcceptable
from invoicing.domain.invoice import FrozenInvoice
from invoicing.domain.shares import InsurerPart, Shares

Cause = Literal["write_off_capped", "decided_beyond_fee", "decided_after_void"]
"""Why a person is to look at an invoice after a decision."""
NEAREST = {"unknown_invoice": "unknown_line", "payer_not_on_invoice": "decision_differs"}
"""The nearest of the causes that consumers of `billing.adjudication.set_aside.v1` know from the beginning."""


@dataclass(frozen=True, slots=True)
class AppliedAdjudication:
    """An insurer's decision that counts, and what all decisions on its invoice come to with it."""

    invoice: FrozenInvoice
    decision: Adjudication
    written_off: int
    shares: Shares
    insurers: Sequence[InsurerPart]
    estimated: int
    estimated_write_off: int
    line_shares: Mapping[UUID, Shares]
    causes: tuple[Cause, ...]
    invoice_version: int


def announce_adjudication_applied(work: Work, applied: AppliedAdjudication) -> None:
    """An insurer's decision was accepted (`INS-3`)."""
    invoice, decision, stated = applied.invoice, applied.decision, applied.decision.stated
    currency = invoice.pricing.currency
    event = AdjudicationApplied(
        clinic_id=invoice.clinic_id,
        occurred_at=work.now,
        decision_id=stated.decision_id,
        claim_id=stated.claim_id,
        invoice_id=invoice.id,
        invoice_number=invoice.number,
        patient_id=invoice.patient_id,
        payer_id=stated.payer_id,
        payer_name=stated.payer_name,
        payer_sequence=stated.sequence,
        remittance_reference=stated.remittance_reference,
        charge=amount(decision.charge, currency),
        paid=amount(decision.paid, currency),
        contractual=amount(decision.of_groups("CO"), currency),
        patient_responsibility=amount(decision.of_groups("PR"), currency),
        other=amount(decision.of_groups("OA", "PI"), currency),
        written_off=amount(applied.written_off, currency),
        shares=SharesPart(**_shares(applied.shares, currency)),
        insurers=tuple(
            InsurerShare(
                payer_id=insurer.payer_id,
                payer_name=insurer.payer_name,
                payer_sequence=insurer.sequence,
                paid=amount(insurer.paid, currency),
            )
            for insurer in applied.insurers
        ),
        estimated=amount(applied.estimated, currency),
        estimated_write_off=amount(applied.estimated_write_off, currency),
        lines=tuple(
            LineShares(invoice_line_id=id_, fee=amount(one.fee, currency), **_shares(one, currency))
            for id_, one in applied.line_shares.items()
        ),
        review=applied.causes,
    )
    work.announce(event, subject=invoice.id, sequence=applied.invoice_version)


def announce_adjudication_set_aside(
    work: Work, set_aside_id: UUID, stated: StatedAdjudication, why: AdjudicationNotAcceptable
) -> None:
    """An insurer's decision was not accepted (`INS-3`)."""
    event = AdjudicationSetAside.model_validate(
        {
            "clinic_id": stated.clinic_id,
            "occurred_at": work.now,
            "set_aside_id": set_aside_id,
            "decision_id": stated.decision_id,
            "claim_id": stated.claim_id,
            "invoice_id": stated.invoice_id,
            "patient_id": stated.patient_id,
            "payer_id": stated.payer_id,
            "cause": NEAREST.get(why.cause, why.cause),
            "exact_cause": why.cause,
            "detail": why.detail[:500],
        }
    )
    work.announce(event, subject=set_aside_id, sequence=1)


def announce_invoice_estimated(work: Work, on: AdjudicatedInvoice) -> None:
    """What insurers are estimated to take of an invoice is said again, for whoever did not keep it (`INS-4`)."""
    invoice = on.invoice.require_frozen("estimated")
    event = InvoiceEstimated(
        clinic_id=invoice.clinic_id,
        occurred_at=work.now,
        invoice_id=invoice.id,
        invoice_number=invoice.number,
        patient_id=invoice.patient_id,
        estimated=amount(on.estimated, invoice.pricing.currency),
    )
    work.announce(event, subject=invoice.id, sequence=invoice.version)


def _shares(shares: Shares, currency: str) -> dict[str, Amount]:
    names = ("paid", "written_off", "patient_part", "undecided", "overpaid")
    return {name: amount(getattr(shares, name), currency) for name in names}
