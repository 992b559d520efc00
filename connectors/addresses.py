"""What can be said about an address."""

import ipaddress
from urllib.parse import urlsplit

SHORTEST_SECRET = 8


def is_loopback(address: str) -> bool:
    """Tell whether an address is on this machine: no proxy of the environment is asked for those."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secret_parts(address: str) -> tuple[str, ...]:
    """Return what must not be shown of a webhook's address: the whole, its path, and the secret at its end."""
    path = urlsplit(address).path
    parts = (address, path, path.rstrip("/").rpartition("/")[2])
    return tuple(dict.fromkeys(one for one in parts if len(one) >= SHORTEST_SECRET))
