"""Channels that are files: the Markdown of ``run --digest``, and the page of a job on GitHub (requirement 77)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from sync.cli.files import write_text
from sync.errors import CshSyncError, Rejected
from sync.model.digest import Digest
from sync.model.finding import Role
from sync.model.wording import USUAL, Wording
from sync.services import Services
from sync.settings.routing import FILE, SUMMARY, RoutingSettings


def with_files(
    services: Services,
    digest: Path | None,
    environ: Mapping[str, str],
    redact: Callable[[str], str],
    routing: RoutingSettings,
    *,
    wording: Wording = USUAL,
) -> Services:
    """Return the services with the channels that are files after all others: what Slack was told decides, if it is set.

    Raises CshSyncError when the file of the digest cannot be written.
    """
    files = [DigestFile(digest, redact, routing.roles(FILE), wording)] if digest else []
    page = environ.get("GITHUB_STEP_SUMMARY")
    pages = [JobPage(Path(page), routing.roles(SUMMARY))] if page else []
    return replace(services, messengers=(*services.messengers, *files, *pages))


class DigestFile:
    """The digests of one run as Markdown; without news the file says so."""

    def __init__(
        self, path: Path, redact: Callable[[str], str], roles: frozenset[Role], wording: Wording = USUAL
    ) -> None:
        self.roles = roles
        self._path = path
        self._redact = redact
        self._wording = wording
        self._digests: list[Digest] = []
        self._write()

    def send(self, digest: Digest) -> None:
        """Add a digest. Raises Rejected when the file cannot be written."""
        self._digests.append(digest)
        try:
            self._write()
        except CshSyncError as error:
            raise Rejected("the file", "tell a digest", error.message, remedy=error.remedy) from error

    def _write(self) -> None:
        from sync.report.digest_markdown import digest_markdown  # noqa: PLC0415  most runs write no such file

        write_text(self._path, self._redact(digest_markdown(self._digests, self._wording)))


class JobPage:
    """The summary of a step on GitHub, which is written at the end of the run with everything that was told."""

    def __init__(self, path: Path, roles: frozenset[Role]) -> None:
        self.roles = roles
        self._path = path

    def send(self, digest: Digest) -> None:
        """Accept a digest. Raises Rejected when the page cannot be written."""
        try:
            self._path.open("a", encoding="utf-8").close()
        except OSError as error:
            message = f"the digest for the {digest.role.value} cannot be shown there ({error.strerror})"
            raise Rejected("the job's page", "tell a digest", message) from error
