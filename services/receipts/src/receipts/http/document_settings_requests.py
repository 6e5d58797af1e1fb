"""How a clinic wants its documents, as it comes in."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from chassis.http import LINE_OF_WORDS, NOT_BLANK, FieldRefused, pattern
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from receipts.domain.bank_account import BIC, IBAN, is_iban
from receipts.domain.settings import DocumentSettings

_IBAN = pattern(IBAN, "is not an IBAN such as DE89 3704 0044 0532 0130 00")
_BIC = pattern(BIC, "is not a BIC such as COBADEFFXXX")
_LINK = pattern(r"^https://[!-~]{4,}$", "is not an address such as https://pay.example/{number}")
Compact = Annotated[str, BeforeValidator(lambda given: given.replace(" ", "") if isinstance(given, str) else given)]
"""Written with spaces or without."""
Paper = Literal["A4", "Letter"]
EXAMPLE: dict[str, Any] = {"paper": "Letter", "show_note": True, "show_procedures": True}
REASON = "letter paper is what the printer has"


class DocumentSettingsFields(BaseModel):
    """All that a clinic chooses for its documents."""

    paper: Annotated[Paper | None, Field(description="Null: as the clinic's general settings say.")] = None
    show_note: Annotated[
        StrictBool | None, Field(description="Print a payment's note. Null: as the clinic's general settings say.")
    ] = None
    show_procedures: Annotated[
        StrictBool, Field(description="Print what was done to the patient; without it, receipts show invoices only.")
    ] = True
    account_holder: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=70, pattern=LINE_OF_WORDS),
        Field(description="Whose bank account it is; with an `iban`."),
    ] = None
    iban: Annotated[
        Compact | None,
        Field(
            max_length=34,
            pattern=_IBAN,
            description="The bank account that patients pay to, printed on what asks for money (`RCP-11`).",
        ),
    ] = None
    bic: Annotated[Compact | None, Field(pattern=_BIC, description="Its bank, where payers are asked for it.")] = None
    payment_link: Annotated[
        str | None,
        Field(
            max_length=500,
            pattern=_LINK,
            description="A page to pay on; `{number}` in it becomes the document's number.",
        ),
    ] = None

    @model_validator(mode="after")
    def _one_account(self) -> Self:
        if self.iban and not is_iban(self.iban):
            raise FieldRefused("iban", detail="has check digits that are not of this number")
        if self.iban and not self.account_holder:
            raise FieldRefused("account_holder", detail="is asked for with an IBAN: whoever pays has to name it")
        if not self.iban and (self.account_holder or self.bic):
            raise FieldRefused("iban", detail="is missing: a holder or a bank alone cannot be paid to")
        return self

    def to_domain(self) -> DocumentSettings:
        """As the domain takes them."""
        return DocumentSettings(**{name: getattr(self, name) for name in DocumentSettingsFields.model_fields})


class DocumentSettingsIn(DocumentSettingsFields):
    """How the clinic wants its documents from now on, and why; what is frozen stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": EXAMPLE | {"reason": REASON}})

    reason: Annotated[
        str,
        Field(min_length=1, max_length=500, pattern=NOT_BLANK, description="Why; kept with the version (`ALL-5`)."),
    ]
