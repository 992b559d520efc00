"""Plain REST: addresses, pages, redirects, refusals, conditional requests."""

import httpx
import pytest

from sandbox.github import Refused


def linked(response: httpx.Response) -> dict[str, str]:
    return {relation: link["url"] for relation, link in response.links.items()}


def test_pages_are_linked_by_repository_id_and_keep_the_filter(http, state):
    for number in range(5):
        state.open_issue("hub", f"Issue {number}", labels=["CSH"])
    first = http.get("/repos/acme/hub/issues", params={"labels": "CSH", "per_page": 2})
    links = linked(first)
    assert set(links) == {"next", "last"}
    assert "/repositories/" in links["next"]
    assert "labels=CSH" in links["next"]
    second = http.get(links["next"])
    assert [issue["number"] for issue in second.json()] == [3, 2]
    assert set(linked(second)) == {"prev", "next", "last", "first"}
    last = http.get(links["last"])
    assert [issue["number"] for issue in last.json()] == [1]
    assert http.get(links["last"].replace("page=3", "page=9")).json() == []


def test_a_page_holds_30_unless_asked_and_never_more_than_100(http, state):
    for number in range(101):
        state.open_issue("hub", f"Issue {number}")
    assert len(http.get("/repos/acme/hub/issues").json()) == 30
    assert len(http.get("/repos/acme/hub/issues?per_page=500").json()) == 100


def test_several_labels_must_all_be_there_in_any_case(http, state):
    state.open_issue("hub", "Both", labels=["CSH", "bug"])
    state.open_issue("hub", "One", labels=["CSH"])
    titles = [issue["title"] for issue in http.get("/repos/acme/hub/issues?labels=csh,BUG").json()]
    assert titles == ["Both"]


def test_lists_are_sorted_as_asked(http, state, clock):
    one = state.open_issue("hub", "One")
    clock.advance(minutes=1)
    state.open_issue("hub", "Two")
    clock.advance(minutes=1)
    state.comment(one, "bump")
    path = "/repos/acme/hub/issues"
    assert [issue["title"] for issue in http.get(path).json()] == ["Two", "One"]
    assert [issue["title"] for issue in http.get(f"{path}?sort=updated").json()] == ["One", "Two"]
    assert [issue["title"] for issue in http.get(f"{path}?sort=comments&direction=asc").json()] == ["Two", "One"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("assignee=ana", ["Hers"]),
        ("assignee=none", ["Nobody's"]),
        ("assignee=*", ["Hers"]),
        ("creator=ben", ["Hers"]),
    ],
)
def test_lists_are_filtered_by_people(http, state, query, titles):
    state.open_issue("hub", "Hers", author="ben", assignees=["ana"])
    state.open_issue("hub", "Nobody's")
    assert [issue["title"] for issue in http.get(f"/repos/acme/hub/issues?{query}").json()] == titles


def test_a_renamed_repository_answers_301_with_the_query_kept_and_307_to_writes(http, state):
    state.open_issue("hub", "One")
    number = state.repository("hub").id
    state.rename_repository("hub", "infrastructure")
    response = http.get("/repos/acme/HUB/issues?labels=CSH&state=all")
    assert response.status_code == 301
    assert response.headers["location"].endswith(f"/repositories/{number}/issues?labels=CSH&state=all")
    assert http.get(response.headers["location"]).status_code == 200
    assert http.post("/repos/acme/hub/issues", json={"title": "x"}).status_code == 307
    state.add_repository("hub")
    assert http.get("/repos/acme/hub/issues").json() == []


def test_a_deleted_issue_answers_410_and_an_unknown_one_404(http, state):
    state.delete_issue(state.open_issue("hub", "Gone"))
    deleted = http.get("/repos/acme/hub/issues/1")
    assert (deleted.status_code, deleted.json()["message"]) == (410, "This issue was deleted")
    unknown = http.get("/repos/acme/hub/issues/2")
    assert (unknown.status_code, unknown.json()["message"]) == (404, "Not Found")


def test_a_transferred_issue_answers_301_or_404_when_the_target_is_hidden(http, state):
    issue = state.open_issue("hub", "Travels")
    state.transfer(issue, "docs")
    moved = http.get("/repos/acme/hub/issues/1/comments")
    assert moved.status_code == 301
    assert moved.headers["location"].endswith(f"/repositories/{issue.repository.id}/issues/1/comments")
    state.hide_repository("docs")
    assert http.get("/repos/acme/hub/issues/1").status_code == 404


def test_a_hidden_repository_is_404_and_silently_missing_from_lists(http, state):
    state.open_issue("hub", "One")
    state.open_issue("docs", "Two")
    state.hide_repository("hub")
    assert http.get("/repos/acme/hub").status_code == 404
    assert http.get(f"/repositories/{state.repository('hub').id}").status_code == 404
    assert [one["name"] for one in http.get("/orgs/acme/repos").json()] == ["docs"]
    assert [one["title"] for one in http.get("/orgs/acme/issues?filter=all").json()] == ["Two"]
    state.show_repository("hub")
    assert http.get("/repos/acme/hub").status_code == 200


def test_a_token_waiting_for_approval_sees_public_repositories_only(http, state, service):
    state.add_repository("secret", private=True)
    service.options.public_only = True
    assert [one["name"] for one in http.get("/orgs/acme/repos").json()] == ["docs", "hub"]
    assert http.get("/repos/acme/secret").status_code == 404


def test_issues_switched_off_answer_410(http, state):
    state.disable_issues("hub")
    assert http.get("/repos/acme/hub/issues").status_code == 410


def test_an_archived_repository_refuses_writes(http, state):
    state.open_issue("hub", "One")
    state.archive_repository("hub")
    refused = http.patch("/repos/acme/hub/issues/1", json={"title": "Two"})
    assert (refused.status_code, refused.json()["message"]) == (403, "Repository was archived so is read-only.")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "title", "missing_field"),
        ({"title": "x" * 257}, "title", "custom"),
        ({"title": "x", "body": "y" * 65_537}, "body", "custom"),
        ({"title": "x", "assignees": ["nobody"]}, "assignees", "invalid"),
        ({"title": "x", "labels": [7]}, "labels", "invalid"),
    ],
)
def test_an_invalid_issue_is_refused_by_field(http, state, body, field, code):
    refused = http.post("/repos/acme/hub/issues", json=body)
    assert (refused.status_code, refused.json()["message"]) == (422, "Validation Failed")
    (error,) = refused.json()["errors"]
    assert (error["resource"], error["field"], error["code"]) == ("Issue", field, code)
    assert state.repository("hub").issues == {}


@pytest.mark.parametrize("change", [{"state": "shut"}, {"state": "closed", "state_reason": "bored"}])
def test_an_unknown_state_or_reason_is_refused(http, state, change):
    state.open_issue("hub", "One")
    assert http.patch("/repos/acme/hub/issues/1", json=change).status_code == 422


def test_a_duplicate_is_closed_with_the_issue_it_repeats(http, state):
    original, copy = state.open_issue("hub", "One"), state.open_issue("hub", "One again")
    change = {"state": "closed", "state_reason": "duplicate", "duplicate_issue_id": original.id}
    assert http.patch("/repos/acme/hub/issues/2", json=change).json()["state_reason"] == "duplicate"
    assert copy.duplicate_of is original


def test_a_parent_is_returned_or_404(http, state):
    parent, child = state.open_issue("hub", "Parent"), state.open_issue("docs", "Child")
    assert http.get("/repos/acme/docs/issues/1/parent").status_code == 404
    state.add_sub_issue(parent, child)
    assert http.get("/repos/acme/docs/issues/1/parent").json()["title"] == "Parent"
    state.hide_repository("hub")
    assert http.get("/repos/acme/docs/issues/1/parent").status_code == 404


def test_a_sub_issue_is_named_by_its_database_id(http, state):
    state.open_issue("hub", "Parent")
    child = state.open_issue("hub", "Child")
    path = "/repos/acme/hub/issues/1/sub_issues"
    assert "not of type `integer`" in http.post(path, json={"sub_issue_id": str(child.id)}).json()["message"]
    assert http.post(path, json={"sub_issue_id": child.number}).status_code == 404
    added = http.post(path, json={"sub_issue_id": child.id})
    assert (added.status_code, added.json()["sub_issues_summary"]["total"]) == (201, 1)


def test_a_person_leaves_an_issue_out_of_lists_but_not_out_of_the_world(http, state):
    issue = state.open_issue("hub", "Quiet", labels=["CSH"])
    state.hide_from_lists(issue)
    assert http.get("/repos/acme/hub/issues?labels=CSH").json() == []
    assert http.get("/repos/acme/hub/issues/1").status_code == 200
    state.show_in_lists(issue)
    assert len(http.get("/repos/acme/hub/issues").json()) == 1


def test_a_deleted_account_leaves_nulls_behind(http, state):
    issue = state.open_issue("hub", "Hers", author="ana", assignees=["ana", "ben"])
    state.comment(issue, "mine", author="ana")
    state.remove_user("ana")
    read = http.get("/repos/acme/hub/issues/1").json()
    assert (read["user"], [user["login"] for user in read["assignees"]]) == (None, ["ben"])
    assert http.get("/repos/acme/hub/issues/1/comments").json()[0]["user"] is None


def test_the_timeline_tells_of_labels_titles_and_conversion(http, state):
    issue = state.open_issue("hub", "Old", labels=["bug"])
    state.edit(issue, title="New")
    state.convert_to_discussion(issue)
    events = [event["event"] for event in http.get("/repos/acme/hub/issues/1/timeline").json()]
    assert events == ["labeled", "renamed", "converted_to_discussion", "closed"]
    assert http.get("/repos/acme/hub/issues/1").json()["locked"] is True


def test_issue_fields_are_defined_and_shown_until_the_schema_lacks_them(http, state, service):
    hours = state.add_issue_field("GitHub Hours", "NUMBER")
    size = state.add_issue_field("Size", "SINGLE_SELECT", options=["S, small", "L"])
    issue = state.open_issue("hub", "One")
    state.set_issue_field(issue, hours, 7.5)
    state.set_issue_field(issue, size, "S, small")
    assert [one["name"] for one in http.get("/orgs/acme/issue-fields").json()] == ["GitHub Hours", "Size"]
    number, choice = http.get("/repos/acme/hub/issues/1/issue-field-values").json()
    assert (number["data_type"], number["value"]) == ("number", 7.5)
    assert (choice["value"], choice["single_select_option"]["name"]) == (int(size.options[0].id, 16), "S, small")
    assert http.get("/repos/acme/hub/issues/1").json()["issue_field_values"] == [number, choice]
    service.options.issue_fields = False
    assert http.get("/orgs/acme/issue-fields").status_code == 404
    assert "issue_field_values" not in http.get("/repos/acme/hub/issues/1").json()


def test_an_unchanged_answer_is_304_and_costs_nothing(http, state):
    state.open_issue("hub", "One")
    first = http.get("/repos/acme/hub/issues")
    again = http.get("/repos/acme/hub/issues", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]
    state.open_issue("hub", "Two")
    changed = http.get("/repos/acme/hub/issues", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


def test_every_answer_has_the_sandboxes_date_and_the_limits(http, state):
    response = http.get("/repos/acme/nothing")
    assert response.status_code == 404
    assert response.headers["date"] == "Mon, 05 Jan 2026 09:00:00 GMT"
    assert response.headers["x-ratelimit-resource"] == "core"
    assert response.headers["x-ratelimit-reset"] == "1767607200"
    assert response.headers["x-oauth-scopes"] == "read:org, read:project, repo"


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        ({"Authorization": "Bearer wrong"}, 401, "Bad credentials"),
        ({"Authorization": ""}, 401, "Bad credentials"),
        ({"X-GitHub-Api-Version": "1999-01-01"}, 400, "not a supported version"),
        ({"X-GitHub-Api-Version": "2022-11-28"}, 410, "no longer supported"),
    ],
)
def test_tokens_and_versions_are_checked_before_anything_else(http, service, headers, status, message):
    service.options.retired_versions = frozenset({"2022-11-28"}) if status == 410 else frozenset()
    refused = http.get("/user", headers=headers)
    assert refused.status_code == status
    assert message in refused.json()["message"]


def test_a_request_without_a_token_is_asked_for_one(api, state):
    assert httpx.get(f"{api}/user").json()["message"] == "Requires authentication"


def test_the_newer_api_version_drops_what_it_announced(http, state):
    state.open_issue("hub", "One", assignees=["ana"])
    newer = {"X-GitHub-Api-Version": "2026-03-10"}
    assert "assignee" in http.get("/repos/acme/hub/issues/1").json()
    assert "assignee" not in http.get("/repos/acme/hub/issues/1", headers=newer).json()
    assert "rate" not in http.get("/rate_limit", headers=newer).json()


def test_a_sunset_is_announced_in_headers(http, service):
    service.options.sunset = "Sun, 01 Nov 2026 00:00:00 GMT"
    assert http.get("/user").headers["sunset"] == "Sun, 01 Nov 2026 00:00:00 GMT"


def test_a_read_only_token_names_the_permission_it_lacks(http, state, service):
    service.options.read_only = True
    refused = http.post("/repos/acme/hub/issues", json={"title": "x"})
    assert (refused.status_code, refused.headers["x-accepted-github-permissions"]) == (403, "issues=write")
    assert state.repository("hub").issues == {}


@pytest.mark.parametrize("path", ["/nowhere", "/repos/acme/hub/pages", "/orgs/other", "/users/nobody"])
def test_unknown_addresses_are_404_in_githubs_shape(http, state, path):
    response = http.get(path)
    assert (response.status_code, response.json()["message"], response.json()["status"]) == (404, "Not Found", "404")


def test_bodies_that_are_no_json_objects_are_refused(http, state):
    assert http.post("/repos/acme/hub/issues", content=b"{").json()["message"] == "Problems parsing JSON"
    assert http.post("/repos/acme/hub/issues", content=b"[1]").status_code == 400


def test_a_label_exists_once_in_any_case_and_has_a_colour_of_six_digits(http, state):
    doubled = http.post("/repos/acme/hub/labels", json={"name": "csh"})
    assert doubled.json()["errors"][0]["code"] == "already_exists"
    assert http.post("/repos/acme/hub/labels", json={"name": "x", "color": "#ff0000"}).status_code == 422
    with pytest.raises(Refused):
        state.rename_label("hub", "bug", "csh")


def test_reads_and_graphql_queries_are_no_writes(world, http, ask, state):
    http.get("/user")
    ask("{ viewer { login } }")
    assert world.log.writes() == ()
    http.post("/repos/acme/hub/issues", json={"title": "x"})
    assert len(world.log.writes()) == 1


def test_the_service_tells_the_product_its_organisation_and_board(world, state):
    state.add_project("Work", 57)
    settings = world.settings()
    assert settings["CSH_GITHUB__API_URL"] == f"{world.url}/github"
    assert (settings["CSH_GITHUB__ORG"], settings["CSH_GITHUB__PROJECT_NUMBER"]) == ("acme", "57")
