"""Limits of the findings about work: from when on something is worth a person's look."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """*completed_days*, *unlogged_days* and *untouched_days* are days that may pass; *near_days* is how far apart two
    days may be that are still near; *likeness* is the least likeness of two titles, of 100. Issues with one of the
    *feature_labels*, or with *secondment_hours* or more, may be another service's.
    """

    completed_days: int = 1
    unlogged_days: int = 14
    untouched_days: int = 60
    near_days: int = 3
    likeness: int = 90
    secondment_hours: int = 40
    feature_labels: tuple[str, ...] = (
        *("feature", "feature request", "new feature", "enhancement"),
        *("type: feature", "type: enhancement"),
    )
