"""The demand of an installment in the words and formats of its language, ready for the template (`PLN-10`)."""

from __future__ import annotations

from typing import Any

from receipts.documents.content.demand import DemandContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.letterhead import frame, midnight, party
from receipts.domain.people import Clinic

TEMPLATE = "demand.html"


def demand_view(content: DemandContent, clinic: Clinic, *, brief: bool) -> dict[str, Any]:
    """The values of the template; `brief` leaves out what was done to the patient."""
    say = Formatting(content.language)
    one = content.installment
    title = say.say("demand_title", number=str(one.position), count=str(one.count))
    shares = one.shares if content.show_procedures and not brief else ()
    sums = [(say.words["installment_amount"], say.money(one.amount), False)]
    if one.paid.minor:
        sums.append((say.words["already_paid"], say.money(-one.paid), False))
    if one.insurers.minor:
        sums.append((say.words["insurers_to_pay"], say.money(-one.insurers), False))
    sums.append((say.words["col_remaining"], say.money(one.to_pay), True))
    return {
        **frame(
            say,
            clinic,
            title=f"{title}, {one.invoice_number}",
            heading=title,
            number=say.verbatim(one.invoice_number),
            number_label=say.words["invoice_title"],
            paper=content.paper,
        ),
        "subject": f"{title}, {clinic.name}",
        "created": midnight(content.made_on),
        "amount_label": say.words["col_remaining"],
        "amount": say.money(one.to_pay),
        "facts": [
            (say.words["issue_date"], say.day(content.made_on)),
            (say.words["due_date"], say.day(one.due)),
        ],
        "patient": party(say, content.patient, clinic),
        "shares": [{"description": say.own(share.description), "amount": say.money(share.amount)} for share in shares],
        "sums": sums,
        "please_pay": say.say("please_pay", date=say.day(one.due)),
        "note": None,
    }
