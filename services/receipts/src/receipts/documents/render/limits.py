"""What one document may take of a rendering process: processor time and memory, counted and enforced by the kernel.

Never time by the clock: on a machine that is busy with others a good document takes long, and is made all the same.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from receipts.documents.render.render_job import RenderJob

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class RenderingLimits:
    """How many processes, after how many documents each is replaced, and what one document may take."""

    processes: int
    documents_per_process: int
    seconds_per_document: float
    """Of processor time."""
    seconds_per_own_template: float = 3.0
    """Of processor time, where the clinic's own template makes the document (`RCP-6`)."""
    megabytes_per_document: int = 512
    """Of memory, beyond what a process has that is ready for its first one."""
    niceness: int = 5
    """How far a process stands back for whatever else wants a processor."""
    seconds_between_looks: float = 5.0
    """How often a process that gives no answer is looked at: whether it still lives and does something."""

    def seconds_of(self, job: RenderJob) -> float:
        """What a document may take of processor time."""
        own = job.own is not None and job.own.template is not None
        return min(self.seconds_per_document, self.seconds_per_own_template) if own else self.seconds_per_document


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """End this process by SIGPROF when what runs here has used so many seconds of processor time.

    The signal is left to the kernel, which ends the process: nothing that runs can swallow it, unlike an exception.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def hold_memory(megabytes: int) -> None:
    """Let this process have so much more memory than it has now, and leave no core file where it wants more."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
