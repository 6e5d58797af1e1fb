"""What each domain error is answered with (RFC 9457)."""

from chassis.database.versioned_settings import SettingsChanged
from chassis.http import Problem

from receipts.domain.errors import (
    ClinicNotConfigured,
    DocumentNotReady,
    DocumentsDeleted,
    DocumentSetAside,
    FiguresNotPermitted,
    FiguresUnavailable,
    InstallmentUnknown,
    InvoiceUnknown,
    NoteUnknown,
    NothingToDemand,
    OwnTemplateRefused,
    PatientUnknown,
    PeriodTooLong,
    PlanUnknown,
    ReceiptNotKnownYet,
    ReceiptsNotKnownYet,
    ReceiptsNotReady,
    ReceiptsSetAside,
    ReceiptsUnknown,
    ReceiptUnknown,
)

PROBLEMS: dict[type[Exception], Problem] = {
    ReceiptUnknown: Problem(404, "receipt-unknown", "There is no such receipt"),
    ReceiptsUnknown: Problem(422, "receipts-unknown", "Some of the receipts are not known"),
    ReceiptsNotReady: Problem(404, "document-not-ready", "The document is being rendered", 1),
    ReceiptsSetAside: Problem(409, "document-set-aside", "The document could not be rendered"),
    ReceiptsNotKnownYet: Problem(404, "receipt-not-known-yet", "The transaction has no receipt, or not yet", 1),
    ReceiptNotKnownYet: Problem(404, "receipt-not-known-yet", "The transaction has no receipt, or not yet", 1),
    InvoiceUnknown: Problem(404, "invoice-not-known-yet", "The invoice is not known here, or not yet", 1),
    NoteUnknown: Problem(404, "note-not-known-yet", "The note is not known here, or not yet", 1),
    PlanUnknown: Problem(404, "plan-not-known-yet", "The installment plan is not known here, or not yet", 1),
    InstallmentUnknown: Problem(404, "no-such-installment", "There is no such installment"),
    NothingToDemand: Problem(409, "nothing-to-demand", "Nothing of the installment is asked of the patient"),
    PatientUnknown: Problem(404, "patient-not-known-yet", "The patient is not known here, or not yet", 1),
    ClinicNotConfigured: Problem(409, "clinic-not-configured", "The clinic has no settings yet"),
    FiguresUnavailable: Problem(503, "figures-unavailable", "The figures to be printed cannot be had now", 5),
    FiguresNotPermitted: Problem(403, "insufficient-scope", "The token does not permit this"),
    PeriodTooLong: Problem(422, "period-too-long", "The period is too long for one document"),
    DocumentNotReady: Problem(404, "document-not-ready", "The document is being rendered", 1),
    DocumentSetAside: Problem(409, "document-set-aside", "The document could not be rendered"),
    OwnTemplateRefused: Problem(422, "template-refused", "The template cannot be used"),
    DocumentsDeleted: Problem(410, "document-deleted", "The document was deleted when its retention had ended"),
    SettingsChanged: Problem(412, "precondition-failed", "It was changed since it was read"),
}
