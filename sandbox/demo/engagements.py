"""What was contracted: the demo's engagements with their projects, clauses and periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sandbox.demo.communities import community
from sandbox.demo.people import PROVIDERS
from sandbox.demo.periods import Period, periods

Layout = Literal["project", "task"]
"""An engagement is a project of the portfolio, or (older) a task of the one engagements project."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One project of an engagement: so many hours in each of the periods *when*. *short* tells parallel ones apart."""

    title: str
    hours: float
    each: Literal["month", "quarter", "half-year", "year"]
    when: str
    short: str = ""
    extra: float = 0

    @property
    def periods(self) -> tuple[Period, ...]:
        """Return its periods, oldest first."""
        return periods(self.when)

    @property
    def text(self) -> str:
        """Return the clause as the agreement spells it."""
        promise = f"Up to {self.hours:g} hours / {self.each} by the Partnerships & Services team."
        more = f" Additional time at $250 / hour up to a maximum of {self.extra:g} hours." if self.extra else ""
        return f"{promise} Hours reset at the start of each {self.each} and do not roll over.{more}"


@dataclass(frozen=True, slots=True)
class Engagement:
    """One contract. *linked*: its row names its place in Asana; else equal names have to do.

    *one_task*: a single CSH task without dates stands for all of its allocations, as in older times.
    """

    code: str
    year: int
    title: str
    tier: str
    start: date
    end: date
    clauses: tuple[Clause, ...]
    provider: str
    layout: Layout = "project"
    status: Literal["Green", "Yellow", "Red"] = "Green"
    buyer: str = ""
    linked: bool = True
    one_task: bool = False

    @property
    def name(self) -> str:
        """Return community, start year and title, as the handbook wants it."""
        return f"{community(self.code).name} {self.year} {self.title}"


def _quarterly(title: str, hours: float, when: str, short: str = "", extra: float = 0) -> Clause:
    return Clause(title, hours, "quarter", when, short, extra)


AMARA, MATEO, PRIYA, SIOBHAN, KENJI, NOURA = (one.login for one in PROVIDERS)

ENGAGEMENTS = (
    Engagement(
        *("AGN", 2025, "Advanced Tier", "Advanced", date(2025, 7, 1), date(2026, 6, 30)),
        (_quarterly("Shared hub and image care", 8, "2025Q3 2025Q4 2026Q1 2026Q2"),),
        MATEO,
    ),
    Engagement(
        *("AGN", 2026, "Advanced Tier", "Advanced", date(2026, 7, 1), date(2027, 6, 30)),
        (_quarterly("Shared hub and image care", 8, "2026Q3 2026Q4", extra=10),),
        MATEO,
    ),
    Engagement(
        *("BSO", 2025, "Essential Tier", "Essential", date(2025, 7, 1), date(2025, 12, 31)),
        (_quarterly("Getting started", 4, "2025Q3 2025Q4"),),
        SIOBHAN,
        linked=False,
    ),
    Engagement(
        *("BSO", 2026, "Premier Tier", "Premier", date(2026, 1, 1), date(2026, 12, 31)),
        (_quarterly("Reproducible analysis hub", 12, "2026Q1 2026Q2 2026Q3 2026Q4", extra=20),),
        SIOBHAN,
    ),
    Engagement(
        *("BSOSS", 2026, "Summer School", "Event", date(2026, 4, 1), date(2026, 9, 30)),
        (_quarterly("Summer school hub", 6, "2026Q2 2026Q3"),),
        SIOBHAN,
        layout="task",
        buyer="Baltic Sea Observatory",
    ),
    Engagement(
        *("UMarés", 2025, "Essential Tier", "Essential", date(2025, 10, 1), date(2026, 3, 31)),
        (_quarterly("Research computing desk", 4, "2025Q4 2026Q1"),),
        PRIYA,
        layout="task",
    ),
    Engagement(
        *("UMarés", 2026, "Advanced Tier", "Advanced", date(2026, 4, 1), date(2027, 3, 31)),
        (_quarterly("Research computing desk", 6, "2026Q2 2026Q3"),),
        PRIYA,
        status="Yellow",
        linked=False,
    ),
    Engagement(
        *("Ñandú", 2026, "Essential Tier", "Essential", date(2026, 1, 1), date(2026, 12, 31)),
        (_quarterly("Field-season support", 4, "2026Q1 2026Q3"),),
        NOURA,
    ),
    Engagement(
        *("ODA", 2025, "Premier Tier", "Premier", date(2025, 7, 1), date(2025, 12, 31)),
        (_quarterly("Water data platform", 10, "2025Q3 2025Q4"),),
        AMARA,
    ),
    Engagement(
        *("ODA", 2026, "Premier Tier", "Premier", date(2026, 1, 1), date(2026, 12, 31)),
        (
            _quarterly("Water data platform", 10, "2026Q1 2026Q2 2026Q3", extra=15),
            _quarterly("Flood forecasting", 5, "2026Q2 2026Q3", short="floods"),
        ),
        AMARA,
        buyer="Southern Rivers Foundation",
    ),
    Engagement(
        *("KGF", 2026, "Advanced Tier", "Advanced", date(2026, 1, 1), date(2026, 12, 31)),
        (_quarterly("Genomics notebooks", 8, "2026Q1 2026Q2 2026Q3 2026Q4"),),
        KENJI,
        status="Red",
    ),
    Engagement(
        *("HSL", 2025, "Essential Tier", "Essential", date(2025, 10, 1), date(2026, 6, 30)),
        (_quarterly("Snow cover maps", 4, "2025Q4 2026Q1 2026Q2"),),
        KENJI,
        layout="task",
        status="Red",
    ),
    Engagement(
        *("HSL", 2026, "Essential Tier", "Essential", date(2026, 10, 1), date(2027, 9, 30)),
        (),
        KENJI,
        status="Yellow",
    ),
    Engagement(
        *("MRM", 2026, "Advanced Tier", "Advanced", date(2026, 1, 1), date(2026, 12, 31)),
        (_quarterly("Crop model workflows", 6, "2026Q1 2026Q2 2026Q3 2026Q4"),),
        PRIYA,
    ),
    Engagement(
        *("NBHS", 2026, "Teaching Tier", "Essential", date(2026, 1, 1), date(2026, 12, 31)),
        (Clause("Teaching hub", 16, "half-year", "2026H1 2026H2"),),
        NOURA,
        layout="task",
        linked=False,
    ),
    Engagement(
        *("ÅOL", 2025, "Advanced Tier", "Advanced", date(2025, 7, 1), date(2026, 6, 30)),
        (_quarterly("Glider data pipeline", 8, "2025Q3 2025Q4 2026Q1 2026Q2"),),
        SIOBHAN,
    ),
    Engagement(
        *("ÅOL", 2026, "Essential Tier", "Essential", date(2026, 7, 1), date(2026, 12, 31)),
        (_quarterly("Glider data pipeline", 4, "2026Q3"),),
        SIOBHAN,
        linked=False,
    ),
    Engagement(
        *("CSD", 2026, "Evening Courses", "Event", date(2026, 5, 1), date(2026, 9, 30)),
        (Clause("Evening courses", 3, "month", "2026M05 2026M06 2026M07 2026M08 2026M09"),),
        AMARA,
    ),
    Engagement(
        *("AotearoaSoils", 2025, "Premier Tier", "Premier", date(2025, 7, 1), date(2025, 12, 31)),
        (_quarterly("National soil atlas", 10, "2025Q3 2025Q4"),),
        NOURA,
        linked=False,
    ),
    Engagement(
        *("AotearoaSoils", 2026, "Premier Tier", "Premier", date(2026, 1, 1), date(2026, 12, 31)),
        (_quarterly("National soil atlas", 12, "2026Q1 2026Q2 2026Q3 2026Q4", extra=12),),
        NOURA,
    ),
    Engagement(
        *("TamilCorpus", 2026, "Essential Tier", "Essential", date(2026, 4, 1), date(2027, 3, 31)),
        (_quarterly("Corpus explorer", 4, "2026Q2 2026Q3"),),
        PRIYA,
    ),
    Engagement(
        *("QSA", 2026, "Essential Tier", "Essential", date(2026, 1, 1), date(2026, 12, 31)),
        (Clause("Speech archive", 40, "year", "2026"),),
        MATEO,
        layout="task",
    ),
    Engagement(
        *("SWW", 2025, "Essential Tier", "Essential", date(2025, 7, 1), date(2025, 12, 31)),
        (_quarterly("Forecast dashboards", 4, "2025Q3 2025Q4"),),
        AMARA,
        layout="task",
        one_task=True,
    ),
    Engagement(
        *("SWW", 2026, "Advanced Tier", "Advanced", date(2026, 1, 1), date(2026, 12, 31)),
        (_quarterly("Forecast dashboards", 6, "2026Q1 2026Q2 2026Q3 2026Q4"),),
        AMARA,
        status="Yellow",
    ),
    Engagement(
        *("LHM", 2026, "Essential Tier", "Essential", date(2026, 4, 1), date(2027, 3, 31)),
        (_quarterly("Survey maps", 4, "2026Q2 2026Q3"),),
        NOURA,
    ),
    Engagement(
        *("GLPheno", 2025, "Essential Tier", "Essential", date(2025, 10, 1), date(2026, 3, 31)),
        (_quarterly("Observation portal", 4, "2025Q4 2026Q1"),),
        KENJI,
        linked=False,
    ),
    Engagement(
        *("GLPheno", 2026, "Advanced Tier", "Advanced", date(2026, 4, 1), date(2027, 3, 31)),
        (_quarterly("Observation portal", 6, "2026Q2 2026Q3"),),
        KENJI,
        buyer="Université des Grands Lacs",
    ),
    Engagement(
        *("CFC", 2026, "Teaching Tier", "Essential", date(2026, 1, 1), date(2026, 12, 31)),
        (Clause("Forest census notebooks", 12, "half-year", "2026H1 2026H2"),),
        SIOBHAN,
        layout="task",
    ),
    Engagement(
        *("SVMS", 2026, "Essential Tier", "Essential", date(2026, 1, 1), date(2026, 12, 31)),
        (_quarterly("Turtle tracking", 4, "2026Q1 2026Q2 2026Q3"),),
        MATEO,
        linked=False,
    ),
    Engagement(
        *("BengalTides", 2026, "Monsoon School", "Event", date(2026, 7, 1), date(2026, 9, 30)),
        (Clause("Monsoon school", 4, "month", "2026M07 2026M08 2026M09"),),
        PRIYA,
    ),
    Engagement(
        *("PacDrift", 2026, "Advanced Tier", "Advanced", date(2026, 4, 1), date(2027, 3, 31)),
        (_quarterly("Drifter trajectories", 6, "2026Q2 2026Q3 2026Q4"),),
        NOURA,
    ),
    Engagement(
        *("Prism", 2026, "Essential Tier", "Essential", date(2026, 1, 1), date(2026, 12, 31)),
        (_quarterly("Optics courses", 4, "2026Q1 2026Q3"),),
        KENJI,
        status="Yellow",
    ),
    Engagement(
        *("Py@School", 2026, "Pilot", "Essential", date(2026, 7, 1), date(2026, 12, 31)),
        (_quarterly("Teacher training", 6, "2026Q3"),),
        AMARA,
        layout="task",
    ),
    Engagement(
        *("IMM", 2026, "Premier Tier", "Premier", date(2026, 1, 1), date(2026, 12, 31)),
        (
            _quarterly("Hub operations", 8, "2026Q1 2026Q2 2026Q3"),
            _quarterly("Curriculum notebooks", 5, "2026Q3", short="curriculum"),
        ),
        MATEO,
    ),
    Engagement(
        *("TamilCorpus", 2025, "Trial", "Essential", date(2025, 7, 1), date(2025, 9, 30)),
        (_quarterly("Corpus explorer", 2, "2025Q3"),),
        PRIYA,
        linked=False,
    ),
)
