"""`remittances FILE --clinic ID`: an insurer's X12 835 into the decisions that invoicing applies."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from remittances.following import follow
from remittances.imported import told
from remittances.importing import import_file
from remittances.invoices import Invoices
from remittances.problems import NotImported
from remittances.publishing import KafkaPublisher

DONE, UNMATCHED, REFUSED = 0, 1, 2
PATIENCE_SECONDS = 30.0


def main(argv: Sequence[str] | None = None) -> int:
    """0: every claim was announced, now or before; 1: some match no invoice; 2: not imported, and why."""
    parser = argparse.ArgumentParser(prog="remittances", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--clinic", type=UUID, required=True, help="the clinic that the token is for")
    parser.add_argument("--payer", type=UUID, help="the insurer's id; else it is found by its name on the invoice")
    parser.add_argument("--invoicing", default=os.environ.get("INVOICING_URL"), help="or INVOICING_URL")
    parser.add_argument("--kafka", default=os.environ.get("KAFKA_BOOTSTRAP"), help="or KAFKA_BOOTSTRAP")
    parser.add_argument("--wait", type=float, default=PATIENCE_SECONDS, help="seconds to wait for invoicing (30)")
    given = parser.parse_args(argv)
    token = os.environ.get("TOKEN", "")
    if not (given.invoicing and given.kafka and token):
        parser.error("--invoicing, --kafka and the environment's TOKEN (scope invoices:read) are needed")
    where = (given.invoicing, given.kafka, token, given.payer)
    return asyncio.run(run(given.file, given.clinic, *where, patience_seconds=given.wait))


async def run(
    file: Path,
    clinic_id: UUID,
    invoicing: str,
    kafka: str,
    token: str,
    payer_id: UUID | None = None,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
) -> int:
    """Import a file and say what came of it."""
    try:
        async with Invoices(invoicing, token) as invoices, KafkaPublisher(kafka) as publisher:
            found = await import_file(file, clinic_id, invoices, publisher, payer_id)
            await follow(found, invoices, patience_seconds)
    except (NotImported, OSError) as error:
        sys.stderr.write(f"Not imported: {error}\n")
        return REFUSED
    for one in found:
        for line in told(one):
            sys.stdout.write(line + "\n")
    return UNMATCHED if any(one.unmatched for one in found) else DONE
