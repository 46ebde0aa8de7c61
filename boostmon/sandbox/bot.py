"""The bot as a process beside the sandbox: started, stopped, killed, listened to."""

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol, override

#: Lines of output that are kept.
KEPT_LINES = 500

READING_PATIENCE = 5.0
"""Seconds for the last words of a process that has ended: on a busy machine they are read a while later."""


class BotProcess(Protocol):
    """What the console needs of the bot; it does not know how it is started."""

    def start(self) -> None:
        """Start the process; OSError when that fails. Does nothing while it runs."""
        ...

    def stop(self) -> int | None:
        """Ask it to end (SIGTERM), wait, and return its exit code; None when it did not run."""
        ...

    def kill(self) -> None:
        """End it at once (SIGKILL), as a crash or a power cut would."""
        ...

    @property
    def is_running(self) -> bool:
        """Whether the process is alive."""
        ...

    @property
    def output(self) -> Sequence[str]:
        """The newest lines that it wrote, oldest first."""
        ...


class SubprocessBot(BotProcess):
    """A `BotProcess` from a command line. `stop` waits `patience` real seconds before it kills.

    The process works in `folder`, or where the sandbox does.
    """

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        patience: float = 15,
        *,
        folder: Path | None = None,
    ) -> None:
        self._argv = list(argv)
        self._env = dict(os.environ if env is None else env)
        self._patience = patience
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)

    @override
    def start(self) -> None:
        if self.is_running:
            return
        self._close()
        # In its own group: the terminal's Ctrl-C is for the console, which then stops the bot properly.
        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if sys.platform == "win32" else 0
        self._process = subprocess.Popen(  # noqa: S603 - the entrypoint's own command line, no shell
            self._argv,
            env=self._env,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )
        stream = self._process.stdout
        if stream is None:
            raise RuntimeError("the process was started with a pipe")
        self._reader = threading.Thread(target=self._read, args=(stream,), name="bot-output", daemon=True)
        self._reader.start()

    @override
    def stop(self) -> int | None:
        process = self._process
        if process is None:
            return None
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(self._patience)
            except subprocess.TimeoutExpired:
                self._lines.append(f"(did not end within {self._patience:g} s and was killed)")
                process.kill()
                process.wait()
        self._close()
        return process.returncode

    @override
    def kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._close()

    @property
    @override
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    @override
    def output(self) -> Sequence[str]:
        if not self.is_running:
            self._read_to_the_end()
        return tuple(self._lines)

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._lines.append(line.rstrip("\n"))

    def _close(self) -> None:
        self._read_to_the_end()
        self._reader = None

    def _read_to_the_end(self) -> None:
        if self._reader is not None:
            # A child of the bot may hold the pipe open for longer; its words are not waited for.
            self._reader.join(READING_PATIENCE)
