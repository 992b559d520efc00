"""Fields that were renamed or retyped: told with the likeliest new name and where it is set."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.wire.asana_fields import decode_home_fields
from connectors.wire.columns import FoundColumn, FoundTable, find_tables
from mappings.nearest import nearest
from sync.model.reading import FieldDrift
from tests.mirror.paper import PaperWorld


@pytest.mark.parametrize(
    ("wanted", "names", "found"),
    [
        ("Hours available", ["Hours avail", "Hours left"], "Hours avail"),
        ("GitHub Hours", ["Hours (GitHub)", "Points"], "Hours (GitHub)"),
        ("GitHub URL", ["github url"], "github url"),
        ("Provider", ["Owner", "Notes"], ""),
        ("Start", [], ""),
    ],
)
def test_the_name_that_is_most_like_it(wanted: str, names: list[str], found: str) -> None:
    assert nearest(wanted, names) == found


def column(name: str, kind: str) -> FoundColumn:
    return FoundColumn(f"fld{name}", name, kind)


def projects(*columns: FoundColumn) -> FieldDrift:
    table = FoundTable("tbl1", "Projects", (column("Name", "singleLineText"), *columns))
    _, drift = find_tables([table], {})
    (one,) = [each for each in drift if each.place == "Projects"]
    return one


def test_a_renamed_column_of_airtable_is_looked_for_among_those_of_its_type() -> None:
    one = projects(column("Engagements", "multipleRecordLinks"), column("Engagement x", "singleLineText"))
    assert (one.name, one.nearest, one.setting) == (
        "Engagement",
        "Engagements",
        '"Projects.Engagement" in [airtable.names]',
    )
    assert projects(column("Notes", "multilineText")).nearest == ""
    assert projects(column("Engagement", "singleLineText")).nearest == ""


def field(gid: str, name: str, kind: str) -> dict[str, Any]:
    return {"custom_field": {"gid": gid, "name": name, "resource_subtype": kind, "precision": 2}}


def test_a_renamed_field_of_asana() -> None:
    names = {"github_url": "GitHub URL", "github_hours": "GitHub Hours"}
    fields = [
        field("1", "GitHub URL", "text"),
        field("2", "Github hours spent", "text"),
        field("3", "GitHub Hrs", "number"),
    ]
    _, (one,) = decode_home_fields(fields, names)
    assert (one.name, one.nearest, one.setting) == ("GitHub Hours", "GitHub Hrs", "github_hours in [asana.fields]")


DRIFT = FieldDrift(
    "Airtable",
    "Allocations",
    "Hours used",
    "number with 2 decimals",
    "missing",
    nearest="Used hours",
    setting='"Allocations.Hours used" in [airtable.names]',
)


@pytest.mark.parametrize(
    ("drift", "evidence", "remedy"),
    [
        (DRIFT, 'Is it "Used hours" now?', 'If so, set "Allocations.Hours used" in [airtable.names] to "Used hours"'),
        (
            replace(DRIFT, nearest=""),
            "It is missing; csh-sync needs number with 2 decimals",
            "Create it (csh-sync init does), or set ",
        ),
        (replace(DRIFT, nearest="", found="of type formula"), "It is of type formula", "Make it number with 2"),
    ],
)
def test_what_is_told(world: PaperWorld, drift: FieldDrift, evidence: str, remedy: str) -> None:
    world.airtable.contracts = replace(world.airtable.contracts, drift=(drift,))
    (one,) = [one for one in world.sync().plan.findings if one.kind == "field_changed"]
    assert evidence in one.evidence
    assert one.remedy.startswith(remedy)
    assert one.subject_id == "Airtable/Allocations/Hours used"
