"""The comment that leads from an issue to its Asana task (requirement 18).

It holds the link and nothing else: an issue may be public, and hours that change would make noise (requirement 110).
"""

import re

from sync.model.addresses import task_address
from sync.model.markdown import plain
from sync.model.wording import USUAL, Wording, parts

_OPENING = re.compile(r"^(\d*)([-+=.)])")  # a list, or the line below a heading
_BACKSLASHED = r"\1\\\2"
MARKER = "<!-- csh-sync back-link -->"
ADDRESS = "{address}"
"""In the text of a comment, where the address of its task is to stand."""


def back_link_words(wording: Wording) -> str:
    """Return the whole comment with ADDRESS in it, as Markdown; the words themselves are no markup."""
    link = f"[{plain(wording.task)}]({ADDRESS})"
    line = "".join(_escaped(part) if is_text else link for is_text, part in parts(wording.back_link))
    return f"{MARKER}\n{_OPENING.sub(_BACKSLASHED, line)}"


def back_link_text(task_gid: str, words: str = "") -> str:
    """Return the comment for a task, in its usual words where *words* is "".

    It depends on the gid alone, so that it changes only with the task.
    """
    return (words or USUAL_WORDS).replace(ADDRESS, task_address(task_gid))


def is_back_link(body: str) -> bool:
    """Tell whether a comment is a back-link: the marker opens it, so that a quoted one is none."""
    return body.lstrip().startswith(MARKER)


def task_of(body: str, words: str = "") -> str:
    """Return the gid of the task that a back-link leads to, "" where it has other words: a person's, or former ones."""
    found = re.search(r"/0/0/([0-9]+)\)", body)
    return found[1] if found and body == back_link_text(found[1], words) else ""


def leads_to(body: str, task_gid: str) -> bool:
    """Tell whether a back-link leads to a task, in whatever words."""
    return f"({task_address(task_gid)})" in body


def _escaped(text: str) -> str:
    """Return words as Markdown, with the blanks around them."""
    word = text.strip()
    return text.replace(word, plain(word)) if word else text


USUAL_WORDS = back_link_words(USUAL)
