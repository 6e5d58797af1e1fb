"""A plan agreement in the words and formats of its language, ready for the template (`PLN-5`, `RCP-4`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.money import Money

from receipts.documents.content.plan_agreement import PlanAgreementContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight, party
from receipts.documents.render.payment import payment_view
from receipts.domain.installment_plan import Installment, InstallmentPlan
from receipts.domain.own_templates import NO_TEXTS
from receipts.domain.people import Clinic


def plan_agreement_view(
    content: PlanAgreementContent, clinic: Clinic, *, brief: bool, texts: Mapping[str, str] = NO_TEXTS
) -> dict[str, Any]:
    """The values of the template; an agreement never shows what was done to the patient."""
    del brief
    formats = Formatting(content.language, texts)
    plan = content.plan
    title = formats.words["plan_title"]
    number = formats.verbatim(plan.invoice_number)
    remaining = Money(sum(installment.remaining.minor for installment in plan.installments), plan.total.currency)
    asked = Money(sum(installment.to_pay.minor for installment in plan.installments), plan.total.currency)
    partly_paid, insured = remaining != plan.total, asked != remaining
    who = party(formats, content.patient, clinic)
    return {
        **frame(
            formats,
            clinic,
            title=f"{title}, {plan.invoice_number}",
            heading=title,
            number=number,
            number_label=formats.words["invoice_title"],
            paper=content.paper,
        ),
        "subject": f"{title}, {clinic.name}",
        "created": midnight(content.decided_on),
        "amount_label": formats.words["plan_amount"],
        "amount": formats.money(asked),
        "facts": _facts(formats, content),
        "patient": who,
        "terms": formats.text(
            "plan_text_insured" if insured else "plan_text",
            patient=who["name"],
            number=number,
            clinic=formats.own(clinic.name),
        ),
        "partly_paid": partly_paid,
        "insured": insured,
        "installments": _installments(formats, plan),
        "total": formats.money(plan.total),
        "remaining": formats.money(remaining),
        "of_insurers": formats.money(asked - remaining),
        "asked": formats.money(asked),
        "sign_clinic": formats.text("sign_clinic", clinic=formats.own(clinic.name)),
        "payment": payment_view(formats, content.payment, asked=asked, number=plan.invoice_number),
        "note": None,
    }


def _facts(formats: Formatting, content: PlanAgreementContent) -> list[tuple[str, str]]:
    plan = content.plan
    facts = [(formats.words["agreed_on"], formats.day(plan.agreed_on))]
    if plan.version > 1:
        version = formats.text("plan_version_value", version=str(plan.version), date=formats.day(content.decided_on))
        facts.append((formats.words["plan_version"], version))
    invoice = formats.text(
        "invoice_of", number=formats.verbatim(plan.invoice_number), date=formats.day(content.invoice_date)
    )
    return [
        *facts,
        (formats.words["about"], invoice),
        (formats.words["invoice_total"], formats.money(content.invoice_total)),
        (
            formats.words["installments_count"],
            str(sum(installment.kind == "installment" for installment in plan.installments)),
        ),
    ]


def _installments(formats: Formatting, plan: InstallmentPlan) -> list[dict[str, str]]:
    rows, counted = [], 0
    for installment in plan.installments:
        counted += installment.kind == "installment"
        rows.append(_row(formats, installment, counted))
    return rows


def _row(formats: Formatting, one: Installment, counted: int) -> dict[str, str]:
    down = one.kind == "down_payment"
    return {
        "position": str(one.position),
        "what": formats.words["down_payment"] if down else formats.text("installment_of", number=str(counted)),
        "due": formats.day(one.due),
        "amount": formats.money(one.amount),
        "remaining": formats.money(one.remaining),
        "to_pay": formats.money(one.to_pay),
    }
