"""Papers drawn with ReportLab and segno, carriers' labels joined with pypdf."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from adapters.papers.labels import join
from adapters.papers.picks import draw_lists
from adapters.papers.slips import draw_slips
from adapters.papers.words import Words
from ports.papers import PackingSlip, Paper, PickList


class PdfPapers:
    """The port `Papers`."""

    def packing_slips(self, slips: Sequence[PackingSlip], locale: str, time_zone: str) -> bytes:
        return draw_slips(slips, Words(locale), ZoneInfo(time_zone))

    def pick_lists(self, lists: Sequence[PickList], locale: str, time_zone: str) -> bytes:
        return draw_lists(lists, Words(locale), ZoneInfo(time_zone))

    def joined(self, papers: Sequence[Paper]) -> bytes:
        return join(papers)
