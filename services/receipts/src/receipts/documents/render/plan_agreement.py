"""A plan agreement in the words and formats of its language, ready for the template (`PLN-5`, `RCP-4`)."""

from __future__ import annotations

from typing import Any

from chassis.money import Money

from receipts.documents.content.plan_agreement import PlanAgreementContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight, party
from receipts.domain.installment_plan import Installment, InstallmentPlan
from receipts.domain.people import Clinic

TEMPLATE = "plan_agreement.html"


def plan_agreement_view(content: PlanAgreementContent, clinic: Clinic, *, brief: bool) -> dict[str, Any]:
    """The values of the template; an agreement never shows what was done to the patient."""
    del brief
    say = Formatting(content.language)
    plan = content.plan
    title = say.words["plan_title"]
    number = say.verbatim(plan.invoice_number)
    remaining = Money(sum(one.remaining.minor for one in plan.installments), plan.total.currency)
    asked = Money(sum(one.to_pay.minor for one in plan.installments), plan.total.currency)
    partly_paid, insured = remaining != plan.total, asked != remaining
    who = party(say, content.patient, clinic)
    return {
        **frame(
            say,
            clinic,
            title=f"{title}, {plan.invoice_number}",
            heading=title,
            number=number,
            number_label=say.words["invoice_title"],
            paper=content.paper,
        ),
        "subject": f"{title}, {clinic.name}",
        "created": midnight(content.decided_on),
        "amount_label": say.words["plan_amount"],
        "amount": say.money(asked),
        "facts": _facts(say, content),
        "patient": who,
        "terms": say.say(
            "plan_text_insured" if insured else "plan_text",
            patient=who["name"],
            number=number,
            clinic=say.own(clinic.name),
        ),
        "partly_paid": partly_paid,
        "insured": insured,
        "installments": _installments(say, plan),
        "total": say.money(plan.total),
        "remaining": say.money(remaining),
        "of_insurers": say.money(asked - remaining),
        "asked": say.money(asked),
        "sign_clinic": say.say("sign_clinic", clinic=say.own(clinic.name)),
        "note": None,
    }


def _facts(say: Formatting, content: PlanAgreementContent) -> list[tuple[str, str]]:
    plan = content.plan
    facts = [(say.words["agreed_on"], say.day(plan.agreed_on))]
    if plan.version > 1:
        version = say.say("plan_version_value", version=str(plan.version), date=say.day(content.decided_on))
        facts.append((say.words["plan_version"], version))
    invoice = say.say("invoice_of", number=say.verbatim(plan.invoice_number), date=say.day(content.invoice_date))
    return [
        *facts,
        (say.words["about"], invoice),
        (say.words["invoice_total"], say.money(content.invoice_total)),
        (say.words["installments_count"], str(sum(one.kind == "installment" for one in plan.installments))),
    ]


def _installments(say: Formatting, plan: InstallmentPlan) -> list[dict[str, str]]:
    rows, counted = [], 0
    for one in plan.installments:
        counted += one.kind == "installment"
        rows.append(_row(say, one, counted))
    return rows


def _row(say: Formatting, one: Installment, counted: int) -> dict[str, str]:
    down = one.kind == "down_payment"
    return {
        "position": str(one.position),
        "what": say.words["down_payment"] if down else say.say("installment_of", number=str(counted)),
        "due": say.day(one.due),
        "amount": say.money(one.amount),
        "remaining": say.money(one.remaining),
        "to_pay": say.money(one.to_pay),
    }
