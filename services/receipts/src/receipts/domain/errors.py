"""The named facts that stop a document from being made or served."""

from __future__ import annotations

from uuid import UUID


class ReceiptsError(Exception):
    """A request or a fact that cannot be served.

    ReceiptsError
    ├── TransactionDoesNotAddUp   allocations + credit are not the amount (`RCP-2`)
    ├── FactMissing               something that an event refers to has not arrived yet
    ├── ReceiptUnknown            no such receipt in this clinic
    ├── InvoiceUnknown            no such invoice in this clinic
    ├── ReceiptNotKnownYet        the transaction's event may be on its way (`RCP-5`)
    ├── DocumentNotReady          the document is being rendered
    ├── DocumentSetAside          the document cannot be rendered; its reason is visible
    ├── ClinicNotConfigured       the clinic's settings have not arrived
    └── SettingsChanged           the settings were changed meanwhile (`ALL-3`)
    """


class TransactionDoesNotAddUp(ReceiptsError):
    """Allocations + credit are not the amount (`RCP-2`)."""

    def __init__(self, transaction_id: UUID) -> None:
        super().__init__(f"the settlements and the credit of transaction {transaction_id} are not its amount")
        self.transaction_id = transaction_id


class FactMissing(ReceiptsError):
    """Something that an event refers to has not arrived yet."""

    def __init__(self, what: str, identifier: UUID) -> None:
        super().__init__(f"{what} {identifier} is not known yet")


class ReceiptUnknown(ReceiptsError):
    """No such receipt in this clinic."""

    def __init__(self, receipt_id: UUID) -> None:
        super().__init__(f"receipt {receipt_id} is not known")


class InvoiceUnknown(ReceiptsError):
    """No such invoice in this clinic, or its event has not arrived yet."""

    def __init__(self, invoice_id: UUID) -> None:
        super().__init__(f"invoice {invoice_id} is not known (yet)")


class ReceiptNotKnownYet(ReceiptsError):
    """The transaction's event may be on its way (`RCP-5`)."""

    def __init__(self, transaction_id: UUID) -> None:
        super().__init__(f"transaction {transaction_id} has no receipt (yet)")


class DocumentNotReady(ReceiptsError):
    """The document is being rendered."""

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"document {document_id} is being rendered")


class DocumentSetAside(ReceiptsError):
    """The document cannot be rendered; its reason is visible."""

    def __init__(self, document_id: UUID, failure: str) -> None:
        super().__init__(f"document {document_id} could not be rendered and was set aside: {failure}")


class ClinicNotConfigured(ReceiptsError):
    """The clinic's settings have not arrived."""

    def __init__(self) -> None:
        super().__init__("the clinic has no settings yet: PUT /v1/clinic of invoicing makes them")


class SettingsChanged(ReceiptsError):
    """The settings were changed meanwhile (`ALL-3`)."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the document settings are at version {version} now")
