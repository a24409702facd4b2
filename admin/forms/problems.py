"""What the core finds wrong with input, shown beside the form's fields in the person's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import Field

from core.shared.errors import CoreError, FieldProblem

# One sentence per code, whatever the field; a code that is not here shows the core's English sentence.
SENTENCES: Mapping[str, LazyString] = {
    "required": _l("This is needed."),
    "malformed": _l("This is not written as it should be."),
    "too_long": _l("This is too long."),
    "negative": _l("This has to be zero or more."),
    "zero": _l("Say how many come in or go out."),
    "out_of_range": _l("This is larger or smaller than makes sense."),
    "not_above_price": _l("The price before has to be above the price."),
    "slug_taken": _l("Another product has this address."),
    "sku_taken": _l("Another variant has this SKU."),
    "currency": _l("Prices of this store are in another currency."),
    "incomplete": _l("One value for each option."),
    "repeated": _l("Another variant has these values."),
    "count": _l("A product has between 1 and 250 variants."),
    "too_many": _l("At most three options."),
    "unusable_picture": _l("This file can't be used as a picture: JPEG, PNG, WebP or GIF, at most 20 MB."),
}


def sentence(problem: FieldProblem) -> str:
    """What is wrong, in the person's language."""
    return str(SENTENCES.get(problem.code, problem.message))


def show(error: CoreError, field_of: Callable[[str], Field | None]) -> list[str]:
    """Put each problem of `error` to its field; `field_of` finds it by its wire name.

    Returns the sentences that found no field: they belong on top of the form.
    """
    homeless = []
    for problem in error.problems:
        field = field_of(problem.field)
        if field is None:
            homeless.append(sentence(problem))
        else:
            field.errors = [*field.errors, sentence(problem)]
    return homeless
