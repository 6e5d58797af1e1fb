"""`remittances FILE --clinic ID`: an insurer's X12 835 into the decisions that invoicing applies."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from remittances.importing import Imported, import_file
from remittances.invoices import Invoices
from remittances.problems import NotImported
from remittances.publishing import KafkaPublisher

DONE, UNMATCHED, REFUSED = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """0: every claim was announced, now or before; 1: some match no invoice; 2: not imported, and why."""
    parser = argparse.ArgumentParser(prog="remittances", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--clinic", type=UUID, required=True, help="the clinic that the token is for")
    parser.add_argument("--payer", type=UUID, help="the insurer's id; else it is found by its name on the invoice")
    parser.add_argument("--invoicing", default=os.environ.get("INVOICING_URL"), help="or INVOICING_URL")
    parser.add_argument("--kafka", default=os.environ.get("KAFKA_BOOTSTRAP"), help="or KAFKA_BOOTSTRAP")
    given = parser.parse_args(argv)
    token = os.environ.get("TOKEN", "")
    if not (given.invoicing and given.kafka and token):
        parser.error("--invoicing, --kafka and the environment's TOKEN (scope invoices:read) are needed")
    return asyncio.run(run(given.file, given.clinic, given.invoicing, given.kafka, token, given.payer))


async def run(file: Path, clinic_id: UUID, invoicing: str, kafka: str, token: str, payer_id: UUID | None = None) -> int:
    """Import a file and say what came of it."""
    try:
        async with Invoices(invoicing, token) as invoices, KafkaPublisher(kafka) as publisher:
            found = await import_file(file, clinic_id, invoices, publisher, payer_id)
    except (NotImported, OSError) as error:
        sys.stderr.write(f"Not imported: {error}\n")
        return REFUSED
    for one in found:
        for line in told(one):
            sys.stdout.write(line + "\n")
    return UNMATCHED if any(one.unmatched for one in found) else DONE


def told(one: Imported) -> list[str]:
    """What became of a remittance, in lines."""
    sums = f"{one.claims} claims pay {one.claims_paid}, less {one.withheld} withheld (PLB), transferred {one.amount}"
    lines = [f"Remittance {one.reference} of {one.payer_name}: {sums}"]
    if one.imported_before:
        lines.append(f"  imported before: {one.imported_before} of {one.claims} claims, nothing of them is repeated")
    if one.published:
        lines.append(f"  announced: {one.published} decisions")
    if one.unbalanced:
        lines.append(f"  {one.unbalanced} of them do not balance: see GET /v1/set-aside-decisions")
    if one.predeterminations:
        lines.append(f"  {one.predeterminations} predeterminations decide nothing")
    if one.unmatched:
        more = ", …" if one.unmatched > len(one.unmatched_numbers) else ""
        named = ", ".join(one.unmatched_numbers) + more
        lines.append(f"  {one.unmatched} claims match no issued invoice (CLP01): {named}")
    return lines
