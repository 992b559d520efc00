"""Addresses of issues and tasks: when two name the same one, and what one looks like."""

from urllib.parse import urlsplit


def same_address(url: str) -> str:
    """Return *url* in the form in which two addresses of one issue are equal: no query, no slash at the end, folded."""
    parts = urlsplit(url.strip())
    return f"{parts.netloc}{parts.path.rstrip('/')}".casefold()


def task_address(gid: str) -> str:
    """Return the address under which Asana opens a task, wherever it hangs."""
    return f"https://app.asana.com/0/0/{gid}"
