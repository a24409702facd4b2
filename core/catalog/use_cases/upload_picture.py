"""Add a picture to a product."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog.model import Image, ProductPicture
from core.shared.ids import ProductId, ProductPictureId
from core.shared.permission import permission
from ports.blobs import BlobStore
from ports.ids import Ids
from ports.media import PictureProcessor
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class UploadPicture:
    """`content` is the file as it was sent, `alt` the text for people who don't see it."""

    product_id: ProductId
    content: bytes
    alt: str = ""


@permission("media.picture.upload")
def upload_picture(
    cmd: UploadPicture, /, *, uow: UnitOfWork, pictures: PictureProcessor, blobs: BlobStore, ids: Ids
) -> ProductPictureId:
    """Returns the id of the picture in the product's list, at whose end it stands.

    The blob is stored before the transaction: a failure in between leaves a file that nobody names, never a
    picture without its file. Raises NotFound, UnusablePicture.
    """
    prepared = pictures.prepare(cmd.content)
    sha256 = blobs.put([prepared.content])
    with uow() as tx:
        product = tx.products.get(cmd.product_id)
        picture = tx.media.add(sha256, prepared)
        image = Image(picture.id, picture.sha256, picture.width, picture.height)
        added = ProductPicture(ProductPictureId(ids.new()), cmd.alt.strip(), image)
        product.add_picture(added)
        tx.products.save(product)
    return added.id
