"""Whatever is sent, the played Airtable answers or refuses; it never breaks."""

from __future__ import annotations

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import Sandbox
from sandbox.airtable import AirtableService

SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats(-5, 5) | st.sampled_from(["", "Key", "k", "Nope"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["Key", "id", "fields", "field"]), inner)
    ),
    max_leaves=6,
)
COLUMNS = st.sampled_from(["Key", "Hours", "Late", "Start", "Synced at", "Allocation", "URL", "Nope"])
RECORDS = st.lists(
    st.fixed_dictionaries({"fields": st.dictionaries(COLUMNS, JSON, max_size=3) | JSON}, optional={"id": JSON}) | JSON,
    max_size=3,
)
WRITES = st.fixed_dictionaries(
    {},
    optional={
        "records": RECORDS | JSON,
        "fields": st.dictionaries(COLUMNS, JSON, max_size=3) | JSON,
        "typecast": st.booleans() | JSON,
        "returnFieldsByFieldId": st.booleans() | JSON,
        "performUpsert": st.fixed_dictionaries({"fieldsToMergeOn": st.lists(COLUMNS, max_size=4) | JSON}) | JSON,
    },
)
LIST_PARAMETERS = [
    "cellFormat",
    "fields",
    "filterByFormula",
    "maxRecords",
    "offset",
    "pageSize",
    "recordMetadata",
    "returnFieldsByFieldId",
    "sort",
    "view",
]
LISTS = st.fixed_dictionaries({}, optional=dict.fromkeys(LIST_PARAMETERS, JSON))
FORMULAS = st.lists(
    st.sampled_from(
        ["{Key}", "{Hours}", "'k'", '"', "=", "(", ")", ",", "OR", "AND", "RECORD_ID", "TRUE", "1", "{", "}", "\\"]
    )
).map("".join)
FEW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answers(response: httpx.Response) -> bool:
    told = response.json()
    return response.status_code == 200 or (response.status_code == 422 and "type" in told["error"])


@FEW
@given(method=st.sampled_from(["POST", "PATCH", "PUT"]), body=WRITES)
def test_any_write(sandbox: Sandbox, airtable: AirtableService, http: httpx.Client, method: str, body: object) -> None:
    assert answers(http.request(method, "/Activity", json=body))


@FEW
@given(body=LISTS)
def test_any_listing_by_post(sandbox: Sandbox, airtable: AirtableService, http: httpx.Client, body: object) -> None:
    airtable.add_row("Activity", {"Key": "k", "Hours": 1})
    assert answers(http.post("/Activity/listRecords", json=body))


@FEW
@given(formula=FORMULAS)
def test_any_formula(sandbox: Sandbox, airtable: AirtableService, http: httpx.Client, formula: str) -> None:
    airtable.add_row("Activity", {"Key": "k", "Hours": 1})
    assert answers(http.get("/Activity", params={"filterByFormula": formula}))
