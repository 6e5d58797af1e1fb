"""The Idempotency-Key: a change repeated under its key is made once and answered as it was the first time (`ALL-1`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response

from chassis.database import Database, Work
from chassis.database.driver import Statement, driver_of
from chassis.database.lease import lock_number
from chassis.http.edge import PARSED_BODY
from chassis.http.problems import IN_PROGRESS, KEY_MISSING, KEY_REUSED, OVERTAKEN, Invalid, ProblemError
from chassis.sentence import Sentence

HEADER = "Idempotency-Key"
KEY_LENGTH_MAX = 255
KEPT_DAYS = 7
"""How long an answer is repeated; clients give up long before."""

_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
_SWEPT_AT_ONCE = 1_000
_SWEEPS_MAX = 100

_ASKED_MOST = 5

_REFUSED = 0
"""Stands for a status where a request under the key was refused: the key is free, but for attempts from before."""

# One round trip takes the lock and looks. The lock ends with the transaction, so a crash leaves nothing behind.
# Should the first request commit between this statement's snapshot and its lock, the primary key refuses the second:
# see `refused_by_key`. Answers of before keys were a person's stand under the bare key.
_TAKE = """
SELECT l.taken, k.fingerprint, k.status, k.headers::text, k.body, k.created_at
  FROM (SELECT pg_try_advisory_xact_lock($3) AS taken) AS l
  LEFT JOIN idempotency_keys AS k ON k.clinic_id = $1 AND k.key IN ($2, $4)
 ORDER BY k.key = $2 DESC LIMIT 1
"""
_INSERT = """
INSERT INTO idempotency_keys (clinic_id, key, method_path, fingerprint, status, headers, body)
VALUES (:clinic_id, :key, :method_path, :fingerprint, :status, :headers, :body)
"""
_KEEP = Statement(_INSERT)
_KEEP_AFTER_REFUSAL = Statement(
    f"""
{_INSERT}
ON CONFLICT (clinic_id, key) DO UPDATE
   SET method_path = excluded.method_path, fingerprint = excluded.fingerprint, status = excluded.status,
       headers = excluded.headers, body = excluded.body, created_at = now()
"""  # noqa: S608 - constants
)
# Which attempt came first is told by one clock, the database's, and by how long each has been here: machines differ.
_REFUSE = """
INSERT INTO idempotency_keys AS k (clinic_id, key, method_path, fingerprint, status, headers, body, created_at)
SELECT $1, $2, $3, $4, 0, '{}', '', clock_timestamp() - make_interval(secs => $5)
  FROM (SELECT pg_try_advisory_xact_lock($6) AS taken) AS l WHERE l.taken
ON CONFLICT (clinic_id, key) DO UPDATE SET created_at = greatest(k.created_at, excluded.created_at) WHERE k.status = 0
"""
_SWEEP = """
DELETE FROM idempotency_keys
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency_keys
                          WHERE created_at < now() - make_interval(days => $1) LIMIT $2))
"""


class Replayed(Exception):
    """The change was made before, under the same key: this is what it was answered."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class Claim:
    """A request's claim to be the one that is carried out under its key, which is its person's own."""

    def __init__(
        self, subject: str, key: str, method_path: str, fingerprint: bytes, age_seconds: Callable[[], float]
    ) -> None:
        self._key = f"{subject}\n{key}"
        self._bare = key
        self._method_path = method_path
        self._fingerprint = fingerprint
        self._age_seconds = age_seconds
        self._keep = _KEEP

    async def take(self, work: Work) -> None:
        """Take the key for this transaction.

        Raises Replayed with the first answer; ProblemError 409 while the first request still runs, or where one that
        came after this was refused; 422 where the key was used for another request.
        """
        driver = await driver_of(work.connection)
        row = await driver.fetchrow(_TAKE, work.clinic_id, self._key, self._lock(work.clinic_id), self._bare)
        if row["status"] == _REFUSED:
            await self._require_later(driver, row["created_at"])
        elif row["fingerprint"] is not None:
            raise self._as_before(row)
        if not row["taken"]:
            raise ProblemError(IN_PROGRESS)

    def keep(self, work: Work, response: Response) -> None:
        """Store the answer, in the transaction of the effect."""
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        values = {
            "clinic_id": work.clinic_id,
            "key": self._key,
            "method_path": self._method_path,
            "fingerprint": self._fingerprint,
            "status": response.status_code,
            "headers": orjson.dumps(headers).decode(),
            "body": bytes(response.body),
        }
        work.write_at_the_end(self._keep, values)

    async def refuse(self, work: Work) -> None:
        """Note that the request was refused: an attempt from before it, stuck on its way, is not to be carried out.

        Where another attempt is in its transaction at this moment, that one decides.
        """
        driver = await driver_of(work.connection)
        place = (work.clinic_id, self._key, self._method_path, self._fingerprint)
        await driver.execute(_REFUSE, *place, self._age_seconds(), self._lock(work.clinic_id))

    def _lock(self, clinic_id: UUID) -> int:
        return lock_number(f"{clinic_id} {self._key}")

    async def _require_later(self, driver: Any, refused: datetime) -> None:
        """It came between two instants, as asking takes time: where the refusal is between them, it is asked again."""
        self._keep = _KEEP_AFTER_REFUSAL
        for _ in range(_ASKED_MOST):
            before = self._age_seconds()
            now = await driver.fetchval("SELECT clock_timestamp()")
            if now - timedelta(seconds=self._age_seconds()) >= refused:
                return
            if now - timedelta(seconds=before) < refused:
                break
        raise ProblemError(OVERTAKEN)

    def _as_before(self, row: Mapping[str, Any]) -> Exception:
        if row["fingerprint"] != self._fingerprint:
            return ProblemError(KEY_REUSED)
        headers = orjson.loads(row["headers"]) | {"Idempotency-Replayed": "true"}
        return Replayed(Response(row["body"], row["status"], headers))


def refused_by_key(error: asyncpg.UniqueViolationError) -> bool:
    """Whether the commit of a first request came between the claim of a second one and its end."""
    return bool(error.table_name == "idempotency_keys")


def claim_of(request: Request, subject: str, age_seconds: Callable[[], float]) -> Claim | None:
    """The claim of a person's request, which has been here for so long.

    None where it has no key and needs none. Raises ProblemError 400 or 422.
    """
    key = request.headers.get(HEADER)
    if key is None:
        if request.method == "POST":
            raise ProblemError(KEY_MISSING)
        return None
    if not _KEY.fullmatch(key):
        raise Invalid(HEADER, Sentence("must be 1 to {most} printable ASCII characters", most=KEY_LENGTH_MAX))
    path = f"{request.method} {request.scope['path']}"
    fingerprint = _fingerprint(path, request.scope["query_string"], request.scope.get(PARSED_BODY))
    return Claim(subject, key, path, fingerprint, age_seconds)


def _fingerprint(path: str, query: bytes, body: object) -> bytes:
    """What makes two requests the same: method, path, query, and the body's JSON in whatever spelling."""
    canonical = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(b"\n".join((path.encode(), query, canonical))).digest()


async def sweep(database: Database) -> int:
    """Delete answers older than a week, some at a time; returns how many went."""
    swept = 0
    for _ in range(_SWEEPS_MAX):
        async with database.transaction([], "sweeper") as work:
            driver = await driver_of(work.connection)
            await driver.execute("SELECT set_config('app.sweeping', 'on', true)")
            count = int((await driver.execute(_SWEEP, KEPT_DAYS, _SWEPT_AT_ONCE)).split()[-1])
        swept += count
        if count < _SWEPT_AT_ONCE:
            break
    return swept
