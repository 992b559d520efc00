"""Checks of the Airtable side: token, base, tables and columns.

Scopes and roles: https://airtable.com/developers/web/api/scopes
"""

from collections.abc import Iterator

from sync.findings.fields import drift_remedy, drift_words
from sync.model.examination import AirtableFacts, BaseFacts, Examination, SchemaFacts, Unanswered, Verdict
from sync.setup.tokens import token_of
from sync.setup.verdicts import failed, listed, ok, unknown, warning

NEEDED_SCOPES = frozenset({"data.records:read", "data.records:write", "schema.bases:read"})
SETUP_SCOPE = "schema.bases:write"
MAY_WRITE = ("edit", "create")
ROLES = {"read": "Read-only", "comment": "Commenter", "edit": "Editor", "create": "Creator"}
RUN_TABLES = {
    "Runs": "nothing keeps two runs apart, and nothing tells when runs stopped",
    "Alerts": "nobody is told of findings once, and nobody can answer them there",
}


def token(examination: Examination) -> Iterator[Verdict]:
    """The token is one of Airtable's, and Airtable takes it."""
    if examination.airtable:
        yield token_of(examination, "Airtable", examination.airtable.scopes)


def base(examination: Examination) -> Iterator[Verdict]:
    """The base is one the token sees."""
    facts = examination.airtable
    if facts is None:
        return
    if isinstance(facts.base, Unanswered):
        yield unknown("airtable.base", "the base", facts.base)
    elif facts.base.role:
        yield ok("airtable.base", facts.base.name)
    else:
        remedy = f"Set CSH_AIRTABLE__BASE, or add the base to the token; it sees {listed(facts.bases)}."
        yield failed("airtable.base", "the token does not see the base", remedy)


def role(examination: Examination) -> Iterator[Verdict]:
    """The token's user may write in the base."""
    facts = examination.airtable
    if facts is None or isinstance(facts.base, Unanswered) or not facts.base.role:
        return
    name = ROLES.get(facts.base.role, facts.base.role)
    if facts.base.role in MAY_WRITE:
        yield ok("airtable.role", f"the token's user is {name} of the base")
    else:
        remedy = "Make the user at least Editor of the base."
        yield failed("airtable.role", f"the token's user is {name} of the base", remedy)


def scopes(examination: Examination) -> Iterator[Verdict]:
    """The token has the scopes it needs, and no more than a run needs."""
    facts = examination.airtable
    if facts is None or isinstance(facts.scopes, Unanswered):
        return
    if facts.scopes is None:
        yield ok("airtable.scopes", "Airtable does not name those of such tokens: what it lacks shows below")
        return
    lacking, more = sorted(NEEDED_SCOPES - facts.scopes), sorted(facts.scopes - NEEDED_SCOPES)
    if lacking:
        yield failed("airtable.scopes", f"lacks {', '.join(lacking)}", "Add them: airtable.com/create/tokens.")
    if more:
        after = " once the base is set up" if SETUP_SCOPE in more else ""
        remedy = f"Take {', '.join(more)} off the token{after}."
        yield warning("airtable.scopes", f"may do more than a run needs: {', '.join(more)}", remedy)
    if not lacking and not more:
        yield ok("airtable.scopes", f"just what is needed: {', '.join(sorted(facts.scopes))}")


def records(examination: Examination) -> Iterator[Verdict]:
    """Records can be read and changed: tried on a record that does not exist.

    The schema answers also when the plan's calls of the month are used up, so it proves nothing (fault B06).
    """
    facts = examination.airtable
    if facts is None or isinstance(facts.schema, Unanswered) or not facts.schema.tables or not _may_write(facts):
        return
    if isinstance(facts.readable, Unanswered):
        yield unknown("airtable.records", "records", facts.readable)
    elif isinstance(facts.writable, Unanswered):
        yield unknown("airtable.records", "whether records may be changed", facts.writable)
    elif facts.writable:
        yield ok("airtable.records", "records can be read and changed")
    else:
        remedy = "The token needs the scope data.records:write, and its user the role Editor."
        yield failed("airtable.records", "records can be read, but not changed", remedy)


def columns(examination: Examination) -> Iterator[Verdict]:
    """Tables and columns that are needed are there, with types that fit; a renamed one is guessed."""
    facts = examination.airtable
    if facts is not None and isinstance(facts.schema, Unanswered) and _is_seen(facts):
        yield unknown("airtable.columns", "the tables of the base", facts.schema)
    found = _schema(examination)
    if found is None:
        return
    for one in found.drift:
        tell = failed if one.needed else warning
        yield tell("airtable.columns", drift_words(one), drift_remedy(one))
    if not found.drift:
        yield ok("airtable.columns", f"{found.columns} columns in {len(found.tables)} tables are as they should be")


def optional_columns(examination: Examination) -> Iterator[Verdict]:
    """Columns that may be missing; without them something is not read or not shown."""
    found = _schema(examination)
    if found is None:
        return
    lacking = {name: those for name, those in found.lacking.items() if name not in RUN_TABLES}
    for table, those in lacking.items():
        remedy = "Add them where you want what they are for (docs/airtable.md): csh-sync init does."
        yield warning("airtable.optional", f"{table} lacks {', '.join(those)}", remedy)
    if not lacking:
        yield ok("airtable.optional", "all optional columns are there")


def runs_and_alerts(examination: Examination) -> Iterator[Verdict]:
    """The tables Runs and Alerts are there and whole."""
    found = _schema(examination)
    if found is None:
        return
    for table, what in RUN_TABLES.items():
        if table in found.lacking:
            message = f"{table} lacks {', '.join(found.lacking[table])}: {what}"
            yield warning("airtable.tables", message, "Let csh-sync init add it, or add it by hand: docs/airtable.md.")
        else:
            yield ok("airtable.tables", f"{table} is there")


def sentinel(examination: Examination) -> Iterator[Verdict]:
    """The row that must be visible is (decision D11)."""
    facts = examination.airtable
    if facts is None or facts.sentinel is None:
        return
    if isinstance(facts.sentinel, Unanswered):
        yield unknown("airtable.sentinel", "the sentinel row", facts.sentinel)
    elif facts.sentinel:
        yield ok("airtable.sentinel", "the sentinel row is visible")
    else:
        remedy = "Check what the token may see, or set CSH_SENTINELS__ROW to another row of Activity."
        yield failed("airtable.sentinel", "the sentinel row is gone or not visible", remedy)


def _is_seen(facts: AirtableFacts) -> bool:
    """Tell whether the base is one the token sees, or was not asked for: else another check says so."""
    return bool(facts.base.role) if isinstance(facts.base, BaseFacts) else bool(facts.base.skipped)


def _may_write(facts: AirtableFacts) -> bool:
    """Tell whether the token's user may write in the base, as far as that is known: else another check says so."""
    return not isinstance(facts.base, BaseFacts) or facts.base.role in ("", *MAY_WRITE)


def _schema(examination: Examination) -> SchemaFacts | None:
    facts = examination.airtable
    return None if facts is None or isinstance(facts.schema, Unanswered) else facts.schema
