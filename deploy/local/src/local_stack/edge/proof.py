"""The proof of a clinic as an endpoint: each service's own, and the services beside each other (`ALL-8`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local_stack.practice.addresses import Addresses

if TYPE_CHECKING:
    from chassis.http.auth import TokenVerifier

    from local_stack.practice.proving import Proof

SCOPE = "operations"
PATIENCE_SECONDS = 5.0
"""How long a part may not answer before there is no proof, and how long a difference, or a message that waits for
another, is given to be gone: a receipt may be on its way. Whoever asks can ask again."""


def proof_routes(addresses: Addresses, verifier: Callable[[], TokenVerifier]) -> list[Route]:
    """`GET /prove/{clinic_id}`, for whoever has a token of the clinic with the scope `operations` (`ALL-4`, `ALL-5`).

    `verifier` is asked for with each proof.
    """

    async def prove_clinic(request: Request) -> Response:
        # What speaks to the services and to Kafka is loaded when it is first asked for: the stack starts without it.
        from chassis.http.problems import UNAVAILABLE, ProblemError, problem_response, response_to

        from local_stack.practice.api import Api
        from local_stack.practice.problems import PlayError
        from local_stack.practice.proving import prove

        try:
            clinic_id = await _clinic_of(request, verifier())
            async with Api(addresses, PATIENCE_SECONDS) as api:
                proof = await prove(api, [clinic_id], PATIENCE_SECONDS, PATIENCE_SECONDS)
        except ProblemError as refusal:
            return response_to(refusal)
        except PlayError as error:
            return problem_response(UNAVAILABLE, f"There is no proof now: {error}")
        return _shown(clinic_id, proof)

    return [Route("/prove/{clinic_id}", prove_clinic)]


async def _clinic_of(request: Request, verifier: TokenVerifier) -> UUID:
    """The clinic that is asked for, as the token is of it; another is not told from none. Raises ProblemError."""
    from chassis.http.auth import caller_of, require_scope
    from chassis.http.problems import NotFound

    caller = await caller_of(request, verifier)
    require_scope(caller, SCOPE)
    if request.path_params["clinic_id"].lower() != str(caller.clinic_id):
        raise NotFound("The token's clinic is another, or none has this id")
    return caller.clinic_id


def _shown(clinic_id: UUID, proof: Proof) -> Response:
    outcome, wrong = proof.compared, proof.told()
    compared = [
        asdict(one) | {"compared": count, "seconds": round(outcome.seconds[one], 3)}
        for one, count in outcome.counts.items()
    ]
    return JSONResponse(
        {
            "clinic_id": str(clinic_id),
            "proven": not wrong,
            "figures": proof.figures,
            "compared": compared,
            "differences": wrong,
            "awaiting": outcome.awaiting,
        }
    )
