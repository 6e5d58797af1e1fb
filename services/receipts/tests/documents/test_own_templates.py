"""A clinic's own template in its sandbox: what it can say, and what it cannot reach (RCP-6)."""

from __future__ import annotations

import socket
from contextlib import nullcontext
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdf
import pytest
from receipts.documents.catalogs.own_texts import refusal_of
from receipts.documents.content.frozen import receipt_as_json
from receipts.documents.render.render_job import AssetRefused, RenderJob, TemplateRefused
from receipts.documents.render.worker import printed
from receipts.domain.own_templates import OwnTemplate
from receipts_samples import CLINIC, invoice, money, payment, receipt_content

EXTENDS = '{% extends "receipt.html" %}'
BODY = '{% extends "frame.html" %}\n{% block body %}\n{{ amount }} CONTENT{% endblock %}'


def job(template: str | None, **texts: str) -> RenderJob:
    one = invoice(2)
    content = receipt_as_json(receipt_content(payment(one, money("10.00")), one))
    own = OwnTemplate(template=template, texts=texts)
    return RenderJob(kind="receipt", content=content, clinic=CLINIC, brief=False, own=own)


def said(pdf: bytes) -> str:
    return " ".join(pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text().split())


@pytest.mark.rule("RCP-6.2")
def test_a_clinics_own_template_takes_the_place_of_the_systems() -> None:
    """D4."""
    text = said(printed(job(BODY.replace("CONTENT", "<p>Paid with thanks by {{ payer.name }}</p>"))))
    assert ("Paid with thanks by" in text, "Still outstanding" in text) == (True, False)


EARLIER = """{% extends "receipt.html" %}
{% block foot %}<footer><div class="foot-cells"><div class="foot-who">{{ clinic.line }}</div>
<div class="foot-page">{{ number }} · <span class="page"></span> of <span class="pages"></span></div></div></footer>
{% endblock %}
{% block letterhead %}
<p class="who"><strong class="name">{{ clinic.name }}</strong>Telephone</p><h1>{{ number }}</h1>
{% endblock %}
{% block body %}<p><strong class="amount">{{ amount }}</strong></p>
<section class="parties">
<p class="party"><span class="label">{{ words.patient }}</span><strong class="name">{{ patient.name }}</strong>Road</p>
<p class="party"><span class="label">{{ payer_label }}</span><strong class="name">{{ payer.name }}</strong></p>
</section>
<table class="lines"><tbody><tr><td>Extraction<span class="details">tooth 36</span></td></tr></tbody></table>
{% endblock %}
"""


@pytest.mark.rule("RCP-6.2")
def test_a_template_that_began_with_an_earlier_systems_looks_as_it_did() -> None:
    """Names ran into what is said of them, and pages had no numbers: its classes had got another meaning."""
    text = said(printed(job(EARLIER)))
    for whole in ("Beacon Hill Dental Telephone", "Andrés Muñoz Road", "Extraction tooth 36", "· 1 of 1"):
        assert whole in text
    assert "PatientAndrés" not in text


@pytest.mark.rule("RCP-6.2")
def test_a_clinics_own_text_takes_the_place_of_the_systems() -> None:
    text = said(printed(job(None, receipt_title="Proof of payment")))
    assert "Proof of payment" in text


@pytest.mark.rule("RCP-6.2")
def test_what_a_template_is_given_is_escaped() -> None:
    hostile = job(BODY.replace("CONTENT", "{{ note_label }}<p>{{ clinic.name }}</p>"))
    named = replace(hostile, clinic=replace(CLINIC, name="<img src=file:///etc/passwd>"))
    assert "<img src=file:///etc/passwd>" in said(printed(named))


@pytest.mark.rule("RCP-6.2")
@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{{ amount.__class__.__mro__ }}", "line 3.*SecurityError of '__class__'"),
        ('{{ amount|attr("__class__") }}', "line 3.*SecurityError"),
        ('{{ words["__class__"] }}', "line 3.*SecurityError"),
        ('{{ "{0.__class__}".format(amount) }}', "line 3.*SecurityError"),
        ('{{ [amount]|map(attribute="__class__")|join }}', "line 3.*SecurityError"),
        ('{{ words.update({"amount_paid": "-"}) }}', "line 3.*SecurityError of 'update'"),
        ("{{ lipsum.__globals__ }}", "line 3.*UndefinedError of 'lipsum'"),
        ("{{ missing }}", "line 3.*UndefinedError of 'missing'"),
        ("{{ words[patient.name] }}", r"line 3.*\(UndefinedError\)$"),
        ("{{ amount|safe }}", "line 3: No filter named 'safe'"),
        ("{% autoescape false %}{{ amount }}{% endautoescape %}", "line 3: ScopedEvalContextModifier"),
        ('{% include "/etc/passwd" %}', "line 3.*TemplateNotFound"),
        ('{% include "../fonts/OFL.txt" %}', "line 3.*TemplateNotFound"),
        ("{{ 1 / 0 }}", "line 3.*ZeroDivisionError"),
        ("{% if %}", "line 3: Expected an expression"),
        ("{% for n in range(100000) %}01234567890123456789{% endfor %}", "more than 1000000 characters"),
        ("{{ range(1000000) }}", "line 3.*OverflowError"),
    ],
)
def test_a_template_that_reaches_out_or_breaks_is_refused_by_its_line(content: str, why: str) -> None:
    with pytest.raises(TemplateRefused, match=why):
        printed(job(BODY.replace("CONTENT", content)))


@pytest.mark.rule("RCP-6.2")
@pytest.mark.parametrize(
    "template", ["<p>{{ number }} {{ amount }}", '{% extends "stamp.html" %}', "{% extends words %}", "{{ number }}"]
)
def test_a_template_fills_blocks_of_its_kind_or_of_the_frame(template: str) -> None:
    """So that title and language are never missing."""
    with pytest.raises(TemplateRefused, match=r'begins with {% extends "receipt\.html" %}'):
        printed(job(template))


@pytest.mark.rule("RCP-6.2")
@pytest.mark.parametrize(
    "style",
    [
        "display: none",
        "visibility: hidden",
        "opacity: 0",
        "color: transparent",
        "font-size: 1px",
        "position: absolute; left: -500mm",
        "color: #fefefe",
        "background: #0d6b6b; color: #0d6b6b",
        "opacity: 0.01",
        "overflow: hidden; height: 0",
        "overflow: hidden; width: 0",
        "position: absolute; clip: rect(0, 0, 0, 0)",
        "transform: translate(-500mm)",
        "transform: scale(0)",
        "transform: scale(0.01)",
        "letter-spacing: -3mm",
        "position: relative; z-index: -1",
        "overflow: hidden; width: 5mm; white-space: nowrap",
    ],
)
def test_a_template_hides_neither_number_nor_amount(style: str) -> None:
    """An outsider's receipt said 'gratis': what it has to say was in its HTML, and nowhere on paper."""
    hidden = f'<div style="background: #f0f6f6"><p style="{style}">{{{{ amount }}}}</p>gratis</div>'
    with pytest.raises(TemplateRefused, match="its number or its amount"):
        printed(job(BODY.replace("{{ amount }} CONTENT", hidden)))
    printed(job(BODY.replace("{{ amount }} CONTENT", hidden.replace(style, "margin: 0"))))


@pytest.mark.rule("RCP-6.2")
@pytest.mark.parametrize(
    "body",
    [
        '<p>{}</p><p style="margin-top: -9mm; background: #fff; position: relative">gratis<br><br></p>',
        '<p>{}</p><p style="position: relative; top: -9mm; height: 9mm; background: linear-gradient(#fff, #eee)"></p>',
        '<p>{}</p><p style="position: relative; top: -9mm; border-top: 9mm solid #fff"></p>',
        '<p style="position: relative">{}<span style="position: absolute; left: 0; background: #fff">gratis</span></p>',
        '<p style="outline: 4mm solid #fff; outline-offset: -4mm">{}</p>',
        '<p style="line-height: 0">{}</p><p style="line-height: 0">0000000000</p>',
        "<p>1{}</p>",
        "<p>1<b>{}</b></p>",
        "<p>{}0</p>",
        "<p>-{}</p>",
        "<p>{}.50</p>",
        "<style>b::before {{ content: '9' }}</style><p><b>{}</b></p>",
        '<p style="position: relative">{}<span style="position: absolute; left: -2mm">1</span></p>',
    ],
)
def test_a_template_paints_nothing_over_the_amount_and_makes_no_other_of_it(body: str) -> None:
    """`10.00` was found in `110.00`, and below a white rectangle."""
    with pytest.raises(TemplateRefused, match="its number or its amount"):
        printed(job(BODY.replace("{{ amount }} CONTENT", body.format("{{ amount }}"))))


@pytest.mark.rule("RCP-6.2")
@pytest.mark.parametrize(
    "style",
    [
        "background: #0d6b6b; color: #fff",
        "background: linear-gradient(#000, #111); color: #fff",
        "overflow: hidden; height: 10mm",
        "transform: rotate(90deg); width: 40mm; margin: 40mm 0",
        "position: absolute; top: 100mm",
        "opacity: 0.5",
        "border: 1mm solid #000; border-radius: 2mm; box-shadow: 0 0 2mm #888",
        "width: 20mm; float: right; background: #eee",
        "outline: 1mm solid #000",
    ],
)
def test_a_template_shows_number_and_amount_as_it_likes(style: str) -> None:
    printed(job(BODY.replace("{{ amount }} CONTENT", f'<p style="{style}">{{{{ amount }}}}</p>')))


@pytest.mark.rule("RCP-6.2")
def test_a_template_leaves_out_neither_number_nor_amount() -> None:
    with pytest.raises(TemplateRefused, match="its number or its amount"):
        printed(job(BODY.replace("{{ amount }}", "")))


def asking(address: str) -> list[str]:
    """Every way that HTML and CSS ask for an address."""
    return [
        f"<img src='{address}' alt=''>",
        f"<img src='x' srcset='{address} 1x' alt=''><object data='{address}'></object>",
        f"<embed src='{address}'>",
        f"<style>@import url('{address}');</style>",
        f"<style>@font-face {{ font-family: X; src: url('{address}') }} p {{ font-family: X }}</style><p>x</p>",
        f"<p style=\"background: url('{address}')\">x</p>",
        f"<p style=\"list-style: url('{address}'); display: list-item\">x</p>",
        f"<link rel=stylesheet href='{address}'>",
        f"<link rel=attachment href='{address}'>",
        f"<a rel=attachment href='{address}'>x</a>",
        f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{address}' width='9' height='9'/></svg>",
        f"<svg xmlns='http://www.w3.org/2000/svg'><use href='{address}#a'/></svg>",
    ]


ADDRESSES = [
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "/etc/passwd",
    "asset:../../etc/passwd",
    "http://127.0.0.1:{port}/a.css",
]


@pytest.mark.rule("RCP-6.3")
@pytest.mark.parametrize("way", range(len(asking(""))))
def test_no_way_that_a_template_asks_for_an_address_reaches_it(way: int) -> None:
    """File, network, a redirect (which nothing follows, as nothing connects) and data, however they are asked for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        for address in ADDRESSES:
            told = asking(address.format(port=server.getsockname()[1]))[way]
            with (
                pytest.raises(AssetRefused) if "<use" not in told else nullcontext()
            ):  # what `use` names is not even asked for
                printed(job(BODY.replace("CONTENT", told)))
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.rule("RCP-6.2")
def test_what_a_template_says_of_fonts_holds_for_its_document_alone() -> None:
    before = printed(replace(job(None), own=None))
    changed = BODY.replace(
        "CONTENT", "<style>@font-face { font-family: 'Noto Sans'; src: local('Noto Sans Hebrew') }</style>"
    )
    printed(job(changed))
    assert fonts_of(printed(replace(job(None), own=None))) == fonts_of(before)


def fonts_of(pdf: bytes) -> set[str]:
    page: Any = pypdf.PdfReader(BytesIO(pdf)).pages[0]
    return {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in page["/Resources"]["/Font"].values()}


@pytest.mark.rule("RCP-6.2")
@pytest.mark.parametrize(
    ("name", "text", "right"),
    [
        ("thanks", "See you soon", True),
        ("page", "{page}/{pages}", True),
        ("page", "{pages}/{page}", False),
        ("page", "no place", False),
        ("page", "{page.__class__}{pages}", False),
        ("page", "{page:>99999999}{pages}", False),
        ("page", "{page!r}{pages}", False),
        ("thanks", "{number}", False),
        ("thanks", "{", False),
        ("no_such_text", "x", False),
    ],
)
def test_a_text_has_the_places_of_the_one_that_it_replaces(name: str, text: str, right: bool) -> None:
    assert (refusal_of("en", name, text) is None) == right
