"""What requests that issue drafts say: which, and what of them was seen (`MON-9`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import ONE_LINE, MoneyIn
from pydantic import ConfigDict, Field

from invoicing.domain.confirmation import Confirmed
from invoicing.domain.errors import Invalid
from invoicing.http.examples import CONFIRMATION as CONFIRMATION_EXAMPLE
from invoicing.http.request import Request

Confirmation = Annotated[str, Field(min_length=1, max_length=64, pattern=ONE_LINE)]
ISSUED_MAX = 200


class IssueDraftIn(Request):
    """What the person who issues a draft has seen."""

    model_config = ConfigDict(json_schema_extra={"example": {"confirmation": CONFIRMATION_EXAMPLE}})

    confirmation: Confirmation | None = None
    """The draft's own `confirmation`, as it was shown: it stands for every price, tax and total that was seen. Needed
    where prices, rates or categories have changed since it was written, as the 409 `prices-changed` says; refused the
    same way where the draft comes to something else (`MON-9`)."""
    confirmed_total: MoneyIn | None = None
    """Instead, the total that was seen: enough where the total has changed, not where only the tax in it has."""

    def confirmed(self) -> Confirmed:
        """As the use case takes it."""
        return Confirmed(
            self.confirmation, self.confirmed_total.to_money("confirmed_total") if self.confirmed_total else None
        )


class ConfirmedIn(Request):
    """What one of the drafts is to be issued with."""

    invoice_id: UUID
    confirmation: Confirmation | None = None
    """The draft's `confirmation` as it was shown."""
    total: MoneyIn | None = None
    """Instead, its total: enough where the total has changed."""

    def confirmed(self, field: str) -> Confirmed:
        """As the use case takes it. Raises Invalid where it names neither."""
        if self.confirmation is None and self.total is None:
            raise Invalid(f"{field}.confirmation", "say what was seen: the draft's confirmation, or its total")
        return Confirmed(self.confirmation, self.total.to_money(f"{field}.total") if self.total else None)


class IssueIn(Request):
    """Drafts to issue in one go."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "invoice_ids": ["018f0000-0000-7000-8000-0000000000b1", "018f0000-0000-7000-8000-0000000000b2"],
            }
        }
    )

    invoice_ids: Annotated[list[UUID], Field(min_length=1, max_length=ISSUED_MAX)]
    """They are numbered in this order."""
    confirmed: Annotated[tuple[ConfirmedIn, ...], Field(max_length=ISSUED_MAX)] = ()
    """What was seen of drafts whose prices have changed since they were written (`MON-9`)."""

    def all_confirmed(self) -> dict[UUID, Confirmed]:
        """As the use case takes them. Raises Invalid for a draft that is not to be issued."""
        found: dict[UUID, Confirmed] = {}
        for place, one in enumerate(self.confirmed):
            if one.invoice_id not in self.invoice_ids or one.invoice_id in found:
                raise Invalid(f"confirmed[{place}].invoice_id", "each names one of `invoice_ids`, and each another one")
            found[one.invoice_id] = one.confirmed(f"confirmed[{place}]")
        return found

    def require_each_once(self) -> None:
        """Raises Invalid naming the place where a draft is named again."""
        for place, one in enumerate(self.invoice_ids):
            if one in self.invoice_ids[:place]:
                raise Invalid(f"invoice_ids[{place}]", f"draft {one} is named twice")
