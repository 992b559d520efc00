"""The composition root: the only place that names concrete connectors, and imports their SDKs when they are used."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep as wait
from typing import TYPE_CHECKING

from pydantic import SecretStr

from mappings.people import Counterpart
from sync import __version__
from sync.clock import ClockCheck
from sync.hours.engagements import EngagementRules
from sync.leasing import LeaseRules, WritePermit
from sync.log import Redactor
from sync.mirror.world import Policy
from sync.model.finding import Acceptance, OwnWords, Role
from sync.model.initiative import Step
from sync.model.limits import Limits
from sync.model.memo import Memo, NoMemo
from sync.model.minutes import to_minutes
from sync.run import Protection
from sync.services import Remembered, Services
from sync.settings import Settings, variable
from sync.settings.routing import SLACK

if TYPE_CHECKING:
    from connectors.memory import Memory, Shelf
    from connectors.slack import SlackConnector


def services(
    settings: Settings,
    *,
    memory: "Memory | None" = None,
    plans_twice: bool = False,
    sleep: Callable[[float], None] = wait,
) -> Services:
    """Connect to the services of *settings*; nothing is sent yet. With *memory* answers are kept between runs.

    Who *plans twice* in a run works things out once, even where nothing is kept.
    """
    from connectors.airtable import AirtableConnector  # noqa: PLC0415  the SDKs are imported only where used
    from connectors.asana import AsanaConnector  # noqa: PLC0415
    from connectors.github import GitHubConnector  # noqa: PLC0415
    from connectors.wire.columns import TOTALS  # noqa: PLC0415

    def clock() -> datetime:
        return moment(settings)

    def shelf(service: str) -> "Shelf | None":
        return memory.shelf(service) if memory else None

    permit = WritePermit()
    github, tasks, base, desk = settings.github, settings.asana, settings.airtable, settings.freshdesk
    issues = GitHubConnector(
        token=_open(github.token),
        api_url=github.api_url,
        org=github.org,
        project_number=github.project_number,
        hours_field=github.hours_field,
        hours_field_aliases=github.hours_field_aliases,
        labels=tuple(settings.profile_of),
        profile_of=settings.profile_of,
        board_names=settings.board.model_dump(),
        max_hours=github.max_hours,
        sentinel_issue=settings.sentinels.issue,
        zone=settings.zone,
        sleep=sleep,
        before_write=permit,
        shelf=shelf("GitHub"),
        clock=clock,
    )
    asana = AsanaConnector(
        token=_open(tasks.token),
        api_url=tasks.api_url,
        workspace=tasks.workspace,
        home_project=tasks.home_project,
        portfolio=tasks.portfolio,
        engagements_project=tasks.engagements_project,
        profiles=settings.task_names,
        field_names=tasks.fields.model_dump(),
        requests_per_minute=tasks.requests_per_minute,
        zone=settings.zone,
        sleep=sleep,
        before_write=permit,
        shelf=shelf("Asana"),
        clock=clock,
    )
    airtable = AirtableConnector(
        token=_open(base.token),
        api_url=base.api_url,
        base=base.base,
        names=base.names,
        requests_per_second=base.requests_per_second,
        without=TOTALS if settings.totals.csv else (),
        clock=clock,
        sleep=sleep,
        before_write=permit,
        shelf=shelf("Airtable"),
    )
    runs = airtable.run_book(issues.server_now)
    help_desk = None
    if desk.api_url:
        from connectors.freshdesk import FreshDeskConnector  # noqa: PLC0415

        help_desk = FreshDeskConnector(api_url=desk.api_url, api_key=_open(desk.api_key), sleep=sleep)
    slack = messengers(settings, sleep=sleep)
    open_ones = (
        *(issues, asana, airtable, runs),
        *slack,
        *((help_desk,) if help_desk else ()),
        *((memory,) if memory else ()),
    )
    closers = tuple(one.close for one in open_ones)
    totals = None
    if settings.totals.csv:
        from connectors.csv_totals import CsvTotals  # noqa: PLC0415

        totals = CsvTotals(settings.totals.csv, clock=clock, before_write=permit)
    return Services(
        issues,
        asana,
        airtable,
        help_desk,
        runs,
        permit,
        closers,
        messengers=slack,
        alerts=airtable,
        meters=(issues.cost, asana.cost, airtable.cost),
        totals=totals,
        planning=issues.planning(settings.planning_repository) if settings.planning_repository else None,
        back_links=issues.back_links() if settings.backlinks.enabled else None,
        remembered=Remembered(memory, issues, asana, airtable) if memory else None,
        memo=_memo(memory, plans_twice=plans_twice),
        clock=ClockCheck({} if settings.now else {"GitHub": issues.server_now, "Airtable": airtable.server_now}),
    )


def memory(settings: Settings, file: Path | None = None) -> "Memory | None":
    """Open what is kept between runs in *file*, else in the file of the settings; None where there is neither.

    What was kept under other settings, with another token or by another version is not believed.
    """
    from connectors.memory import Memory  # noqa: PLC0415

    path = settings.run.state_file or file
    if path is None:
        return None
    said = [__version__, *(_open(one.token) for one in (settings.github, settings.asana, settings.airtable))]
    said.append(settings.model_dump_json(exclude={"now", "run"}))
    return Memory(path, hashlib.sha256("\n".join(said).encode()).hexdigest())


def _memo(memory: "Memory | None", *, plans_twice: bool) -> Memo:
    from connectors.memo import KeptMemo  # noqa: PLC0415
    from connectors.memory import Memory  # noqa: PLC0415

    return KeptMemo(memory or Memory()) if memory or plans_twice else NoMemo()


def messengers(settings: Settings, *, sleep: Callable[[float], None] = wait) -> "tuple[SlackConnector, ...]":
    """Return the channels on which digests are told, none where none is set; nothing is sent yet."""
    slack = settings.slack
    if slack.webhook_url is None:
        return ()
    from connectors.slack import SlackConnector, Webhook  # noqa: PLC0415

    usual = Webhook(_open(slack.webhook_url), variable("slack", "webhook_url"))
    own = {
        Role[name.upper()]: Webhook(_open(secret), variable("slack", "webhooks", name))
        for name, secret in slack.by_role.items()
    }
    connector = SlackConnector(
        webhook=usual,
        webhooks=own,
        messages_per_minute=slack.messages_per_minute,
        roles=settings.routing.roles(SLACK),
        wording=settings.wording.wording,
        sleep=sleep,
    )
    return (connector,)


def policy(settings: Settings) -> Policy:
    """Return what the settings decide, as plain values for the engine."""
    return Policy(
        organisation=settings.github.org,
        home_project=settings.asana.home_project,
        profiles=settings.task_names,
        zone=settings.zone,
        grace_days=settings.run.grace_days,
        since=settings.github.since,
        ticket_host=settings.freshdesk.ticket_host,
        people={one.github: Counterpart(one.email, one.asana) for one in settings.people},
        guard_share=settings.guards.share,
        guard_minimum=settings.guards.minimum,
        longest_writing=timedelta(minutes=settings.run.writing_minutes),
        sentinel_issue=settings.sentinels.issue,
        sentinel_task=settings.sentinels.task,
        sentinel_row=settings.sentinels.row,
        accepted=tuple(Acceptance(**one.model_dump()) for one in settings.accepted),
        thresholds=settings.thresholds.thresholds,
        days_off=frozenset(settings.days_off),
        capacities=settings.capacities,
        full_time_minutes=to_minutes(settings.hours_per_day),
        limits=Limits(**settings.findings.model_dump()),
        engagements=EngagementRules(**settings.engagements.model_dump()),
        initiative_labels=settings.initiatives.labels,
        initiative_words={Step(name): (one.title, one.text) for name, one in settings.initiatives.steps.items()},
        own_words={name: OwnWords(one.severity, one.acts, one.remedy) for name, one in settings.kinds.items()},
        wording=settings.wording.wording,
        back_links_public=settings.backlinks.public,
    )


def protection(
    settings: Settings,
    services: Services,
    *,
    lease: bool = True,
    waits: bool = False,
    sleep: Callable[[float], None] = wait,
) -> Protection | None:
    """Return how a run keeps others out while it writes (decision D12); without *lease* it only leaves a row."""
    if services.runs is None:
        return None
    rules = LeaseRules(settings.run.lease_seconds, settings.run.settle_seconds) if lease else None
    return Protection(services.runs, rules, lambda: moment(settings), waits, sleep)


def moment(settings: Settings) -> datetime:
    """Return the moment decisions are made for: ``CSH_NOW`` where set, else now (decision D15)."""
    return settings.now.astimezone(UTC) if settings.now else datetime.now(UTC)


def redactor(settings: Settings) -> Redactor:
    """Return what masks the tokens of *settings* in text."""
    from connectors.addresses import secret_parts  # noqa: PLC0415

    blocks = (settings.github, settings.asana, settings.airtable)
    tokens = [_open(one) for one in (*(block.token for block in blocks), settings.freshdesk.api_key)]
    webhooks = (settings.slack.webhook_url, *settings.slack.by_role.values())
    return Redactor([*tokens, *(part for one in webhooks for part in secret_parts(_open(one)))])


def _open(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
