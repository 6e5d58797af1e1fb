"""How a clinic wants its documents, where it departs from its general settings (`RCP-2`, `RCP-4`)."""

from __future__ import annotations

from dataclasses import dataclass

from receipts.domain.people import Clinic, Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSettings:
    """What a clinic chose for its documents; None means what its general settings say. Version 0 was never saved."""

    paper: Paper | None = None
    show_note: bool | None = None
    show_procedures: bool = True
    version: int = 0

    def paper_of(self, clinic: Clinic) -> Paper:
        """The sheet that new documents are laid out for."""
        return self.paper or clinic.paper

    def shows_note(self, clinic: Clinic) -> bool:
        """Whether a payment's note is printed."""
        return clinic.receipt_shows_note if self.show_note is None else self.show_note
