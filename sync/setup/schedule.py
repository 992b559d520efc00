"""Checks of plan limits against the schedule: what runs cost in a month of 31 days.

Airtable's calls: https://support.airtable.com/docs/managing-api-call-limits-in-airtable. Minutes of GitHub Actions:
https://docs.github.com/en/billing/concepts/product-billing/github-actions (each job is rounded up to a minute).
"""

from collections.abc import Iterator
from datetime import timedelta
from math import ceil

from sync.model.examination import MOST_COUNTED, Examination, GitHubToken, Unanswered, Verdict
from sync.report.words import spell_span
from sync.setup.verdicts import ok, warning

MONTH = timedelta(days=31)
AIRTABLE_CALLS = 10
"""What a run asks of Airtable that reads everything and writes nothing, at most, where every table fits on a page."""
LOOK_CALLS = 2
"""What a quiet run asks of it that remembers: allocations that were edited, and its heartbeat."""
IN_TURNS, ROUND = 5, timedelta(minutes=90)
"""So many other tables such runs look at, each once in a round."""
WRITING_CALLS = 12
"""What a run with one change asks more than a quiet one, at most: the lease, what changed meanwhile, rows, totals."""
ROWS_ON_A_PAGE = 100
AIRTABLE_PLANS = (("Free", 1_000), ("Team", 100_000))
GROWING = ". With CSH_RUN__STATE_FILE it would be fewer: without it each run reads every table, and Activity grows"
GITHUB_POINTS = 25
"""What a quiet run costs at GitHub, at most, in an organisation of up to 100 repositories; held by a test."""
ASANA_PAID = 1_500
INCLUDED = "GitHub Free includes 2,000 for private repositories, Team 3,000; for public ones they are free"


def runs_a_month(every: timedelta) -> int:
    """Return how many runs there are in a month of 31 days."""
    return round(MONTH / every)


def calls_a_month(every: timedelta, rows: int, *, remembers: bool) -> int:
    """Return what quiet runs ask of Airtable in a month, where Activity has so many *rows*; all of them are held by
    tests.
    """
    whole = AIRTABLE_CALLS + max(0, ceil(rows / ROWS_ON_A_PAGE) - 1)
    runs = runs_a_month(every)
    if not remembers:
        return runs * whole
    in_turns = min(runs * IN_TURNS, round(MONTH / ROUND * IN_TURNS))
    return runs * LOOK_CALLS + in_turns + min(runs, MONTH.days) * whole


def airtable_calls(examination: Examination) -> Iterator[Verdict]:
    """A month of quiet runs stays within the plan's calls, which the whole workspace shares."""
    if examination.airtable is None:
        return
    rows, remembers = examination.airtable.rows, examination.wanted.state_file
    counted = 0 if isinstance(rows, Unanswered) else rows
    calls = calls_a_month(examination.every, counted, remembers=remembers)
    enough = next((f"{name} ({most:,})" for name, most in AIRTABLE_PLANS if calls <= most), "")
    about = "at least" if isinstance(rows, Unanswered) or counted >= MOST_COUNTED else "up to"
    message = f"quiet runs every {spell_span(examination.every)} make {about} {calls:,} Airtable calls a month"
    message += f" (each one that writes up to {WRITING_CALLS} more)"
    growing = "" if remembers else GROWING
    if enough:
        message += f": within Airtable's plan {enough}, which the whole workspace shares{growing}"
        yield ok("schedule.airtable", message)
    else:
        message += f": more than Airtable's plan Team allows ({AIRTABLE_PLANS[-1][1]:,}){growing}"
        less = "Run less often" if remembers else "Set CSH_RUN__STATE_FILE, run less often"
        yield warning("schedule.airtable", message, f"{less}, or use Airtable's plan Business.")


def github_points(examination: Examination) -> Iterator[Verdict]:
    """An hour of runs stays within the token's points."""
    facts = examination.github
    if facts is None or not isinstance(facts.token, GitHubToken) or not facts.token.points_per_hour:
        return
    points = max(1, round(timedelta(hours=1) / examination.every)) * GITHUB_POINTS
    most = facts.token.points_per_hour
    message = f"quiet runs take up to {points:,} of the token's {most:,} points an hour"
    if points * 2 > most:
        yield warning("schedule.github", message, "Run less often, or use an App's token.")
    else:
        yield ok("schedule.github", message)


def asana_pace(examination: Examination) -> Iterator[Verdict]:
    """The pace that is set is one that a plan allows: 150 a minute on the free plan, 1,500 on paid ones."""
    pace = examination.wanted.requests_per_minute
    if examination.asana is None or examination.wanted.played:
        return
    if pace > ASANA_PAID:
        remedy = f"Set CSH_ASANA__REQUESTS_PER_MINUTE to {ASANA_PAID} (150 on the free plan)."
        yield warning("schedule.asana", f"{pace:,} requests a minute are more than any plan of Asana allows", remedy)
    else:
        yield ok("schedule.asana", f"paced at {pace:,} requests a minute")


def job_minutes(examination: Examination) -> Iterator[Verdict]:
    """What the schedule costs as a job of GitHub Actions."""
    minutes = runs_a_month(examination.every)
    yield ok("schedule.minutes", f"as a job of GitHub Actions at least {minutes:,} minutes a month ({INCLUDED})")
