"""The comment that leads from an issue to its Asana task (requirement 18).

It holds the link and nothing else: an issue may be public, and hours that change would make noise (requirement 110).
"""

import re

from sync.model.addresses import task_address

MARKER = "<!-- csh-sync back-link -->"


def back_link_text(task_gid: str) -> str:
    """Return the whole comment for a task. It depends on the gid alone, so that it changes only with the task."""
    return f"{MARKER}\nMirrored to Asana: [task]({task_address(task_gid)})."


def is_back_link(body: str) -> bool:
    """Tell whether a comment is a back-link: the marker opens it, so that a quoted one is none."""
    return body.lstrip().startswith(MARKER)


def task_of(body: str) -> str:
    """Return the gid of the task that a back-link leads to, "" where a person edited its words."""
    found = re.search(r"([0-9]+)\)\.$", body)
    return found[1] if found and body == back_link_text(found[1]) else ""
