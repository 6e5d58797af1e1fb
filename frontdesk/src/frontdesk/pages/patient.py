"""One patient: what they owe and have with the clinic at the top, and a tab for each kind of what was done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from frontdesk.clients import Missing, Refused, Unreachable, attempt
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of

router = APIRouter()
ROWS_MAX = 50
NOT_FOUND = 404
KINDS = (
    "invoice payment refund cancellation credit_note debit_note void chargeback credit_application credit_transfer_out "
    "credit_transfer_in refund_cancellation"
).split()
"""By what an account is filtered; other kinds are shown, and rarely looked for."""
REVERSIBLE = {"payment", "refund", "credit_application", "credit_transfer_out", "credit_transfer_in"}


async def head(desk: Desk, patient_id: Id, newest: Awaitable[Any] | None = None) -> dict[str, Any]:
    """What the top of every page about a patient says; `newest` are the account's newest lines, where a page has them.

    Raises Refused.
    """
    who, credit, last = await asyncio.gather(
        attempt(_patient(desk, patient_id)),
        attempt(_or_none(desk, "/v1/patients/{}/credit", patient_id)),
        newest or attempt(_lines(desk, patient_id, limit=1)),
    )
    balance = last["items"][0]["balance"] if last and last["items"] else None
    return {"who": who, "credit": credit, "balance": balance, "patient_id": str(patient_id), "account_missing": last}


async def _lines(desk: Desk, patient_id: Id, **asked: Any) -> Any:
    """Lines of the account, the newest first."""
    return await _or_none(desk, "/v1/patients/{}/account", patient_id, order="newest_first", **asked)


async def _patient(desk: Desk, patient_id: Id) -> dict[str, Any]:
    """The patient, or what is known of one whom the register has not told of (`ALL-11`): the id."""
    try:
        found: dict[str, Any] = await desk.services.get("invoicing", "/v1/patients/{}", patient_id)
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return {"name": "", "birth_date": None, "chart_number": None, "outstanding": None, "overdue": None}
    return found


async def _or_none(desk: Desk, path: str, *ids: Id, **asked: Any) -> Any:
    """What payments shows of a clinic that has settings, or nothing of one that has none yet."""
    try:
        return await desk.services.get("payments", path, *ids, **asked)
    except Refused as refused:
        if refused.slug in ("clinic-not-configured", "clinic-unknown"):
            return None
        raise


async def groups_of(desk: Desk) -> list[dict[str, Any]]:
    """The clinic's payment groups, archived ones last (`PAY-8`); none where payments does not answer."""
    found = await attempt(desk.services.get("payments", "/v1/payment-groups", limit=200))
    return [] if isinstance(found, Missing) else list(found["items"])


@router.get("/patients/{patient_id}")
async def account(
    desk: AtDesk,
    patient_id: Id,
    cursor: str | None = None,
    kind: str = "",
    method: str = "",
    group: str = "",
    since: Annotated[str, Query(alias="from")] = "",
    until: Annotated[str, Query(alias="to")] = "",
) -> Response:
    """The account: everything in order with the running balance (`PAY-9`), the newest first."""
    asked = {"kind": kind, "method": method, "group_id": group, "from_": since, "to": until}
    chosen = {name: value for name, value in asked.items() if value}
    asking = asyncio.ensure_future(attempt(_lines(desk, patient_id, limit=ROWS_MAX, cursor=cursor, **chosen)))
    whole = cursor is None and not chosen
    top, lines, groups = await asyncio.gather(
        head(desk, patient_id, asking if whole else None), asking, groups_of(desk)
    )
    named = {one["id"]: one for one in groups}
    if isinstance(lines, Missing) and top["credit"] is None:
        top["credit"] = lines
    context = {"lines": lines, "groups": groups, "named": named, "chosen": asked, "reversible": REVERSIBLE}
    return desk.page("patient_account.html", tab="account", kinds=KINDS, first=cursor is None, **top, **context)


@router.get("/patients/{patient_id}/invoices")
async def invoices(desk: AtDesk, patient_id: Id, cursor: str | None = None) -> Response:
    """The patient's invoices, drafts too."""
    top, found = await asyncio.gather(
        head(desk, patient_id),
        attempt(
            desk.services.get("invoicing", "/v1/invoices", patient_id=str(patient_id), limit=ROWS_MAX, cursor=cursor)
        ),
    )
    return desk.page("patient_invoices.html", tab="invoices", found=found, **top)


@router.get("/patients/{patient_id}/payments")
async def payments(desk: AtDesk, patient_id: Id, cursor: str | None = None) -> Response:
    """The patient's payments, each with what it settles."""
    top, found, groups = await asyncio.gather(
        head(desk, patient_id),
        attempt(
            desk.services.get("payments", "/v1/payments", patient_id=str(patient_id), limit=ROWS_MAX, cursor=cursor)
        ),
        groups_of(desk),
    )
    named: Mapping[str, Any] = {group["id"]: group for group in groups}
    return desk.page("patient_payments.html", tab="payments", found=found, named=named, **top)


@router.get("/patients/{patient_id}/plans")
async def plans(desk: AtDesk, patient_id: Id) -> Response:
    """Agreements to pay in installments, and treatment plans with what of them is invoiced and paid."""
    top, agreed, treatments = await asyncio.gather(
        head(desk, patient_id),
        attempt(desk.services.get("invoicing", "/v1/installment-plans", patient_id=str(patient_id), limit=ROWS_MAX)),
        attempt(desk.services.get("invoicing", "/v1/treatment-plans", patient_id=str(patient_id), limit=ROWS_MAX)),
    )
    return desk.page("patient_plans.html", tab="plans", agreed=agreed, treatments=treatments, **top)


@router.get("/patients/{patient_id}/documents")
async def documents(desk: AtDesk, patient_id: Id, cursor: str | None = None) -> Response:
    """Receipts with their numbers, and the statement."""
    top, found = await asyncio.gather(
        head(desk, patient_id),
        attempt(
            desk.services.get("receipts", "/v1/receipts", patient_id=str(patient_id), limit=ROWS_MAX, cursor=cursor)
        ),
    )
    return desk.page("patient_documents.html", tab="documents", found=found, **top)


@router.get("/patients/{patient_id}/messages")
async def messages(desk: AtDesk, patient_id: Id, cursor: str | None = None) -> Response:
    """What the patient was told, and what not and why (`NOT-6`)."""
    return await _messages(desk, patient_id, cursor)


@router.post("/patients/{patient_id}/suppressed-addresses/{suppression_id}/lift")
async def lift(desk: AtDesk, patient_id: Id, suppression_id: Id, form: Submitted) -> Response:
    """Send to an address again that mail came back from (`NOT-8`)."""
    path, body = "/v1/suppressed-addresses/{}/lift", {"reason": text_of(form, "reason")}
    try:
        await desk.services.change("notifications", path, suppression_id, body=body, key=text_of(form, "key"))
    except (Refused, Unreachable) as trouble:
        return await _messages(desk, patient_id, None, desk.told(trouble), 409)
    return desk.go(f"/patients/{patient_id}/messages", Notice(desk.t("Saved.")))


async def _messages(
    desk: Desk, patient_id: Id, cursor: str | None, notice: Notice | None = None, status: int = 200
) -> Response:
    ask, of = desk.services.get, {"patient_id": str(patient_id), "limit": ROWS_MAX}
    top, found, returned = await asyncio.gather(
        head(desk, patient_id),
        attempt(ask("notifications", "/v1/messages", cursor=cursor, **of)),
        attempt(ask("notifications", "/v1/suppressed-addresses", is_lifted="false", **of)),
    )
    shown = {"found": found, "returned": returned, "tab": "messages"}
    return desk.page("patient_messages.html", status=status, notice=notice, **(top | shown))
