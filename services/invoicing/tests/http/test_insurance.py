"""Estimates given by hand, and insurers' decisions over HTTP: listed, tried again, dismissed (`INS-1` to `INS-3`)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.testing.eventually import eventually
from contracts.adjudications import AdjudicationApplied, AdjudicationSetAside
from contracts.invoicing import InvoiceIssued
from invoicing.persistence import invoices, parked_adjudications
from invoicing_insurers import Insurer, usd
from sqlalchemy import text

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.rule("INS-1.2")
async def test_estimates_are_frozen_at_issue_and_carried_by_the_event(clinic: Any) -> None:
    """INS-1, INS-2: what a claim needs is in the event that the invoice was issued."""
    first, second = Insurer(), Insurer("Cigna", "secondary")
    estimates = [
        first.estimate("137.60", "21.50", "34.40", allowed=clinic.usd("172.00"), claim_id=str(new_id())),
        second.estimate("20.00", patient="14.40"),
    ]
    line = {
        "kind": "extra_procedure",
        "code_system": "CDT",
        "code": "D2392",
        "description": "Composite filling, two surfaces",
        "unit_price": clinic.usd("215.00"),
        "discount": {"percent": "10", "reason": "courtesy"},
        "tooth": "30",
        "surface": "MO",
        "date_of_service": "2026-11-20",
        "provider_id": str(new_id()),
        "provider_name": "Dr. Calderón",
        "estimates": estimates,
    }
    draft = await clinic.invoice(line, clinic.custom("29.80", tax_category="S"), issue=False)
    assert draft["lines"][0]["estimates"][0]["payer_name"] == "Delta"
    made = await clinic.post(f"/v1/invoices/{draft['id']}/issue", status=200)
    found = await clinic.read(made["id"])
    assert [estimate["expected"]["amount"] for estimate in found["lines"][0]["estimates"]] == ["137.60", "20.00"]
    assert found["insurance"]["estimated"]["insurers_share"] == clinic.usd("157.60")
    (event,) = await clinic.announced(InvoiceIssued)
    (frozen, other) = event.lines
    assert [
        (estimate.payer_id, estimate.payer_sequence, estimate.expected.amount) for estimate in frozen.estimates
    ] == [
        (first.id, "primary", "137.60"),
        (second.id, "secondary", "20.00"),
    ]
    needed = (frozen.code_system, frozen.code, frozen.tooth, frozen.surface, str(frozen.date_of_service))
    assert needed == ("CDT", "D2392", "30", "MO", "2026-11-20")
    assert (frozen.charge.amount, frozen.provider_name, other.estimates) == ("193.50", "Dr. Calderón", ())
    shares = [
        (share.payer_name, share.payer_sequence, share.expected.amount, share.write_off.amount)
        for share in event.payer_shares
    ]
    assert shares == [("Delta", "primary", "137.60", "21.50"), ("Cigna", "secondary", "20.00", "0.00")]
    insured = sum(float(share.expected.amount) + float(share.write_off.amount) for share in event.payer_shares)
    assert event.patient_share is not None
    assert round(insured + float(event.patient_share.amount), 2) == float(event.totals.total.amount)


async def test_the_primary_payer_of_an_invoice_need_not_be_named_again(clinic: Any) -> None:
    insurer = Insurer()
    payer = {"id": str(insurer.id), "name": "Delta Dental"}
    unnamed = insurer.estimate("50.00")
    unnamed.pop("payer_name")
    made = await clinic.invoice(clinic.custom("100.00", estimates=[unnamed]), primary_payer=payer)
    assert made["lines"][0]["estimates"][0]["payer_name"] == "Delta Dental"
    refused = await clinic.invoice(clinic.custom("100.00", estimates=[unnamed]), status=422)
    assert refused["errors"][0]["field"] == "lines[0].estimates[0].payer_name"


@pytest.mark.rule("MON-3.4")
@pytest.mark.parametrize(
    ("amounts", "field"),
    [
        ([("90.01", "0.00", "0.00")], "lines[0].estimates[0].expected"),
        ([("80.00", "10.01", "0.00")], "lines[0].estimates[0].write_off"),
        ([("80.00", "5.00", "5.01")], "lines[0].estimates[0].patient_part"),
        ([("60.00", "10.00", "20.00"), ("20.01", "0.00", "0.00")], "lines[0].estimates[1].expected"),
        ([("60.00", "10.00", "20.00"), ("10.00", "0.00", "10.01")], "lines[0].estimates[1].patient_part"),
        ([("-1.00", "0.00", "0.00")], "lines[0].estimates[0].expected"),
    ],
)
async def test_a_share_never_exceeds_what_is_left_of_its_line(
    clinic: Any, amounts: list[tuple[str, str, str]], field: str
) -> None:
    """MON-3, INS-4: payers in turn, on 100.00 less 10 %; the error names the field, and nothing is made."""
    payers = (Insurer(), Insurer("Cigna", "secondary"))
    estimates = [payer.estimate(*own) for payer, own in zip(payers, amounts, strict=False)]
    line = clinic.custom("100.00", estimates=estimates, discount={"percent": "10", "reason": "r"})
    before = len(await clinic.listed())
    refused = await clinic.invoice(line, status=422)
    assert refused["errors"][0]["field"] == field
    previewed = await clinic.api.post("/v1/invoices/preview", json={"lines": [line]})
    assert previewed.json()["errors"][0]["field"] == field
    assert len(await clinic.listed()) == before


@pytest.mark.rule("INS-1.2")
async def test_a_payer_and_a_turn_are_estimated_once_on_a_line(clinic: Any) -> None:
    insurer, other = Insurer(), Insurer("Cigna")
    for estimates, field in (
        ([insurer.estimate("1.00"), insurer.estimate("1.00", payer_sequence="secondary")], "payer_id"),
        ([insurer.estimate("1.00"), other.estimate("1.00")], "payer_sequence"),
    ):
        refused = await clinic.invoice(clinic.custom("100.00", estimates=estimates), status=422)
        assert refused["errors"][0]["field"] == f"lines[0].estimates[1].{field}"


async def test_an_invoice_without_insurance_shows_none(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    assert (made["insurance"], made["lines"][0]["estimates"]) == (None, [])
    (event,) = await clinic.announced(InvoiceIssued)
    assert (event.payer_shares, event.patient_share) == ((), None)


async def test_decisions_are_listed_by_patient_invoice_payer_and_claim_and_paged(clinic: Any) -> None:
    insurer, other = Insurer(), Insurer("Cigna", "secondary")
    made = await clinic.invoice(clinic.custom("100.00"))
    (line,) = made["lines"]
    events = [
        one.decides(made, [one.line(line, paid, PR=rest)], clinic_id=clinic.id)
        for one, paid, rest in ((insurer, "60.00", "40.00"), (insurer, "1.00", "-1.00"), (other, "5.00", "35.00"))
    ]
    await clinic.harness.deliver(*events)
    for params, wanted in (
        ({"patient_id": str(clinic.patient_id)}, [2, 1, 0]),
        ({"invoice_id": made["id"]}, [2, 1, 0]),
        ({"payer_id": str(other.id)}, [2]),
        ({"claim_id": str(events[1].claim_id)}, [1]),
        ({"patient_id": str(new_id())}, []),
        ({"remittance_reference": "ERA 1"}, [2, 1, 0]),
        ({"remittance_reference": "ERA 2"}, []),
    ):
        found = await clinic.listed("/v1/insurance-decisions", **params)
        assert [one["decision_id"] for one in found] == [str(events[place].decision_id) for place in wanted]
    page = (await clinic.api.get("/v1/insurance-decisions", params={"limit": 2})).json()
    rest = (await clinic.api.get("/v1/insurance-decisions", params={"cursor": page["next"]})).json()
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    (first,) = rest["items"]
    assert first["lines"][0]["adjustments"] == [
        {"group": "PR", "reason_code": "45", "amount": clinic.usd("40.00")},
    ]


async def set_aside(clinic: Any) -> tuple[dict[str, Any], Any]:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    good = insurer.line(made["lines"][0], "60.00", PR="40.00")
    bad = good.model_copy(update={"paid": usd("61.00")})
    event = insurer.decides(made, [bad], clinic_id=clinic.id)
    await clinic.harness.deliver(event)
    (found,) = await clinic.listed("/v1/set-aside-decisions", state="open", invoice_id=made["id"])
    return found, event


async def test_a_decision_set_aside_is_dismissed_once_with_who_and_why(clinic: Any) -> None:
    found, event = await set_aside(clinic)
    path = f"/v1/set-aside-decisions/{found['id']}"
    dismissed = await clinic.post(f"{path}/dismiss", {"reason": "the insurer sends it again"}, 200)
    assert (dismissed["state"], dismissed["closed_by"], dismissed["closed_because"]) == (
        "dismissed",
        "clerk:test",
        "the insurer sends it again",
    )
    again = await clinic.post(f"{path}/retry", status=409)
    assert (again["type"].rpartition(":")[2], again["state"]) == ("set-aside-closed", "dismissed")
    assert await clinic.listed("/v1/set-aside-decisions", state="open") == []
    assert dismissed["stated"]["paid"]["amount"] == event.paid.amount


async def test_a_decision_tried_again_stays_open_while_its_reason_stands(clinic: Any) -> None:
    found, _ = await set_aside(clinic)
    tried = await clinic.post(f"/v1/set-aside-decisions/{found['id']}/retry", status=200)
    assert (tried["state"], tried["cause"]) == ("open", "unbalanced_line")
    assert await clinic.listed("/v1/insurance-decisions") == []
    assert len(await clinic.announced(AdjudicationSetAside)) == 1


async def test_a_decision_tried_again_is_applied_once_its_reason_is_gone(clinic: Any) -> None:
    found, event = await set_aside(clinic)
    async with clinic.harness.database.transaction([clinic.id], "test") as work:
        mended = (
            "UPDATE set_aside_decisions SET document = replace(document::text, '61.00', '60.00')::jsonb WHERE id = :id"
        )
        await work.connection.execute(text(mended), {"id": found["id"]})
    applied = await clinic.post(f"/v1/set-aside-decisions/{found['id']}/retry", status=200)
    assert (applied["state"], applied["closed_by"]) == ("applied", "clerk:test")
    (listed,) = await clinic.listed("/v1/insurance-decisions")
    assert listed["decision_id"] == str(event.decision_id)
    assert len(await clinic.announced(AdjudicationApplied)) == 1
    await clinic.prove()


async def test_a_correct_decision_of_the_same_id_closes_the_one_set_aside(clinic: Any) -> None:
    found, event = await set_aside(clinic)
    line = event.lines[0].model_copy(update={"paid": usd("60.00")})
    await clinic.harness.deliver(event.model_copy(update={"lines": (line,), "paid": usd("60.00")}))
    (closed,) = await clinic.listed("/v1/set-aside-decisions")
    assert (closed["id"], closed["state"]) == (found["id"], "applied")


async def test_what_is_tried_again_is_what_was_stated_last(clinic: Any) -> None:
    """A repaired file that is not right yet takes the place of the first, and is announced once."""
    found, event = await set_aside(clinic)
    line = event.lines[0].model_copy(update={"paid": usd("60.00")})
    await clinic.harness.deliver(event.model_copy(update={"lines": (line,), "paid": usd("60.50")}))
    (still,) = await clinic.listed("/v1/set-aside-decisions")
    assert (still["id"], still["state"], still["cause"]) == (found["id"], "open", "unbalanced_claim")
    assert still["stated"]["paid"]["amount"] == "60.50"
    assert len(await clinic.announced(AdjudicationSetAside)) == 1


async def test_a_retry_waits_for_the_invoice_without_holding_what_was_set_aside(clinic: Any) -> None:
    """An insurer's event has the invoice and is about to close what was set aside: no two wait in a ring."""
    found, event = await set_aside(clinic)
    async with clinic.harness.database.transaction([clinic.id], "event") as work:
        await invoices.find(work.connection, event.invoice_id, lock=True)
        desk = asyncio.create_task(clinic.api.post(f"/v1/set-aside-decisions/{found['id']}/retry"))

        async def waits() -> bool:
            async with clinic.harness.database.reading([]) as connection:
                return bool(await connection.scalar(text(WAITING)))

        await eventually(waits)
        await work.connection.execute(text("SET LOCAL lock_timeout = '1s'"))
        await parked_adjudications.close_applied(work.connection, [(clinic.id, event.decision_id)], work.now, "event")
    answer = await desk
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "set-aside-closed")


async def test_another_clinic_sees_no_decisions(clinic: Any) -> None:
    """ALL-4."""
    found, _ = await set_aside(clinic)
    async with clinic.harness.client() as other:
        for path in ("/v1/set-aside-decisions", "/v1/insurance-decisions"):
            assert (await other.get(path)).json()["items"] == []
        answer = await other.post(f"/v1/set-aside-decisions/{found['id']}/retry")
        assert answer.status_code == 404


async def test_the_proof_finds_a_decision_whose_note_is_gone(clinic: Any) -> None:
    """ALL-8: a planted row."""
    clinic.leaves_wrong_rows = True
    made = await clinic.invoice(clinic.custom("100.00"))
    planted = """
        INSERT INTO decisions (id, clinic_id, decision_id, claim_id, invoice_id, patient_id, payer_id, payer_name,
                               payer_sequence, charge_minor, paid_minor, contractual_minor, patient_minor, other_minor,
                               written_off_minor, decided_at, applied_at)
        VALUES (gen_random_uuid(), :clinic, gen_random_uuid(), gen_random_uuid(), :invoice, :patient, gen_random_uuid(),
                'Delta', 'primary', 10, 0, 10, 0, 0, 10, now(), now())
    """
    async with clinic.harness.database.transaction([clinic.id], "test") as work:
        parameters = {"clinic": clinic.id, "invoice": made["id"], "patient": clinic.patient_id}
        await work.connection.execute(text(planted), parameters)
    (found, *_) = (await clinic.api.get("/v1/prove")).json()["differences"]
    assert found["what"].startswith("decision ")
