"""What a user would write in an afternoon, and what came before csh-sync: for comparison, not for use.

One search on GitHub, then for each issue one search and one write in Asana and one call in Airtable, and half a
second of sleep. It never looks at what is there already, forgets what lost its label, knows no hours of a period, and
makes a second task when Asana's search is behind.
"""

import os
import time

import asana
import pyairtable
from asana.rest import ApiException
from github import Auth, Github

PAUSE = 0.5


def main() -> None:
    """Mirror every labelled issue, one after the other."""
    github = Github(auth=Auth.Token(os.environ["CSH_GITHUB__TOKEN"]), base_url=os.environ["CSH_GITHUB__API_URL"])
    configuration = asana.Configuration()
    configuration.access_token = os.environ["CSH_ASANA__TOKEN"]
    configuration.host = os.environ["CSH_ASANA__API_URL"]
    client = asana.ApiClient(configuration)
    tasks, project = asana.TasksApi(client), os.environ["CSH_ASANA__HOME_PROJECT"]
    fields = {
        one["custom_field"]["name"]: one["custom_field"]["gid"]
        for one in asana.CustomFieldSettingsApi(client).get_custom_field_settings_for_project(
            project, {"opt_fields": "custom_field.name"}
        )
    }
    airtable = pyairtable.Api(os.environ["CSH_AIRTABLE__TOKEN"], endpoint_url=os.environ["CSH_AIRTABLE__API_URL"])
    rows = airtable.table(os.environ["CSH_AIRTABLE__BASE"], "Activity")
    for issue in github.search_issues(f"org:{os.environ['CSH_GITHUB__ORG']} label:CSH is:issue"):
        body = {
            "data": {
                "name": issue.title,
                "notes": issue.body or "",
                "completed": issue.state == "closed",
                "custom_fields": {fields["GitHub URL"]: issue.html_url},
            }
        }
        asked = {f"custom_fields.{fields['GitHub URL']}.value": issue.html_url, "opt_fields": "gid"}
        try:
            found = next(iter(tasks.search_tasks_for_workspace(os.environ["CSH_ASANA__WORKSPACE"], asked)), None)
            if found:
                tasks.update_task(body, found["gid"], {})
            else:
                body["data"]["projects"] = [project]
                tasks.create_task(body, {})
        except ApiException as refused:
            print(f"skipped {issue.html_url}: {refused.status}")  # noqa: T201
        cells = {"Key": f"{issue.html_url}@predecessor", "Title": issue.title, "URL": issue.html_url}
        rows.batch_upsert([{"fields": cells}], key_fields=["Key"])
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
