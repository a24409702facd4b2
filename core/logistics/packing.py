"""What a parcel weighs and measures before anybody weighed it."""

from __future__ import annotations

from collections.abc import Mapping

from core.logistics.model import MAX_GRAMS, Measures
from core.shared.ids import LineId

# Where no weight is known: a small thing in its box.
UNKNOWN_GRAMS = 300
# Where no parcel was ever packed: the smallest box of the Correios' own sizes that takes a mug, 18 x 13.5 x 9 cm.
FIRST_BOX = (180, 135, 90)


def packed_grams(pieces: Mapping[LineId, int], weights: Mapping[LineId, int]) -> int:
    """What `pieces` weigh together, in grams: `weights` are of one piece, 0 or missing where nobody knows.

    The box is not counted: nobody knows it either.
    """
    known = sum(count * weights.get(line, 0) for line, count in pieces.items())
    return min(MAX_GRAMS, known or UNKNOWN_GRAMS)


def measures_of(grams: int, box: tuple[int, int, int] | None) -> Measures:
    """A parcel of `grams` in `box` (length, width, height in mm), or in the first box."""
    return Measures(grams, *(box or FIRST_BOX))
