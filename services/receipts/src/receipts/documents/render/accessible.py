"""Declares PDF/UA beside PDF/A in a document's metadata, which WeasyPrint does for one of the two only."""

from __future__ import annotations

from typing import Any

_IDENTIFICATION = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def declare_accessible(_document: Any, pdf: Any) -> None:
    """Add the PDF/UA-1 identification (ISO 14289-1, 5) and its PDF/A extension schema; a WeasyPrint finisher."""
    number = int(pdf.catalog["Metadata"].split()[0])
    metadata = pdf.objects[number]
    before = b"".join(metadata.stream)
    metadata.stream = [before.replace(b"</rdf:RDF>", _IDENTIFICATION, 1)]
    metadata.compress = False
