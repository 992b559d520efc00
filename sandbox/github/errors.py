"""Refusals of GitHub, with the status and the words it uses."""


class Refused(Exception):
    """A request GitHub would refuse: HTTP status, message and the ``errors`` entries of its body."""

    def __init__(self, status: int, message: str, *errors: dict[str, object]) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors


class Moved(Exception):
    """The resource has another address: the path below the API's root, query string included."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def not_found() -> Refused:
    """Return GitHub's 404, which it also gives for what the token may not see."""
    return Refused(404, "Not Found")


def invalid(resource: str, field: str, code: str = "invalid", **more: object) -> Refused:
    """Return a 422 that names one field of one resource and GitHub's error code."""
    return Refused(422, "Validation Failed", {**more, "resource": resource, "field": field, "code": code})


def too_long(resource: str, field: str, maximum: int) -> Refused:
    """Return the 422 for a text above its limit in characters."""
    message = f"{field} is too long (maximum is {maximum} characters)"
    return invalid(resource, field, "custom", message=message)
