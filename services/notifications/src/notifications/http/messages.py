"""The log of messages (`NOT-6`), sending again by hand (`NOT-3`), and its proof (`ALL-8`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from chassis.clock import zone
from chassis.database.merged_records import records_of
from chassis.http import NotFound, Page, Paging, pattern, problems
from chassis.http.period import require_in_order
from chassis.http.time import Day
from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from notifications.domain.message import MessageFilter, State
from notifications.domain.notice import Notice
from notifications.http.message_requests import ResendBody
from notifications.http.message_responses import MessageOut, MessageWithHistory, ProofOut
from notifications.http.scopes import NotificationsRead, NotificationsWrite, OperationsRead
from notifications.persistence import messages, queries
from notifications.persistence.clinics import zone_of
from notifications.use_cases.prove_log import prove_log
from notifications.use_cases.resend_message import ResendMessage, resend_message

router = APIRouter(tags=["messages"])

_EVENT_ID = pattern(r"^[!-~]+$", "is not an event's id")


class MessageQuery:
    """The filters of the log; days are the clinic's calendar days, both included."""

    def __init__(
        self,
        patient_id: UUID | None = None,
        event_id: Annotated[str | None, Query(max_length=200, pattern=_EVENT_ID)] = None,
        state: Annotated[
            list[State] | None, Query(max_length=len(State), description="One of these; repeated for several")
        ] = None,
        notice: Notice | None = None,
        from_day: Annotated[Day | None, Query(alias="from")] = None,
        to_day: Annotated[Day | None, Query(alias="to")] = None,
    ) -> None:
        require_in_order(from_day, to_day)
        self.patient_id = patient_id
        self.plain = MessageFilter(event_id=event_id, states=state, notice=notice)
        self.from_day = from_day
        self.to_day = to_day

    async def filter(self, connection: AsyncConnection, clinic_id: UUID) -> MessageFilter:
        """The filter, with all records of its patient, and its days as instants in the clinic's zone."""
        plain = self.plain
        if self.patient_id is not None:
            plain = replace(plain, patients=await records_of(connection, clinic_id, self.patient_id))
        if self.from_day is None and self.to_day is None:
            return plain
        zone_name = await zone_of(connection, clinic_id)
        return replace(
            plain,
            since=_midnight(self.from_day, zone_name) if self.from_day else None,
            until=_after(self.to_day, zone_name) if self.to_day else None,
        )


@router.get("/v1/messages", response_model=Page[MessageOut])
async def get_messages(
    read: NotificationsRead, wanted: Annotated[MessageQuery, Depends()], paging: Annotated[Paging, Depends()]
) -> Response:
    """Messages, the newest first."""
    async with read as connection:
        chosen = await wanted.filter(connection, read.clinic_id)
        after = paging.after_value(UUID)
        rows = await queries.newest_messages(connection, chosen, after, paging.fetch)
    return read.answer(paging.page(rows, key=lambda message: (message.id,), show=MessageOut.of))


@router.get("/v1/messages/{message_id}", response_model=MessageWithHistory, responses=problems(404))
async def get_message(message_id: UUID, read: NotificationsRead) -> Response:
    """One message, with all that happened to it."""
    async with read as connection:
        message = await queries.message_with_id(connection, message_id)
        history = await queries.history_of(connection, message_id)
    if message is None:
        raise NotFound(f"There is no message {message_id} in this clinic.")
    return read.answer(MessageWithHistory.with_history(message, history), etag=message.version)


@router.post(
    "/v1/messages/{message_id}/resend", status_code=202, response_model=MessageOut, responses=problems(404, 409)
)
async def post_resend(message_id: UUID, body: ResendBody, change: NotificationsWrite) -> Response:
    """Send again by hand: what did not arrive as itself, what was sent as a copy, which is the answer.

    It is checked again: what the patient does not consent to, or is no longer true, is suppressed; a copy of an invoice
    goes also where that is paid. What is on its way is not sent beside that.
    """
    async with change as work:
        message = await resend_message(work, ResendMessage(message_id, body.reason))
        return change.answer(202, MessageOut.of(message), location=f"/v1/messages/{message.id}")


@router.get("/v1/prove", response_model=ProofOut, tags=["operations"])
async def get_proof(read: OperationsRead) -> Response:
    """Whether the clinic's log agrees with itself: every message accepted at most once, none lost, none twice."""
    async with read as connection:
        proven = await prove_log(connection, read.clinic_id)
        due = await messages.count_due(connection, read.clinic_id)
        oldest_claim_at = await queries.oldest_claim_at(connection)
    return read.answer(ProofOut.of(proven, due, oldest_claim_at))


def _midnight(day: date, zone_name: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone(zone_name)).astimezone(UTC)


def _after(day: date, zone_name: str) -> datetime | None:
    """The midnight that ends a day; the last day of all calendars has none."""
    return _midnight(day + timedelta(days=1), zone_name) if day < date.max else None
