"""What an import will do, or what stopping it means, as sentences with figures."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from core.imports.model import Import
from core.imports.tally import Tally


def effects(import_: Import) -> list[str]:
    """What applying a checked import does, the weightiest first."""
    figures = import_.checked
    drafts = max(0, figures.products_created - figures.products_published)
    prices = figures.prices_up + figures.prices_down
    return [
        *_said(
            figures.products_published,
            ngettext(
                "%(num)s product goes on sale at once",
                "%(num)s products go on sale at once",
                figures.products_published,
            ),
        ),
        *_said(
            drafts,
            ngettext(
                "%(num)s new product arrives as a draft, not in the shop",
                "%(num)s new products arrive as drafts, not in the shop",
                drafts,
            ),
        ),
        *_said(
            figures.products_withdrawn,
            ngettext("%(num)s product leaves the shop", "%(num)s products leave the shop", figures.products_withdrawn),
        ),
        *_said(
            figures.prices_up,
            ngettext("%(num)s price rises, at once", "%(num)s prices rise, at once", figures.prices_up),
        ),
        *_said(
            figures.prices_down,
            ngettext("%(num)s price falls, at once", "%(num)s prices fall, at once", figures.prices_down),
        ),
        *_said(prices, _("Orders already placed keep their prices")),
        *_stock_and_pictures(figures),
        *_said(
            figures.rows_unchanged,
            ngettext(
                "%(num)s row equals the catalogue and is not touched",
                "%(num)s rows equal the catalogue and are not touched",
                figures.rows_unchanged,
            ),
        ),
    ]


def _stock_and_pictures(figures: Tally) -> list[str]:
    return [
        *_said(
            figures.stock_counted,
            ngettext(
                "Stock of %(num)s variant is counted anew, by a movement",
                "Stock of %(num)s variants is counted anew, by movements",
                figures.stock_counted,
            ),
        ),
        *_said(
            figures.pictures_added,
            ngettext(
                "%(num)s picture address is kept, a placeholder stands for it",
                "%(num)s picture addresses are kept, placeholders stand for them",
                figures.pictures_added,
            ),
        ),
        *_said(
            figures.sells_on,
            ngettext(
                "%(num)s variant that would sell on when sold out stops at zero here",
                "%(num)s variants that would sell on when sold out stop at zero here",
                figures.sells_on,
            ),
        ),
    ]


def _said(count: int, sentence: str) -> list[str]:
    return [sentence] if count else []


def if_stopped(import_: Import) -> list[str]:
    """What stopping now leaves behind."""
    done, left = import_.applied, import_.checked.rows - import_.applied.rows
    return [
        ngettext("%(num)s row stays written", "%(num)s rows stay written", done.writes),
        ngettext(
            "%(num)s row waits; it can be gone on with later", "%(num)s rows wait; they can be gone on with later", left
        ),
        _("The products that are being written now are finished first"),
    ]
