"""How a request changes or reads something: one transaction for the token's clinic, and the answer stored with it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from uuid import UUID

import asyncpg
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response
from structlog import get_logger
from structlog.contextvars import bind_contextvars

from chassis.callers import Caller
from chassis.clock import uptime
from chassis.database import Database, Work
from chassis.database.faults import SESSION_FAULTS
from chassis.http.auth import caller_of, require_scope
from chassis.http.connection import CONNECTION
from chassis.http.edge import ARRIVED, ClientGone, require_client
from chassis.http.etags import etag_of, version_matched
from chassis.http.exports import Exports
from chassis.http.idempotency import Claim, claim_of, refused_by_key
from chassis.http.parameters import require_known_parameters
from chassis.http.problems import IN_PROGRESS, ProblemError
from chassis.messaging.errors import is_transient
from chassis.resources import Resources

JSON = "application/json"

log = get_logger(__name__)


class Change:
    """One change, as one transaction: `async with change as work`, and `change.answer(...)` as its last step.

    The answer is stored in the transaction of the effect, so the same Idempotency-Key is answered the same ever after
    (`ALL-1`). An error undoes everything and stores no answer: a request that was refused may be tried again, and an
    earlier attempt that comes through only then is not carried out any more.
    """

    def __init__(
        self, database: Database, caller: Caller, claim: Claim | None, if_match: str | None, request: Request
    ) -> None:
        self._database = database
        self._request = request
        self._caller = caller
        self._claim = claim
        self._if_match = if_match
        self._transaction: AbstractAsyncContextManager[Work] | None = None
        self._work: Work | None = None
        self._answer: Response | None = None

    @property
    def subject(self) -> str:
        """Who makes the change (`ALL-5`)."""
        return self._caller.subject

    @property
    def clinic_id(self) -> UUID:
        """The clinic that it is made for (`ALL-4`)."""
        return self._caller.clinic_id

    @property
    def scopes(self) -> frozenset[str]:
        """What the caller's token permits."""
        return self._caller.scopes

    def require(self, scope: str) -> None:
        """Demand a further scope, where it depends on the request. Raises ProblemError (403)."""
        require_scope(self._caller, scope)

    def if_match(self) -> int:
        """The version that the client decided on. Raises PreconditionRequired (428), PreconditionFailed (412)."""
        return version_matched(self._if_match)

    async def __aenter__(self) -> Work:
        self._request.state.refused = None
        self._transaction = self._database.transaction([self._caller.clinic_id], self._caller.subject)
        work = await self._transaction.__aenter__()
        try:
            if self._claim is not None:
                await self._claim.take(work)
        except BaseException as error:
            await self._transaction.__aexit__(type(error), error, error.__traceback__)
            raise
        self._work = work
        return work

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        if self._transaction is None or self._work is None:
            raise RuntimeError("a change is left before it was entered")
        if error is None and self._claim is not None:
            try:
                self._claim.keep(self._work, self._answered())
                await self._require_client()
            except BaseException as failure:
                await self._transaction.__aexit__(type(failure), failure, failure.__traceback__)
                raise
        try:
            return await self._transaction.__aexit__(kind, error, traceback)
        except asyncpg.UniqueViolationError as violation:
            if refused_by_key(violation):
                raise ProblemError(IN_PROGRESS) from None
            raise
        finally:
            refused = self._claim is not None and isinstance(error, Exception) and not is_transient(error)
            self._request.state.refused = self if refused else None

    async def _require_client(self) -> None:
        """See that somebody still waits: who has gone may have been refused meanwhile, elsewhere. Raises ClientGone."""
        require_client(self._request.scope)
        if CONNECTION not in self._request.scope and await self._request.is_disconnected():
            raise ClientGone

    async def note_refusal(self) -> None:
        """Note, before anybody is told, that it was refused: an attempt stuck on its way is not to be carried out then.

        In a transaction of its own, as the request's is undone; a fault of it changes nothing of the refusal.
        """
        if self._claim is None:
            return
        try:
            async with self._database.transaction([self._caller.clinic_id], self._caller.subject) as work:
                await self._claim.refuse(work)
        except SESSION_FAULTS as fault:
            log.warning("refusal_not_noted", error_type=type(fault).__name__)

    def answer(
        self,
        status: int,
        body: BaseModel | None = None,
        *,
        location: str | None = None,
        etag: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer to this change, rendered once: what is stored is what is sent."""
        sent = dict(headers or {})
        if location is not None:
            sent["Location"] = location
        if etag is not None:
            sent["ETag"] = etag_of(etag)
        self._answer = rendered(status, body, sent)
        return self._answer

    def _answered(self) -> Response:
        if self._answer is None:
            raise RuntimeError("a change under an Idempotency-Key needs change.answer(...) inside its block")
        return self._answer


def rendered(status: int, body: BaseModel | None, headers: Mapping[str, str]) -> Response:
    """A response of a pydantic model's JSON; an empty one where there is no model."""
    if body is None:
        return Response(status_code=status, headers=headers)
    return Response(body.model_dump_json(by_alias=True).encode(), status, headers, JSON)


class Changing:
    """A dependency: the caller may change things, given this scope. A POST needs an Idempotency-Key (`ALL-1`)."""

    def __init__(self, scope: str) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> Change:
        """Check the token and its scope, and prepare the change; nothing is begun yet."""
        resources: Resources = request.app.state.resources
        caller = await _caller(request, resources, self.scope)
        arrived = request.scope[ARRIVED]
        claim = claim_of(request, caller.subject, lambda: uptime() - arrived)
        return Change(resources.database, caller, claim, request.headers.get("if-match"), request)


class Read:
    """A look at the clinic's rows: `async with read as connection`."""

    def __init__(self, database: Database, caller: Caller, exports: Exports) -> None:
        self.exports = exports
        """Where files of many rows are made."""
        self._database = database
        self._caller = caller
        self._reading: AbstractAsyncContextManager[AsyncConnection] | None = None

    @property
    def subject(self) -> str:
        """Who reads."""
        return self._caller.subject

    @property
    def clinic_id(self) -> UUID:
        """The clinic whose rows are read (`ALL-4`)."""
        return self._caller.clinic_id

    @property
    def scopes(self) -> frozenset[str]:
        """What the caller's token permits."""
        return self._caller.scopes

    async def __aenter__(self) -> AsyncConnection:
        """Begin; it can be entered again after it was left, as one does while waiting for an event."""
        self._reading = self._database.reading([self._caller.clinic_id])
        return await self._reading.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        if self._reading is None:
            raise RuntimeError("a reading is left before it was entered")
        return await self._reading.__aexit__(kind, error, traceback)

    def answer(self, body: BaseModel, *, etag: int | None = None, status: int = 200) -> Response:
        """An answer with the ETag of the version read, rendered without a second validation."""
        return rendered(status, body, {} if etag is None else {"ETag": etag_of(etag)})


class Reading:
    """A dependency: the caller may read things, given this scope."""

    def __init__(self, scope: str) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> Read:
        """Check the token and its scope; nothing is begun yet."""
        resources: Resources = request.app.state.resources
        return Read(resources.database, await _caller(request, resources, self.scope), request.app.state.exports)


async def _caller(request: Request, resources: Resources, scope: str) -> Caller:
    caller = await caller_of(request, resources.verifier)
    bind_contextvars(clinic_id=str(caller.clinic_id))
    require_scope(caller, scope)
    require_known_parameters(request)
    return caller
