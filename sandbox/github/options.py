"""Switches of the GitHub stand-in: what GitHub leaves open, what it does on bad days, and its published limits."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a reader is behind the truth: seconds of the sandbox's clock and requests served since the change."""

    seconds: float = 0.0
    requests: int = 0


NO_LAG = Lag()


@dataclass(frozen=True, slots=True)
class RateLimits:
    """GitHub's limits: points per hour, searches, REST and GraphQL points and created contents per minute."""

    core: int = 5_000
    graphql: int = 5_000
    search: int = 30
    rest_points_per_minute: int = 900
    graphql_points_per_minute: int = 2_000
    content_per_minute: int = 80


@dataclass(slots=True)
class GitHubOptions:
    """What a test or a demo may switch on the stand-in; the defaults are GitHub on a good day, read cautiously."""

    # The schema the token sees. Older schemas answer unknown fields with validation errors.
    issue_fields: bool = True
    issue_fields_need_header: bool = False
    """Issue fields appear only with the header ``GraphQL-Features: issue_fields``."""
    item_query: bool = True
    """``ProjectV2.items`` has ``query`` and ``archivedStates``."""
    assigned_actors: bool = True
    retired_versions: frozenset[str] = frozenset()
    """Values of ``X-GitHub-Api-Version`` that answer 410."""
    sunset: str | None = None
    """An HTTP date: sent as ``Sunset`` beside ``Deprecation`` on every REST answer."""

    # Open questions about behaviour.
    touching: frozenset[str] = frozenset({"title", "reopen", "transfer"})
    """Which of ``title``, ``reopen``, ``comment_edit``, ``issue_field``, ``label_renamed``, ``transfer`` and
    ``item_archived`` move ``updatedAt``."""
    touching_board: frozenset[str] = frozenset()
    """Which of ``item_added``, ``item_removed``, ``item_archived``, ``issue_field`` and ``column`` (added, renamed,
    deleted, its choices changed) move ``ProjectV2.updatedAt``. Writing a cell always does."""
    transfer_changes_ids: bool = True
    """A transferred issue gets a new node id and database id."""
    transfer_resolves_old_node_id: bool = False
    graphql_follows_renames: bool = True
    items_include_archived: bool = False
    """``ProjectV2.items`` lists archived items also when it is not asked for them."""
    summary_counts_hidden: bool = True
    """``subIssuesSummary`` counts children the token cannot read."""

    # What the token may do.
    public_only: bool = False
    """The token's approval is pending: private repositories do not exist for it."""
    read_only: bool = False
    """Every write answers 403 "Resource not accessible by personal access token"."""
    comments_on_locked: bool = False
    """The token's user may write on issues that are locked, as people with write access may."""
    missing_scopes: frozenset[str] = frozenset()
    """``read:project`` makes GraphQL refuse queries that ask for projects, ``read:org`` for issue fields, ``project``
    to put issues on a board."""

    token_kind: Literal["classic", "fine-grained", "app"] = "classic"
    """Answers to classic tokens alone name scopes; an installation of an App has no user."""
    more_scopes: frozenset[str] = frozenset()
    """Scopes that a classic token has beyond those it needs."""
    token_expires: datetime | None = None
    """Sent as ``GitHub-Authentication-Token-Expiration`` on every answer."""

    # Lags and bad days.
    search_lag: Lag = NO_LAG
    list_lag: Lag = NO_LAG
    """Label-filtered lists answer from a stale index, as seen during GitHub's search incidents."""
    board_lag: Lag = NO_LAG
    """A new item is in ``Issue.projectItems`` at once, in ``ProjectV2.items`` only later."""
    search_incomplete: bool = False
    """Searches time out: every second hit is missing and ``incomplete_results`` is true."""
    truncate_nested_above: int | None = None
    """Connections below a page of more parents than this lose half of their nodes, silently."""
    heavy_query_nodes: int | None = None
    """Queries that could return more nodes than this fail as ``heavy_query_answer`` says."""
    heavy_query_answer: Literal["bad_gateway", "resource_limits"] = "bad_gateway"

    # Limits. Counted always, enforced only on request.
    limits: RateLimits = field(default_factory=RateLimits)
    enforce_primary: bool = False
    enforce_secondary: bool = False
    limit_speed: float = 1.0
    """Makes hours and minutes of the limits this many times shorter."""
    limit_status: Literal[403, 429] = 403
    secondary_retry_after: int | None = 60
