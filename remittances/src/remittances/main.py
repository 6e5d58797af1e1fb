"""`remittances FILE --clinic ID [--book]`: an insurer's X12 835 into decisions, and its transfers into payments."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from remittances.booking import Booked, book
from remittances.following import follow
from remittances.imported import Imported, told
from remittances.importing import import_file
from remittances.invoices import Invoices
from remittances.kafka import security_of
from remittances.payments import Payments
from remittances.problems import NotImported, Unreachable
from remittances.publishing import KafkaPublisher

DONE, UNMATCHED, REFUSED = 0, 1, 2
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Booking:
    """Where transfers are recorded, with which token (scopes payments:read, payments:write)."""

    payments: str
    token: str


def main(argv: Sequence[str] | None = None) -> int:
    """0: done, now or before; 1: some match no invoice, or are not booked; 2: not imported, and why."""
    parser = argparse.ArgumentParser(prog="remittances", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--clinic", type=UUID, required=True, help="the clinic that the token is for")
    parser.add_argument("--payer", type=UUID, help="the insurer's id; else it is found on the invoice")
    parser.add_argument("--book", action="store_true", help="record the transfers in payments, too")
    parser.add_argument("--another", action="store_true", help="it is another transfer than the one of its number")
    parser.add_argument("--invoicing", default=os.environ.get("INVOICING_URL"), help="or INVOICING_URL")
    parser.add_argument("--payments", default=os.environ.get("PAYMENTS_URL"), help="or PAYMENTS_URL; for --book")
    parser.add_argument("--kafka", default=os.environ.get("KAFKA_BOOTSTRAP"), help="or KAFKA_BOOTSTRAP")
    parser.add_argument("--wait", type=float, default=PATIENCE_SECONDS, help="seconds to wait for invoicing (30)")
    given = parser.parse_args(argv)
    token = os.environ.get("TOKEN", "")
    if not (given.invoicing and given.kafka and token):
        parser.error("--invoicing, --kafka and the environment's TOKEN (scope invoices:read) are needed")
    if given.book and not given.payments:
        parser.error("--book needs --payments, and a TOKEN with the scopes payments:read and payments:write")
    try:
        security = security_of(os.environ)
    except (ValueError, OSError) as unusable:
        parser.error(f"Kafka cannot be reached so: {unusable}")
    booking = Booking(given.payments, token) if given.book else None
    where = (given.invoicing, given.kafka, token, given.payer)
    more = {"booking": booking, "is_another": given.another, "patience_seconds": given.wait, "security": security}
    return asyncio.run(run(given.file, given.clinic, *where, **more))


async def run(
    file: Path,
    clinic_id: UUID,
    invoicing: str,
    kafka: str,
    token: str,
    payer_id: UUID | None = None,
    *,
    booking: Booking | None = None,
    is_another: bool = False,
    patience_seconds: float = PATIENCE_SECONDS,
    security: Mapping[str, Any] | None = None,
) -> int:
    """Import a file, book its transfers if asked, and say what came of it.

    `is_another` says that they are other transfers than those that are known under the same references. `security` is
    how one makes oneself known to Kafka (`remittances.kafka`).
    """
    try:
        async with (
            Invoices(invoicing, token, clinic_id=clinic_id) as invoices,
            KafkaPublisher(kafka, security) as publisher,
        ):
            found = await import_file(file, clinic_id, invoices, publisher, payer_id, is_another=is_another)
            await follow(found, invoices, patience_seconds)
            _say(line for one in found for line in told(one))
            code = UNMATCHED if any(one.unmatched for one in found) else DONE
            if booking is None:
                return code
            booked = await _book(found, clinic_id, invoices, booking, payer_id, is_another=is_another)
            return code or booked
    except Unreachable as error:
        sys.stderr.write(f"Not imported, or not all of it: {error}. Importing it again finishes it\n")
        return REFUSED
    except (NotImported, OSError) as error:
        sys.stderr.write(f"Not imported: {error}\n")
        return REFUSED


async def _book(
    found: Sequence[Imported],
    clinic_id: UUID,
    invoices: Invoices,
    booking: Booking,
    payer_id: UUID | None,
    *,
    is_another: bool,
) -> int:
    """Record the transfers, each once; 1 where one is not."""
    code = DONE
    async with Payments(booking.payments, booking.token, clinic_id=clinic_id) as payments:
        for one in found:
            if one.repeats:
                continue
            try:
                booked = await book(one, invoices, payments, datetime.now(UTC), payer_id, is_another=is_another)
            except Unreachable as error:
                booked = Booked("refused", str(error))
            _say([f"Transfer {one.reference} of {one.payer_name}: {'not booked, ' * booked.is_refused}{booked.said}"])
            _say(f"  {line}" for line in booked.credited)
            code = code or (UNMATCHED if booked.is_refused else DONE)
    return code


def _say(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
