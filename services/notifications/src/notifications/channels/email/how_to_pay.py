"""How what is asked for is paid, in the words of the reader's language (`NOT-11`)."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.channels.email.formats import one_line
from notifications.channels.email.texts import Texts
from notifications.domain.amount_due import asked_for
from notifications.domain.facts import Facts
from notifications.domain.message import Message
from notifications.domain.payment_details import PaymentDetails


@dataclass(frozen=True)
class HowToPay:
    """The account as labels and values in reading order, and the page to pay on with what leads to it."""

    heading: str
    rows: tuple[tuple[str, str], ...]
    linked: str
    link: str | None

    @property
    def in_short(self) -> str:
        """For a text message: the page where there is one, else the account."""
        if self.link is not None:
            return f"{self.linked} {self.link}"
        return ", ".join(f"{label}: {value}" for label, value in self.rows)


def how_to_pay(message: Message, facts: Facts, texts: Texts) -> HowToPay | None:
    """None where nothing is asked for, or the clinic does not say how it is paid."""
    details, subject = facts.payment, message.subject
    number = one_line(subject.invoice_number or subject.number or "")
    if details is None or not number or asked_for(message, facts) <= 0:
        return None
    words = texts.how_to_pay
    rows, link = _account(details, number, texts), details.link_for(number)
    return HowToPay(words["heading"], rows, words["link"], link) if rows or link else None


def _account(details: PaymentDetails, number: str, texts: Texts) -> tuple[tuple[str, str], ...]:
    if details.grouped_iban is None:
        return ()
    rows = (
        ("account_holder", one_line(details.account_holder or "")),
        ("iban", details.grouped_iban),
        ("bic", details.bic),
        ("reference", number),
    )
    return tuple((texts.how_to_pay[name], value) for name, value in rows if value)
