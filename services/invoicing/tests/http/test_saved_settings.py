"""A clinic's settings that were saved by an earlier release, with what is refused now (`INV-11`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from invoicing.http.clinic_responses import ClinicOut
from invoicing.persistence import clinics


@pytest.mark.rule("NOT-8.8")
@pytest.mark.parametrize(("saved", "shown"), [("jane@gmail", "jane@gmail"), ("front desk", "front desk"), ("", None)])
async def test_what_is_refused_now_is_answered_so_that_it_can_be_mended(
    clinic: Any, saved: str, shown: str | None
) -> None:
    async with clinic.harness.database.reading([clinic.id]) as connection:
        settings = await clinics.find_settings(connection, clinic.id)
    told = ClinicOut.of(replace(settings, email=saved, name="\u3164"))
    assert (told.email, told.name) == (shown, "\u3164")
