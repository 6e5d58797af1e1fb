"""Delivery status notifications (RFC 3464), as Postfix writes them."""

from __future__ import annotations


def report(to: str, status: str, said: str = "", *, action: str = "failed", returned: str | None = None) -> bytes:
    """A report to an address, with the beginning of what it returns where that was sent from another."""
    status_line = f"Status: {status}\r\n" if status else ""
    lines = f"""From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 30 Nov 2026 09:00:00 +0000

Final-Recipient: rfc822; zoe.miller@example.org
Action: {action}
{status_line.strip() or "X-Nothing: 1"}
Diagnostic-Code: {said or "smtp; 550 " + status}

--=_b
Content-Type: text/rfc822-headers

Return-Path: <{returned or to}>
Subject: Receipt R-2026-000042

--=_b--
"""
    return lines.replace("\n", "\r\n").encode()
