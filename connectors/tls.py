"""What encrypted connections are held against."""

import functools
import ssl

import httpx


@functools.cache
def certificates() -> ssl.SSLContext:
    """Return the settings of encrypted connections. Reading the certificates takes 30 ms of CPU: once is enough."""
    return httpx.create_ssl_context()
