"""What an organisation says in its own words, and whom it asks, without code (requirement 119)."""

from typing import Literal

from pydantic import Field

from sync.model.finding import Role, Severity
from sync.settings.parts import Part

RoleName = Literal["engineer", "provider", "manager", "business", "lead", "operator"]
StepName = Literal["refinement", "introduction", "work", "reporting"]


class KindSettings(Part):
    """What is otherwise for a kind of finding: how much it matters, who acts, what to do; "" or nothing: as usual."""

    severity: Severity | None = None
    role: RoleName | None = None
    remedy: str = ""

    @property
    def acts(self) -> Role | None:
        """Return who acts, None for whoever usually does."""
        return Role[self.role.upper()] if self.role else None


class StepSettings(Part):
    """A standard task of an initiative in other words; "" for the usual ones. *text* is Markdown."""

    title: str = Field(default="", max_length=80)
    text: str = ""
