"""How a document that asks for money is paid, in the words of its language (`RCP-11`)."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from chassis.money import Money

from receipts.documents.render.formatting import Formatting
from receipts.domain.bank_account import grouped
from receipts.domain.settings import PaymentDetails

CODE = "payment-code"
_CODE_CURRENCY = "EUR"
_CODE_LARGEST = 99_999_999_999
"""In cents (EPC069-12)."""


def payment_view(
    formats: Formatting, details: PaymentDetails | None, *, asked: Money, number: str, coded: bool = False
) -> dict[str, Any] | None:
    """What the template says; None where nothing is asked for, or the clinic does not say how it is paid.

    `number` is what the payment is to name. `coded` prints the code that banking apps read, where there can be one.
    """
    if details is None or asked.minor <= 0:
        return None
    said = credit_transfer(details, asked, number) if coded else None
    return {
        "rows": _rows(formats, details, number),
        "link": details.link.replace("{number}", _in_address(number)) if details.link else None,
        "code": f"asset:{CODE}" if said else None,
        "picture": _picture(said) if said else None,
    }


def _rows(formats: Formatting, details: PaymentDetails, number: str) -> list[tuple[str, str]]:
    if not details.iban:
        return []
    said = [
        ("account_holder", formats.own(details.account_holder or "")),
        ("iban", formats.verbatim(grouped(details.iban))),
        ("bic", formats.verbatim(details.bic) if details.bic else ""),
        ("payment_reference", formats.verbatim(number)),
    ]
    return [(formats.words[name], value) for name, value in said if value]


def credit_transfer(details: PaymentDetails, asked: Money, number: str) -> str | None:
    """A credit transfer in euros as banking apps read it (EPC069-12, version 2); None where there can be none."""
    if not details.iban or asked.currency != _CODE_CURRENCY or not 0 < asked.minor <= _CODE_LARGEST:
        return None
    payee = (details.bic or "", details.account_holder or "", details.iban)
    return "\n".join(["BCD", "002", "1", "SCT", *payee, f"EUR{asked.amount}", "", "", number])


def _picture(said: str) -> bytes:
    """The QR code that says it, as a PNG."""
    import segno

    out = BytesIO()
    segno.make_qr(said, error="m", encoding="utf-8").save(out, kind="png", scale=6, border=2)
    return out.getvalue()


def _in_address(number: str) -> str:
    from urllib.parse import quote

    return quote(number, safe="")


def payment_assets(view: Mapping[str, Any]) -> dict[str, tuple[str, bytes]]:
    """What a document's template may load beside its letterhead: the code, where it has one."""
    payment = view.get("payment")
    return {CODE: ("image/png", payment["picture"])} if payment and payment["picture"] else {}
