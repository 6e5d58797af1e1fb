"""Insurers' parts: a remittance file becomes decisions, write-offs and what the patient still owes; then the money."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.story import Story, until
from local_stack.supervisor import Stack
from remittances.main import DONE, REFUSED, UNMATCHED, Booking, run

FILE = """ISA*00*          *00*          *ZZ*DELTA          *ZZ*JOURNEY        *261124*0830*^*00501*{control:09}*0*P*:~
GS*HP*DELTA*JOURNEY*20261124*0830*1*X*005010X221A1~
ST*835*0001~
BPR*I*{transfer}*C*ACH************20261124~
TRN*1*ERA-{control}*1123456789~
N1*PR*Delta Dental*XV*66001~
N1*PE*Journey Dental*XX*1234567893~
LX*1~
CLP*{number}*1*100.00*60.00*20.00*12*D1~
SVC*AD:34043003*100.00*60.00~
CAS*CO*45*20.00~
CAS*PR*2*20.00~
SE*11*0001~
GE*1*1~
IEA*1*{control:09}~
"""


async def imported(stack: Stack, story: Story, path: Path, *, books: bool = False) -> tuple[int, str]:
    addresses = stack.layout.addresses()
    token = await story.api.token()
    booking = Booking(addresses.payments, token) if books else None
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sys.stdout", said := io.StringIO())
        patched.setattr("sys.stderr", said)
        where = (addresses.invoicing, addresses.kafka_bootstrap)
        code = await run(path, story.clinic_id, *where, token, booking=booking, patience_seconds=60.0)
    return code, said.getvalue()


async def test_a_remittance_file_decides_what_the_patient_owes_and_its_transfer_settles_the_rest(
    stack: Stack, story: Story, api: Api, tmp_path: Path
) -> None:
    """INS-1 to INS-5: from the X12 835 to a settled invoice; a second import changes nothing."""
    invoice = await story.happen(10_000)
    path, control = tmp_path / "delta.835", uuid4().int % 10**9
    path.write_text(FILE.format(control=control, transfer="60.00", number=invoice["number"]))
    code, said = await imported(stack, story, path)
    sums = "1 claims pay 60.00, less 0 withheld (PLB), transferred 60.00"
    assert code == DONE
    assert said.splitlines() == [f"Remittance ERA-{control} of Delta Dental: {sums}", "  announced: 1 decisions"]
    await story.settled(8_000, "issued")  # CO is written off; a decision is no payment

    async def again() -> bool:
        return "imported before: 1 of 1" in (await imported(stack, story, path))[1]

    await until(again, "a second import says that it was imported")
    transfer = {
        "insurer": {"payer_id": str(uuid4()), "name": "Delta Dental"},
        "amount": {"amount": "60.00", "currency": "USD"},
        "external_reference": f"ERA-{control}",
        "payments": [
            {
                "patient_id": str(story.scene.patient.id),
                "amount": {"amount": "60.00", "currency": "USD"},
                "allocations": [{"invoice_id": invoice["id"]}],
            }
        ],
    }
    made = await api.post("payments", story.clinic_id, "/v1/remittances", transfer, uuid4())
    await story.receipt(made.body["payments"][0]["id"])
    await story.settled(2_000, "partially_paid")
    found = (await api.get("invoicing", story.clinic_id, f"/v1/invoices/{invoice['id']}")).body
    decided = found["insurance"]["decided"]
    assert [decided[name]["amount"] for name in ("paid", "written_off", "patient_part", "undecided")] == [
        "60.00",
        "20.00",
        "20.00",
        "0.00",
    ]
    assert len(found["notes"]) == 1


async def test_a_file_that_does_not_add_up_or_names_no_invoice_decides_nothing(
    stack: Stack, story: Story, api: Api, tmp_path: Path
) -> None:
    """INS-3."""
    invoice = await story.happen(10_000)
    path = tmp_path / "delta.835"
    path.write_text(FILE.format(control=7, transfer="61.00", number=invoice["number"]))
    assert (await imported(stack, story, path))[0] == REFUSED
    path.write_text(FILE.format(control=8, transfer="60.00", number="INV-1999-000001"))
    code, said = await imported(stack, story, path)
    assert (code, "match no issued invoice (CLP01): INV-1999-000001" in said) == (UNMATCHED, True)
    decisions = (await api.get("invoicing", story.clinic_id, "/v1/insurance-decisions")).body
    assert decisions["items"] == []


async def test_one_command_goes_from_a_file_to_a_settled_invoice_and_doing_it_again_changes_nothing(
    stack: Stack, story: Story, api: Api, tmp_path: Path
) -> None:
    """INS-3, INS-5: also where the transfer comes again in another envelope."""
    invoice = await story.happen(10_000)
    path, control = tmp_path / "delta.835", uuid4().int % 10**9
    path.write_text(FILE.format(control=control, transfer="60.00", number=invoice["number"]))
    code, said = await imported(stack, story, path, books=True)
    assert (code, said.splitlines()[-1]) == (
        DONE,
        f"Transfer ERA-{control} of Delta Dental: 60.00 booked, for 1 patient",
    )
    await story.settled(2_000, "partially_paid")
    again = (
        path.read_text()
        .replace(f"{control:09}*0*P", f"{control + 1:09}*0*P")
        .replace("Delta Dental", "DELTA DENTAL INC.")
    )
    path.write_text(again.replace(f"IEA*1*{control:09}", f"IEA*1*{control + 1:09}"))
    code, said = await imported(stack, story, path, books=True)
    assert (code, said.splitlines()[1:]) == (
        DONE,
        [
            "  imported before: 1 of 1 claims, nothing of them is repeated",
            f"Transfer ERA-{control} of DELTA DENTAL INC.: booked before, nothing of it is repeated",
        ],
    )
    payments = (await api.get("payments", story.clinic_id, "/v1/payments", external_reference=f"ERA-{control}")).body
    decisions = (await api.get("invoicing", story.clinic_id, "/v1/insurance-decisions")).body
    assert (len(payments["items"]), len(decisions["items"])) == (1, 1)


async def test_other_content_under_a_known_transfer_is_refused_at_once_and_by_name(
    stack: Stack, story: Story, api: Api, tmp_path: Path
) -> None:
    invoice = await story.happen(10_000)
    path = tmp_path / "delta.835"
    path.write_text(FILE.format(control=11, transfer="60.00", number=invoice["number"]))
    assert (await imported(stack, story, path))[0] == DONE
    path.write_text(
        path.read_text().replace("CAS*CO*45*20.00", "CAS*CO*45*15.00").replace("CAS*PR*2*20", "CAS*PR*2*25")
    )
    code, said = await imported(stack, story, path)
    assert (code, f"claim {invoice['number']} (CLP, segment 9): other lines or adjustments" in said) == (REFUSED, True)
    await story.settled(8_000, "issued")


async def test_what_was_parked_is_applied_by_a_repaired_file_and_booked_then(
    stack: Stack, story: Story, api: Api, tmp_path: Path
) -> None:
    """INS-3: a line of another code is a person's to decide; the file that names it right takes its place."""
    invoice = await story.happen(10_000)
    path = tmp_path / "delta.835"
    right = FILE.format(control=12, transfer="60.00", number=invoice["number"])
    path.write_text(right.replace("SVC*AD:34043003*", "SVC*AD:D9999*"))
    code, said = await imported(stack, story, path, books=True)
    assert code == UNMATCHED
    assert "  set aside: line 1: no line of the invoice has the code D9999" in said.splitlines()
    assert "not booked, 1 of its decisions are set aside" in said
    path.write_text(right.replace("SVC*AD:34043003*100.00*60.00~", "SVC*AD:D9999*100.00*60.00***AD:34043003~"))
    assert (await imported(stack, story, path, books=True))[0] == DONE
    await story.settled(2_000, "partially_paid")
    (aside,) = (await api.get("invoicing", story.clinic_id, "/v1/set-aside-decisions")).body["items"]
    assert aside["state"] == "applied"


async def estimated(story: Story, api: Api, payer_id: UUID, payer_name: str) -> dict[str, Any]:
    """An invoice of 100.00 that an insurer is expected to pay 60.00 of."""
    estimate = {
        "payer_id": str(payer_id),
        "payer_name": payer_name,
        "expected": usd("60.00"),
        "patient_part": usd("40.00"),
    }
    line = {"kind": "extra_procedure", "description": "Consultation", "code": "34043003", "unit_price": usd("100.00")}
    body = {"patient_id": str(story.scene.patient.id), "issue": True, "lines": [line | {"estimates": [estimate]}]}
    made: dict[str, Any] = (await api.post("invoicing", story.clinic_id, "/v1/invoices", body, uuid4())).body
    story.scene.invoice_id = made["id"]
    return made


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


async def test_one_insurer_whose_name_is_spelled_otherwise_is_one(
    stack: Stack, story: Story, api: Api, tmp_path: Path
) -> None:
    """INS-1: what it decided and paid is not expected of it any more."""
    payer_id = uuid4()
    invoice = await estimated(story, api, payer_id, "Delta Dental, Inc.")
    path = tmp_path / "delta.835"
    path.write_text(FILE.format(control=14, transfer="60.00", number=invoice["number"]))
    assert (await imported(stack, story, path, books=True))[0] == DONE
    await story.settled(2_000, "partially_paid")
    found = (await api.get("invoicing", story.clinic_id, f"/v1/invoices/{invoice['id']}")).body
    (payer,) = found["insurance"]["payers"]
    shown = [payer[name]["amount"] for name in ("estimated", "paid", "received", "still_expected")]
    assert (payer["payer_id"], shown) == (str(payer_id), ["60.00", "60.00", "60.00", "0.00"])


async def test_an_insurer_that_is_not_on_the_invoice_is_a_persons_to_name_and_then_its_transfer_is_booked_as_its(
    stack: Stack, story: Story, api: Api, tmp_path: Path
) -> None:
    """INS-8."""
    payer_id = uuid4()
    invoice = await estimated(story, api, payer_id, "Ohio Mutual")
    path = tmp_path / "delta.835"
    path.write_text(FILE.format(control=15, transfer="60.00", number=invoice["number"]))
    code, said = await imported(stack, story, path, books=True)
    assert (code, "not booked, 1 of its decisions are set aside" in said) == (UNMATCHED, True)
    (aside,) = (await api.get("invoicing", story.clinic_id, "/v1/set-aside-decisions")).body["items"]
    retry = f"/v1/set-aside-decisions/{aside['id']}/retry"
    await api.post("invoicing", story.clinic_id, retry, {"payer_id": str(payer_id)}, uuid4())
    assert (await imported(stack, story, path, books=True))[0] == DONE
    await story.settled(2_000, "partially_paid")
    (payment,) = (await api.get("payments", story.clinic_id, "/v1/payments", external_reference="ERA-15")).body["items"]
    assert payment["payer"] == {"kind": "insurer", "payer_id": str(payer_id), "name": "Ohio Mutual"}


async def test_two_clinics_files_of_the_same_numbers_both_count(
    stack: Stack, story: Story, api: Api, announcer: Announcer, tmp_path: Path
) -> None:
    """ALL-4."""
    other = await Story.begin(api, announcer)
    for one in (story, other):
        invoice = await one.happen(10_000)
        path = tmp_path / f"{one.clinic_id}.835"
        path.write_text(FILE.format(control=13, transfer="60.00", number=invoice["number"]))
        assert (await imported(stack, one, path, books=True))[0] == DONE
        await one.settled(2_000, "partially_paid")
