"""What stands in the body of a private repository's issue goes to its task and nowhere else: no plan, record or log."""

from pathlib import Path

from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]

TYPED = "quokka"
"""In every word of the body."""
BODY = f"""### Community

{TYPED} society

The {TYPED} cluster is down, says @{TYPED}-ana: we worked 3 hours together at the {TYPED}-reef.
Attendees: {TYPED}a, {TYPED}b.

- [ ] {TYPED} task [{TYPED} link](https://{TYPED}.example/{TYPED})

> {TYPED} quoted <b>{TYPED}</b> `{TYPED} = 1`

https://acme.freshdesk.com/a/tickets/4711?{TYPED}

<!-- {TYPED} -->
"""
FILES = {"plan.json", "second.json", "applied.json", "run.json", "again.json", "digest.md", "summary.md"}


def shown(go: Go, *arguments: str, **environment: str) -> str:
    """Return all that a command says that ended well and tells of an issue of the private repository."""
    result = go(*arguments, **environment)
    assert result.exit_code == 0, result.output
    assert "vault" in result.output, result.output
    return str(result.output)


def test_no_body_of_a_private_repository_is_in_a_plan_a_record_or_a_log(
    go: Go, org: Organisation, tmp_path: Path
) -> None:
    org.github.add_repository("vault", labels=["CSH"], private=True)
    placed = org.issue("Reef Watch: fix", BODY, repository="vault", hours=2)
    org.issue("Whose is it?", BODY, repository="vault", hours=2)
    unlogged = org.issue("Reef Watch: help", BODY, repository="vault")
    org.github.close(unlogged, "completed")
    actions = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "CSH_LOG": "json"}
    output = [shown(go, "plan", "--out", "plan.json"), shown(go, "plan", "--json")]
    shown(go, "apply", "plan.json", "--record", "applied.json")
    task = org.task(placed)
    assert TYPED in task.rich.text
    org.asana.edit_notes(task, f"{task.rich.text} and a wombat")
    org.github.edit(placed, body=BODY.replace("down", "up"))
    org.issue("And whose is this?", BODY, repository="vault", hours=2)  # news for the digest
    output.append(shown(go, "plan", "--out", "second.json"))
    output.append(shown(go, "--debug", "-v", "run", "--record", "run.json", "--digest", "digest.md", **actions))
    org.asana.edit_notes(task, f"{task.rich.text} and a wombat")
    output.append(shown(go, "run", "--record", "again.json"))
    output += [shown(go, "check", "--json"), shown(go, "review", "--json")]
    told = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert set(told) == FILES
    assert [name for name, text in told.items() if "vault" not in text] == []  # what is tested tells of the issues
    assert [name for name, text in told.items() if TYPED in text] == []
    assert [text for text in output if TYPED in text] == []
    assert "wombat" in told["again.json"]  # what a person wrote and lost is kept


def test_a_plan_without_texts_is_refused_when_only_a_text_moved(go: Go, org: Organisation) -> None:
    org.github.add_repository("vault", labels=["CSH"], private=True)
    issue = org.issue("Reef Watch: fix", BODY, repository="vault", hours=2)
    assert go("plan", "--out", "plan.json").exit_code == 0
    org.github.edit(issue, body=BODY.replace("down", "up"))
    stale = go("apply", "plan.json")
    assert stale.exit_code == 3
    assert "acme/vault#1 is planned differently now" in stale.output
    assert not org.has_task(issue)


def test_with_bodies_a_plan_holds_the_texts_and_is_applied_as_it_is(go: Go, org: Organisation) -> None:
    org.github.add_repository("vault", labels=["CSH"], private=True)
    issue = org.issue("Reef Watch: fix", BODY, repository="vault", hours=2)
    assert go("plan", "--out", "plan.json", "--with-bodies").exit_code == 0
    assert TYPED in Path("plan.json").read_text("utf-8")
    result = go("apply", "plan.json", "--record", "applied.json")
    assert result.exit_code == 0, result.output
    assert TYPED in org.task(issue).rich.text
    assert TYPED not in Path("applied.json").read_text("utf-8")
    org.github.edit(issue, body=BODY.replace("down", "up"))
    assert go("plan", "--json", "--with-bodies").stdout.count(TYPED) > 5
