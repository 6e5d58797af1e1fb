"""The proof of a clinic as an endpoint: each service's own, and the services beside each other (`ALL-8`)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local_stack.edge.bearer import Guard, Refusal
from local_stack.practice.addresses import Addresses

if TYPE_CHECKING:
    from local_stack.practice.proving import Proof

PATIENCE_SECONDS = 5.0
"""How long a part may not answer before there is no proof, and how long a difference, or a message that waits for
another, is given to be gone: a receipt may be on its way. Whoever asks can ask again."""


def proof_routes(addresses: Addresses, guard: Guard) -> list[Route]:
    """`GET /prove/{clinic_id}`, for whoever has a token of the clinic with the scope `operations`."""

    async def prove_clinic(request: Request) -> Response:
        # What speaks to the services and to Kafka is loaded when it is first asked for: the stack starts without it.
        from local_stack.practice.api import Api
        from local_stack.practice.problems import PlayError
        from local_stack.practice.proving import prove

        try:
            clinic_id = await guard.require(request.headers.get("authorization"), request.path_params["clinic_id"])
            async with Api(addresses, PATIENCE_SECONDS) as api:
                proof = await prove(api, [clinic_id], PATIENCE_SECONDS, PATIENCE_SECONDS)
        except Refusal as refusal:
            return refusal.answer()
        except PlayError as error:
            return Refusal.unavailable(f"There is no proof now: {error}").answer()
        return _shown(clinic_id, proof)

    return [Route("/prove/{clinic_id}", prove_clinic)]


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
        }
    )
