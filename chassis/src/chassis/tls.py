"""TLS to other servers: certificates that are read again when their files change, and refusals said in a sentence."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CertificateFiles:
    """Whom to trust and who one is, in PEM files."""

    authorities: str | None = None
    """Who may have made the server's certificate; the system's authorities where it is None."""
    certificate: str | None = None
    """One's own certificate and what it was made by; None where one names oneself in another way."""
    key: str | None = None
    """Its private key; None where it is in the certificate's file."""
    key_password: str | None = field(default=None, repr=False)

    def context(self) -> ssl.SSLContext:
        """For connections to servers whose certificate is checked, with the name in it.

        Raises OSError (ssl.SSLError where a file holds something else).
        """
        context = ssl.create_default_context(cafile=self.authorities)
        if self.certificate is not None:
            # Without a password of ours OpenSSL would ask for one at the terminal.
            password = self.key_password or ""
            context.load_cert_chain(self.certificate, self.key, lambda: password)
        return context

    def stamps(self) -> tuple[object, ...]:
        """What differs once a file was replaced or written anew. Raises OSError."""
        named = [one for one in (self.authorities, self.certificate, self.key) if one is not None]
        found = [os.stat(one) for one in named]  # noqa: PTH116 - follows the link that a mounted secret is
        return tuple((one.st_ino, one.st_mtime_ns, one.st_size) for one in found)


class RenewedContext(ssl.SSLContext):
    """A context whose every connection is made with the files as they are then.

    Clients keep the context that they were made with, for weeks; certificates are renewed within days. Where files are
    not usable (one of two was replaced, say), those before stay in use until they are.
    """

    _files: CertificateFiles
    _stamps: tuple[object, ...]
    _present: ssl.SSLContext

    @classmethod
    def of(cls, files: CertificateFiles) -> RenewedContext:
        """The context of these files. Raises OSError where they are not usable now."""
        made = cls(ssl.PROTOCOL_TLS_CLIENT)
        made._files, made._stamps, made._present = files, files.stamps(), files.context()
        return made

    def wrap_bio(self, *given: Any, **named: Any) -> ssl.SSLObject:
        """What asyncio asks a context for, once for each connection."""
        self._renew()
        return self._present.wrap_bio(*given, **named)

    def _renew(self) -> None:
        try:
            stamps = self._files.stamps()
            if stamps == self._stamps:
                return
            self._present, self._stamps = self._files.context(), stamps
        except OSError as error:
            log.warning("certificates_not_read_again", error_type=type(error).__name__, reason=refusal(error))


class EndedUnsaid(ConnectionError):
    """The server ended a connection to which we show a certificate before it was made, and no reason arrived.

    In TLS 1.3 a server looks at our certificate when we hold the connection for made, and say the first thing. Where it
    ends the connection before it has read that, the alert that says why is lost on the way now and then.
    """


def refusal(fault: BaseException | None) -> str | None:
    """Why a connection was refused, in a sentence with what to look at, where TLS is why; else None.

    It says nothing of what went over the connection, so it may be logged.
    """
    causes: tuple[Callable[[BaseException], str | None], ...] = (_untrusted, _told_off, _no_tls, _unsaid)
    while fault is not None:
        for cause in causes:
            if (said := cause(fault)) is not None:
                return said
        fault = fault.__cause__ or fault.__context__
    return None


def _untrusted(fault: BaseException) -> str | None:
    if not isinstance(fault, ssl.SSLCertVerificationError):
        return None
    return (
        f"the server's certificate is not trusted: {fault.verify_message or 'it does not verify'}; look whether the "
        "file of authorities has who made it, and whether it names the host that the address names"
    )


_TOLD = {
    "CERTIFICATE_REQUIRED": "the server wants a certificate of ours, and none is set",
    "UNKNOWN_CA": "the server does not trust who made our certificate",
    "CERTIFICATE_EXPIRED": "our certificate has expired",
    "BAD_CERTIFICATE": "the server does not take our certificate",
    "CERTIFICATE_UNKNOWN": "the server does not take our certificate",
    "KEY_VALUES_MISMATCH": "our certificate and our private key do not belong together",
    "NO_CERTIFICATE_OR_CRL_FOUND": "the file of authorities holds no certificate",
    "PEM": "a certificate's or key's file is not PEM, or the key's password is wrong",
    "WRONG_VERSION_NUMBER": "the server does not speak TLS there: it is another port of it, or TLS is switched off",
    "HANDSHAKE_FAILURE": "the server takes none of our ways of encryption, or no certificate of ours",
}


ENDED_UNSAID = (
    "the server ended the connection and did not say why: look whether our certificate has expired, and whether the "
    "server trusts who made it"
)
"""The sentence for `EndedUnsaid`."""


def _told_off(fault: BaseException) -> str | None:
    """What the server, or OpenSSL here, says by an alert."""
    if not isinstance(fault, ssl.SSLError):
        return None
    reason = (fault.reason or "").upper().replace(" ", "_")
    told = next((said for part, said in _TOLD.items() if part in reason), None)
    return told or f"no encrypted connection came about ({reason or type(fault).__name__})"


def _no_tls(fault: BaseException) -> str | None:
    """Asyncpg's words of a PostgreSQL that has TLS switched off."""
    if isinstance(fault, ConnectionError) and "rejected SSL upgrade" in str(fault):
        return "the server does not speak TLS: switch it on there (ssl = on)"
    return None


def _unsaid(fault: BaseException) -> str | None:
    if not isinstance(fault, EndedUnsaid):
        return None
    return ENDED_UNSAID
