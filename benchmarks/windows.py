"""Runs windows in processes of their own, offscreen, and reads what they measured."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.stores import ROOT


def window(what: str, store: Path | None = None, *more: str) -> dict[str, Any]:
    """What `benchmarks.window_child` told, with `begun`, the moment its process was asked for (monotonic seconds)."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.window_child",
        what,
        *([str(store)] if store is not None else []),
        *more,
    ]
    # an installed program has its modules compiled
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**settings, "QT_QPA_PLATFORM": "offscreen"},
    )
    if done.returncode != 0:
        raise RuntimeError(f"the window {what} ended with {done.returncode}:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**told, "begun": begun}
