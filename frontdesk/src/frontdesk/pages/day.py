"""The day: what came in by method and group, the cash drawer, and what waits for somebody."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Missing, Refused, Unreachable, attempt
from frontdesk.desk import AtDesk, Desk, Id, Notice, Submitted, text_of

router = APIRouter()
BOOKINGS_MAX = 100
WAITING_MAX = 20
FAILED_MAX = 15
_WAITING = {
    "credits": "credit_requests",
    "reviews": "invoice_reviews",
    "parked": "set_aside_decisions",
    "proposals": "debit_proposals",
}
_FAILED = ("given_up", "refused", "unknown", "bounced")


@router.get("/day")
async def today(desk: AtDesk, on: str = "", cursor: str | None = None) -> Response:
    """The clinic's day, today unless another is asked for; with a `cursor`, more of what was booked on it."""
    return await _page(desk, _day_of(desk, on), cursor=cursor)


def _day_of(desk: Desk, given: str) -> date:
    try:
        return date.fromisoformat(given) if given else desk.formats.today()
    except ValueError:
        return desk.formats.today()


@router.post("/requests/{kind}/{request_id}/{verb}")
async def decide(desk: AtDesk, kind: str, request_id: Id, verb: str, form: Submitted) -> Response:
    """Approve or reject what somebody else has requested, or withdraw one's own (`PAY-15`)."""
    service = {"refund": "payments", "credit": "invoicing"}.get(kind)
    said = {"approval": "Approved.", "rejection": "Rejected.", "withdrawal": "Withdrawn."}.get(verb)
    if service is None or said is None:
        return await _page(desk, desk.formats.today(), status=404)
    body = None if verb == "approval" else {"reason": text_of(form, "reason")}
    path = f"/v1/{kind}-requests/{{}}/{verb}"
    return await _do(desk, form, service, path, str(request_id), body, said)


@router.post("/reviews/{invoice_id}")
async def review(desk: AtDesk, invoice_id: Id, form: Submitted) -> Response:
    """Close an invoice's review: somebody has looked at it (`INV-1`)."""
    body = {"reason": text_of(form, "reason")}
    return await _do(desk, form, "invoicing", "/v1/invoices/{}/review", str(invoice_id), body, "Looked at.")


@router.post("/parked/{parked_id}/{verb}")
async def parked(desk: AtDesk, parked_id: Id, verb: str, form: Submitted) -> Response:
    """Try a parked adjudication again, or dismiss it (`INS-8`)."""
    if verb not in ("retry", "dismiss"):
        return await _page(desk, desk.formats.today(), status=404)
    if verb == "retry":
        return await _do(
            desk, form, "invoicing", "/v1/set-aside-decisions/{}/retry", str(parked_id), {}, "Tried again."
        )
    body = {"reason": text_of(form, "reason")}
    path = "/v1/set-aside-decisions/{}/dismiss"
    return await _do(desk, form, "invoicing", path, str(parked_id), body, "Dismissed.")


@router.post("/proposals/{proposal_id}/{verb}")
async def propose(desk: AtDesk, proposal_id: Id, verb: str, form: Submitted) -> Response:
    """Debit what a bank took back after it was refunded, or let the clinic bear it (`PAY-6`)."""
    said = {"debit-note": "Debited.", "dismissal": "Dismissed."}.get(verb)
    if said is None:
        return await _page(desk, desk.formats.today(), status=404)
    body = {"reason": text_of(form, "reason")}
    return await _do(desk, form, "invoicing", f"/v1/debit-proposals/{{}}/{verb}", str(proposal_id), body, said)


@router.post("/messages/{message_id}/resend")
async def resend(desk: AtDesk, message_id: Id, form: Submitted) -> Response:
    """Send a message that failed again (`NOT-3`)."""
    body = {"reason": text_of(form, "reason") or desk.t("Sent again at the desk")}
    path = "/v1/messages/{}/resend"
    return await _do(desk, form, "notifications", path, str(message_id), body, "It is sent again.")


async def _do(
    desk: Desk, form: Submitted, service: str, path: str, about: str, body: dict[str, Any] | None, said: str
) -> Response:
    try:
        done = await desk.services.change(service, path, about, body=body, key=text_of(form, "key"))
    except (Refused, Unreachable) as trouble:
        return await _page(desk, desk.formats.today(), desk.told(trouble), 409)
    if (done.body or {}).get("decided_by", desk.person.subject) != desk.person.subject:
        return desk.go("/day", Notice(desk.t("Somebody else has decided this already."), "refused"))
    return desk.go("/day", Notice(desk.t(said)))


async def _page(
    desk: Desk, on: date, notice: Notice | None = None, status: int = 200, cursor: str | None = None
) -> Response:
    ask, whole = desk.services.get, {"limit": WAITING_MAX}
    booked = {"limit": BOOKINGS_MAX, "cursor": cursor}
    sheet, bookings, refunds, waiting, ageing, messages = await asyncio.gather(
        attempt(_sheet(desk, on)),
        attempt(ask("payments", "/v1/day-sheets/{}/transactions", on.isoformat(), **booked)),
        attempt(ask("payments", "/v1/refund-requests", state="requested", **whole)),
        attempt(ask("invoicing", "/v1/waiting", **whole)),
        attempt(ask("invoicing", "/v1/reports/ageing", debtor="patient", limit=8)),
        attempt(ask("notifications", "/v1/messages", state=_FAILED, limit=FAILED_MAX)),
    )
    shown = {"sheet": sheet, "bookings": bookings, "refunds": refunds, "ageing": ageing, "messages": messages, "on": on}
    shown |= {name: waiting if isinstance(waiting, Missing) else waiting[kind] for name, kind in _WAITING.items()}
    shown |= {"before": on - timedelta(days=1), "after": on + timedelta(days=1)}
    return desk.page("day.html", status=status, notice=notice, **shown)


async def _sheet(desk: Desk, on: date) -> Any:
    try:
        return await desk.services.get("payments", "/v1/day-sheets/{}", on.isoformat())
    except Refused as refused:
        if refused.status in (409, 422):
            return None
        raise
