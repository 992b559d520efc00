"""Clients of httpx that wait for a whole answer no longer than `connectors.in_time` says.

httpx and the certificates take a tenth of the CPU of a run in which nothing moved: this is imported for the first
request.
"""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from connectors.in_time import seconds_for_more
from connectors.retry import CONNECT_TIMEOUT, READ_TIMEOUT
from connectors.tls import certificates


def timely_client(*, trust_env: bool, base_url: str = "", auth: tuple[str, str] | None = None) -> httpx.Client:
    """Return a client that follows no redirects and gives up in time."""
    client = httpx.Client(
        base_url=base_url,
        auth=auth,
        timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
        follow_redirects=False,
        verify=certificates(),
        trust_env=trust_env,
    )
    keep_time(client)
    return client


def keep_time(client: httpx.Client) -> None:
    """Let the connections that *client* makes from now on give up in time. httpx takes no network from outside."""
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001
        if isinstance(transport, httpx.HTTPTransport):
            pool = transport._pool  # noqa: SLF001
            pool._network_backend = _Network(pool._network_backend)  # noqa: SLF001


class _Network(httpcore.NetworkBackend):
    def __init__(self, network: httpcore.NetworkBackend) -> None:
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._network.connect_tcp(host, port, timeout, local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            left = seconds_for_more(timeout)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
