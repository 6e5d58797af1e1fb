"""A clinic's settings that were saved by an earlier release, with what is refused now (`INV-11`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from invoicing.domain.clinic_settings import DEFAULT_PATTERNS, ClinicSettings
from invoicing.http.clinic_responses import ClinicOut
from invoicing.persistence import clinics

NOT_ASKED = ("clinic_id", "version")


async def _saved_before(clinic: Any, **refused_now: Any) -> ClinicSettings:
    """Settings as an earlier release kept them, which asked less."""
    async with clinic.harness.database.transaction([clinic.id], "test") as work:
        present = await clinics.find_settings(work.connection, clinic.id)
        wanted = replace(present, **refused_now)
        return await clinics.append(work, wanted, replaces=present.version, reason="as it was")


async def _change(clinic: Any, **changes: Any) -> Any:
    found = await clinic.api.get("/v1/clinic")
    body = {name: value for name, value in found.json().items() if name not in NOT_ASKED}
    headers = {"If-Match": found.headers["etag"]}
    return await clinic.api.put("/v1/clinic", json=body | changes | {"reason": "as agreed"}, headers=headers)


@pytest.mark.rule("NOT-8.8")
@pytest.mark.parametrize(("saved", "shown"), [("jane@gmail", "jane@gmail"), ("front desk", "front desk"), ("", None)])
async def test_what_is_refused_now_is_answered_so_that_it_can_be_mended(
    clinic: Any, saved: str, shown: str | None
) -> None:
    async with clinic.harness.database.reading([clinic.id]) as connection:
        settings = await clinics.find_settings(connection, clinic.id)
    told = ClinicOut.of(replace(settings, email=saved, name="\u3164"))
    assert (told.email, told.name) == (shown, "\u3164")


@pytest.mark.rule("INV-11.3")
@pytest.mark.parametrize(
    ("member", "saved", "other"),
    [
        ("email", "jane@gmail", "joe@gmail"),
        ("language", "pt-BR", "pt"),
        ("npi", "1234567890", "1234567891"),
        (
            "number_patterns",
            {**DEFAULT_PATTERNS, "receipt": DEFAULT_PATTERNS["invoice"]},
            {**DEFAULT_PATTERNS, "credit_note": DEFAULT_PATTERNS["invoice"]},
        ),
    ],
)
async def test_what_is_refused_now_holds_up_no_other_change_and_stays_refused_where_it_changes(
    clinic: Any, member: str, saved: Any, other: Any
) -> None:
    await _saved_before(clinic, **{member: saved})
    changed = await _change(clinic, due_days=21)
    assert (changed.status_code, changed.json().get("due_days"), changed.json().get(member)) == (200, 21, saved)
    refused = await _change(clinic, **{member: other})
    assert (refused.status_code, refused.json()["errors"][0]["field"].partition(".")[0]) == (422, member)


@pytest.mark.rule("INV-11.3")
async def test_a_step_of_rounding_that_is_refused_now_holds_up_no_other_change(clinic: Any) -> None:
    await _saved_before(clinic, cash_rounding_to=2_000_000)
    assert (await _change(clinic, due_days=21)).status_code == 200
    refused = await _change(clinic, cash_rounding="30000.00")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "cash_rounding")
