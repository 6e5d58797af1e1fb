"""Settings, Documents: the clinic's own template of a kind, and its own texts in a language (`RCP-6`)."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Notice, Submitted, text_of
from frontdesk.pages.settings_documents import TEMPLATES, WHERE
from frontdesk.samples import KINDS, sample_of
from frontdesk.words import WRITTEN_IN

router = APIRouter()
TRIES = 3
"""Saving is asked for so often while a worker makes the sample that it is tried by: each waits for it."""
NOT_READY = "document-not-ready"
BEGINS = {
    "receipt_title": "Receipts and refunds",
    "bill_to": "Invoices",
    "credit_note_title": "Credit and debit notes",
    "statement_title": "Statements",
    "day_sheet_title": "Day sheets",
    "plan_title": "Installment plans",
    "ageing": "Statements",
    "installment_amount": "Installment plans",
    "balances": "Receipts and refunds",
    "how_to_pay": "How to pay",
    "vat_number": "Receipts and refunds",
}
"""The text that each part of a catalog begins with, as receipts lists them: documents of a kind together."""
_BLOCK = re.compile(r"{%-?\s*block\s+(\w+)")


@router.get("/settings/documents/templates/{kind}")
async def show_template(desk: AtDesk, kind: str) -> Response:
    """The template of one kind of document: the clinic's own, and the system's to begin with."""
    return await _template_page(desk, _known(kind, KINDS))


@router.post("/settings/documents/templates/{kind}/preview")
async def preview_template(desk: AtDesk, kind: str, form: Submitted) -> Response:
    """A sample by the template that is typed, with the clinic's own texts; nothing is saved."""
    own = await desk.services.get("receipts", TEMPLATES)
    typed = {"template": _template_of(form), "texts": own["texts"]}
    made = await sample_of(desk, _known(kind, KINDS), text_of(form, "language"), **typed)
    return await _template_page(desk, kind, made, 409) if isinstance(made, Notice) else made


@router.post("/settings/documents/templates/{kind}")
async def save_template(desk: AtDesk, kind: str, form: Submitted) -> Response:
    """Save it, which it is only if it makes a sample; or go back to the system's. The rest stays as it is."""
    own = await desk.services.get("receipts", TEMPLATES)
    templates = own["templates"] | {_known(kind, KINDS): _template_of(form)}
    if text_of(form, "do") == "reset":
        del templates[kind]
    refused = await _save(desk, form, {"templates": templates, "texts": own["texts"]})
    return await _template_page(desk, kind, refused, 409) if refused else desk.go(WHERE, Notice(desk.t("Saved.")))


@router.get("/settings/documents/texts/{language}")
async def show_texts(desk: AtDesk, language: str) -> Response:
    """The texts of documents in one language: the clinic's own beside the system's."""
    return await _texts_page(desk, _known(language, WRITTEN_IN))


@router.post("/settings/documents/texts/{language}/preview")
async def preview_texts(desk: AtDesk, language: str, form: Submitted) -> Response:
    """A sample with the texts that are typed, by the clinic's own template where it has one; nothing is saved."""
    own, kind = await desk.services.get("receipts", TEMPLATES), text_of(form, "sample", "receipt")
    typed = {"template": own["templates"].get(kind), "texts": _with_texts(own, _known(language, WRITTEN_IN), form)}
    made = await sample_of(desk, kind, language, **typed)
    return await _texts_page(desk, language, made, 409) if isinstance(made, Notice) else made


@router.post("/settings/documents/texts/{language}")
async def save_texts(desk: AtDesk, language: str, form: Submitted) -> Response:
    """Save the clinic's own texts in one language; a field that is empty is the system's again."""
    own = await desk.services.get("receipts", TEMPLATES)
    body = {"templates": own["templates"], "texts": _with_texts(own, _known(language, WRITTEN_IN), form)}
    refused = await _save(desk, form, body)
    return await _texts_page(desk, language, refused, 409) if refused else desk.go(WHERE, Notice(desk.t("Saved.")))


def _known(name: str, names: Any) -> str:
    if name not in names:
        raise HTTPException(404)
    return name


def _template_of(form: Submitted) -> str:
    """As it was typed, with the ends of lines that it has in a file: browsers send others."""
    return text_of(form, "template").replace("\r\n", "\n")


def _with_texts(own: dict[str, Any], language: str, form: Submitted) -> dict[str, dict[str, str]]:
    """All own texts, those of one language as they are typed; each is one line."""
    prefix = f"texts.{language}."
    names = [name for name in form if name.startswith(prefix)]
    typed = {name.removeprefix(prefix): " ".join(text_of(form, name).split()) for name in names}
    texts = own["texts"] | {language: {name: text for name, text in typed.items() if text}}
    return {code: of_language for code, of_language in texts.items() if of_language}


async def _save(desk: Desk, form: Submitted, own: dict[str, Any]) -> Notice | None:
    """All of it, on the version that was seen; what to say where it was not saved, None where it was."""
    body, key, version = own | {"reason": text_of(form, "reason")}, text_of(form, "key"), text_of(form, "version")
    for _ in range(TRIES):
        try:
            await desk.services.change("receipts", TEMPLATES, body=body, key=key, method="PUT", version=version)
        except Unreachable as silent:
            return desk.told(silent)
        except Refused as refused:
            if refused.slug != NOT_READY:
                return desk.told(refused)
        else:
            return None
    return Notice(desk.t("It is being tried. Save it again in a moment."), "trouble")


async def _template_page(desk: Desk, kind: str, notice: Notice | None = None, status: int = 200) -> Response:
    own, system = await asyncio.gather(
        desk.services.read("receipts", TEMPLATES),
        desk.services.get("receipts", TEMPLATES + "/system/{}", kind),
    )
    blocks = dict.fromkeys(_BLOCK.findall(system["frame"] + system["template"]))
    shown = {"kind": kind, "own": own.body["templates"].get(kind), "version": own.etag, "system": system}
    shown |= {"begun": f'{{% extends "{system["name"]}" %}}', "blocks": list(blocks)}
    shown |= {"named": WRITTEN_IN, "tab": "documents"}
    return desk.page("settings_template.html", status=status, notice=notice, **shown)


async def _texts_page(desk: Desk, language: str, notice: Notice | None = None, status: int = 200) -> Response:
    own, system = await asyncio.gather(
        desk.services.read("receipts", TEMPLATES),
        desk.services.get("receipts", TEMPLATES + "/system/{}", KINDS[0], language=language),
    )
    shown = {"parts": _parts(system["texts"]), "own": own.body["texts"].get(language, {}), "version": own.etag}
    shown |= {"in_language": language, "named": WRITTEN_IN, "kinds": KINDS, "tab": "documents"}
    return desk.page("settings_texts.html", status=status, notice=notice, **shown)


def _parts(texts: dict[str, str]) -> dict[str, dict[str, str]]:
    """The texts by what they are of; what is of no kind in particular is with receipts, which come first."""
    parts: dict[str, dict[str, str]] = {}
    part = BEGINS["receipt_title"]
    for name, text in texts.items():
        part = BEGINS.get(name, part)
        parts.setdefault(part, {})[name] = text
    return parts
