"""The named facts that stop a document from being made or served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from receipts.domain.installment_plan import AskedInstallment


class ReceiptsError(Exception):
    """A request or a fact that cannot be served.

    ReceiptsError
    ├── TransactionDoesNotAddUp   allocations + credit are not the amount (`RCP-2`)
    ├── FactsMissing              something that events refer to has not arrived yet
    ├── ReceiptUnknown            no such receipt in this clinic
    ├── ReceiptsUnknown           some of several receipts are not this clinic's, or not known yet
    ├── ReceiptsNotReady          some of several receipts are being rendered
    ├── ReceiptsSetAside          some of several receipts cannot be rendered
    ├── InvoiceUnknown            no such invoice in this clinic
    ├── NoteUnknown               no such credit or debit note in this clinic
    ├── PlanUnknown               no such installment plan, or version of it, in this clinic
    ├── PatientUnknown            no such patient in this clinic
    ├── InstallmentUnknown        invoicing has no such installment (`PLN-10`)
    ├── NothingToDemand           nothing of an installment is asked of the patient (`PLN-10`)
    ├── FiguresUnavailable        payments, which keeps the figures of a document, does not give them now
    ├── FiguresNotPermitted       payments does not give them to this caller
    ├── PeriodTooLong             more lines than one document can have
    ├── ReceiptsNotKnownYet       some of several transactions have no receipt, or not yet
    ├── ReceiptNotKnownYet        the transaction's event may be on its way (`RCP-5`)
    ├── DocumentUnknown           a document composed to be printed was removed before it was rendered
    ├── DocumentNotReady          the document is being rendered
    ├── DocumentSetAside          the document cannot be rendered; its reason is visible
    ├── DocumentDamaged           the stored bytes are gone, or others than were stored (`RCP-1`)
    ├── StoreUnavailable          the store of documents does not answer now
    │   └── StoreUnmarked         it is a new one, or another than the one that has the documents
    ├── OwnTemplateRefused        a clinic's own template cannot make a sample of its kind (`RCP-6`)
    ├── DocumentsDeleted          the retention of what was asked for has ended (`ALL-9`)
    └── ClinicNotConfigured       the clinic's settings have not arrived
    """


class TransactionDoesNotAddUp(ReceiptsError):
    """Allocations + credit are not the amount (`RCP-2`)."""

    def __init__(self, transaction_id: UUID) -> None:
        super().__init__(f"the settlements and the credit of transaction {transaction_id} are not its amount")
        self.transaction_id = transaction_id


class FactsMissing(ReceiptsError):
    """Something that events refer to has not arrived yet: which, by the id of what refers to it."""

    def __init__(self, missing: Mapping[UUID, str]) -> None:
        super().__init__("; ".join(sorted(set(missing.values()))))
        self.missing = dict(missing)


class ReceiptUnknown(ReceiptsError):
    """No such receipt in this clinic."""

    def __init__(self, receipt_id: UUID) -> None:
        super().__init__(f"receipt {receipt_id} is not known")


class InvoiceUnknown(ReceiptsError):
    """No such invoice in this clinic, or its event has not arrived yet."""

    def __init__(self, invoice_id: UUID) -> None:
        super().__init__(f"invoice {invoice_id} is not known (yet)")


class NoteUnknown(ReceiptsError):
    """No such credit or debit note in this clinic, or its event has not arrived yet."""

    def __init__(self, note_id: UUID) -> None:
        super().__init__(f"note {note_id} is not known (yet)")


class PlanUnknown(ReceiptsError):
    """No such installment plan, or version of it, in this clinic, or its event has not arrived yet."""

    def __init__(self, plan_id: UUID) -> None:
        super().__init__(f"installment plan {plan_id}, or this version of it, is not known (yet)")


class PatientUnknown(ReceiptsError):
    """No such patient in this clinic, or the register's event has not arrived yet."""

    def __init__(self, patient_id: UUID) -> None:
        super().__init__(f"patient {patient_id} is not known (yet)")


class FiguresUnavailable(ReceiptsError):
    """Payments, which keeps the figures of a document, does not give them now."""


class FiguresNotPermitted(ReceiptsError):
    """Payments does not give its figures to this caller (`ALL-5`)."""

    def __init__(self) -> None:
        super().__init__("the scope payments:read is required: the figures are those of payments")


class PeriodTooLong(ReceiptsError):
    """More lines than one document can have."""

    field = "from"

    def __init__(self, most: int) -> None:
        super().__init__(f"the period has more than {most} lines: ask for a shorter one, or for its CSV in payments")


class ReceiptNotKnownYet(ReceiptsError):
    """The transaction's event may be on its way (`RCP-5`)."""

    def __init__(self, transaction_id: UUID) -> None:
        super().__init__(f"transaction {transaction_id} has no receipt (yet)")


class ReceiptsUnknown(ReceiptsError):
    """Some of the receipts asked for are not this clinic's; all of them are named (`PAY-7`)."""

    field = "id"

    def __init__(self, ids: Sequence[UUID]) -> None:
        super().__init__(f"these receipts are not known: {_listed(ids)}")
        self.extensions = {"missing": [str(id_) for id_ in ids]}


class ReceiptsNotKnownYet(ReceiptsError):
    """Some of the transactions asked for have no receipt, or their events are on their way (`PAY-7`, `RCP-5`)."""

    def __init__(self, ids: Sequence[UUID]) -> None:
        super().__init__(f"these transactions have no receipt (yet): {_listed(ids)}")
        self.extensions = {"missing": [str(id_) for id_ in ids]}


class ReceiptsNotReady(ReceiptsError):
    """Some of the receipts asked for are being rendered; all of them are named (`PAY-7`)."""

    def __init__(self, ids: Sequence[UUID]) -> None:
        super().__init__(f"these receipts are being rendered: {_listed(ids)}")
        self.extensions = {"missing": [str(id_) for id_ in ids]}


class ReceiptsSetAside(ReceiptsError):
    """Some of the receipts asked for cannot be rendered; all of them are named, their reasons are visible (`PAY-7`)."""

    def __init__(self, ids: Sequence[UUID]) -> None:
        super().__init__(f"these receipts could not be rendered and were set aside: {_listed(ids)}")
        self.extensions = {"missing": [str(id_) for id_ in ids]}


def _listed(ids: Sequence[UUID]) -> str:
    return ", ".join(str(id_) for id_ in ids)


class DocumentUnknown(ReceiptsError):
    """A document composed to be printed was removed before it was rendered."""

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"document {document_id} was removed")


class InstallmentUnknown(ReceiptsError):
    """Invoicing has no such installment, or its plan has it no more (`PLN-10`)."""

    def __init__(self, installment_id: UUID) -> None:
        super().__init__(f"no installment {installment_id} is known, or its plan has it no more")


class NothingToDemand(ReceiptsError):
    """The installment asks the patient for nothing: it is paid, cancelled, or insurers are to pay it (`PLN-10`)."""

    def __init__(self, asked: AskedInstallment) -> None:
        about = f"installment {asked.installment_id}"
        why = f"{about} is cancelled" if not asked.asked else f"nothing is unpaid of {about}"
        if asked.asked and asked.remaining.minor:
            why = f"insurers are to pay the {asked.remaining} that remain of {about}"
        super().__init__(f"{why}, so there is nothing to ask for")


class DocumentNotReady(ReceiptsError):
    """The document is being rendered."""

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"document {document_id} is being rendered")


class DocumentSetAside(ReceiptsError):
    """The document cannot be rendered; its reason is visible."""

    def __init__(self, document_id: UUID, failure: str) -> None:
        super().__init__(f"document {document_id} could not be rendered and was set aside: {failure}")
        self.failure = failure


class DocumentDamaged(ReceiptsError):
    """The stored bytes are gone, or others than were stored; they are served to nobody (`RCP-1`)."""

    def __init__(self, sha256: str, what: str) -> None:
        super().__init__(f"the stored document of SHA-256 {sha256} is not served: {what}; put it back from a backup")
        self.what = what


class StoreUnavailable(ReceiptsError):
    """The store of documents does not answer now; `for_good` where no waiting mends that."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(f"the store of documents cannot be used now: {why}")
        self.why = why
        self.for_good = for_good


class StoreUnmarked(StoreUnavailable):
    """It is a new one, or another than the one that has the documents: an empty mount point, an empty bucket."""


class OwnTemplateRefused(ReceiptsError):
    """A clinic's own template cannot make a sample of its kind: where it is wrong, by its line (`RCP-6`)."""

    def __init__(self, reason: str, field: str = "template") -> None:
        super().__init__(f"the template cannot be used: {reason}")
        self.reason = reason
        self.field = field


class DocumentsDeleted(ReceiptsError):
    """The retention of the document, or of some of several, has ended; each is named (`ALL-9`)."""

    def __init__(self, ids: Sequence[UUID]) -> None:
        super().__init__(f"deleted when the years were over for which they are kept: {_listed(ids)}")
        self.extensions = {"missing": [str(id_) for id_ in ids]}


class ClinicNotConfigured(ReceiptsError):
    """The clinic's settings have not arrived."""

    def __init__(self) -> None:
        super().__init__("the clinic has no settings yet: PUT /v1/clinic of invoicing makes them")
