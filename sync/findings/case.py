"""What every check looks at."""

from dataclasses import dataclass

from sync.mirror.planning import Assessment
from sync.mirror.world import Policy, World


@dataclass(frozen=True, slots=True)
class Case:
    """One run as the checks see it: what was read, what was decided, and by which policy."""

    assessment: Assessment
    world: World
    policy: Policy
