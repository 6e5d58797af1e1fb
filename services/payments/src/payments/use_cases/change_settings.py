"""Change the clinic's settings of payments; every version stays, with who made it and why (`ALL-5`)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.database import Work
from chassis.money import Money

from payments.domain.errors import WrongCurrency
from payments.domain.payment_settings import PaymentSettings
from payments.persistence import clinics, payment_settings


class SettingsChanged(Exception):
    """Somebody changed the settings since they were read."""


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """The settings as they are to be, decided on the version that was read."""

    version: int
    refund_limit: Money | None
    reason: str


async def change_settings(work: Work, command: ChangeSettings) -> PaymentSettings:
    """Enter a further version. Raises ClinicNotConfigured, WrongCurrency, SettingsChanged."""
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    if command.refund_limit is not None and command.refund_limit.currency != clinic.currency:
        raise WrongCurrency(clinic.currency, "refund_limit.currency")
    before = await payment_settings.in_force(work.connection, work.clinic_id)
    if before.version != command.version:
        raise SettingsChanged
    settings = PaymentSettings(command.version + 1, command.refund_limit, command.reason, work.now, work.actor)
    if not await payment_settings.add(work.connection, work.clinic_id, settings, clinic.currency):
        raise SettingsChanged
    return settings
