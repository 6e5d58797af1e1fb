"""How a clinic wants its documents, where it departs from its general settings (`RCP-2`, `RCP-4`)."""

from __future__ import annotations

from dataclasses import dataclass

from receipts.domain.people import Clinic, Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDetails:
    """How the clinic is paid by who has a document at hand: a bank account, a page to pay on, or both (`RCP-11`)."""

    account_holder: str | None = None
    iban: str | None = None
    """Without spaces."""
    bic: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSettings:
    """What a clinic chose for its documents; None means what its general settings say. Version 0 was never saved."""

    paper: Paper | None = None
    show_note: bool | None = None
    show_procedures: bool = True
    account_holder: str | None = None
    iban: str | None = None
    bic: str | None = None
    payment_link: str | None = None
    """A page to pay on; `{number}` in it stands for the document's number."""
    version: int = 0
    template_version: int = 0
    """Of the clinic's own templates and texts, as in force with these (`RCP-6`); 0 where it has none."""

    def paper_of(self, clinic: Clinic) -> Paper:
        """The sheet that new documents are laid out for."""
        return self.paper or clinic.paper

    def shows_note(self, clinic: Clinic) -> bool:
        """Whether a payment's note is printed."""
        return clinic.receipt_shows_note if self.show_note is None else self.show_note

    @property
    def payment_details(self) -> PaymentDetails | None:
        """How the clinic is paid; None where it does not say."""
        if not self.iban and not self.payment_link:
            return None
        return PaymentDetails(account_holder=self.account_holder, iban=self.iban, bic=self.bic, link=self.payment_link)
