"""The mail catcher: real SMTP in, files and a listing out; nothing is delivered."""

from __future__ import annotations

import asyncio
import smtplib
from email.message import EmailMessage
from pathlib import Path

import httpx
from local_stack.edge.app import edge_app
from local_stack.edge.mail_catcher import smtp_protocol
from local_stack.edge.mailbox import Mailbox
from local_stack.edge.settings import EdgeSettings
from local_stack.ports import free_port


def a_mail(subject: str = "Your receipt RCP-2026-000001", to: str = "pat@example.org") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Smile Dental <billing@example.org>", to, subject
    mail.set_content("Attached.")
    mail.add_alternative("<p>Attached: ünï</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.7 ...", maintype="application", subtype="pdf", filename="receipt.pdf")
    return mail


async def send(mailbox: Mailbox, *mails: EmailMessage) -> None:
    port = free_port()
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: smtp_protocol(mailbox), "127.0.0.1", port):
        await asyncio.to_thread(_send, port, mails)


def _send(port: int, mails: tuple[EmailMessage, ...]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for mail in mails:
            smtp.send_message(mail)


def client_of(folder: Path) -> httpx.AsyncClient:
    settings = EdgeSettings(folder, http_port=1, smtp_port=1, issuer="http://edge.test", clients={})
    return httpx.AsyncClient(transport=httpx.ASGITransport(edge_app(settings)), base_url="http://edge.test")


async def test_mail_is_kept_and_listed_with_its_attachment(tmp_path: Path) -> None:
    await send(Mailbox(tmp_path / "mails"), a_mail())
    async with client_of(tmp_path) as client:
        listed = (await client.get("/mails")).json()
        attached = await client.get("/mails/1/attachments/0")
        shown = await client.get("/mails/1")
        raw = await client.get("/mails/1.eml")
    (mail,) = listed["items"]
    assert listed["count"] == 1
    assert mail["from"] == "Smile Dental <billing@example.org>"
    assert mail["to"] == ["pat@example.org"]
    assert mail["attachments"] == [{"name": "receipt.pdf", "content_type": "application/pdf", "size_bytes": 12}]
    assert attached.content == b"%PDF-1.7 ..."
    assert "ünï" in shown.text
    assert b"Subject: Your receipt RCP-2026-000001" in raw.content


async def test_listing_is_newest_first_and_filtered_by_recipient(tmp_path: Path) -> None:
    await send(Mailbox(tmp_path / "mails"), a_mail("one"), a_mail("two", to="sam@example.org"), a_mail("three"))
    async with client_of(tmp_path) as client:
        everyone = (await client.get("/mails")).json()["items"]
        pat = (await client.get("/mails", params={"to": "pat@example.org"})).json()["items"]
        older = (await client.get("/mails", params={"before": everyone[0]["id"], "limit": 1})).json()["items"]
    assert [mail["subject"] for mail in everyone] == ["three", "two", "one"]
    assert [mail["subject"] for mail in pat] == ["three", "one"]
    assert [mail["subject"] for mail in older] == ["two"]


async def test_page_escapes_what_a_mail_says(tmp_path: Path) -> None:
    await send(Mailbox(tmp_path / "mails"), a_mail("<script>alert(1)</script>"))
    async with client_of(tmp_path) as client:
        page = (await client.get("/")).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


async def test_oldest_mail_makes_room_beyond_the_limit(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path, mails_max=2)
    await send(mailbox, a_mail("one"), a_mail("two"), a_mail("three"))
    assert [mail.subject for mail in mailbox.newest_first()] == ["three", "two"]
    assert not mailbox.file(1).exists()
