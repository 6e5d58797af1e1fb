"""The demand of an installment in the words and formats of its language, ready for the template (`PLN-10`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from receipts.documents.content.demand import DemandContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight, party
from receipts.documents.render.payment import payment_view
from receipts.domain.own_templates import NO_TEXTS
from receipts.domain.people import Clinic


def demand_view(
    content: DemandContent, clinic: Clinic, *, brief: bool, texts: Mapping[str, str] = NO_TEXTS
) -> dict[str, Any]:
    """The values of the template; `brief` leaves out what was done to the patient."""
    formats = Formatting(content.language, texts)
    one = content.installment
    title = formats.text("demand_title", number=str(one.position), count=str(one.count))
    shares = one.shares if content.show_procedures and not brief else ()
    sums = [(formats.words["installment_amount"], formats.money(one.amount), False)]
    if one.paid.minor:
        sums.append((formats.words["already_paid"], formats.money(-one.paid), False))
    if one.insurers.minor:
        sums.append((formats.words["insurers_to_pay"], formats.money(-one.insurers), False))
    sums.append((formats.words["col_remaining"], formats.money(one.to_pay), True))
    return {
        **frame(
            formats,
            clinic,
            title=f"{title}, {one.invoice_number}",
            heading=title,
            number=formats.verbatim(one.invoice_number),
            number_label=formats.words["invoice_title"],
            paper=content.paper,
        ),
        "subject": f"{title}, {clinic.name}",
        "created": midnight(content.made_on),
        "amount_label": formats.words["col_remaining"],
        "amount": formats.money(one.to_pay),
        "facts": [
            (formats.words["issue_date"], formats.day(content.made_on)),
            (formats.words["due_date"], formats.day(one.due)),
        ],
        "patient": party(formats, content.patient, clinic),
        "shares": [
            {"description": formats.own(share.description), "amount": formats.money(share.amount)} for share in shares
        ],
        "sums": sums,
        "please_pay": " ".join(_asks(formats, content)),
        "payment": payment_view(formats, content.payment, asked=one.to_pay, number=one.invoice_number, coded=True),
        "note": None,
    }


def _asks(formats: Formatting, content: DemandContent) -> list[str]:
    """By when it is asked for, and what the patient has in credit beside it (`NOT-10`)."""
    said = [formats.text("please_pay", date=formats.day(content.installment.due))]
    if content.credit is not None and content.credit.minor > 0:
        said.append(formats.text("credit_held", amount=formats.money(content.credit)))
    return said
