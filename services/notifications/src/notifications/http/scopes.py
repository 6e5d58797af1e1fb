"""What a route needs, one name a scope: a read or a change of whose token has it (`ALL-5`)."""

from __future__ import annotations

from typing import Annotated

from chassis.http import Change, Changing, Read, Reading
from fastapi import Depends

NotificationsRead = Annotated[Read, Depends(Reading("notifications:read"))]
NotificationsWrite = Annotated[Change, Depends(Changing("notifications:write"))]
SettingsRead = Annotated[Read, Depends(Reading("settings:read"))]
SettingsWrite = Annotated[Change, Depends(Changing("settings:write"))]
OperationsRead = Annotated[Read, Depends(Reading("operations"))]
