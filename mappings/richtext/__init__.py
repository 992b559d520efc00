"""Issues in Asana's rich text: GitHub's Markdown as valid ``html_notes``, and recognised again when it is read back."""

from mappings.richtext.characters import task_name
from mappings.richtext.description import DEFAULT_LIMIT, Description, SourceLine, describe, source_line
from mappings.richtext.readback import ends_with, links_in, people_added, same_text, source_url

__all__ = [
    "DEFAULT_LIMIT",
    "Description",
    "SourceLine",
    "describe",
    "ends_with",
    "links_in",
    "people_added",
    "same_text",
    "source_line",
    "source_url",
    "task_name",
]
