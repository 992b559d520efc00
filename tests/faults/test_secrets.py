"""J. Secrets and supply: the files that tokens stand in."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Go, go
from tests.e2e.organisation import Organisation

__all__ = ["go"]


def told_of_files(go: Go, **more: str) -> list[str]:
    """Return what doctor says of files with tokens."""
    checks = json.loads(go("doctor", "--json", **more).stdout)["checks"]
    return [f"{one['level']}: {one['message']}. {one['remedy']}" for one in checks if one["check"] == "files"]


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        (".env", "CSH_ASANA__TOKEN"),
        ("secrets/token", "CSH_ASANA__TOKEN"),
        ("key", "CSH_FRESHDESK__API_KEY"),
        ("hook", "CSH_SLACK__WEBHOOK_URL"),
    ],
)
def test_fault_j05_a_file_with_tokens_that_others_can_read_is_told_with_the_command(
    go: Go, org: Organisation, name: str, setting: str
) -> None:
    token = org.settings()[setting]
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(f"{setting}={token}\n" if name == ".env" else token, encoding="utf-8")
    more = {setting: "", **({f"{setting}_FILE": name} if name != ".env" else {})}
    Path(name).chmod(0o644)
    [told] = told_of_files(go, **more)
    assert told.startswith("warning")
    assert f"chmod 600 {name}" in told
    Path(name).chmod(0o600)
    [told] = told_of_files(go, **more)
    assert told.startswith("ok")


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
def test_fault_j05_a_file_with_tokens_under_version_control_is_told(go: Go, org: Organisation) -> None:
    Path(".env").write_text(f"CSH_ASANA__TOKEN={org.settings()['CSH_ASANA__TOKEN']}\n", encoding="utf-8")
    Path(".env").chmod(0o600)
    subprocess.run(["git", "init", "--quiet"], check=True)
    assert told_of_files(go)[0].startswith("ok")
    subprocess.run(["git", "add", ".env"], check=True)
    [told] = told_of_files(go)
    assert "git rm --cached .env" in told
