"""A partner's server: plain HTTP on loopback, which does as its script says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass
class Partner:
    """What it is sent, and what it does with the next requests; with an empty script it takes them.

    A status (`500`, `429 7` with Retry-After, `302 /elsewhere` with a Location); `cut` hangs up after the request was
    read, `hang` never answers.
    """

    script: list[str] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    port: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.got.append((headers, body))
            self.paths.append(head[0].split(" ")[1])
            await self._answer(writer)
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        verdict = self.script.pop(0) if self.script else "200"
        if verdict == "hang":
            await self.released.wait()
        if verdict in ("cut", "hang"):
            return
        status, _, more = verdict.partition(" ")
        header = {"429": f"Retry-After: {more}\r\n", "302": f"Location: {more}\r\n"}.get(status, "")
        writer.write(f"HTTP/1.1 {status} Said\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
