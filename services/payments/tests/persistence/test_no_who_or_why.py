"""The database itself takes no transaction that does not say who made it and why (ALL-5)."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from chassis.identifiers import new_id
from payments.domain.transaction import ADJUSTMENTS, Kind
from payments_desk import FrontDesk, connected
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

ADD = text(
    """
    INSERT INTO transactions (transaction_id, clinic_id, patient_id, kind, amount_minor, currency, method, payer_kind,
                              recorded_at, booked_on, recorded_by, reason_code, reason)
    VALUES (:id, :clinic, :id, :kind, 1, 'USD', 'cash', 'patient', now(), current_date, :who, :code, :words)
    """
)
SETTINGS = text(
    """
    INSERT INTO payment_setting_versions (clinic_id, version, currency, changed_at, changed_by, reason)
    VALUES (:clinic, 1, 'USD', now(), 'clerk:ada', :reason)
    """
)
CODED: set[Kind] = {"payment", "refund", "take_back", *ADJUSTMENTS}
EITHER: set[Kind] = {"credit_transfer_out", "credit_transfer_in", "release"}
SILENT = [(None, None), ("", ""), (" ", "\n")]


async def add(desk: FrontDesk, kind: str, who: str, code: str | None, words: str | None) -> None:
    """PostedTotals by the owner, whom no grant holds back, and taken back."""
    values: dict[str, Any] = {"id": new_id(), "clinic": desk.clinic_id, "kind": kind, "who": who}
    async with connected(desk.harness.owned.owner_url, desk.clinic_id) as connection:
        await connection.execute(ADD, values | {"code": code, "words": words})
        await connection.rollback()


@pytest.mark.parametrize("kind", get_args(Kind))
async def test_a_transaction_that_does_not_say_why_is_refused(desk: FrontDesk, kind: Kind) -> None:
    only_words, only_a_code = [(None, "so")], [("goodwill", None)]
    wrong = SILENT + (only_words if kind in CODED else [] if kind in EITHER else only_a_code)
    for code, words in wrong:
        with pytest.raises(IntegrityError, match="says_why"):
            await add(desk, kind, "clerk:ada", code, words)
    for code, words in only_a_code if kind in CODED else only_words if kind not in EITHER else only_words + only_a_code:
        await add(desk, kind, "clerk:ada", code, words)


@pytest.mark.rule("ALL-5.2")
@pytest.mark.parametrize("who", ["", "  ", "\t"])
async def test_a_transaction_that_does_not_say_who_is_refused(desk: FrontDesk, who: str) -> None:
    with pytest.raises(IntegrityError, match="says_who"):
        await add(desk, "payment", who, "deposit", None)


@pytest.mark.parametrize("reason", [None, "", " \n"])
async def test_settings_that_do_not_say_why_are_refused(desk: FrontDesk, reason: str | None) -> None:
    async with connected(desk.harness.owned.owner_url, desk.clinic_id) as connection:
        with pytest.raises(IntegrityError, match="says_why"):
            await connection.execute(SETTINGS, {"clinic": desk.clinic_id, "reason": reason})
        await connection.rollback()
