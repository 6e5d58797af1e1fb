"""The four services as the front desk asks them, each request with the token of the person who is signed in."""

from frontdesk.clients.answers import Missing, Refused, TokenRefused, Unreachable
from frontdesk.clients.services import SERVICES, Services, attempt

__all__ = ["SERVICES", "Missing", "Refused", "Services", "TokenRefused", "Unreachable", "attempt"]
