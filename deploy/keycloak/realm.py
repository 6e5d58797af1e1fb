"""What no file of the realm may say, asked of a Keycloak that runs: `realm.py secret CLIENT`, `realm.py people`.

`secret` prints the secret that Keycloak made for a client when it imported the realm. `people` makes four people for
trying it out, each with a random password, and prints them once. Told by the environment: `KEYCLOAK_URL`, and the
administrator as Keycloak itself is (`KC_BOOTSTRAP_ADMIN_USERNAME`, `KC_BOOTSTRAP_ADMIN_PASSWORD`).
"""

# ruff: noqa: INP001 - run by its path

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

REALM = "dental-billing"
CLINTON, NOBLE = "e09d4c49-c2ef-3b0f-9a46-3719d9219306", "0ddb0329-b59d-3187-874c-602c649249c8"
"""Two clinics of the sample day."""
PEOPLE = (
    ("dana", "Dana", "Desk", "front-desk", CLINTON),
    ("mara", "Mara", "Manager", "manager", CLINTON),
    ("arno", "Arno", "Accountant", "accountant", CLINTON),
    ("otto", "Otto", "Desk", "front-desk", NOBLE),
)

_SECONDS = 30.0
_PASSWORD_BYTES = 18
_CONFLICT = 409


class Refused(Exception):
    """Keycloak did not do it; the text says what it answered."""


class Administrator:
    """Who may look into the realm and change it."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self._url = url.rstrip("/")
        form = {"grant_type": "password", "client_id": "admin-cli", "username": name, "password": password}
        token = self._asked("/realms/master/protocol/openid-connect/token", urlencode(form).encode())
        self._bearer = {"Authorization": f"Bearer {token['access_token']}"}

    def secret_of(self, client: str) -> str:
        """The secret of a confidential client. Raises Refused."""
        found = self._asked(f"/admin/realms/{REALM}/clients?clientId={quote(client)}", headers=self._bearer)
        if not found:
            raise Refused(f"The realm has no client {client}")
        answer = self._asked(f"/admin/realms/{REALM}/clients/{found[0]['id']}/client-secret", headers=self._bearer)
        if not answer.get("value"):
            raise Refused(f"The client {client} is public: it has no secret")
        return str(answer["value"])

    def make_people(self) -> dict[str, str]:
        """The people for trying it out, all or none: each one's name and password. Raises Refused."""
        passwords = {name: secrets.token_urlsafe(_PASSWORD_BYTES) for name, *_ in PEOPLE}
        users = [_person(*person, password=passwords[person[0]]) for person in PEOPLE]
        body = json.dumps({"ifResourceExists": "FAIL", "users": users}).encode()
        headers = self._bearer | {"Content-Type": "application/json"}
        self._asked(f"/admin/realms/{REALM}/partialImport", body, headers)
        return passwords

    def _asked(self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Any:
        request = urllib.request.Request(f"{self._url}{path}", body, dict(headers or {}))  # noqa: S310 - as it was told
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as it was told
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(_words_of(error)) from error
        except (OSError, ValueError) as error:
            raise Refused(f"No Keycloak answers at {self._url}: {error}") from error


def _person(name: str, first: str, last: str, role: str, clinic_id: str, *, password: str) -> dict[str, Any]:
    return {
        "username": name,
        "firstName": first,
        "lastName": last,
        "email": f"{name}@practice.example",
        "emailVerified": True,
        "enabled": True,
        "attributes": {"clinic_id": [clinic_id]},
        "realmRoles": [role],
        "credentials": [{"type": "password", "value": password, "temporary": False}],
    }


def _words_of(error: urllib.error.HTTPError) -> str:
    try:
        said = json.load(error)
    except ValueError:
        said = {}
    words = said.get("errorMessage") or said.get("error_description") or said.get("error") or error.reason
    already = ": nobody was made, and no password changed" if error.code == _CONFLICT else ""
    return f"Keycloak refused it ({error.code}): {words}{already}"


def _told(name: str) -> str:
    if not os.environ.get(name):
        raise Refused(f"The environment variable {name} is not set")
    return os.environ[name]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was asked for; 1 where it cannot be had, and why."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("secret", help="print a client's secret").add_argument("client")
    commands.add_parser("people", help="make people for trying it out, and print their passwords")
    given = parser.parse_args(arguments)
    try:
        named = [_told(f"KC_BOOTSTRAP_ADMIN_{part}") for part in ("USERNAME", "PASSWORD")]
        administrator = Administrator(_told("KEYCLOAK_URL"), *named)
        if given.command == "secret":
            lines = [administrator.secret_of(given.client)]
        else:
            passwords = administrator.make_people()
            lines = [f"{name} {passwords[name]} ({role} of {clinic_id})" for name, _, _, role, clinic_id in PEOPLE]
    except Refused as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
