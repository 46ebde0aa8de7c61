"""Virtual environments for the peers, each with exactly what its requirements file pins, kept between runs."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.harness.scenario import Unavailable

_REQUIREMENTS = Path(__file__).parents[1] / "peers"
_TIMEOUT = 180.0


def environment_of(peer: str, folder: Path) -> Path:
    """The interpreter of the peer's environment under `folder`, made where it is missing or pinned otherwise.

    Raises:
        Unavailable: it cannot be made, as without a network.
    """
    requirements = _REQUIREMENTS / f"{peer}.txt"
    home = folder / peer
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = home / "installed"
    pinned = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == pinned:
        return python
    shutil.rmtree(home, ignore_errors=True)
    install = (str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "--retries=1", "--requirement")
    try:
        _run(sys.executable, "-m", "venv", str(home))
        _run(*install, str(requirements))
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", None) or str(error)
        raise Unavailable(f"not installed: {said.strip().splitlines()[-1][:200]}") from error
    stamp.write_text(pinned, encoding="utf-8")
    return python


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=_TIMEOUT)
