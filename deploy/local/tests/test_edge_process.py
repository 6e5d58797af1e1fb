"""The edge's process: bounded as services are, and gone when it is told to go."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from chassis.testing import eventually
from chassis.testing.processes import answer_to, answers, free_port, process_of
from local_stack.edge.settings import EdgeSettings


async def test_a_header_without_end_is_refused_and_a_told_process_ends(tmp_path: Path) -> None:
    """ALL-2: a plain server took whatever came; it ends with a client that keeps its connection."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = EdgeSettings(tmp_path, port, free_port(), url, {})
    env = {**os.environ, **settings.as_env()}
    async with process_of([sys.executable, "-m", "local_stack.edge.app"], env, tmp_path / "log") as process:
        await eventually(lambda: answers(f"{url}/health/ready"), within_seconds=60)
        said = await answer_to(port, b"GET /health/ready HTTP/1.1\r\nHost: edge\r\nX-Long: " + b"a" * 200_000)
        assert said.startswith(b"HTTP/1.1 431 ")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert (tmp_path / "log").read_text() == ""
