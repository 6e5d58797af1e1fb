"""The proof of a clinic as an endpoint: each service's own, and the services beside each other (`ALL-8`)."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local_stack.practice.addresses import Addresses


def proof_routes(addresses: Addresses) -> list[Route]:
    """`GET /prove/{clinic_id}`."""

    async def prove_clinic(request: Request) -> Response:
        # What speaks to the services and to Kafka is loaded when it is first asked for: the stack starts without it.
        from local_stack.practice.api import Api
        from local_stack.practice.problems import PlayError
        from local_stack.practice.proving import prove

        clinic_id: UUID = request.path_params["clinic_id"]
        try:
            async with Api(addresses) as api:
                proof = await prove(api, [clinic_id], patience_seconds=0)
        except PlayError as error:
            problem = {"title": "There is no proof now", "status": 503, "detail": str(error)}
            return JSONResponse(problem, HTTPStatus.SERVICE_UNAVAILABLE, media_type="application/problem+json")
        outcome = proof.compared
        compared = [
            asdict(one) | {"compared": count, "seconds": round(outcome.seconds[one], 3)}
            for one, count in outcome.counts.items()
        ]
        wrong = proof.told()
        return JSONResponse(
            {
                "clinic_id": str(clinic_id),
                "proven": not wrong,
                "figures": proof.figures,
                "compared": compared,
                "differences": wrong,
            }
        )

    return [Route("/prove/{clinic_id:uuid}", prove_clinic)]
