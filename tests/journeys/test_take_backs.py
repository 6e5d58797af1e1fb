"""What an insurer takes back inside a transfer, withholds or adds, from its file to the books (INS-9)."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from local_stack.practice.api import Api
from local_stack.practice.story import Story
from local_stack.supervisor import Stack
from remittances.main import DONE, UNMATCHED, Booking, run

HEAD = """ISA*00*          *00*          *ZZ*DELTA          *ZZ*JOURNEY        *261124*0830*^*00501*{control:09}*0*P*:~
GS*HP*DELTA*JOURNEY*20261124*0830*1*X*005010X221A1~
ST*835*0001~
BPR*I*{transfer}*{sign}*ACH************20261124~
TRN*1*ERA-{control}*1123456789~
N1*PR*Delta Dental*XV*66001~
N1*PE*Journey Dental*XX*1234567893~
LX*1~
"""
PAID = ("1*100.00*60.00*20.00*12*D1", "100.00*60.00", "CO*45*20.00", "PR*2*20.00")
TAKEN_BACK = ("22*-100.00*-60.00**12*D1", "-100.00*-60.00", "CO*45*-20.00", "PR*2*-20.00")
PAID_LESS = ("1*100.00*50.00*30.00*12*D1B", "100.00*50.00", "CO*45*20.00", "PR*2*30.00")
WHOLE = ("1*200.00*200.00**12*D2", "200.00*200.00")


def file_of(control: int, transfer: str, claims: Sequence[tuple[str, Sequence[str]]], plb: str = "") -> str:
    """A remittance of claims by invoice number, with its provider adjustments."""
    sign, amount = ("D", transfer[1:]) if transfer.startswith("-") else ("C", transfer)
    text = HEAD.format(control=control, transfer=amount, sign=sign)
    for number, (claim, service, *adjusted) in claims:
        text += f"CLP*{number}*{claim}~\nSVC*AD:34043003*{service}~\n" + "".join(f"CAS*{one}~\n" for one in adjusted)
    text += f"PLB*1234567893*20261231*{plb}~\n" if plb else ""
    return f"{text}SE*{text.count('~') - 1}*0001~\nGE*1*1~\nIEA*1*{control:09}~\n"


async def booked(stack: Stack, story: Story, path: Path, text: str) -> tuple[int, str]:
    """Import and book a file; the exit code and what was said last."""
    await asyncio.to_thread(path.write_text, text)
    addresses = stack.layout.addresses()
    token = await story.api.token()
    where = (addresses.invoicing, addresses.kafka_bootstrap)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sys.stdout", said := io.StringIO())
        booking = Booking(addresses.payments, token)
        code = await run(path, story.clinic_id, *where, token, booking=booking, patience_seconds=60.0)
    return code, said.getvalue().splitlines()[-1].partition(": ")[2]


async def owed(story: Story, invoice: dict[str, Any], outstanding: int, status: str) -> None:
    story.scene.invoice_id = invoice["id"]
    await story.settled(outstanding, status)


@pytest.mark.rule("INS-9.2", "INS-9.3")
async def test_what_is_taken_back_of_one_patient_inside_the_payment_of_another_is_booked_against_its_payment(
    stack: Stack, story: Story, api: Api, tmp_path: Path
) -> None:
    """The first owes by the new decision, nothing is credited for it, and doing it again books nothing."""
    a, b = await story.happen(10_000), await story.happen(20_000)
    path = tmp_path / "delta.835"
    assert (await booked(stack, story, path, file_of(21, "60.00", [(a["number"], PAID)])))[0] == DONE
    await owed(story, a, 2_000, "partially_paid")
    taking = file_of(22, "140.00", [(a["number"], TAKEN_BACK), (b["number"], WHOLE)])
    assert await booked(stack, story, path, taking) == (DONE, "140.00 booked, for 1 patient, 60.00 taken back")
    await owed(story, a, 10_000, "issued")
    await owed(story, b, 0, "paid")
    assert await booked(stack, story, path, taking) == (DONE, "booked before, nothing of it is repeated")
    found = (await api.get("invoicing", story.clinic_id, f"/v1/invoices/{a['id']}")).body
    (payer,) = found["insurance"]["payers"]
    assert [payer[name]["amount"] for name in ("paid", "received", "still_expected")] == ["0.00", "0.00", "0.00"]


async def test_a_correction_that_pays_less_takes_the_difference_back_in_either_order(
    stack: Stack, story: Story, tmp_path: Path
) -> None:
    """The transfer is below zero: the insurer takes the money of the clinic's account."""
    path = tmp_path / "delta.835"
    for control, corrected in ((31, (TAKEN_BACK, PAID_LESS)), (33, (PAID_LESS, TAKEN_BACK))):
        invoice = await story.happen(10_000)
        assert (await booked(stack, story, path, file_of(control, "60.00", [(invoice["number"], PAID)])))[0] == DONE
        await owed(story, invoice, 2_000, "partially_paid")
        text = file_of(control + 1, "-10.00", [(invoice["number"], one) for one in corrected])
        assert await booked(stack, story, path, text) == (DONE, "-10.00 booked, 10.00 taken back")
        await owed(story, invoice, 3_000, "partially_paid")
        assert (await booked(stack, story, path, text))[1] == "booked before, nothing of it is repeated"


async def test_what_is_withheld_of_the_whole_and_what_is_added_is_booked_whatever_it_leaves(
    stack: Stack, story: Story, tmp_path: Path
) -> None:
    """158.00 = 200.00 less PLB 42.00, with interest; and 0.00 where all of it is withheld."""
    path = tmp_path / "delta.835"
    for control, transfer, plb in ((41, "158.00", "WO:OLDCLM001*50*L6:OLDCLM002*-8"), (42, "0", "FB*200.00")):
        invoice = await story.happen(20_000)
        text = file_of(control, transfer, [(invoice["number"], WHOLE)], plb)
        code, said = await booked(stack, story, path, text)
        assert (code, said.split(",")[0]) == (DONE, f"{transfer} booked")
        await owed(story, invoice, 0, "paid")
        assert await booked(stack, story, path, text) == (DONE, "booked before, nothing of it is repeated")


async def test_a_recovery_that_names_an_invoice_is_taken_back_of_it_and_one_that_was_put_off_only_once(
    stack: Stack, story: Story, tmp_path: Path
) -> None:
    path = tmp_path / "delta.835"
    a, b, c = [await story.happen(fee) for fee in (10_000, 20_000, 20_000)]
    await booked(stack, story, path, file_of(51, "60.00", [(a["number"], PAID)]))
    await owed(story, a, 2_000, "partially_paid")
    put_off = file_of(52, "0", [(a["number"], TAKEN_BACK)], f"WO:{a['number']}*-60.00")
    assert (await booked(stack, story, path, put_off))[0] == DONE
    await owed(story, a, 10_000, "issued")
    since = file_of(53, "140.00", [(b["number"], WHOLE)], f"WO:{a['number']}*60.00")
    assert (await booked(stack, story, path, since))[1].endswith(
        f"60.00 withheld (PLB WO {a['number']}, overpayment recovery)"
    )
    await owed(story, a, 10_000, "issued")
    at_once = file_of(54, "140.00", [(c["number"], WHOLE)], f"WO:{b['number']} PAT*60.00")
    assert (await booked(stack, story, path, at_once))[1].endswith(f"60.00 taken back (PLB WO {b['number']} PAT)")
    await owed(story, b, 6_000, "partially_paid")


@pytest.mark.rule("INS-9.5")
async def test_a_recovery_and_the_reversal_that_put_it_off_come_to_the_same_in_either_order(
    stack: Stack, story: Story, api: Api, tmp_path: Path
) -> None:
    """INS-9: 60.00 of the first less 10.00 by a correction; the recovery reaches us before it is told what for."""
    path = tmp_path / "delta.835"
    for control, is_turned in ((61, False), (65, True)):
        a, b = await story.happen(10_000), await story.happen(20_000)
        await booked(stack, story, path, file_of(control, "60.00", [(a["number"], PAID)]))
        await owed(story, a, 2_000, "partially_paid")
        told = [(a["number"], TAKEN_BACK), (a["number"], PAID_LESS)]
        put_off = file_of(control + 1, "0", told, f"WO:{a['number']}*-10.00")
        recovery = file_of(control + 2, "190.00", [(b["number"], WHOLE)], f"WO:{a['number']}*10.00")
        first, second = (recovery, put_off) if is_turned else (put_off, recovery)
        assert (await booked(stack, story, path, first))[0] == DONE
        await owed(story, a, 3_000, "partially_paid")
        code, said = await booked(stack, story, path, second)
        assert code == DONE, said
        assert ("10.00 was taken back before" in said) is is_turned
        assert (await booked(stack, story, path, second))[0] == DONE
        await owed(story, a, 3_000, "partially_paid")
        await owed(story, b, 0, "paid")
        found = (await api.get("invoicing", story.clinic_id, f"/v1/invoices/{a['id']}")).body
        (payer,) = found["insurance"]["payers"]
        assert [payer[name]["amount"] for name in ("paid", "received", "still_expected")] == ["50.00", "50.00", "0.00"]
        kept = (await api.get("payments", story.clinic_id, "/v1/journal/trial-balance")).body["accounts"]
        assert {one["account"]: one["balance"]["amount"] for one in kept}.get("insurer_adjustments", "0.00") == "0.00"


async def test_more_than_the_insurer_has_paid_is_not_taken_back_and_a_person_is_told(
    stack: Stack, story: Story, tmp_path: Path
) -> None:
    invoice = await story.happen(10_000)
    text = file_of(uuid4().int % 10**9, "-60.00", [(invoice["number"], TAKEN_BACK)])
    code, said = await booked(stack, story, tmp_path / "delta.835", text)
    assert (code, said.startswith("not booked, payments refuses it")) == (UNMATCHED, True)
    assert "this insurer has paid nothing on the invoice" in said
