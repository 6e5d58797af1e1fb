"""How a clinic is paid by who is asked for money: its bank account, a page to pay on, or both (`NOT-11`)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class PaymentDetails:
    """As the clinic's document settings say it; what is None is not said."""

    account_holder: str | None = None
    iban: str | None = None
    """Without spaces."""
    bic: str | None = None
    payment_link: str | None = None
    """`{number}` in it stands for the invoice's number."""

    @property
    def grouped_iban(self) -> str | None:
        """The account's number as it is printed, in groups of four (ISO 13616)."""
        iban = self.iban
        return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4)) if iban else None

    def link_for(self, number: str) -> str | None:
        """The page on which an invoice is paid; None where there is none that a mail should lead to."""
        link = self.payment_link
        if link is None or not link.startswith("https://"):
            return None
        return link.replace("{number}", quote(number, safe=""))
