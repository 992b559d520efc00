"""What a job on GitHub shows of a command: the step's summary, and annotations. Elsewhere nothing happens."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import click

from sync.model.change import Outcome, Plan, Result, Standing
from sync.model.digest import Digest
from sync.model.reading import Problem
from sync.model.wording import USUAL, Wording
from sync.report.workflow_commands import annotations, in_actions


def publish(
    environ: Mapping[str, str],
    redact: Callable[[str], str],
    result: str,
    *,
    troubles: Sequence[str] = (),
    standings: Iterable[Standing] = (),
    digests: Iterable[Digest] = (),
    wording: Wording = USUAL,
) -> str:
    """Add to the step's summary and write annotations to stderr; return why the summary was not written, else "".

    *result* is a sentence; *troubles* are what failed or could not be read; *digests* are what was told.
    """
    told = tuple(digests)
    if in_actions(environ):
        for line in annotations(troubles, told):
            click.echo(redact(line), err=True)
    if not environ.get("GITHUB_STEP_SUMMARY"):
        return ""
    from sync.report.job_summary import MOST_BYTES, job_summary  # noqa: PLC0415  elsewhere nothing needs Markdown

    path = Path(environ["GITHUB_STEP_SUMMARY"])
    try:
        room = MOST_BYTES - (path.stat().st_size if path.exists() else 0)
        text = redact(job_summary(result, troubles, standings, told, room, wording=wording))
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        return f"The summary of the job could not be written ({error.strerror}); the run itself is not affected."
    return ""


def put_out(environ: Mapping[str, str], numbers: Mapping[str, int]) -> str:
    """Hand numbers on to the later steps of a job on GitHub; return why that did not work, else ""."""
    if not environ.get("GITHUB_OUTPUT"):
        return ""
    try:
        with Path(environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={number}\n" for name, number in numbers.items())
    except OSError as error:
        return f"The outputs of the step could not be written ({error.strerror}); the run itself is not affected."
    return ""


def troubles_of(plan: Plan, outcomes: Iterable[Outcome], refused: str = "") -> tuple[str, ...]:
    """Return what a run did not do, as sentences: a refusal, what failed, what could not be read."""
    failed = (
        f"{type(one.change).__name__} {one.change.about.reference or one.change.about.subject}: {one.detail}"
        for one in outcomes
        if one.result not in {Result.DONE, Result.SKIPPED}
    )
    unread = (f"{one.service} {one.subject} {_what(one)}: {one.message}. {one.remedy}" for one in plan.problems)
    return (*((f"Refused: {refused}",) if refused else ()), *failed, *unread)


def _what(problem: Problem) -> str:
    return "failed" if problem.trace else "was not read"
