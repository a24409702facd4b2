"""Goods of the demo shop are sent together over the rehearsed carrier; the papers as they come out of the printer."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import People
from tests.e2e.pictures import FOLDER, picture
from tests.e2e.watching import problems

TOGETHER = 4
DPI = 203


@pytest.fixture
def batch(people: People) -> Page:
    """The oldest orders to ship, together, with their labels bought."""
    page = people.staff("support")
    page.goto(f"{people.shown['admin']}shipping/")
    picture(page, "shipping-list")
    assert problems(page) == []
    for box in page.locator("tr[data-row] input[type=checkbox]").all()[:TOGETHER]:
        box.check()
    page.get_by_role("button", name="Ship together").click()
    page.get_by_role("button", name="Buy ").wait_for(timeout=120_000)
    page.get_by_role("button", name="Buy ").click()
    page.get_by_role("link", name="Print ").wait_for(timeout=120_000)
    page.get_by_text("0 to go").wait_for(timeout=120_000)
    return page


def test_many_orders_are_sent_together_and_their_papers_scan(batch: Page, people: People) -> None:
    picture(batch, "shipping")
    assert problems(batch) == []
    papers = {name: fetched(batch, name) for name in ("labels", "packing-slips", "pick-list")}
    for name, content in papers.items():
        pages = rendered(content)
        keep(pages[0], f"paper-{name}")
        for at, paper in enumerate(pages):
            assert {code.format.name for code in zxingcpp.read_barcodes(paper)} >= {"Code128", "QRCode"}, (name, at)
    assert [size(page) for page in pypdfium2.PdfDocument(papers["labels"])] == [(100, 150)] * len(
        rendered(papers["labels"])
    )
    batch.get_by_role("button", name="Close and hand over").click()
    expect(batch.get_by_text("Handed over")).to_be_visible()
    batch.locator("table.prices a.name").first.click()
    expect(batch.get_by_text("Left", exact=True)).to_be_visible()
    picture(batch, "shipment")
    assert problems(batch) == []


def fetched(page: Page, name: str) -> bytes:
    """The file behind a link of the page."""
    address = page.locator(f"a[href*='/{name}.pdf']").first.get_attribute("href")
    assert address
    answer = page.request.get(page.url.split("/admin")[0] + address)
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def rendered(content: bytes) -> list[Image.Image]:
    """The pages as a printer of 203 dots per inch draws them."""
    return [page.render(scale=DPI / 72).to_pil() for page in pypdfium2.PdfDocument(io.BytesIO(content))]


def size(page: pypdfium2.PdfPage) -> tuple[int, ...]:
    """Width and height in millimetres."""
    return tuple(round(points / 72 * 25.4) for points in page.get_size())


def keep(paper: Image.Image, name: str) -> None:
    """A paper for the documentation, kept only when SCREENSHOTS=1."""
    if os.environ.get("SCREENSHOTS") == "1":
        target: Path = FOLDER / f"{name}.png"
        paper.convert("L").quantize(16).save(target, "PNG", optimize=True)
