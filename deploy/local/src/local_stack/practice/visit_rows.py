"""From the rows of one visit to the visit: which charge is which procedure's, and who paid what."""

from __future__ import annotations

from local_stack.practice.csv_rows import Row
from local_stack.practice.ledger import (
    SECONDARY_INSURER,
    THE_PATIENT,
    DecidedCharge,
    LedgerDecision,
    LedgerPayment,
    Method,
    Payer,
    Procedure,
    Visit,
    derived_id,
)

PATIENTS_METHODS: dict[str, Method] = {"CASH": "cash", "COPAY": "cash", "CC": "bank_card", "CHECK": "check"}
BY_INSURER = "ECHECK"
TYPES = ("CHARGE", "PAYMENT", "TRANSFEROUT", "TRANSFERIN")


def visit_of(visit: Row, insurer: Payer | None, procedures: list[Row], transactions: list[Row]) -> Visit:
    """The visit that these rows tell of."""
    ledger = sorted(transactions, key=lambda row: (row.text("claim_id"), row.number("sequence")))
    for row in ledger:
        _check(row)
    charges = [row for row in ledger if row.text("type") == "CHARGE"]
    billed = _procedures(visit, procedures, charges)
    return Visit(
        id=visit.identifier("visit_id"),
        clinic_id=visit.identifier("clinic_id"),
        provider_id=visit.identifier("provider_id"),
        patient_id=visit.identifier("patient_id"),
        insurer=insurer,
        start=visit.moment("start"),
        stop=visit.moment("stop"),
        procedures=billed,
        payments=_payments(ledger, insurer),
        outstanding=_outstanding(ledger),
        decisions=_decisions(ledger, billed, insurer),
        patient_part=_patient_part(ledger) if insurer else 0,
    )


def _check(row: Row) -> None:
    if row.text("type") not in TYPES:
        raise row.complain("type", f"{row.values['type']!r} is none of {', '.join(TYPES)}")
    if row.cents("adjustments"):
        raise row.complain("adjustments", "the player knows no adjustments")


def _procedures(visit: Row, procedures: list[Row], charges: list[Row]) -> tuple[Procedure, ...]:
    """Charges equal procedures one to one, by code and text; not always in the same order."""
    waiting = list(procedures)
    paired = []
    for charge in charges:
        same = (charge.text("procedure_code"), charge.text("note"))
        match = next((row for row in waiting if (row.text("code"), row.text("description")) == same), None)
        if match is None:
            raise charge.complain("procedure_code", f"{same[0]} is no procedure of this visit, or charged twice")
        waiting.remove(match)
        paired.append(_procedure(match, charge))
    if waiting:
        raise waiting[0].complain("code", "the procedure has no CHARGE in transactions.csv")
    if not paired:
        raise visit.complain("visit_id", "the visit has no procedure")
    return tuple(paired)


def _procedure(row: Row, charge: Row) -> Procedure:
    return Procedure(
        id=derived_id("procedure", charge.text("claim_id"), charge.text("sequence")),
        code_system=row.text("code_system"),
        code=row.text("code"),
        description=row.text("description"),
        start=row.moment("start"),
        stop=row.moment("stop"),
        fee=charge.cents("amount"),
    )


def _payments(ledger: list[Row], insurer: Payer | None) -> tuple[LedgerPayment, ...]:
    """The PAYMENT rows; a charge that went to the secondary insurer is paid by that one from there on (`INS-4`)."""
    payments = []
    asked = insurer
    for row in ledger:
        if row.text("type") == "CHARGE":
            asked = insurer
        elif row.text("type") == "TRANSFERIN" and row.text("transfer_to") == "2":
            asked = SECONDARY_INSURER
        elif row.text("type") == "PAYMENT":
            payments.append(_payment(row, asked))
    return tuple(payments)


def _payment(row: Row, asked: Payer | None) -> LedgerPayment:
    payer, method = _who_and_how(row, asked)
    amount = row.cents("payments")
    if amount == 0:
        raise row.complain("payments", "a payment of 0.00")
    reference = f"{row.text('claim_id')} {row.text('sequence')}"
    return LedgerPayment(reference, payer, method, amount, row.moment("date"))


def _who_and_how(row: Row, asked: Payer | None) -> tuple[Payer, Method]:
    method = row.text("method")
    if method == BY_INSURER:
        if asked is None:
            raise row.complain("method", f"{BY_INSURER} is the insurer's, and the visit has no insurance")
        return asked, "insurance"
    if method not in PATIENTS_METHODS:
        raise row.complain("method", f"{method!r} is none of {BY_INSURER}, {', '.join(PATIENTS_METHODS)}")
    return THE_PATIENT, PATIENTS_METHODS[method]


def _outstanding(ledger: list[Row]) -> int:
    """What the ledger itself says is owed at the end: `outstanding` of each charge's last row."""
    return sum(
        row.cents("outstanding")
        for row, following in zip(ledger, [*ledger[1:], None], strict=True)
        if following is None or following.text("type") == "CHARGE"
    )


def _decisions(
    ledger: list[Row], procedures: tuple[Procedure, ...], insurer: Payer | None
) -> tuple[LedgerDecision, ...]:
    """What the insurers decided: of each charge billed to the first, and of what was passed on to the second."""
    if insurer is None:
        return ()
    first: list[DecidedCharge] = []
    second: list[DecidedCharge] = []
    for procedure, rows in zip(procedures, _by_charge(ledger), strict=True):
        if rows[0].text("transfer_to") != "1" or not procedure.fee:
            continue
        passed_on = next((n for n, row in enumerate(rows) if _is_transfer_to(row, "2")), None)
        paid = _paid_by_insurer(rows[:passed_on])
        first.append(DecidedCharge(procedure.id, procedure.fee, 0, paid))
        if passed_on is not None:
            second.append(DecidedCharge(procedure.id, procedure.fee, paid, _paid_by_insurer(rows[passed_on:])))
    decided = (LedgerDecision(insurer, "primary", tuple(first)),) if first else ()
    return (*decided, LedgerDecision(SECONDARY_INSURER, "secondary", tuple(second))) if second else decided


def _patient_part(ledger: list[Row]) -> int:
    """What was passed on to the patient, as the ledger itself has it."""
    return sum(row.cents("transfers") for row in ledger if _is_transfer_to(row, "p"))


def _by_charge(ledger: list[Row]) -> list[list[Row]]:
    charges: list[list[Row]] = []
    for row in ledger:
        if row.text("type") == "CHARGE":
            charges.append([row])
        elif charges:
            charges[-1].append(row)
    return charges


def _paid_by_insurer(rows: list[Row]) -> int:
    return sum(row.cents("payments") for row in rows if row.text("type") == "PAYMENT" and _is_insurers(row))


def _is_insurers(row: Row) -> bool:
    return row.text("method") == BY_INSURER


def _is_transfer_to(row: Row, whom: str) -> bool:
    return row.text("type") == "TRANSFERIN" and row.text("transfer_to") == whom
