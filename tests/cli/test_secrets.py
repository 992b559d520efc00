"""Tokens stay secret however a run fails: services that echo what they were sent are the worst case."""

import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from sandbox.core.faults import Status
from tests.cli.conftest import Go
from tests.e2e.organisation import Organisation

TOKENS = ("CSH_GITHUB__TOKEN", "CSH_ASANA__TOKEN", "CSH_AIRTABLE__TOKEN", "CSH_SLACK__WEBHOOK_URL")
REFUSALS = (400, 401, 403, 404, 422)
FAILURES: tuple[tuple[str, int, str, str], ...] = (
    *(("github", code, "POST", r"/graphql") for code in REFUSALS),
    *(("asana", code, "GET", r"/tasks") for code in REFUSALS),
    *(("airtable", code, "GET", r"/v0/(?!meta)") for code in REFUSALS),
    ("asana", 400, "POST", r"/tasks$"),
    ("asana", 403, "POST", r"/setParent"),
    ("airtable", 422, "PATCH", r"/v0/"),
    ("airtable", 403, "GET", r"/meta/"),
    ("slack", 400, "POST", r""),
)


def spellings(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode()


@pytest.mark.parametrize(("service", "code", "method", "path"), FAILURES)
def test_no_token_is_told_when_a_service_refuses_and_echoes_what_it_was_sent(
    go: Go, org: Organisation, tmp_path: Path, service: str, code: int, method: str, path: str
) -> None:
    given = {name: value for name, value in org.settings().items() if name in TOKENS}
    secrets = [value.rpartition("/")[2] if name.endswith("URL") else value for name, value in given.items()]
    assert len(secrets) == len(TOKENS)
    said = " ".join(secrets)
    body = {"message": said, "errors": [{"message": said}], "error": {"type": said, "message": said}}
    org.issue("Reef Watch: fix", hours=9, Community="Reef Watch", End_date="2026-08-05")
    org.sandbox.faults.add(Status(code, body), service=service, method=method, path=path)
    summary = tmp_path / "summary.md"
    result = go(
        *("--debug", "-v", "run", "--record", "record.json", "--digest", "digest.md"),
        CSH_RUN__STATE_FILE="state.sqlite",
        GITHUB_ACTIONS="true",
        GITHUB_STEP_SUMMARY=str(summary),
    )
    assert result.exit_code in {1, 3, 4}
    kept = [one.read_bytes().decode("utf-8", "replace") for one in tmp_path.rglob("*") if one.is_file()]
    for secret in secrets:
        for spelled in spellings(secret):
            for text in (result.output, *kept):
                assert spelled not in text
