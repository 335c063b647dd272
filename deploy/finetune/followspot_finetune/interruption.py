"""Ending in good order: Ctrl-C, Kubernetes' SIGTERM, or the end of whoever started us."""

from __future__ import annotations

import os
import signal
import threading


class Interruption:
    """Set once somebody wants the end; the training looks at it between two steps."""

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def wanted(self) -> bool:
        """Whether to write a checkpoint and leave."""
        return self._event.is_set()

    def want(self) -> None:
        """Asks for the end."""
        self._event.set()

    def listen(self, *, stdin: bool) -> None:
        """To SIGINT and SIGTERM; with `stdin` also to the end of standard input."""
        for which in (signal.SIGINT, signal.SIGTERM):
            signal.signal(which, lambda *_: self.want())
        if stdin:
            threading.Thread(target=self._until_stdin_ends, daemon=True).start()

    def _until_stdin_ends(self) -> None:
        # Not through sys.stdin: Python cannot end while a thread waits inside of its buffer.
        while os.read(0, 4096):
            pass
        self.want()
