"""Connections of urllib3, and of requests, that wait for a whole answer no longer than `connectors.in_time` says."""

import io
import socket
from http.client import HTTPResponse
from typing import Any

import requests.adapters
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from connectors.in_time import seconds_for_more


class _Pieces(io.RawIOBase):
    """What comes out of a socket, as long as there is time."""

    def __init__(self, sock: socket.socket, raw: Any) -> None:
        self._socket = sock
        self._raw = raw
        self._timeout = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(seconds_for_more(self._timeout))
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: socket.socket, *given: Any, **more: Any) -> None:
        super().__init__(sock, *given, **more)
        self.fp: Any = io.BufferedReader(_Pieces(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def keep_time(manager: urllib3.PoolManager) -> None:
    """Let the connections that urllib3 makes from now on give up in time."""
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class TimelyAdapter(requests.adapters.HTTPAdapter):
    """Sends the requests of a session, also by way of a proxy, on connections that give up in time."""

    def init_poolmanager(self, *given: Any, **more: Any) -> None:
        """Make the pools; requests calls it."""
        super().init_poolmanager(*given, **more)
        keep_time(self.poolmanager)

    def proxy_manager_for(self, *given: Any, **more: Any) -> Any:
        """Return the pools of a proxy; requests calls it."""
        manager = super().proxy_manager_for(*given, **more)
        keep_time(manager)
        return manager
