"""Something a person should look at, with evidence, remedy, and who should act."""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Severity(Enum):
    """How much a finding matters; the order is worst first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Role(Enum):
    """Who should act on a finding (design, section 1, and the handbook's roles)."""

    ENGINEER = "engineer"
    PROVIDER = "allocation provider"
    MANAGER = "engagement manager"
    BUSINESS = "business development"
    LEAD = "area lead"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What an organisation says otherwise of a kind of finding; None or "" where it is as usual."""

    severity: Severity | None = None
    role: Role | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. *kind* is a stable word, *subject* names the thing as people call it.

    *subject_id* names it for good, whatever people call it: a node id, a record id, a gid; "" where the subject itself
    does. *period* is the record id of the allocation it is about, *level* the step that was reached (``80 %``); both
    are "" where there is none. *title* is an issue's, whose reference the subject is, and *people* are who work on it.
    *severity* and *role* are None until `find` fills in those of its kind.
    """

    kind: str
    subject: str
    evidence: str
    remedy: str = ""
    url: str = ""
    subject_id: str = ""
    period: str = ""
    level: str = ""
    community: str = ""
    links: tuple[str, ...] = ()
    severity: Severity | None = None
    role: Role | None = None
    title: str = ""
    people: str = ""

    @property
    def heading(self) -> str:
        """Return what it is about, for people: subject, title, community, and who works on it."""
        title = f' "{self.title}"' if self.title and self.title not in self.evidence else ""
        community = f" ({self.community})" if self.community and self.community not in f"{self.subject}{title}" else ""
        return f"{self.subject}{title}{community}{f', {self.people}' if self.people else ''}"

    @property
    def rank(self) -> int:
        """Return its place among findings, worst first; one without a severity yet stands last."""
        return tuple(Severity).index(self.severity or Severity.LOW)

    @property
    def key(self) -> str:
        """Return what an alert is kept under: kind, subject, period and level (design, section 7, Alerts)."""
        name = " ".join((self.subject_id or self.subject).split())
        return f"{self.kind}|{name}|{self.period}|{self.level}"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A person's word that a finding is as it should be, until a day (inclusive), with the reason.

    *subject* is the finding's subject, subject id or address; ``*`` stands for any.
    """

    kind: str
    subject: str
    until: date
    reason: str
