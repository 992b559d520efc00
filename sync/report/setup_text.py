"""The verdicts on a set-up, for people and as a document."""

from collections.abc import Iterator, Sequence
from typing import Any

from sync.model.examination import Level, Verdict
from sync.model.legible import safe
from sync.report.documents import SCHEMA_VERSION
from sync.report.plan_text import Line
from sync.report.words import counted

STYLE = {Level.FAILED: "remove", Level.WARNING: "change", Level.SKIPPED: "hold", Level.OK: "note"}


def doctor_lines(verdicts: Sequence[Verdict]) -> Iterator[Line]:
    """Return one line for each check, its remedy below it, and the sentence at the end."""
    width = max((len(one.check) for one in verdicts), default=0)
    for one in verdicts:
        yield Line(f"{one.level.value:<8} {one.check:<{width}}  {safe(one.message)}", STYLE[one.level])
        if one.remedy:
            yield Line(f"{'':<8} {'':<{width}}  Do: {safe(one.remedy)}")
    yield Line("")
    yield Line(doctor_verdict(verdicts))


def doctor_verdict(verdicts: Sequence[Verdict]) -> str:
    """Return the sentence at the end."""
    numbers = {level: sum(1 for one in verdicts if one.level is level) for level in Level}
    parts = [f"{numbers[level]} {level.value}" for level in Level if numbers[level]]
    end = "Nothing stands in the way of a run." if not numbers[Level.FAILED] else "Mend what failed before you run."
    return f"{counted(len(verdicts), 'check')}: {', '.join(parts)}. {end}"


def doctor_document(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Return the verdicts as a JSON document."""
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "doctor",
        "healthy": all(one.level is not Level.FAILED for one in verdicts),
        "checks": [
            {"check": one.check, "level": one.level.value, "message": one.message, "remedy": one.remedy}
            for one in verdicts
        ],
    }
