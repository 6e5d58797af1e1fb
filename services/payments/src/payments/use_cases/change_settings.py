"""Change the clinic's settings of payments; every version stays, with who made it and why (`ALL-5`)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.database import Work
from chassis.database.versioned_settings import SettingsVersion
from chassis.money import Money

from payments.domain.errors import WrongCurrency
from payments.domain.payment_settings import PaymentSettings
from payments.persistence import clinics
from payments.persistence.payment_settings import VERSIONS


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """The settings as they are to be, decided on the version that was read."""

    version: int
    refund_limit: Money | None
    reason: str


async def change_settings(work: Work, command: ChangeSettings) -> SettingsVersion[PaymentSettings]:
    """Enter a further version. Raises ClinicNotConfigured, WrongCurrency, SettingsChanged."""
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    if command.refund_limit is not None and command.refund_limit.currency != clinic.currency:
        raise WrongCurrency(clinic.currency, "refund_limit.currency")
    limit = None if command.refund_limit is None else command.refund_limit.minor
    settings = PaymentSettings(limit, clinic.currency)
    version = await VERSIONS.append(work, settings, replaces=command.version, reason=command.reason)
    return SettingsVersion(version, work.now, work.actor, command.reason, settings)
