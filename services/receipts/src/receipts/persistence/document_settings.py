"""How each clinic wants its documents: every version stays, the highest is in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.database.rows import Rows, rows_as
from chassis.database.versioned_settings import VersionedSettings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.settings import DocumentSettings
from receipts.persistence import own_templates
from receipts.persistence.tables import DOCUMENT_SETTING_VERSIONS, DOCUMENT_SETTINGS

_CURRENT = Rows(DOCUMENT_SETTINGS)
# The release before this one reads what is in force here; the table goes with the next one.
_KEEP_CURRENT = text(_CURRENT.keeping_newest())


async def settings_of(connection: AsyncConnection, clinic_ids: Collection[UUID]) -> dict[UUID, DocumentSettings]:
    """The settings of each clinic; those of one that never saved any are the defaults."""
    found = await VERSIONS.in_force(connection, clinic_ids)
    templates = await own_templates.versions_in_force(connection, clinic_ids)
    return {
        clinic_id: replace(found.get(clinic_id, DocumentSettings()), template_version=templates.get(clinic_id, 0))
        for clinic_id in clinic_ids
    }


async def append(work: Work, settings: DocumentSettings, *, replaces: int, reason: str) -> int:
    """Save settings as the version after the one that they replace. Raises SettingsChanged (`ALL-3`)."""
    version = await VERSIONS.append(work, settings, replaces=replaces, reason=reason)
    row = {**_shown(settings), "clinic_id": work.clinic_id, "version": version}
    changed = {"changed_at": work.now, "changed_by": work.actor}
    await work.connection.execute(_KEEP_CURRENT, _CURRENT.arrays([row | changed]))
    return version


def read(row: Mapping[Any, Any]) -> DocumentSettings:
    """The settings that a version has."""
    return rows_as(DocumentSettings, [{"template_version": 0, **row}])[0]


def _shown(settings: DocumentSettings) -> dict[str, Any]:
    """What the release before this one knows of them."""
    return {name: getattr(settings, name) for name in ("paper", "show_note", "show_procedures")}


def _written(settings: DocumentSettings) -> dict[str, Any]:
    paid_to = {name: getattr(settings, name) for name in ("account_holder", "iban", "bic", "payment_link")}
    return _shown(settings) | paid_to


VERSIONS = VersionedSettings(DOCUMENT_SETTING_VERSIONS, read, _written)
