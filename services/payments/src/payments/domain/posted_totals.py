"""What documents wrote in the journal, so that it can be taken back account by account (`INV-6`, `INV-8`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from payments.domain.journal import Account, Entry


@dataclass(slots=True)
class PostedTotals:
    """Sums by account, of each posting and of all postings of an invoice; only entries that name no payment count."""

    of_posting: defaultdict[UUID, Counter[Account]] = field(default_factory=lambda: defaultdict(Counter))
    of_invoice: defaultdict[UUID, Counter[Account]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, posting_id: UUID, entries: Iterable[Entry]) -> None:
        """Count a posting."""
        for entry in entries:
            if entry.invoice_id is not None and entry.payment_id is None:
                self.of_posting[posting_id][entry.account] += entry.minor
                self.of_invoice[entry.invoice_id][entry.account] += entry.minor

    def by(self, posting_id: UUID | None) -> Mapping[Account, int] | None:
        """What a posting wrote; None where it is not known."""
        return self.of_posting.get(posting_id) if posting_id is not None else None
