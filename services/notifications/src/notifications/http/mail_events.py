"""What the mail provider says later of mails that it took (`NOT-8.7`)."""

from __future__ import annotations

from chassis.http import NotFound
from chassis.http.problems import BODY_MALFORMED, ProblemError, problem_for_status
from chassis.resources import Resources
from fastapi import APIRouter, Request
from starlette.responses import Response

from notifications.channels.email.mail_events import PATH, SIGNATURE, TIMESTAMP, EventsUnreadable, MailEvents
from notifications.use_cases.record_bounces import record_bounces

router = APIRouter(include_in_schema=False)

ACTOR = "provider:email"
_FORBIDDEN = 403


@router.post(PATH)
async def post_mail_events(request: Request) -> Response:
    """Note what did not arrive; said twice, it is noted once. Each clinic's in a transaction of its own (`ALL-4`)."""
    resources: Resources = request.app.state.resources
    events: MailEvents | None = resources.state.mail_events
    if events is None:
        raise NotFound("No mail provider is set up here.")
    body = await request.body()
    if not events.is_signed(request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, ""), body):
        raise ProblemError(problem_for_status(_FORBIDDEN))
    try:
        bounces = events.bounces_in(body)
    except EventsUnreadable:
        raise ProblemError(BODY_MALFORMED, "It is no list of events.") from None
    for clinic_id in sorted(bounces):
        async with resources.database.transaction([clinic_id], ACTOR) as work:
            await record_bounces(work, bounces[clinic_id])
    return Response(status_code=204)
