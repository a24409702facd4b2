"""What happens when: stories that wait for their next moment, told in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TypeAlias
from zoneinfo import ZoneInfo

# A story does something and yields the moment (UTC) at which it goes on.
Story: TypeAlias = Generator[datetime, None, None]

ZONE = ZoneInfo("America/Sao_Paulo")
FRIDAY = 4


@dataclass(slots=True)
class Agenda:
    """Stories until `end`; what would happen after it has not happened yet.

    :param now: the business clock
    :param go_to: moves it, here and in the outside world
    """

    now: Callable[[], datetime]
    go_to: Callable[[datetime], None]
    end: datetime
    _waiting: list[tuple[datetime, int, Story]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def add(self, moment: datetime, story: Story) -> None:
        """Let `story` begin at `moment`."""
        if moment <= self.end:
            heapq.heappush(self._waiting, (moment, next(self._order), story))

    def live(self) -> None:
        """Tell all stories. Time never goes back: what takes long makes the next one late."""
        while self._waiting:
            moment, _, story = heapq.heappop(self._waiting)
            if moment > self.now():
                self.go_to(moment)
            following = next(story, None)
            if following is not None:
                self.add(following, story)


def next_day(moment: datetime, hour: int, minute: int = 0, *, working: bool = False) -> datetime:
    """`hour`:`minute` in the store's zone on the day after `moment`, or on the first working day after it."""
    day = moment.astimezone(ZONE).date() + timedelta(days=1)
    while working and day.weekday() > FRIDAY:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
