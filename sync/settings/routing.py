"""On which channels each role is told (requirement 77)."""

from typing import Annotated, Literal

from pydantic import field_validator
from pydantic_settings import NoDecode

from sync.model.finding import Role
from sync.settings.parts import Part, words

Channel = Literal["slack", "file", "summary"]
SLACK: Channel = "slack"
FILE: Channel = "file"
"""The file of ``run --digest``."""
SUMMARY: Channel = "summary"
"""The page of a job on GitHub."""
Channels = Annotated[tuple[Channel, ...], NoDecode]
EVERYWHERE: tuple[Channel, ...] = (SLACK, FILE, SUMMARY)


class RoutingSettings(Part):
    """The channels of each role; one that is not set up is left out, and a role without any is not told."""

    engineer: Channels = EVERYWHERE
    provider: Channels = EVERYWHERE
    manager: Channels = EVERYWHERE
    business: Channels = EVERYWHERE
    lead: Channels = EVERYWHERE
    operator: Channels = EVERYWHERE

    _lists = field_validator("*", mode="before")(words)

    def roles(self, channel: Channel) -> frozenset[Role]:
        """Return the roles that are told on a channel."""
        return frozenset(Role[name.upper()] for name in type(self).model_fields if channel in getattr(self, name))
