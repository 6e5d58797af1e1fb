"""From what was refused to the problem document that says so."""

from __future__ import annotations

from chassis.database.versioned_settings import SettingsChanged
from chassis.http import Problem, ProblemTable
from chassis.http.problems import INVALID, NOT_FOUND, PRECONDITION_FAILED

from notifications.domain.errors import (
    ChannelMissing,
    DocumentLinkMissing,
    DocumentsBySms,
    EndpointAddressRefused,
    EndpointChanged,
    EndpointsTooMany,
    EndpointUnknown,
    LevelsMisplaced,
    LevelsOutOfOrder,
    MessageUnknown,
    ResendRefused,
    SenderUnmailable,
    SuppressionLifted,
    SuppressionUnknown,
    UnknownPlaceholder,
)

PROBLEMS: ProblemTable = {
    MessageUnknown: NOT_FOUND,
    ResendRefused: Problem(409, "message-not-resendable", "The message cannot be sent again in its state"),
    UnknownPlaceholder: INVALID,
    DocumentLinkMissing: INVALID,
    ChannelMissing: INVALID,
    DocumentsBySms: INVALID,
    SenderUnmailable: INVALID,
    LevelsMisplaced: INVALID,
    LevelsOutOfOrder: INVALID,
    SettingsChanged: PRECONDITION_FAILED,
    EndpointUnknown: NOT_FOUND,
    EndpointChanged: PRECONDITION_FAILED,
    EndpointsTooMany: Problem(409, "too-many-webhook-endpoints", "The clinic has as many webhook endpoints as it can"),
    EndpointAddressRefused: INVALID,
    SuppressionUnknown: NOT_FOUND,
    SuppressionLifted: Problem(409, "suppression-lifted", "The address is sent to again already"),
}
