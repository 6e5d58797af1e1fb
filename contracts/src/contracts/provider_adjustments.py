"""Why an insurer withholds from a transfer as a whole, or adds to it: the reasons of X12 835 PLB03-1 (`INS-9`).

The sign says which: above zero it is taken from the transfer, below zero it comes with it, whatever the reason.
"""

from __future__ import annotations

MEANINGS = {
    "50": "late_charge",
    "51": "interest_penalty",
    "72": "authorized_return",
    "90": "early_payment_allowance",
    "AH": "origination_fee",
    "AM": "applied_to_borrowers_account",
    "AP": "acceleration_of_benefits",
    "B2": "rebate",
    "B3": "recovery_allowance",
    "BD": "bad_debt_adjustment",
    "BN": "bonus",
    "C5": "temporary_allowance",
    "CR": "capitation_interest",
    "CS": "adjustment",
    "CT": "capitation_payment",
    "CV": "capital_passthrough",
    "CW": "nurse_anesthetist_passthrough",
    "DM": "medical_education_passthrough",
    "E3": "withholding",
    "FB": "forwarding_balance",
    "FC": "fund_allocation",
    "GO": "graduate_medical_education_passthrough",
    "HM": "hemophilia_clotting_factor",
    "IP": "incentive_premium_payment",
    "IR": "revenue_service_withholding",
    "IS": "interim_settlement",
    "J1": "nonreimbursable",
    "L3": "penalty",
    "L6": "interest",
    "LE": "levy",
    "LS": "lump_sum",
    "OA": "organ_acquisition_passthrough",
    "OB": "offset_for_affiliated_providers",
    "PI": "periodic_interim_payment",
    "PL": "payment_final",
    "RA": "retroactive_adjustment",
    "RE": "return_on_equity",
    "SL": "student_loan_repayment",
    "TL": "third_party_liability",
    "WO": "overpayment_recovery",
    "WU": "unspecified_recovery",
}
"""By code, as a word."""
INTEREST = frozenset({"L6", "CR"})
"""Income of whoever was paid late; every other reason is not."""


def meaning_of(code: str | None) -> str | None:
    """What a reason means; None where the standard does not have it."""
    return MEANINGS.get((code or "").upper())
