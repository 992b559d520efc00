"""The three services as far as setting up, looking and taking over need them."""

from collections.abc import Callable
from dataclasses import dataclass
from time import sleep as wait

from pydantic import SecretStr
from pyrate_limiter import Duration, Rate

from connectors.airtable_api import AirtableApi
from connectors.asana_api import AsanaApi
from connectors.asana_setup import AsanaSetup
from connectors.github_api import GitHubApi
from connectors.github_setup import GitHubSetup
from connectors.retry import Pace
from sync.settings import Settings


@dataclass(frozen=True, slots=True)
class Doors:
    """The three services, as far as setting up needs them; *airtable* opens a base by its id."""

    github: GitHubSetup
    asana: AsanaSetup
    airtable: Callable[[str], AirtableApi]


def open_doors(settings: Settings, *, sleep: Callable[[float], None] = wait) -> tuple[Doors, Callable[[], None]]:
    """Return the doors to the services of *settings*, and what closes them; nothing is sent yet."""
    github, asana, airtable = settings.github, settings.asana, settings.airtable
    ours = GitHubApi(token=_open(github.token), api_url=github.api_url, sleep=sleep)
    tasks = AsanaApi(
        token=_open(asana.token),
        api_url=asana.api_url,
        requests_per_minute=asana.requests_per_minute,
        sleep=sleep,
    )
    pace = Pace(Rate(airtable.requests_per_second, Duration.SECOND))
    bases: dict[str, AirtableApi] = {}

    def base(base_id: str) -> AirtableApi:
        if base_id not in bases:
            token = _open(airtable.token)
            bases[base_id] = AirtableApi(token=token, api_url=airtable.api_url, base=base_id, pace=pace, sleep=sleep)
        return bases[base_id]

    def close() -> None:
        ours.close()
        tasks.close()
        for one in bases.values():
            one.close()

    return Doors(GitHubSetup(ours), AsanaSetup(tasks), base), close


def _open(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
