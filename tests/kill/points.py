"""Where a process can be killed: found by running a deed once, and held against what really happened there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.kill.stage import Named, Stage


def record(stage: Stage, scenario: Named, at: Any) -> Sequence[str]:
    """Do the deed undisturbed in a process of its own; what it passed, in order."""
    log = stage.data_dir / f"{scenario.name}.points"
    log.unlink(missing_ok=True)
    signal, code = stage.run_apart(scenario, at, log=str(log))
    assert (signal, code) == (0, 0), stage.forks.said()
    return Path(log).read_text().splitlines()


def kill_points(passed: Sequence[str]) -> list[str]:
    """Every failpoint with how often it had been reached: the name under which a process dies there."""
    seen: Counter[str] = Counter()
    points = []
    for line in passed:
        kind, _, name = line.partition(" ")
        if kind == "point":
            seen[name] += 1
            points.append(f"{name}:{seen[name]}")
    return points


def calls(passed: Sequence[str]) -> set[str]:
    """What the outside world was asked, as `port.method`."""
    return {line.removeprefix("call ") for line in passed if line.startswith("call ")}


def unguarded(passed: Sequence[str]) -> list[str]:
    """Calls and transactions that lack a failpoint on either side; there must be none."""
    lacking = []
    for index, line in enumerate(passed):
        before, after = passed[:index], passed[index + 1 :]
        kind, _, name = line.partition(" ")
        if kind == "call":
            if before[-1:] != [f"point {name}.before"] or after[:1] != [f"point {name}.after"]:
                lacking.append(line)
        elif kind == "transaction" and before[-2:] != [f"point {name}.commit", f"point {name}.committed"]:
            lacking.append(line)
    return lacking
