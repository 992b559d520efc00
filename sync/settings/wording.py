"""What an organisation says in its own words, and whom it asks, without code (requirement 119)."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from sync.model.finding import Role, Severity
from sync.model.wording import USUAL, Wording, trouble_with
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


class WordingSettings(Part):
    """What is written to people, in other words; "" for the usual ones."""

    source_line: str = USUAL.source_line
    no_hours_left: str = USUAL.no_hours_left
    stands_for: str = USUAL.stands_for
    also_assigned: str = USUAL.also_assigned
    part_of: str = USUAL.part_of
    cut: str = USUAL.cut
    rest: str = USUAL.rest
    csh_task: str = USUAL.csh_task
    back_link: str = USUAL.back_link
    task: str = USUAL.task
    initiative: str = ""
    title: str = USUAL.title
    audience: str = USUAL.audience
    notification: str = USUAL.notification
    high: str = USUAL.high
    medium: str = USUAL.medium
    low: str = USUAL.low
    resolved: str = USUAL.resolved
    nothing_new: str = USUAL.nothing_new
    how_to_answer: str = USUAL.how_to_answer
    evidence: str = USUAL.evidence
    remedy: str = USUAL.remedy
    links: str = USUAL.links
    not_done: str = USUAL.not_done
    hours: str = USUAL.hours
    engineer: str = USUAL.engineer
    provider: str = USUAL.provider
    manager: str = USUAL.manager
    business: str = USUAL.business
    lead: str = USUAL.lead
    operator: str = USUAL.operator

    @field_validator("*")
    @classmethod
    def _is_usable(cls, text: str, info: ValidationInfo) -> str:
        if text and (trouble := trouble_with(info.field_name or "", text)):
            raise PydanticCustomError("wording", trouble)
        return text

    @property
    def wording(self) -> Wording:
        """Return the texts as the engine knows them."""
        return Wording(**{name: text for name, text in self.model_dump().items() if text})
