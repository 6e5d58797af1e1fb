"""The clinic's settings of payments: every version stays, the highest is in force."""

from __future__ import annotations

from chassis.database.rows import record_of, rows_as
from chassis.database.versioned_settings import VersionedSettings

from payments.domain.payment_settings import PaymentSettings
from payments.persistence.tables import PAYMENT_SETTING_VERSIONS

VERSIONS = VersionedSettings(PAYMENT_SETTING_VERSIONS, lambda row: rows_as(PaymentSettings, [row])[0], record_of)
