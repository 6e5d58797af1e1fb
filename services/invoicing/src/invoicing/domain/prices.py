"""What a clinic asks for a code or a SKU on a day, and which tax then goes with it (`MON-8`, `INV-19`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from invoicing.domain.clinic_settings import ClinicSettings, PricedCode, price_on
from invoicing.domain.line import Kind, Tax
from invoicing.domain.list_entry import Entries, ListEntry


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices and taxes that a document is made with; `on` is its issue date, today while it has none."""

    settings: ClinicSettings
    on: date
    lists: tuple[Entries, ...] = ()
    """The lists that are asked, in turn, before the settings' own."""
    cover: Entries = field(default_factory=dict)
    """What the payer says that it allows and pays."""
    cover_name: str = ""
    """What the payer's list is called."""

    def price_of(self, code: str | None, code_system: str | None, service: date | None) -> PricedCode | None:
        """What is asked for a code or SKU on its day of service, else on the document's; None where nobody has said."""
        day = service or self.on
        for entries in self.lists if code else ():
            priced = [entry.priced for entry in entries.get(code or "", ()) if entry.priced is not None]
            found = price_on(priced, code_system, day)
            if found is not None:
                return found
        return self.settings.price_of(code, code_system, day)

    def cover_of(self, code: str | None, code_system: str | None, service: date | None) -> ListEntry | None:
        """What the payer allows and pays for a code on a day; None where the clinic does not keep it."""
        said = [
            entry for entry in self.cover.get(code or "", ()) if entry.covered_percent is not None and not entry.removed
        ]
        return price_on(said, code_system, service or self.on)

    def tax_of(self, code: str | None, kind: Kind, service: date | None, field_: str) -> Tax:
        """The tax category named, else the kind's, at the rate of the day of service, else of the document's day.

        Raises UnknownTaxCategory.
        """
        return self.settings.tax_of(code, kind, field_, service or self.on)
