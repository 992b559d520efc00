"""A large organisation, built directly in the sandbox's state: communities with allocations, and many issues."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sandbox import Sandbox
from sandbox.asana.state.model import Task
from sandbox.github.state.model import Issue, Project

START = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
QUARTERS = (
    ("Q2", date(2026, 4, 1), date(2026, 6, 30)),
    ("Q3", date(2026, 7, 1), date(2026, 9, 30)),
    ("Q4", date(2026, 10, 1), date(2026, 12, 31)),
)
COMMUNITIES = 20
"""With three quarters each: sixty allocations."""
REPOSITORIES = 10
CHILDREN = 3
NESTED_OF_TEN = 3
"""So many of ten issues are sub-issues, three below one parent."""
OPEN_EVERY = 10
"""Every tenth issue is open: most of a grown mirror is history."""
BODY = """### What is wrong

The nightly job of the hub stops after *{number}* minutes; see [the log](https://example.org/log/{number}).

- [x] look at the image
- [ ] pin `jupyterlab` and **test** it
- [ ] tell the community

```
Traceback (most recent call last):
  File "hub.py", line {number}, in start
```

> It worked last week. The people who use it every day wait for this, and there is no way around it that they like.
"""


@dataclass
class LargeWorld:
    """The sandbox with so many issues; every tenth of them open, three of ten below another."""

    sandbox: Sandbox
    issues: list[Issue] = field(default_factory=list)
    board: Project = field(init=False)

    def __post_init__(self) -> None:
        """Build boards, engagements and contracts, without issues yet."""
        github = self.sandbox.github.state
        for number in range(REPOSITORIES):
            github.add_repository(f"repo{number}", labels=["CSH", "bug"])
        self.board = github.add_project("P&S", number=57)
        github.add_field(self.board, "GitHub Hours", "NUMBER")
        github.add_field(self.board, "End date", "DATE")
        asana = self.sandbox.asana.state
        fields = [asana.add_field(name, "text") for name in ("GitHub URL", "GitHub ID")]
        fields.append(asana.add_field("GitHub Hours", "number", precision=2))
        self.home = asana.add_project("Mirrored issues", fields=fields)
        self.portfolio = asana.add_portfolio("Active Engagements")
        self.sandbox.asana.home_project = self.home.gid
        self.sandbox.asana.portfolio = self.portfolio.gid
        self.sandbox.airtable.create_design_base()
        for number in range(COMMUNITIES):
            self._add_community(number)

    def _add_community(self, number: int) -> None:
        """Add a community with one engagement, one project, and an allocation and a CSH task for each quarter."""
        asana, airtable = self.sandbox.asana.state, self.sandbox.airtable
        name = community_name(number)
        record = airtable.add_row("Communities", {"Name": name})
        place = asana.add_project(f"{name} 2026", portfolio=self.portfolio)
        engagement = airtable.add_row(
            "Engagements",
            {
                "Name": f"{name} 2026",
                "Community": [record],
                "Asana project": f"https://app.asana.com/0/{place.gid}",
            },
        )
        project = airtable.add_row("Projects", {"Name": f"{name} support", "Engagement": [engagement]})
        for quarter, start, end in QUARTERS:
            asana.add_task("Community Success Hours", project=place, start_on=start, due_on=end)
            cells = {
                "Name": f"{name} {quarter}",
                "Project": [project],
                "Start": start.isoformat(),
                "End": end.isoformat(),
                "Hours available": 4000,
                "Provider": "Ana",
            }
            airtable.add_row("Allocations", cells)

    def add_issues(self, count: int) -> None:
        """Open *count* more issues: groups of ten, in which three hang below the first."""
        github = self.sandbox.github.state
        for _ in range(count):
            number = len(self.issues)
            place = number % 10
            nested = 1 <= place <= CHILDREN
            title = f"Part {number}" if nested else f"{community_name(number // 10 % COMMUNITIES)}: repair {number}"
            labels = () if nested else ("CSH",)
            repository = f"repo{number // 10 % REPOSITORIES}"
            issue = github.open_issue(repository, title, BODY.format(number=number), labels=labels)
            if nested:
                github.add_sub_issue(self.issues[number - place], issue)
            self._on_the_board(issue, number)
            self.issues.append(issue)

    def _on_the_board(self, issue: Issue, number: int) -> None:
        """Put an issue on the board; closed ones have hours and a day in the present quarter."""
        github = self.sandbox.github.state
        if number % OPEN_EVERY == OPEN_EVERY - 1:
            github.set_board(issue, self.board, {})
            return
        ended = START.date() - timedelta(days=1 + number % 30)
        github.set_board(issue, self.board, {"GitHub Hours": 0.25 * (1 + number % 8), "End date": ended.isoformat()})
        github.close(issue)

    def tasks_by_url(self) -> dict[str, Task]:
        """Return the tasks of the home project by the address of their issue."""
        state = self.sandbox.asana.state
        return {str(state.field_value(one, "GitHub URL")): one for one in state.tasks_in(self.home)}


def community_name(number: int) -> str:
    """Return the name of a community: one that no issue's text names by accident."""
    return f"Observatory {chr(ord('A') + number)}x"


def address(issue: Issue) -> str:
    """Return an issue's address on GitHub."""
    return f"https://github.com/{issue.repository.full_name}/issues/{issue.number}"
