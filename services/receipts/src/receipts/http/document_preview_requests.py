"""What is to be previewed, as it comes in."""

from __future__ import annotations

from typing import Annotated, Any, Self

from chassis.http import EMAIL, LINE_OF_WORDS, ONE_LINE, RequestBody, pattern
from pydantic import ConfigDict, Field, StringConstraints, model_validator

from receipts.documents.render.kinds import Templated
from receipts.domain.own_templates import OwnTemplates
from receipts.domain.people import Address
from receipts.domain.settings import DocumentSettings
from receipts.http.document_settings_requests import DocumentSettingsFields
from receipts.http.document_template_requests import Template, Texts, check_texts

LOGO_MAX = 700_000
"""About half a megabyte as a file, as in the clinic's settings."""
_COUNTRY = pattern(r"^[A-Z]{2}$", "is not a country code such as US")
_LANGUAGE = pattern(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", "is not a language such as en-US")
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=LINE_OF_WORDS)]
ShortLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=ONE_LINE)]


class AddressIn(RequestBody):
    """Where the clinic is, as printed."""

    lines: Annotated[tuple[Line, ...], Field(max_length=4)]
    city: Line
    region: Line | None = None
    postal_code: Annotated[str | None, StringConstraints(max_length=20, pattern=ONE_LINE)] = None
    country: Annotated[str, Field(pattern=_COUNTRY)]


class LetterheadIn(RequestBody):
    """What the clinic's settings would say; a member that is left out is as it is now, null is none."""

    name: Line | None = None
    legal_name: Line | None = None
    address: AddressIn | None = None
    phone: ShortLine | None = None
    email: Annotated[str | None, StringConstraints(strip_whitespace=True, max_length=320, pattern=EMAIL)] = None
    tax_number: ShortLine | None = None
    logo_svg: Annotated[str | None, Field(max_length=65_536)] = None
    """The logo as the text of an SVG document; or else `logo`."""
    logo: Annotated[str | None, Field(max_length=LOGO_MAX, json_schema_extra={"contentEncoding": "base64"})] = None
    """The logo as a PNG, JPEG or SVG file in base64: drawn as it is when settings are saved, and refused likewise."""


class DocumentPreviewIn(RequestBody):
    """A sample of which kind, with which letterhead and settings."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "invoice", "letterhead": {"name": "Maple Street Dental"}}}
    )

    kind: Templated
    """`roll` is a receipt on the 80 mm roll."""
    language: Annotated[str | None, Field(max_length=35, pattern=_LANGUAGE)] = None
    """BCP 47; without it, or where there are no words in it, the clinic's."""
    letterhead: LetterheadIn = LetterheadIn()
    settings: DocumentSettingsFields | None = None
    """The document settings as they would be; without them, as they are by default."""
    template: Template | None = None
    """The clinic's own template as it would be; without it, the system's (`RCP-6`)."""
    texts: Annotated[Texts, Field(description="Its own texts as they would be, by language and name.")] = {}  # noqa: RUF012  pydantic copies it

    def changed_letterhead(self, drawn_logo: str | None) -> dict[str, Any]:
        """The members that are given, by the names that the clinic's letterhead has for them."""
        given = self.letterhead.model_fields_set
        plain = {name: getattr(self.letterhead, name) for name in given - {"logo", "logo_svg", "address"}}
        if plain.get("name", "") is None:
            del plain["name"]
        address = self.letterhead.address
        if "address" in given:
            plain["address"] = Address(**address.model_dump()) if address else None
        return plain | ({"logo": drawn_logo} if given & {"logo", "logo_svg"} else {})

    @model_validator(mode="after")
    def _texts_fit(self) -> Self:
        check_texts(self.texts)
        return self

    def own_templates(self) -> OwnTemplates:
        """As the domain takes them."""
        return OwnTemplates(templates={} if self.template is None else {self.kind: self.template}, texts=self.texts)

    def document_settings(self) -> DocumentSettings:
        """As the domain takes them."""
        return self.settings.to_domain() if self.settings else DocumentSettings()
