"""An aiohttp application on a thread and an event loop of its own, on loopback only."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from aiohttp import web

# Airtable takes addresses of 16,000 characters, more than twice what aiohttp takes by default.
_MAX_LINE = 65_536


class Server:
    """Serve the application that *make* returns on 127.0.0.1 and *port* (0: any free port)."""

    def __init__(self, make: Callable[[], web.Application], port: int = 0) -> None:
        self.port = port
        self._make = make
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    @property
    def url(self) -> str:
        """Return the address, without a slash at the end; only known while serving."""
        if self._thread is None:
            raise RuntimeError("the sandbox does not run: use it as a context manager or call start()")
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve until `stop`; return when requests are accepted, or raise why they are not."""
        self._ready.clear()
        self._failure = None
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            self._thread = None
            raise self._failure

    def stop(self) -> None:
        """Close all connections, also those with a request under way, and end the thread."""
        if self._thread is None:
            return
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = None

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001 - raised by start() in the caller's thread
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        runner = web.AppRunner(self._make(), access_log=None, shutdown_timeout=0.05, max_line_size=_MAX_LINE)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", self.port)
            await site.start()
            self.port = runner.addresses[0][1]
            self._ready.set()
            await self._stop.wait()
        finally:
            await runner.cleanup()
