"""State machines are data: a table from (state, operation) to state, checked when it is made.

No callbacks: what else happens on a transition is written in the use case that asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from core.shared.errors import Conflict

S = TypeVar("S", bound=StrEnum)
Op = TypeVar("Op")


class TransitionRefused(Conflict):
    """The state does not allow the operation."""

    code = "transition_refused"

    def __init__(self, machine: str, state: str, operation: object) -> None:
        super().__init__(f"{machine} is {state}: {operation} is not possible.")
        self.state = state


class Lifecycle(Generic[S, Op]):
    """A validated transition table.

    `initial` are the states a new thing may have. Every state must be reachable from one of them, which is
    checked here, so a table with a dead state does not import.
    """

    def __init__(self, noun: str, states: type[S], initial: set[S], table: Mapping[tuple[S, Op], S]) -> None:
        self.machine, self.states, self.initial, self.table = noun, states, frozenset(initial), dict(table)
        reached = set(initial)
        while True:
            more = {to for (state, _), to in self.table.items() if state in reached} - reached
            if not more:
                break
            reached |= more
        if unreachable := set(states) - reached:
            raise ValueError(f"{noun}: no way leads to {sorted(unreachable)}")

    def allows(self, state: S, operation: Op) -> bool:
        return (state, operation) in self.table

    def after(self, state: S, operation: Op) -> S:
        """The state after `operation`. Raises TransitionRefused when the table has no such row."""
        try:
            return self.table[state, operation]
        except KeyError:
            raise TransitionRefused(self.machine, state, operation) from None
