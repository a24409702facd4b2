"""What a product must look like, whoever writes it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from core.catalog.variant import sku_key, variant_problems
from core.shared.errors import FieldProblem, Invalid
from core.shared.text import fold

if TYPE_CHECKING:
    from core.catalog.model import Product

MAX_OPTIONS = 3
MAX_VARIANTS = 250
MAX_TITLE = 255
MAX_SEO_DESCRIPTION = 500
MAX_DESCRIPTION = 100_000

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check(product: Product) -> None:
    """Raises Invalid, naming every field that is wrong."""
    problems = _text_problems(product) + _option_problems(product) + _variant_problems(product)
    if problems:
        raise Invalid("The product is not complete.", problems=tuple(problems))


def _text_problems(product: Product) -> list[FieldProblem]:
    problems = []
    if not product.title:
        problems.append(FieldProblem("title", "required", "A product needs a name."))
    if len(product.slug) > MAX_TITLE or not _SLUG.fullmatch(product.slug):
        problems.append(FieldProblem("slug", "malformed", "An address has small letters, digits and single hyphens."))
    limits = {
        "title": MAX_TITLE,
        "vendor": MAX_TITLE,
        "product_type": MAX_TITLE,
        "seo_title": MAX_TITLE,
        "seo_description": MAX_SEO_DESCRIPTION,
        "description_html": MAX_DESCRIPTION,
    }
    problems += [
        FieldProblem(field, "too_long", f"At most {limit} characters.")
        for field, limit in limits.items()
        if len(getattr(product, field)) > limit
    ]
    if any(len(tag) > MAX_TITLE for tag in product.tags):
        problems.append(FieldProblem("tags", "too_long", f"A tag has at most {MAX_TITLE} characters."))
    return problems


def _option_problems(product: Product) -> list[FieldProblem]:
    problems = []
    if len(product.options) > MAX_OPTIONS:
        problems.append(FieldProblem("options", "too_many", f"At most {MAX_OPTIONS} options."))
    names = Counter(fold(option.name) for option in product.options)
    for index, option in enumerate(product.options):
        field = f"options.{index}"
        values = Counter(fold(value) for value in option.values)
        if not option.name.strip() or names[fold(option.name)] > 1:
            problems.append(FieldProblem(f"{field}.name", "malformed", "Each option has a name of its own."))
        if not values or "" in values or max(values.values()) > 1:
            problems.append(FieldProblem(f"{field}.values", "malformed", "Values differ from each other."))
    return problems


def _variant_problems(product: Product) -> list[FieldProblem]:
    count = len(product.variants)
    if not 1 <= count <= MAX_VARIANTS:
        return [FieldProblem("variants", "count", f"A product has 1 to {MAX_VARIANTS} variants.")]
    problems: list[FieldProblem] = []
    names = [option.name for option in product.options]
    titles = Counter(fold(variant.title) for variant in product.variants)
    skus = Counter(sku_key(variant.sku) for variant in product.variants)
    currencies = {variant.price.currency for variant in product.variants}
    if len(currencies) > 1:
        problems.append(FieldProblem("variants", "currency", "All prices are in one currency."))
    for index, variant in enumerate(product.variants):
        field = f"variants.{index}"
        problems += variant_problems(variant, field)
        if list(variant.option_values) != names or not all(variant.option_values.values()):
            problems.append(FieldProblem(f"{field}.options", "incomplete", "One value for each option."))
        elif titles[fold(variant.title)] > 1:
            problems.append(FieldProblem(f"{field}.options", "repeated", "Another variant has these values."))
        if variant.sku and skus[sku_key(variant.sku)] > 1:
            problems.append(FieldProblem(f"{field}.sku", "sku_taken", "Another variant has this SKU."))
    return problems
