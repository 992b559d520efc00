"""What a team that looks after hubs does for its communities: pieces of work with their steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work and the repository it is filed in; a step is filed there too, or in its own repository."""

    repository: str
    title: str
    steps: tuple[tuple[str, str], ...]
    """Repository ("" for that of the work) and title."""


def _work(repository: str, title: str, *steps: str) -> Work:
    """Make a piece of work; a step may name a repository of its own: ``docs: Write …``."""
    split = (step.partition(": ") for step in steps)
    return Work(repository, title, tuple((where, what) if what else ("", where) for where, _, what in split))


WORKS = (
    _work(
        "hub-images",
        "Rebuild the user image with the {month} packages",
        "Pin the geospatial stack",
        "Try the image with their notebooks",
        "docs: List what changed for users",
        "Remove the old conda channels",
    ),
    _work(
        "support",
        "Restore notebooks deleted by accident",
        "infrastructure: Find the right snapshot",
        "Check the files with the owner",
        "docs: Describe how long snapshots are kept",
    ),
    _work(
        "training",
        "Prepare the hub for a course of 40 people",
        "infrastructure: Add a profile with 4 GB",
        "hub-images: Add the course's packages",
        "Dry run with two teachers",
        "docs: One page for participants",
        "Be on call on the first day",
    ),
    _work(
        "enablement",
        "Quarterly check-in",
        "Collect usage numbers",
        "Write and send the summary",
        "Agree on the next three goals",
    ),
    _work(
        "data-access",
        "Read the satellite archive without copying it",
        "Measure reading speed from the hub",
        "hub-images: Add the cloud-optimised readers",
        "docs: Example notebook",
        "Talk to the archive about limits",
    ),
    _work(
        "infrastructure",
        "Move home directories to the new storage class",
        "Announce the maintenance window",
        "Copy and compare checksums",
        "Switch the mounts",
        "Delete the old volume after four weeks",
    ),
    _work(
        "support",
        "Answer questions about memory limits",
        "Reproduce with a smaller dataset",
        "docs: Explain the memory indicator",
        "infrastructure: Raise the limit for one profile",
    ),
    _work(
        "outreach",
        "Write up their work for the newsletter",
        "Interview by video call",
        "Choose pictures and ask for permission",
        "Translate the summary",
    ),
    _work(
        "training",
        "Pair programming: first steps with dashboards",
        "Prepare a minimal example",
        "hub-images: Add the dashboard server",
        "Second session: deployment",
    ),
    _work(
        "infrastructure",
        "Investigate slow server starts in the morning",
        "Measure image pull times",
        "Pre-pull images at 06:00 UTC",
        "hub-images: Shrink the image",
        "Report the numbers before and after",
    ),
    _work(
        "enablement",
        "Introduce the new allocation provider",
        "Hand-over call",
        "Read the last two reports",
    ),
    _work(
        "docs",
        "Document their data workflow",
        "Outline with the technical contact",
        "Screenshots",
        "Review by somebody new",
        "Publish",
    ),
    _work(
        "data-access",
        "Shared folder for a working group",
        "infrastructure: Permissions for the group",
        "docs: Rules of the shared folder",
        "Move the first files together",
    ),
    _work(
        "support",
        "Git and large files: clean up a repository",
        "Explain what went wrong",
        "Rewrite history together",
        "docs: Check-list for large files",
    ),
    _work(
        "hub-images",
        "R packages for the statistics group",
        "Compile the spatial packages",
        "Test with their scripts",
        "Ask upstream about the warning",
    ),
    _work(
        "training",
        "Office hours in {month}",
        "First session",
        "Second session",
        "Collect open questions",
    ),
    _work(
        "infrastructure",
        "Cost review of {month}",
        "Find idle volumes",
        "Propose a limit per person",
        "enablement: Talk it through with the administrative contact",
    ),
    _work(
        "data-access",
        "Publish a dataset with a DOI",
        "Metadata and licence",
        "Small example notebook",
        "docs: How to cite",
        "outreach: Announce it",
    ),
    _work(
        "support",
        "Login with institutional accounts fails for some",
        "infrastructure: Compare claims of the identity provider",
        "Test with three accounts",
        "Write to their identity team",
    ),
    _work(
        "enablement",
        "Prepare the renewal conversation",
        "Summary of the last two allocations",
        "List of wishes",
    ),
    _work(
        "training",
        "Half-day workshop: reproducible reports",
        "Slides and exercises",
        "hub-images: Check that the template builds",
        "Help in two breakout rooms",
        "Feedback form",
    ),
    _work(
        "infrastructure",
        "GPU profile for two weeks",
        "Quota request",
        "Try their model",
        "Take it down again",
    ),
    _work(
        "docs",
        "Translate the getting-started page",
        "First draft",
        "Read by a native speaker",
    ),
    _work(
        "data-access",
        "Daily download of station data",
        "Script with retries",
        "infrastructure: Where it runs",
        "Tell somebody when it fails",
    ),
    _work(
        "support",
        "Notebook takes three hours: profile it together",
        "Find the slow cell",
        "Use chunks instead of one array",
        "Compare results",
    ),
    _work(
        "outreach",
        "Demo for their funders",
        "Script for ten minutes",
        "infrastructure: Warm up servers before the demo",
        "Be there",
    ),
    _work(
        "enablement",
        "Onboard four new maintainers",
        "Accounts and rights",
        "Walk through an upgrade",
        "docs: Page for maintainers",
    ),
    _work(
        "hub-images",
        "Fonts and right-to-left text in plots",
        "Add the fonts",
        "Example with labels in both directions",
    ),
    _work(
        "training",
        "Review the exercises for {month}",
        "Run all notebooks from scratch",
        "Fix two broken links",
        "hub-images: Pin versions for the course",
    ),
    _work(
        "infrastructure",
        "Separate staging hub for tests",
        "DNS name",
        "Copy the configuration",
        "docs: When to use which hub",
    ),
)
"""Titles name no community: who it is for stands elsewhere on the issue."""
