"""match: try the matching rules on given texts, without any service."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import click
from pydantic import BaseModel, Field, JsonValue, ValidationError

from mappings.matching.deciding import match
from mappings.matching.table import CommunityTable
from mappings.matching.values import IssueText, Match
from sync.cli.session import Options, guarded
from sync.errors import CshSyncError, ExitCode
from sync.model.contract import Community
from sync.model.legible import safe
from sync.model.ticket import Company, TicketAnswer, UnknownTicket
from sync.report.words import counted, short

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
HEADS = ("case", "title", "community", "evidence", "candidates", "conflict")


class FileUnusable(CshSyncError):
    """A file given on the command line cannot be used."""

    exit_code = ExitCode.USAGE


class CommunityEntry(BaseModel):
    """A community in the file: its company is the help desk's id or name."""

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    freshdesk_company: int | str | None = None


class CommunitiesFile(BaseModel):
    """What the file of communities holds."""

    communities: tuple[CommunityEntry, ...]
    freshdesk_host: str = ""


class Case(BaseModel):
    """One issue to try. *board* holds fields by name; *freshdesk* the company of each ticket the help desk knows."""

    title: str
    id: JsonValue = None
    body: str | None = None
    labels: tuple[str, ...] | None = None
    board: dict[str, JsonValue] | None = None
    freshdesk: dict[str, int | str | None] | None = None

    def text(self) -> IssueText:
        """Return the case as an issue; of the board only ``Community`` is looked at."""
        fields = {name.strip().casefold(): value for name, value in (self.board or {}).items()}
        community = fields.get("community")
        return IssueText(
            title=self.title,
            body=self.body or "",
            labels=self.labels or (),
            board_community=community if isinstance(community, str) else "",
        )

    def tickets(self) -> dict[str, TicketAnswer]:
        """Return the help desk's answers; a ticket without a company is as good as unknown."""
        return {
            number: UnknownTicket() if company is None else Company(str(company))
            for number, company in (self.freshdesk or {}).items()
        }


@dataclass(frozen=True, slots=True)
class Communities:
    """The communities to match against, under the place they have in the file as their id."""

    table: CommunityTable
    host: str

    @classmethod
    def read(cls, file: Path) -> Self:
        """Return the communities in *file*. Raises FileUnusable."""
        remedy = 'It needs {"freshdesk_host": "…", "communities": [{"name": "…", "aliases": ["…"], …}]}.'
        try:
            found = CommunitiesFile.model_validate(json.loads(file.read_text(encoding="utf-8-sig")))
        except ValidationError as error:
            raise FileUnusable(f"{file}: {_first_problem(error)}.", remedy=remedy) from error
        except (ValueError, RecursionError) as error:
            raise FileUnusable(f"{file} is not JSON: {error}.", remedy=remedy) from error
        communities = [
            Community(f"{place:06}", item.name, item.aliases, str(item.freshdesk_company or ""))
            for place, item in enumerate(found.communities)
        ]
        return cls(CommunityTable(communities), found.freshdesk_host)

    def match(self, case: Case) -> Match:
        """Return whose a case is."""
        return match(case.text(), self.table, case.tickets(), self.host)

    def names(self, community_ids: Iterable[str]) -> list[str]:
        """Return communities by name."""
        return [self.table.name(one) for one in community_ids]


@click.command("match")
@click.option("--communities", type=FILE, required=True, help="Communities with their aliases, as JSON.")
@click.option("--cases", type=FILE, required=True, help="Texts of issues, one JSON object a line.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def match_command(options: Options, *, communities: Path, cases: Path, as_json: bool) -> None:
    """Try the matching rules on given texts: whose each is, and by which evidence. Asks no service."""

    def command() -> ExitCode:
        known = Communities.read(communities)
        unusable: list[str] = []
        tried = ((case, known.match(case)) for case in _cases(cases, unusable))
        if as_json:
            for case, found in tried:
                options.terminal.document(_document(case, found, known), indent=None)
        else:
            options.terminal.table("", HEADS, (_row(case, found, known) for case, found in tried))
        for problem in unusable:
            options.terminal.error(problem)
        if unusable:
            options.terminal.error(f"{counted(len(unusable), 'line')} left out, all others were tried.")
        return ExitCode.ITEMS_FAILED if unusable else ExitCode.FINE

    guarded(options, command)


def _cases(file: Path, unusable: list[str]) -> Iterator[Case]:
    """Return the cases in *file* in order; what is wrong with a line is added to *unusable*, with the remedy."""
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        place = f"{file}, line {number}"
        try:
            yield Case.model_validate(json.loads(line.decode("utf-8-sig")))
        except ValidationError as error:
            unusable.append(
                f"{place}: {_first_problem(error)}. "
                'A case needs a "title"; "id", "body", "labels", "board" and "freshdesk" may be left out.'
            )
        except (ValueError, RecursionError) as error:
            unusable.append(f"{place}: not JSON ({safe(str(error))}). Write one JSON object on each line.")


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return safe(f'"{where}": {first["msg"]}' if where else first["msg"])


def _document(case: Case, found: Match, known: Communities) -> dict[str, object]:
    against = known.names(found.conflict)
    return {
        "id": case.id,
        "community": None if found.community_id is None else known.table.name(found.community_id),
        "evidence": found.kind.value,
        "candidates": known.names(candidate.community_id for candidate in found.candidates),
        "conflict": against[0] if len(against) == 1 else against or None,
    }


def _row(case: Case, found: Match, known: Communities) -> tuple[str, ...]:
    owner = found.community_id
    others = [f"{known.table.name(one.community_id)} ({one.why})" for one in found.candidates if owner is None]
    return (
        "" if case.id is None else str(case.id),
        short(case.title),
        "–" if owner is None else known.table.name(owner),
        found.kind.value,
        ", ".join(others),
        ", ".join(known.names(found.conflict)),
    )
