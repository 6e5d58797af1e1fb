"""`make demo`: one clinic day, with all that a real one has, and what came out of it."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from local_stack.practice.addresses import Addresses
from local_stack.practice.api import Api
from local_stack.practice.at_once import at_once
from local_stack.practice.comparison import Comparison
from local_stack.practice.csv_rows import DataError
from local_stack.practice.day import Day
from local_stack.practice.day_report import report
from local_stack.practice.events import ZONE
from local_stack.practice.extract import Extract
from local_stack.practice.following import until_all_followed
from local_stack.practice.ledger import as_amount, in_cents
from local_stack.practice.outcome import ReceiptShown, read_outcome
from local_stack.practice.play import AGREES, CANNOT, DIFFERS, opening, say, where_to_look
from local_stack.practice.player import Player
from local_stack.practice.problems import PlayError
from local_stack.practice.progress import Steps
from local_stack.practice.proving import prove
from local_stack.practice.unusual import Scene, play_scene, scenes_of

CLINIC_DAY = Path(__file__).resolve().parents[3] / "data" / "clinic-day"
PDFS_OF_VISITS = 8


async def run(addresses: Addresses, folder: Path, console: Console | None = None, data: Path = CLINIC_DAY) -> int:
    """Play the day and print what came out; PDFs go to `folder`. 0: the books balance; 1: not; 2: it was not played."""
    shown = console or Console(highlight=False)
    try:
        with Extract(data) as extract:
            day = await _play(addresses, extract, folder, shown)
    except (DataError, PlayError) as error:
        say(shown, f"The day was not played to its end: {error}")
        # The stack stops with the demo: what remains of a service is its log.
        where_to_look(shown, error, lambda service: str(folder.parent / "logs" / f"{service}*.log"))
        return CANNOT
    for line in report(day):
        say(shown, line)
    return DIFFERS if day.differences else AGREES


async def _play(addresses: Addresses, extract: Extract, folder: Path, console: Console) -> Day:
    began = time.monotonic()
    size = extract.check()
    say(console, opening(size))
    day = Day(datetime.now(UTC).astimezone(ZONE).date(), size.visits, folder=folder, mail=addresses.mail)
    clinics = list(extract.clinics())
    async with Api(addresses) as api:
        await api.reach()
        with Steps(console) as steps:
            played = await Player(extract, size, api, steps, day.date).play()
            day.payments, day.playing_seconds = played.payments, played.seconds
            day.scenes = scenes_of(extract, day.date)
            await at_once(day.scenes, lambda scene: play_scene(api, scene))
            day.differences = played.refusals + await Comparison(extract, api).compare()
            day.outcome = await read_outcome(api, clinics)
            await until_all_followed(api, day.outcome, steps)
        proof = await prove(api, [clinic.id for clinic in clinics])
        day.differences += await _scenes_amiss(api, day.scenes) + proof.told()
        day.proven = list(proof.lines())
        day.pdfs = await _download(api, day)
    day.seconds = time.monotonic() - began
    return day


async def _scenes_amiss(api: Api, scenes: list[Scene]) -> list[str]:
    """Scenes whose invoice asks for something else than their story says."""
    amiss = []
    for scene in scenes:
        invoice = (await api.get("invoicing", scene.clinic.id, f"/v1/invoices/{scene.invoice_id}")).body
        outstanding = in_cents(invoice["outstanding"]["amount"])
        if outstanding != scene.outstanding:
            wanted = as_amount(scene.outstanding)
            amiss.append(f"{scene.name}: {invoice['number']} asks for {as_amount(outstanding)} instead of {wanted}")
    return amiss


async def _download(api: Api, day: Day) -> int:
    """Save the receipts of the scenes and of some visits; returns how many."""
    day.folder.mkdir(parents=True, exist_ok=True)
    for old in day.folder.glob("*.pdf"):
        old.unlink()
    of_scenes = {transaction for scene in day.scenes for transaction in scene.transactions}
    receipts = sorted(day.outcome.receipts.values(), key=lambda receipt: (receipt.clinic.name, receipt.number))
    chosen = [receipt for receipt in receipts if receipt.transaction_id in of_scenes]
    others = [receipt for receipt in receipts if receipt.transaction_id not in of_scenes]
    chosen += others[:: max(1, len(others) // PDFS_OF_VISITS)][:PDFS_OF_VISITS]
    for receipt in chosen:
        pdf = await api.document("receipts", receipt.clinic.id, f"/v1/receipts/{receipt.id}/pdf")
        (day.folder / _file_name(receipt)).write_bytes(pdf)
    return len(chosen)


def _file_name(receipt: ReceiptShown) -> str:
    clinic = re.sub(r"[^a-z0-9]+", "-", receipt.clinic.name.lower()).strip("-")
    return f"{clinic[:40].strip('-')}-{receipt.number}{'-void' if receipt.state == 'void' else ''}.pdf"
