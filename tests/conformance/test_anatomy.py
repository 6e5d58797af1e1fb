"""The same role has the same place and name in all four services; what has not yet is named here, and gets less.

`make house ARGS=roles` prints what deviates. Who gives something its role's name takes it out of the list below; who
adds a deviation gives the new file or function the name of its role instead.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

HOUSE = Path(__file__).parents[1] / "house"
KEPT = ("handlers", "jobs", "problems", "routes", "same_handling", "settings", "subscriptions", "verbs")
"""Roles from which nothing deviates any more."""
NOT_YET: dict[str, str] = {
    "bodies": """
        invoicing/http/accounting_shown.py: has bodies
        invoicing/http/answer.py: has bodies
        invoicing/http/clinic_schemas.py: has bodies
        invoicing/http/credit_requests.py: has bodies
        invoicing/http/debit_proposals.py: has bodies
        invoicing/http/installment_schemas.py: has bodies
        invoicing/http/insurance.py: has bodies
        invoicing/http/insurance_shown.py: has bodies
        invoicing/http/invoice_search.py: has bodies
        invoicing/http/patients.py: has bodies
        invoicing/http/plan_schemas.py: has bodies
        invoicing/http/price_list_schemas.py: has bodies
        invoicing/http/reports.py: has bodies
        invoicing/http/request.py: has bodies
        invoicing/http/shown.py: has bodies
        invoicing/http/shown_lines.py: has bodies
        invoicing/http/shown_parts.py: has bodies
        invoicing/http/shown_previews.py: has bodies
        invoicing/http/stories.py: has bodies
        invoicing/http/treatment_plans.py: has bodies
        invoicing/http/wanted.py: has bodies
        invoicing/http/wanted_adjustments.py: has bodies
        invoicing/http/wanted_issue.py: has bodies
    """,
    "announcing": """
        invoicing/announcements/__init__.py: clinic_configured
        invoicing/announcements/__init__.py: installment_reminded
        invoicing/announcements/__init__.py: invoice_drafted
        invoicing/announcements/__init__.py: invoice_issued
        invoicing/announcements/__init__.py: invoice_overdue
        invoicing/announcements/__init__.py: invoice_voided
        invoicing/announcements/__init__.py: note_issued
        invoicing/announcements/__init__.py: plan_changed
        invoicing/announcements/adjudications.py: adjudication_applied
        invoicing/announcements/adjudications.py: adjudication_set_aside
        invoicing/announcements/credit_requests.py: credit_decided
        invoicing/announcements/credit_requests.py: credit_requested
        invoicing/announcements/refund_adjustments.py: refund_adjustment_decided
    """,
    "tables": """
        payments/persistence/tables.py: is not there
    """,
    "nouns": """
        invoicing/persistence/billable_procedures.py: Claim
        invoicing/persistence/billable_procedures.py: Reversal
        invoicing/persistence/clinics.py: SettingsVersion
        invoicing/persistence/credit_requests.py: CreditRequestFilter
        invoicing/persistence/debit_proposals.py: Closing
        invoicing/persistence/debit_proposals.py: NewProposal
        invoicing/persistence/decisions.py: Applied
        invoicing/persistence/decisions.py: ListedDecision
        invoicing/persistence/installment_plans.py: PlanFilter
        invoicing/persistence/invoice_lists.py: InvoiceFilter
        invoicing/persistence/price_lists.py: ListVersion
        invoicing/persistence/settlements.py: Counted
        invoicing/persistence/settlements.py: Settlement
    """,
}


@pytest.fixture(scope="module")
def anatomy() -> Iterator[ModuleType]:
    """The part of `make house` that knows the roles."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(HOUSE))
        yield importlib.import_module("anatomy")


def deviating(anatomy: ModuleType, role: str) -> set[str]:
    files = importlib.import_module("files")
    return set(anatomy.ROLES[role](files.files_of(*files.SERVICES, "contracts")))


def listed(role: str) -> set[str]:
    return {line.strip() for line in NOT_YET.get(role, "").splitlines() if line.strip()}


def test_every_role_is_kept_or_has_a_list(anatomy: ModuleType) -> None:
    assert anatomy.ROLES.keys() == {*KEPT, *NOT_YET}


@pytest.mark.parametrize("role", [*KEPT, *NOT_YET])
def test_nothing_deviates_but_what_is_listed(anatomy: ModuleType, role: str) -> None:
    assert deviating(anatomy, role) - listed(role) == set(), anatomy.ROLES[role].__doc__


@pytest.mark.parametrize("role", NOT_YET)
def test_nothing_is_listed_that_has_its_name_by_now(anatomy: ModuleType, role: str) -> None:
    assert listed(role) - deviating(anatomy, role) == set(), "take it out of the list: it may only shrink"
