"""What the provider of text messages says later of one that it took (`NOT-8.6`)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from chassis.http import NotFound
from chassis.http.problems import ProblemError, problem_for_status
from chassis.resources import Resources
from fastapi import APIRouter, Request
from starlette.responses import Response

from notifications.channels.links import SignedLinks
from notifications.channels.sms.status import PATH, SIGNATURE, failure_in, is_signed
from notifications.domain.bounce import Bounce
from notifications.use_cases.record_bounces import record_bounces

router = APIRouter(include_in_schema=False)

ACTOR = "provider:sms"
_FIELDS_MAX = 100
_FORBIDDEN = 403


@router.post(PATH + "{token}")
async def post_sms_status(request: Request, token: str) -> Response:
    """Note that it did not arrive, and send no more to a number that never will get one."""
    resources: Resources = request.app.state.resources
    links: SignedLinks | None = resources.state.status_links
    found = links.message_of(token) if links else None
    if links is None or found is None:
        raise NotFound("There is no such link.")
    clinic_id, message_id = found
    form = await _signed_form(request, links.link_of(clinic_id, message_id))
    if (code := failure_in(form)) is not None:
        async with resources.database.transaction([clinic_id], ACTOR) as work:
            await record_bounces(work, [Bounce(message_id, code)])
    return Response(status_code=204)


async def _signed_form(request: Request, url: str) -> dict[str, str]:
    """What the provider says. Raises ProblemError (403) where it was somebody else."""
    secret = request.app.state.resources.settings.sms_auth_token
    body = (await request.body()).decode("utf-8", "replace")
    try:
        form = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=_FIELDS_MAX))
    except ValueError:
        raise ProblemError(problem_for_status(_FORBIDDEN)) from None
    given = request.headers.get(SIGNATURE, "")
    if secret is None or not is_signed(given, secret.get_secret_value(), url, form):
        raise ProblemError(problem_for_status(_FORBIDDEN))
    return form
