"""A provider of text messages: Twilio's HTTP API on loopback, which does as its script says."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs


@dataclass
class SmsServer:
    """What it was asked to send; with an empty script it takes everything.

    A status with a code (`400 21211`), and with Retry-After (`429 20429 120`), `cut` takes the message and
    hangs up, `late` takes it and answers never.
    """

    script: list[str] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    port: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            form = parse_qs((await reader.readexactly(int(headers["content-length"]))).decode())
            user = base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode()
            self.requests.append((head[0].rpartition(" ")[0], headers["content-type"], user))
            await self._answer(writer, {name: values[0] for name, values in form.items()})
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, form: dict[str, str]) -> None:
        verdict = self.script.pop(0) if self.script else "201"
        if verdict in ("201", "cut", "late"):
            self.taken.append(form)
        if verdict == "late":
            await self.released.wait()
        if verdict in ("cut", "late"):
            return
        status, code, later = [*verdict.split(" "), "", ""][:3]
        message = f"The 'To' number {form['To']} is not a valid phone number."
        said = {"sid": f"SM{len(self.taken):032d}", "status": "queued"} if status == "201" else {"code": int(code or 0)}
        body = json.dumps(said | {"message": message}).encode()
        head = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        head += f"Retry-After: {later}\r\n" if later else ""
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
