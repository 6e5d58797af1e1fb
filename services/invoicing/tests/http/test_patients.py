"""Patients and their invoices are found by name, birth date, chart and invoice number (`INV-18`)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import START
from contracts.patients import PatientChanged, PatientMerged, PatientRegistered


def known(clinic: Any, given: str, family: str, version: int = 1, **more: Any) -> Any:
    contract = PatientRegistered if version == 1 else PatientChanged
    told = {"clinic_id": clinic.id, "occurred_at": START, "patient_id": new_id(), "version": version}
    return contract(**(told | {"given_name": given, "family_name": family} | more))


async def search(clinic: Any, status: int = 200, **body: Any) -> Any:
    answer = await clinic.api.post("/v1/patients/search", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def sought(clinic: Any, **body: Any) -> list[dict[str, Any]]:
    """Invoices, by what is no URL's business."""
    answer = await clinic.api.post("/v1/invoices/search", json=body)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def names(clinic: Any, **body: Any) -> list[str]:
    return sorted(item["name"] for item in (await search(clinic, **body))["items"])


@pytest.mark.rule("INV-18.1", "INV-18.2")
async def test_a_patient_is_found_by_name_birth_date_chart_and_invoice_number(clinic: Any) -> None:
    """INV-18: name parts in any order, only begun, without accents."""
    amara = known(clinic, "Amara", "Okafor-Núñez", birth_date=date(1987, 4, 9), chart_number="C-00417")
    await clinic.harness.deliver(amara, known(clinic, "Amara", "Smith", birth_date=date(1990, 1, 1)))
    made = await clinic.invoice(clinic.custom("10.00"), patient_id=str(amara.patient_id))
    found = ["Amara Okafor-Núñez"]
    for told in ("okafor amara", "NUNEZ", "núñ am", "c-00417", "417", "1987-04-09", "amara 1987-04-09", made["number"]):
        assert await names(clinic, text=told) == found, told
    assert await names(clinic, birth_date="1987-04-09") == found
    assert await names(clinic, text=made["number"].lower()) == found
    assert await names(clinic, text="amara") == ["Amara Okafor-Núñez", "Amara Smith"]
    for told in ("kafor", "amara jones", "41", "1987-04-10", "amara 1988-04-09", "INV-1999-000001", "--"):
        assert await names(clinic, text=told) == [], told


@pytest.mark.parametrize(
    ("given", "family", "told"),
    [
        ("Łukasz", "Żółć", ("lukasz zolc", "LUK zół")),
        ("Søren", "Ðorđević", ("soren dordevic", "sør")),
        ("Þóra", "Großkreutz-Æbelø", ("thora", "grosskreutz", "großkr aebelo")),
    ],
)
async def test_a_name_is_found_as_a_keyboard_without_its_letters_types_it(
    clinic: Any, given: str, family: str, told: tuple[str, ...]
) -> None:
    """INV-18: a stroke or a ligature is no accent that Unicode takes off; for a front desk it is."""
    await clinic.harness.deliver(known(clinic, given, family), known(clinic, "Luis", "Zorn"))
    shown = f"{family} {given}" if family in {"李", "김", "やまだ"} else f"{given} {family}"
    for text in told:
        assert await names(clinic, text=text) == [shown], text


@pytest.mark.rule("INV-18.2")
@pytest.mark.parametrize(
    ("given", "family", "told"),
    [
        ("Sean", "O'Brien", ("obrien", "o'brien", "o brien", "O\u2019Brien sean", "brien", "o'bri", "o-brien")),
        ("Sean", "OBrien", ("obrien", "o'brien", "o brien", "brien")),
        ("Sean", "O Brien", ("obrien", "o'brien", "o brien")),
        ("Ann", "McDonald", ("mcdonald", "mc donald", "donald", "MCDON", "mc-donald")),
        ("Ann", "MACDONALD", ("macdonald", "mac donald", "mac-don")),
        ("Ann", "Mc Donald", ("mcdonald", "mc donald")),
        ("Jürgen", "Müller", ("muller", "mueller", "müller", "juergen mul", "jurgen")),
        ("Juergen", "Mueller", ("muller", "mueller", "müller jürgen")),
        ("Mary Ann", "Okafor-Núñez", ("maryann", "mary-ann", "okafornunez", "okafor nunez", "nunez-okafor")),
        ("Sean", "O'Brien-Müller", ("mueller", "muller", "o'brien-mueller", "obrienmueller", "sean muel")),
        ("Jörg", "Groß Lüdtke", ("grosslüdtke", "gross luedtke", "grossluedtke", "joerg ludtke")),
        ("Åse", "Sørensen-Bjørnø", ("aase", "ase", "soerensen", "bjoernoe", "sorensen-bjorno", "åse sørensen")),
        ("Aase", "Soerensen-Haaland", ("åse", "sørensen", "håland", "ase sorensen", "soerensen haa")),
        ("小龍", "李", ("李小龍", "小龍李", "李 小龍", "小龍", "李小", "李\u3000小龍")),
        ("철수", "김", ("김철수", "철수김", "김 철수", "김철")),
        ("がくと", "やまだ", ("やまだがくと", "がくとやまだ", "やまだ がくと", "やまだ")),
        ("J.R.", "van der Berg", ("jr vanderberg", "j.r.", "berg", "van der berg", "van-der-berg")),
    ],
)
async def test_a_name_is_found_however_what_stands_within_it_is_typed(
    clinic: Any, given: str, family: str, told: tuple[str, ...]
) -> None:
    """INV-18: apostrophes, hyphens, spaces, capitals and umlauts; among patients and, but for GET, among invoices."""
    wanted = known(clinic, given, family)
    await clinic.harness.deliver(wanted, known(clinic, "Luis", "Zorn"))
    made = await clinic.invoice(clinic.custom("9.00"), patient_id=str(wanted.patient_id))
    shown = f"{family} {given}" if family in {"李", "김", "やまだ"} else f"{given} {family}"
    for text in told:
        assert await names(clinic, text=text) == [shown], text
        assert [one["id"] for one in await sought(clinic, text=text)] == [made["id"]], text


@pytest.mark.parametrize(
    ("chart", "told"),
    [("C-00417", ("c417", "C-417", "c00417", "C-00417", "0417")), ("007123", ("7123", "007123")), ("00", ("0", "000"))],
)
async def test_a_chart_number_is_found_with_and_without_its_zeros(
    clinic: Any, chart: str, told: tuple[str, ...]
) -> None:
    """INV-18."""
    await clinic.harness.deliver(known(clinic, "Ann", "Lee", chart_number=chart))
    for text in told:
        assert await names(clinic, text=text) == ["Ann Lee"], text
    assert await names(clinic, text="c4171") == await names(clinic, text="71234") == []


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en-US", ("04/09/1987", "4/9/1987", "4/9/87", "4-9-1987", "lee 04/09/1987", "1987/04/09")),
        ("en-GB", ("09/04/1987", "9/4/87", "09-04-1987")),
        ("de-DE", ("09.04.1987", "9.4.1987", "9. 4. 1987", "9.4.87")),
        ("ar-EG", ("\u0660\u0669/\u0660\u0664/\u0661\u0669\u0668\u0667", "09/04/1987")),
        ("fr", ("09/04/1987", "1987/4/9", "1987.04.09")),
    ],
)
async def test_a_birth_date_is_found_as_the_clinics_language_writes_it(
    clinic: Any, language: str, told: tuple[str, ...]
) -> None:
    """INV-18: where only one order makes a day, it is that one."""
    await clinic.configure(language=language)
    ann, ben = known(clinic, "Ann", "Lee", birth_date=date(1987, 4, 9)), known(clinic, "Ben", "Lee")
    may = known(clinic, "May", "Lee", birth_date=date(1990, 12, 25))
    await clinic.harness.deliver(ann, ben, may)
    for text in told:
        assert await names(clinic, text=text) == ["Ann Lee"], text
    assert await names(clinic, text="25/12/1990") == await names(clinic, text="12/25/1990") == ["May Lee"]
    assert await names(clinic, text="32/13/1990") == []


@pytest.mark.rule("INV-18.2")
async def test_what_a_patient_owes_is_told(clinic: Any) -> None:
    await clinic.configure(due_days=0)
    amara = known(clinic, "Amara", "Okafor")
    await clinic.harness.deliver(amara)
    of = {"patient_id": str(amara.patient_id)}
    late = await clinic.invoice(clinic.custom("100.00"), **of)
    await clinic.invoice(clinic.custom("30.00"), **of, due_date="2026-12-31")
    await clinic.settle(late, "20.00")
    await clinic.invoice(clinic.custom("7.00"))
    clinic.harness.clock.advance(timedelta(days=1))
    try:
        (found,) = (await search(clinic, text="okafor"))["items"]
    finally:
        clinic.harness.clock.advance(timedelta(days=-1))
    assert (found["open_invoices"], found["outstanding"], found["overdue"]) == (
        2,
        clinic.usd("110.00"),
        clinic.usd("80.00"),
    )


@pytest.mark.rule("INV-18.1")
async def test_the_newest_version_wins_in_whatever_order_it_comes(clinic: Any) -> None:
    old = known(clinic, "Amara", "Okafor", birth_date=date(1987, 4, 9))
    new = known(clinic, "Amara", "Bell", 3, patient_id=old.patient_id)
    between = known(clinic, "Amara", "Stone", 2, patient_id=old.patient_id)
    await clinic.harness.deliver(new)
    await clinic.harness.deliver(old, between)
    await clinic.harness.deliver(new)
    assert await names(clinic, text="amara") == ["Amara Bell"]
    assert await names(clinic, text="okafor") == await names(clinic, birth_date="1987-04-09") == []


@pytest.mark.rule("INV-18.2", "INV-18.4")
async def test_invoices_carry_the_name_and_are_found_by_it(clinic: Any) -> None:
    """INV-18."""
    amara, other = known(clinic, "Amara", "Núñez"), known(clinic, "Ben", "Crown")
    early = await clinic.invoice(clinic.custom("1.00"), patient_id=str(amara.patient_id))
    assert early["patient_name"] is None
    await clinic.harness.deliver(amara, other)
    made = await clinic.invoice(clinic.custom("9.00", description="Filling"), patient_id=str(amara.patient_id))
    crown = await clinic.invoice(clinic.custom("9.00", description="Crown"), patient_id=str(amara.patient_id))
    his = await clinic.invoice(clinic.custom("9.00", description="Inlay"), patient_id=str(other.patient_id))
    assert made["patient_name"] == (await clinic.read(early["id"]))["patient_name"] == "Amara Núñez"

    async def found(**wanted: Any) -> list[str]:
        return [one["id"] for one in await sought(clinic, **wanted)]

    assert await found(text="nunez") == [crown["id"], made["id"], early["id"]]
    assert await found(text="nunez amara fill") == [made["id"]]
    assert await found(text="crown") == [his["id"], crown["id"]]
    assert await found(text="crown amara") == [crown["id"]]
    assert await found(text="nunez", status="draft") == await found(text="nunez zirconia") == []
    assert await found(text="crown", patient_id=str(other.patient_id)) == [his["id"]]
    (first, *_) = await sought(clinic, text="amara")
    assert first["patient_name"] == "Amara Núñez"
    search_for = {"text": "nunez"}
    page = (await clinic.api.post("/v1/invoices/search?limit=2", json=search_for)).json()
    rest = (await clinic.api.post(f"/v1/invoices/search?cursor={page['next']}", json=search_for)).json()
    assert [one["id"] for one in page["items"] + rest["items"]] == [crown["id"], made["id"], early["id"]]


@pytest.mark.rule("INV-18.3", "ALL-6.3")
async def test_a_name_in_a_url_finds_nothing(clinic: Any) -> None:
    """ALL-6: URLs stand in logs, so nobody is to get used to names in them; numbers and codes are found as before."""
    amara = known(clinic, "Amara", "Núñez", chart_number="C-20417")
    await clinic.harness.deliver(amara)
    made = await clinic.invoice(clinic.custom("9.00", description="Filling"), patient_id=str(amara.patient_id))
    for told in ("nunez", "amara", "c-20417", "filling nunez"):
        assert await clinic.listed(text=told) == []
    for told in ("fill", made["number"]):
        assert [one["id"] for one in await clinic.listed(text=told)] == [made["id"]]
    refused = await clinic.api.post("/v1/invoices/search", json={"text": "nunez", "name": "x"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "name")


async def test_patients_are_paged(clinic: Any) -> None:
    """ALL-3."""
    told = [known(clinic, "Ann", f"Lee{n}") for n in range(5)]
    await clinic.harness.deliver(*told)
    seen: list[UUID] = []
    cursor = None
    while True:
        path = "/v1/patients/search?limit=2" + (f"&cursor={cursor}" if cursor else "")
        page = (await clinic.api.post(path, json={"text": "ann"})).json()
        seen += [UUID(item["patient_id"]) for item in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == sorted(one.patient_id for one in told)


async def test_another_clinics_patient_of_the_same_id_is_another(harness: Any, clinic: Any) -> None:
    """ALL-4."""
    amara = known(clinic, "Amara", "Okafor")
    await clinic.harness.deliver(amara)
    other_id = new_id()
    theirs = amara.model_copy(update={"clinic_id": other_id, "given_name": "Ben", "version": 9})
    await clinic.harness.deliver(theirs)
    assert await names(clinic) == ["Amara Okafor"]
    async with harness.client(clinic_id=other_id) as other:
        found = (await other.post("/v1/patients/search", json={"text": "okafor"})).json()["items"]
    assert [(one["name"], one["outstanding"]) for one in found] == [("Ben Okafor", None)]


@pytest.mark.parametrize(
    ("body", "field"), [({"text": ""}, "text"), ({"name": "x"}, "name"), ({"birth_date": "x"}, "birth_date")]
)
async def test_a_search_that_says_nothing_that_can_be_found_is_refused(clinic: Any, body: Any, field: str) -> None:
    assert (await search(clinic, 422, **body))["errors"][0]["field"] == field


@pytest.mark.rule("ALL-11.1", "ALL-11.3")
async def test_a_patient_whom_the_register_has_not_told_of_is_billed_and_seen(clinic: Any) -> None:
    """ALL-11: until the register tells of them, or of whom they are one with (ALL-10)."""
    late, stranger = new_id(), new_id()
    amara = known(clinic, "Amara", "Okafor")
    await clinic.harness.deliver(amara)
    for patient_id in (late, stranger, amara.patient_id):
        await clinic.invoice(clinic.custom("10.00"), patient_id=str(patient_id))
    rows = await clinic.listed("/v1/unregistered-patients")
    assert [row["patient_id"] for row in rows] == sorted([str(late), str(stranger)])
    assert rows[0]["outstanding"] == clinic.usd("10.00")
    assert [(row["invoices"], row["first_issued_on"]) for row in rows] == [(1, "2026-11-23")] * 2
    first = (await clinic.api.get("/v1/unregistered-patients", params={"limit": 1})).json()
    last = (await clinic.api.get("/v1/unregistered-patients", params={"cursor": first["next"]})).json()
    assert [*first["items"], *last["items"]] == rows
    merge = {"clinic_id": clinic.id, "occurred_at": START, "merged_patient_id": stranger}
    await clinic.harness.deliver(
        known(clinic, "Late", "Comer", patient_id=late), PatientMerged(patient_id=amara.patient_id, **merge)
    )
    assert await clinic.listed("/v1/unregistered-patients") == []


async def test_a_patient_is_read_by_the_id_of_either_record_as_the_one_that_goes_on(clinic: Any) -> None:
    """INV-18, ALL-10: with the name, and with what is owed; a patient not told of yet may come (ALL-11)."""
    amara, other = known(clinic, "Amara", "Okafor"), new_id()
    unknown = await clinic.api.get(f"/v1/patients/{amara.patient_id}")
    assert (unknown.status_code, unknown.headers.get("retry-after")) == (404, "1")
    merge = PatientMerged(
        clinic_id=clinic.id, occurred_at=START, patient_id=amara.patient_id, merged_patient_id=UUID(str(other))
    )
    await clinic.harness.deliver(amara, merge)
    await clinic.invoice(clinic.custom("10.00"), patient_id=str(amara.patient_id))
    for record in (amara.patient_id, other):
        answer = await clinic.api.get(f"/v1/patients/{record}")
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert (found["patient_id"], found["name"]) == (str(amara.patient_id), "Amara Okafor")
        assert (found["outstanding"]["amount"], found["open_invoices"]) == ("10.00", 1)
