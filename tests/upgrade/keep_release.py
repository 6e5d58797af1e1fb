"""Keep what a release leaves behind, for the next one to be tried on: `python tests/upgrade/keep_release.py COMMIT`.

That commit's own code fills a database of each service with what happens in a practice, so that its rows are rows as
it writes them. Kept in `previous/`: each database as SQL, the release's examples of events, and which release it was.
To be run once a release is made, so that what comes after it is tried on that.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PREVIOUS = Path(__file__).parent / "previous"
SERVICES = ("invoicing", "payments", "receipts", "notifications")
SOURCES = (
    "chassis/src",
    "contracts/src",
    *(f"services/{name}/src" for name in SERVICES),
    "tests/together",
    "tests/conformance",
)
WITHIN = "--within"
TRIED_SECONDS = 10.0
SPOKEN_TO_PSQL = re.compile(r"^\\.*\n|^--.*\n|^\n", re.MULTILINE)


def main() -> int:
    """Keep a release."""
    parser = argparse.ArgumentParser(prog="keep_release", description=main.__doc__)
    parser.add_argument("commit", help="of the release, in this repository")
    commit = _said("git", "rev-parse", f"{parser.parse_args().commit}^{{commit}}").strip()
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        tree = Path(folder)
        unpacked(commit, tree)
        path = os.pathsep.join(str(tree / one) for one in SOURCES)
        env = os.environ | {"PYTHONPATH": path, "ENVIRONMENT": "local"}
        subprocess.run([sys.executable, __file__, WITHIN], cwd=folder, env=env, check=True)  # noqa: S603 - our own words
        release = json.loads((tree / "contracts" / "published" / "releases.json").read_text())[-1]["release"]
        examples = [json.loads(one.read_text()) for one in sorted((tree / "contracts" / "examples").glob("*.json"))]
    (PREVIOUS / "examples.json").write_text(
        "".join(f"{json.dumps(example, ensure_ascii=False)}\n" for example in examples)
    )
    (PREVIOUS / "release.json").write_text(json.dumps({"release": release, "commit": commit}, indent=2) + "\n")
    return 0


def unpacked(commit: str, tree: Path) -> None:
    """Put what a commit holds into a folder."""
    _said("git", "archive", "--output", str(tree / "release.tar"), commit)
    with tarfile.open(tree / "release.tar") as archive:
        archive.extractall(tree, filter="data")


def _said(*words: str) -> str:
    said = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    return said.stdout


async def fill(dsn: str) -> None:
    """A practice's work in all four services of that tree, whose modules are on the path."""
    from importlib import import_module

    from beside import golden_messages
    from chassis.testing.harness import running

    async with AsyncExitStack() as opened:
        found = [
            await opened.enter_async_context(running(import_module(f"{name}.app").service, dsn)) for name in SERVICES
        ]
        invoicing, payments, receipts, notifications = found
        messages = golden_messages()
        for service in found:
            await service.deliver(*messages)
        people, announced = await _office(invoicing, payments)
        for service in (receipts, notifications):
            await service.deliver(*people, *announced)
        for service in found:
            await _tried_again(service)
        for service in found:
            (PREVIOUS / f"{service.service.name}.sql").write_text(_dumped(service.owned.name, dsn))


async def _tried_again(service: Any) -> None:
    """Have it try again what came too early, as its worker does; what waits for ever is kept as waiting."""
    from chassis.testing.eventually import eventually

    async def none_waits() -> bool:
        await service.retry()
        return not any(letter.state == "waiting" for letter in await service.set_aside())

    with suppress(AssertionError):
        await eventually(none_waits, within_seconds=TRIED_SECONDS)


async def _office(invoicing: Any, payments: Any) -> tuple[list[Any], list[Any]]:
    """Invoices, decisions, transfers, courtesies, refunds and plans: of whom, and what both announced of it."""
    from contracts.patients import PatientRegistered
    from insurers_cases import Decided, Forgiven, Paid
    from office import good, office_of, usd

    async with office_of((invoicing, payments)) as office:
        made = [await office.invoice() for _ in range(6)]
        await office.listen()
        decided = Decided(0, 60, (("CO", "45", 25), ("PR", "2", 15)))
        await office.decide([(made[0], decided), (made[1], decided)])
        await office.listen()
        await office.pay([(made[0], Paid(60, 0)), (made[0], Paid(15)), (made[2], Paid(150))])
        await office.listen()
        await office.forgive([(made[3], Forgiven(30)), (made[2], Forgiven(20))])
        await office.listen()
        money = {"patient_id": made[4]["patient_id"], "method": "bank_card", "amount": usd(80)}
        paid = good(await office.till.post("/v1/payments", json=money | _for(made[4])), 201)
        back = {"amount": usd(20), "reason_code": "goodwill"}
        good(await office.till.post(f"/v1/payments/{paid['id']}/refunds", json=back | _for(made[4])), 201)
        group = good(await office.till.post("/v1/payment-groups", json={"name": "Crowns"}), 201)
        label = {"patient_id": made[2]["patient_id"], "method": "check", "amount": usd(10), "group_id": group["id"]}
        good(await office.till.post("/v1/payments", json=label), 201)
        plan = {"count": 3, "first_due_date": "2026-12-24"}
        good(await office.bills.post(f"/v1/invoices/{made[5]['id']}/installment-plan", json=plan), 201)
        good(await office.bills.post("/v1/invoices", json={"patient_id": made[5]["patient_id"], "lines": _LINES}), 201)
        await office.listen()
        await office.prove()
        both = [await each.announced(clinic_id=office.clinic) for each in (invoicing, payments)]
        people = [_registered(PatientRegistered, office, one["patient_id"]) for one in made]
        return people, [one.message() for announced in both for one in announced]


def _registered(registered: Any, office: Any, patient_id: str) -> Any:
    return registered(
        clinic_id=office.clinic,
        occurred_at=office.invoicing.clock.now(),
        patient_id=patient_id,
        version=1,
        given_name="Ada",
        family_name="Example",
    )


_LINES = [{"kind": "custom", "description": "Night guard", "unit_price": {"amount": "120.00", "currency": "USD"}}]


def _for(invoice: dict[str, Any]) -> dict[str, Any]:
    return {"allocations": [{"invoice_id": invoice["id"]}]}


def _dumped(database: str, dsn: str) -> str:
    """A database as SQL that any client says, without what it says to `psql` alone."""
    from local_stack.postgres import _installed

    words = [
        str(_installed() / "pginstall18" / "bin" / "pg_dump"),
        "--inserts",
        "--column-inserts",
        "--rows-per-insert=50",
    ]
    said = _said(*words, dsn.rpartition("/")[0] + f"/{database}")
    return SPOKEN_TO_PSQL.sub("", said)


def _within() -> None:
    from local_stack.throwaway import end_held, held_server

    PREVIOUS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="release-server-") as folder:
        try:
            asyncio.run(fill(held_server("postgres", Path(folder), os.getpid())))
        finally:
            end_held(Path(folder))


if __name__ == "__main__":
    if sys.argv[1:2] == [WITHIN]:
        _within()
    else:
        sys.exit(main())
