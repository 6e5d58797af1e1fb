"""A clinic's price lists: several, by payer or membership, each entry with a first day (`INV-19`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from chassis.sentence import Sentence
from chassis.typed import alike

from invoicing.domain.clinic_settings import ClinicSettings, check_base_quantity
from invoicing.domain.errors import Invalid
from invoicing.domain.list_entry import Entries, ListEntry
from invoicing.domain.prices import Prices


@dataclass(frozen=True, slots=True)
class PriceList:
    """A list by its name; whose patients it is for: those of a payer, of a membership, or whoever it is chosen for."""

    id: UUID
    clinic_id: UUID
    name: str
    version: int
    payer_id: UUID | None = None
    membership: str | None = None
    is_default: bool = False
    """Asked where no other list is meant, before the settings' own price list."""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class PriceBook:
    """A clinic's lists, and what they say of the codes that were asked for."""

    settings: ClinicSettings
    lists: tuple[PriceList, ...] = ()
    entries: Mapping[UUID, Entries] = field(default_factory=dict)

    def prices(
        self,
        on: date,
        *,
        chosen: UUID | None = None,
        membership: str | None = None,
        payer_id: UUID | None = None,
    ) -> Prices:
        """What a document asks: the list that was chosen, then the membership's, the payer's, the default one.

        Raises Invalid for a list that is not there, and for a membership without one.
        """
        named = [self._chosen(chosen)] if chosen else []
        named += [self._of_membership(membership)] if membership else []
        of_payer = [price_list for price_list in self.lists if payer_id is not None and price_list.payer_id == payer_id]
        default = [price_list for price_list in self.lists if price_list.is_default]
        asked = [
            self.entries.get(price_list.id, {})
            for price_list in [*named, *of_payer, *default]
            if not price_list.archived
        ]
        payers = next((price_list for price_list in of_payer if not price_list.archived), None)
        cover = self.entries.get(payers.id, {}) if payers else {}
        return Prices(self.settings, on, tuple(asked), cover, payers.name if payers else "")

    def _chosen(self, list_id: UUID) -> PriceList:
        found = next(
            (price_list for price_list in self.lists if price_list.id == list_id and not price_list.archived), None
        )
        if found is None:
            raise Invalid("price_list_id", Sentence("the clinic has no price list {id}, or it is archived", id=list_id))
        return found

    def _of_membership(self, name: str) -> PriceList:
        wanted = alike(name)
        of = (
            price_list for price_list in self.lists if price_list.membership and alike(price_list.membership) == wanted
        )
        found = next((price_list for price_list in of if not price_list.archived), None)
        if found is None:
            raise Invalid("membership", "no price list is for this membership")
        return found


def check_list(wanted: PriceList, others: Sequence[PriceList]) -> None:
    """See that no two lists are for the same patients, or called the same. Raises Invalid naming the field."""
    if wanted.payer_id is not None and wanted.membership is not None:
        raise Invalid("membership", "a list is for a payer or for a membership, not for both")
    standing = [one for one in others if not one.archived]
    for field_, given in (
        ("name", alike(wanted.name)),
        ("payer_id", wanted.payer_id),
        ("membership", wanted.membership and alike(wanted.membership)),
        ("is_default", wanted.is_default or None),
    ):
        for other in standing if given is not None and not wanted.archived else ():
            theirs = getattr(other, field_)
            if given == (alike(theirs) if isinstance(theirs, str) else theirs):
                raise Invalid(
                    field_,
                    Sentence(
                        "the price list '{name}' has it already: change or archive that one first", name=other.name
                    ),
                )


def check_entries(entries: Sequence[ListEntry], settings: ClinicSettings, field_: str) -> None:
    """Accept entries that can be billed with. Raises Invalid, UnknownTaxCategory naming the place."""
    seen: set[tuple[str, str, date | None]] = set()
    for place, one in enumerate(entries):
        at = f"{field_}[{place}]"
        if (one.code_system, one.code, one.valid_from) in seen:
            raise Invalid(
                f"{at}.code", Sentence("the code '{code}' is given twice for the same first day", code=one.code)
            )
        seen.add((one.code_system, one.code, one.valid_from))
        check_base_quantity(one.base_quantity, f"{at}.base_quantity")
        if not one.removed and one.unit_price is None and one.covered_percent is None:
            raise Invalid(f"{at}.unit_price", "an entry says a price, or what the payer covers, or that it is removed")
        if one.allowed is not None and one.covered_percent is None:
            raise Invalid(f"{at}.covered_percent", "say how much of what it allows the payer pays")
        if one.covered_percent is not None and one.covered_percent > 100:  # noqa: PLR2004 - percent
            raise Invalid(f"{at}.covered_percent", "a payer pays at most 100 %")
        if one.tax_code is not None:
            settings.tax_of(one.tax_code, "procedure", f"{at}.tax_category", date.max)


@dataclass(frozen=True, slots=True)
class ListVersion:
    """One version of a list: what it was, how many entries were set, who made it, when and why (`ALL-5`)."""

    version: int
    name: str
    payer_id: UUID | None
    membership: str | None
    is_default: bool
    archived: bool
    entries: int
    changed_at: datetime
    changed_by: str
    reason: str
