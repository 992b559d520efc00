"""Which findings a person has accepted until a day: those do not count (failure C26: a check that is always red)."""

from collections.abc import Iterable
from datetime import date

from sync.model.finding import Acceptance, Finding

ANY = "*"


def acceptance_of(finding: Finding, accepted: Iterable[Acceptance], today: date) -> Acceptance | None:
    """Return the acceptance of a finding that lasts longest, None when there is none or it is over."""
    fitting = [one for one in accepted if one.until >= today and _fits(one, finding)]
    return max(fitting, key=lambda one: one.until, default=None)


def _fits(one: Acceptance, finding: Finding) -> bool:
    names = {name.casefold() for name in (finding.subject, finding.subject_id, finding.url) if name}
    return one.kind in {ANY, finding.kind} and (one.subject == ANY or one.subject.strip().casefold() in names)
