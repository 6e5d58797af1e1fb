"""What a document's metadata declares beside PDF/A, which WeasyPrint does alone: PDF/UA, and what file it carries."""

from __future__ import annotations

from typing import Any

from receipts.documents.facturx.attachment import NAMESPACE, PROPERTIES
from receipts.documents.render.written_once import write_once

_ACCESSIBLE = '<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>'
_SCHEMAS = """<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 rdf:about=""><pdfaExtension:schemas><rdf:Bag>{}</rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
_SCHEMA = """<rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>
<pdfaSchema:schema>{schema}</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"""
_PROPERTY = """<rdf:li rdf:parseType="Resource"><pdfaProperty:category>{category}</pdfaProperty:category>
<pdfaProperty:description>{description}</pdfaProperty:description>
<pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>{value_type}</pdfaProperty:valueType></rdf:li>"""


def declare_accessible(_document: Any, pdf: Any) -> None:
    """Add the PDF/UA-1 identification (ISO 14289-1, 5) and its PDF/A extension schema; a WeasyPrint finisher."""
    _declare(pdf, _ACCESSIBLE + _SCHEMAS.format(_accessible_schema()))


def declare_hybrid(_document: Any, pdf: Any) -> None:
    """The same, and that it carries a Factur-X file (Factur-X 1.0, 6.2.2)."""
    _declare(pdf, _ACCESSIBLE + _hybrid() + _SCHEMAS.format(_accessible_schema() + _hybrid_schema()))


def _declare(pdf: Any, described: str) -> None:
    number = int(pdf.catalog["Metadata"].split()[0])
    metadata = pdf.objects[number]
    before = b"".join(metadata.stream)
    metadata.stream = [before.replace(b"</rdf:RDF>", f"{described}</rdf:RDF>".encode(), 1)]
    metadata.compress = False
    write_once(pdf)


def _accessible_schema() -> str:
    part = _PROPERTY.format(
        category="internal", description="PDF/UA version identifier", name="part", value_type="Integer"
    )
    return _SCHEMA.format(
        namespace="http://www.aiim.org/pdfua/ns/id/",
        prefix="pdfuaid",
        schema="PDF/UA identification schema",
        properties=part,
    )


def _hybrid() -> str:
    said = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, (value, _) in PROPERTIES.items())
    return f'<rdf:Description xmlns:fx="{NAMESPACE}" rdf:about="">{said}</rdf:Description>'


def _hybrid_schema() -> str:
    properties = "".join(
        _PROPERTY.format(category="external", description=description, name=name, value_type="Text")
        for name, (_, description) in PROPERTIES.items()
    )
    return _SCHEMA.format(
        namespace=NAMESPACE, prefix="fx", schema="Factur-X PDFA Extension Schema", properties=properties
    )
