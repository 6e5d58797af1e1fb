"""What a clinic asks for a code or a SKU on a day, and which tax then goes with it (`MON-8`, `INV-19`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from invoicing.domain.clinic_settings import ClinicSettings, PricedCode
from invoicing.domain.line import Kind, Tax


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices and taxes that a document is made with; `on` is its issue date, today while it has none."""

    settings: ClinicSettings
    on: date

    def price_of(self, code: str | None, code_system: str | None, service: date | None) -> PricedCode | None:
        """What is asked for a code or SKU on its day of service, else on the document's; None where nobody has said."""
        return self.settings.price_of(code, code_system, service or self.on)

    def tax_of(self, code: str | None, kind: Kind, service: date | None, field: str) -> Tax:
        """The tax category named, else the kind's, at the rate of the day of service, else of the document's day.

        Raises UnknownTaxCategory.
        """
        return self.settings.tax_of(code, kind, field, service or self.on)
