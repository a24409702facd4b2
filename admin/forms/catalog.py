"""Forms of products: the page of one, a new one, its options, its pictures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from admin.forms.money import MoneyField

_NEEDED = _l("This is needed.")
_WHOLE = _l("Write a whole number.")


class WholeField(IntegerField):
    """A whole number; what is none is said in the person's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            if not text.lstrip("+-").isdecimal() or len(text) > 12:
                raise ValueError(str(_WHOLE))
            self.data = int(text)


class VariantForm(Form):
    """One row of the variants grid."""

    id = HiddenField()
    version = HiddenField()
    sku = StringField(_l("SKU"), [Length(max=64)])
    price = MoneyField(_l("Price"), [InputRequired(_NEEDED)])
    compare_at = MoneyField(_l("Price before"), [Optional()])
    cost = MoneyField(_l("Cost"), [Optional()])
    weight_grams = WholeField(_l("Weight, g"), [Optional(), NumberRange(0, 1_000_000)])
    tracked = BooleanField(_l("Count stock"))


class PictureForm(Form):
    """One picture: what it shows in words, where it stands, whether it goes."""

    id = HiddenField()
    alt = StringField(_l("What it shows"), [Length(max=300)])
    position = WholeField(_l("Place"), [Optional(), NumberRange(1, 1000)])
    remove = BooleanField(_l("Remove"))


class ContentForm(FlaskForm):
    """What a product says about itself."""

    title = StringField(_l("Name"), [InputRequired(_NEEDED), Length(max=255)])
    description_html = TextAreaField(
        _l("Description"),
        [Optional(), Length(max=100_000)],
        description=_l("HTML: paragraphs, headings from h2, lists, tables, links, bold, italic. The rest is removed."),
    )
    vendor = StringField(_l("Maker"), [Optional(), Length(max=255)])
    product_type = StringField(_l("Category"), [Optional(), Length(max=255)])
    tags = StringField(_l("Tags"), [Optional(), Length(max=2000)], description=_l("Separated by commas."))
    slug = StringField(
        _l("Address"),
        [Optional(), Length(max=255)],
        description=_l("Small letters, digits and hyphens."),
    )
    seo_title = StringField(_l("Title for search engines"), [Optional(), Length(max=255)])
    seo_description = TextAreaField(_l("Description for search engines"), [Optional(), Length(max=500)])


class ProductForm(ContentForm):
    """A product's page. `opened` holds the values as they were when the form was shown: what a conflict is told by."""

    version = HiddenField()
    opened = HiddenField()
    variants = FieldList(FormField(VariantForm))
    pictures = FieldList(FormField(PictureForm))


class OptionForm(Form):
    """One thing that variants differ by."""

    name = StringField(_l("Option"), [Optional(), Length(max=60)])
    values = StringField(_l("Values"), [Optional(), Length(max=2000)])


class OptionsForm(FlaskForm):
    """What variants differ by: up to three options, values separated by commas."""

    version = HiddenField()
    options = FieldList(FormField(OptionForm), min_entries=3, max_entries=3)


class NewProductForm(ContentForm):
    """A new product: what every variant of it begins with."""

    options = FieldList(FormField(OptionForm), min_entries=3, max_entries=3)
    price = MoneyField(_l("Price"), [InputRequired(_NEEDED)])
    compare_at = MoneyField(_l("Price before"), [Optional()])
    cost = MoneyField(_l("Cost"), [Optional()])
    sku = StringField(_l("SKU"), [Optional(), Length(max=64)], description=_l("Only without options."))
    weight_grams = WholeField(_l("Weight, g"), [Optional(), NumberRange(0, 1_000_000)])
    tracked = BooleanField(_l("Count stock"), default=True, description=_l("Sell only what is there."))
    on_hand = WholeField(_l("On hand, of each variant"), [Optional(), NumberRange(0, 1_000_000)], default=0)


class UploadForm(FlaskForm):
    """Pictures from the person's computer."""

    files = MultipleFileField(_l("Pictures"), description=_l("JPEG, PNG, WebP or GIF, at most 20 MB each."))


class BulkForm(FlaskForm):
    """The ids of selected rows stand beside it; it carries the token."""
