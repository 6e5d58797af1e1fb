"""Set or change a clinic's settings; the first time, bill what was completed before (`INV-11`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.database import Work
from chassis.database.versioned_settings import SettingsChanged
from chassis.sentence import Sentence

from invoicing import announcements
from invoicing.domain.clinic_settings import ClinicSettings, check_settings
from invoicing.domain.errors import CurrencyInUse, Invalid, SettingsUnnamed
from invoicing.domain.price_errors import PricesInCurrency
from invoicing.persistence import billable_procedures, clinics, currencies, invoices, price_lists
from invoicing.use_cases.draft_procedures import draft_procedures


@dataclass(frozen=True, slots=True)
class ConfigureClinic:
    """The settings wanted, and the version that they replace, and why; None where there are none yet."""

    settings: ClinicSettings
    replaces: int | None
    reason: str | None = None


async def configure_clinic(work: Work, command: ConfigureClinic) -> ClinicSettings:
    """Save the settings under the next version and announce them.

    Raises Invalid, UnknownCurrency, SettingsUnnamed, SettingsChanged, CurrencyInUse, PricesInCurrency.
    Procedures that were completed before the clinic was configured are billed by its policy now.
    """
    present = await clinics.lock_settings(work.connection, work.clinic_id)
    check_settings(command.settings, present)
    if command.replaces is None and present is not None:
        raise SettingsUnnamed(present.version)
    replaced = present.version if present else 0
    if command.replaces is not None and command.replaces != replaced:
        raise SettingsChanged(replaced)
    if present is not None and command.reason is None:
        raise Invalid("reason", "say why the settings change")
    _check_close(command.settings, work.now)
    if present and present.currency != command.settings.currency:
        await _require_unused(work, present.currency, command.settings.currency)
    settings = await clinics.append(work, command.settings, replaces=replaced, reason=command.reason)
    announcements.announce_clinic_configured(work, settings)
    if present is None:
        waiting = await billable_procedures.lock_unbilled(work.connection, work.clinic_id)
        claims = await draft_procedures(work, waiting)
        await billable_procedures.reserve_many(work.connection, claims)
    return settings


async def _require_unused(work: Work, currency: str, wanted: str) -> None:
    """See that nothing of value is in the currency, here or in payments. Raises CurrencyInUse, PricesInCurrency.

    A clinic goes back to the currency that its money is in: a deposit may not have been heard of when it changed. What
    is void by then stays as it was. The settings' own prices and amounts are replaced with them; those of price lists
    are kept without a currency, so that 95.00 USD would be 9,500 JPY.
    """
    in_use = await currencies.in_use(work.connection, work.clinic_id)
    any_left = invoices.any_live_of_clinic if wanted in in_use else invoices.any_of_clinic
    if currency in in_use or await any_left(work.connection):
        raise CurrencyInUse(currency)
    if priced := await price_lists.priced(work.connection, work.clinic_id):
        raise PricesInCurrency(currency, priced)


def _check_close(settings: ClinicSettings, now: datetime) -> None:
    """Books are closed for days that are over: else nothing could be issued, while money goes on being booked."""
    on = settings.today(now)
    if settings.books_closed_until is not None and settings.books_closed_until > on:
        raise Invalid(
            "books_closed_until", Sentence("is after today, {today}: only days that are over can be closed", today=on)
        )
