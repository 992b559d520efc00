"""Where Asana's description is known to be wrong or to leave something out, each with the reason to depart from it."""

SENT = "numbers, lists, days and null are sent as values, each field by its type: text of CustomFieldBase and the guide"
NO_PARENT = "the text of TaskSetParentRequest: null detaches, or stands for the first or last place"

TYPES: dict[tuple[str, str], tuple[str, str]] = {
    ("TaskCreateRequest", "custom_fields"): ("{any}", SENT),
    ("TaskUpdateRequest", "custom_fields"): ("{any}", SENT),
    ("TaskSetParentRequest", "parent"): ("string?", NO_PARENT),
    ("TaskSetParentRequest", "insert_after"): ("string?", NO_PARENT),
    ("TaskSetParentRequest", "insert_before"): ("string?", NO_PARENT),
    ("TimeTrackingEntry", "attributable_to"): ("Project?", "an entry of a task without a project counts for none"),
}
"""Resource and field, and the type it has in truth."""

QUERY: dict[tuple[str, str], tuple[str, str]] = {
    ("GET /workspaces/{}/tasks/search", "limit"): ("integer", "named in the text of the operation"),
}
"""Operation and parameter, and its type."""

SOMETIMES: dict[tuple[str, str], str] = {
    ("Attachment", "size"): "only of files",
}
"""What may be absent although it was asked for."""
