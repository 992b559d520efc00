"""Which issue a run is about: named on the command line, or by the event that started a job on GitHub.

The payload is read from its file, never from a variable: a body may be longer than the environment takes.
https://docs.github.com/actions/reference/workflows-and-actions/variables
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sync.errors import CshSyncError, ExitCode
from sync.model.legible import safe

PAYLOAD = "GITHUB_EVENT_PATH"
_REFERENCE = re.compile(r"([\w.-]+)/([\w.-]+)#([1-9][0-9]*)")


def issue_named(text: str, organisation: str) -> str:
    """Return the address of an issue that a person names by it, or as ``owner/repo#12``. Raises CshSyncError."""
    found = _REFERENCE.fullmatch(text.strip())
    address = f"https://github.com/{found[1]}/{found[2]}/issues/{found[3]}" if found else text.strip()
    return _checked(address, organisation, "--issue")


def issues_of_event(environ: Mapping[str, str], organisation: str) -> tuple[str, ...]:
    """Return the addresses of the issue that the event is about, of a transferred one both; none for other events.

    Events of issues have it under ``issue``; a ``repository_dispatch`` has its address in ``client_payload.issue``.
    Raises CshSyncError when the payload cannot be read, or names no issue of the organisation.
    """
    if not environ.get(PAYLOAD):
        return ()
    payload = _read(Path(environ[PAYLOAD]))
    named = [_address(payload.get("issue")), _address(_part(payload, "changes").get("new_issue"))]
    named.append(_address(_part(payload, "client_payload").get("issue")))
    return tuple(_checked(one, organisation, PAYLOAD) for one in dict.fromkeys(named) if one)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        payload = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unusable(f"The event's payload ({PAYLOAD}) could not be read: {error}.") from error
    return payload if isinstance(payload, dict) else {}


def _part(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = payload.get(name)
    return part if isinstance(part, dict) else {}


def _address(issue: object) -> str:
    """Return the address of an issue in a payload; pull requests have the same shape and are none."""
    if isinstance(issue, dict):
        return "" if "pull_request" in issue else str(issue.get("html_url") or "")
    return issue.strip() if isinstance(issue, str) else ""


def _checked(address: str, organisation: str, where: str) -> str:
    from sync.mirror.identity import names_issue  # noqa: PLC0415  most runs are about no issue in particular

    if not address.startswith("https://") or not names_issue(address, organisation):
        raise _unusable(f"{where} names {safe(address)!r}, which is no address of an issue of {organisation}.")
    return address


def _unusable(message: str) -> CshSyncError:
    error = CshSyncError(message, remedy="Nothing was read or written. csh-sync run --full looks at everything.")
    error.exit_code = ExitCode.USAGE
    return error
