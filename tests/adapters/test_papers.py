"""Papers at the resolution of the printers that print them: what a scanner must read, it reads at 203 dpi."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from adapters.papers import PdfPapers
from adapters.papers.words import ENGLISH, LANGUAGES
from core.logistics.errors import UnprintableLabel
from core.shared.address import Address
from ports.papers import PackingSlip, Paper, PaperLine, PickList, PickRow

PAPERS = PdfPapers()
ZONE = "America/Sao_Paulo"
AT = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
TO = Address("Helena Carvalho Motta", "69099140", "Rua das Acácias", "120", "Manaus", "AM", complement="apto 31")
FROM = Address("Casa Ipê", "80020310", "Rua XV de Novembro", "700", "Curitiba", "PR")


def line(at: int, quantity: int = 1, title: str = "Caneca Barro 300 ml") -> PaperLine:
    return PaperLine(f"CAN-BAR-{at:03d}", title, "Terracota", quantity)


def slip(number: str = "CI-10482", lines: int = 2, **changes: Any) -> PackingSlip:
    told = {"rest": 0, "parcels": 1, "recipient": TO, **changes}
    return PackingSlip(number, 1, AT, FROM, "Casa Ipê", "ola@casaipe.example", told["recipient"],
                       [line(at, at + 1) for at in range(lines)], told["rest"], told["parcels"])  # fmt: skip


def scanned(content: bytes) -> list[set[tuple[str, str]]]:
    """What a scanner reads of each page, printed at 203 dpi."""
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    pictures = [page.render(scale=203 / 72).to_pil() for page in document]
    return [{(code.format.name, code.text) for code in zxingcpp.read_barcodes(picture)} for picture in pictures]


def words(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    return [page.get_textpage().get_text_bounded() for page in document]


def sizes(content: bytes) -> list[tuple[int, int]]:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    return [tuple(round(points / 72 * 25.4) for points in page.get_size()) for page in document]


@pytest.mark.parametrize("number", ["CI-10482", "1", "LOJA-2026-999999"])
def test_a_packing_slip_scans(number: str) -> None:
    content = PAPERS.packing_slips([slip(number)], "pt-BR", ZONE)
    assert sizes(content) == [(210, 297)]
    assert scanned(content) == [{("Code128", number), ("QRCode", number), ("Code128", "69099140")}]


def test_a_packing_slip_says_what_lies_in_the_parcel() -> None:
    told = words(PAPERS.packing_slips([slip(rest=2, parcels=2)], "en", ZONE))[0]
    rest = "2 pieces of this order come in another shipment."
    for wanted in ("Casa Ipê", "Helena Carvalho Motta", "69099-140", "CAN-BAR-001", "Caneca Barro 300 ml, Terracota",
                   "3 pieces", rest, "2 parcels", "24 Nov 2026"):  # fmt: skip
        assert wanted in told
    portuguese = words(PAPERS.packing_slips([slip(rest=1)], "pt-BR", ZONE))[0]
    for wanted in ("Romaneio", "1 pacote", "1 peça deste pedido segue em outra remessa.", "24 de nov. de 2026"):
        assert wanted in portuguese


def test_many_lines_go_on_the_next_page_and_none_is_lost() -> None:
    told = words(PAPERS.packing_slips([slip(lines=70), slip("CI-10483")], "en", ZONE))
    assert len(told) == 5
    assert [sum(f"CAN-BAR-{at:03d}" in page for page in told[:4]) for at in range(70)] == [1] * 70
    assert "Page 4 of 4" in told[3]
    assert "CI-10483" in told[4]


def test_without_an_address_and_with_a_number_that_bars_cannot_say() -> None:
    content = PAPERS.packing_slips([slip("Ipê-7", recipient=None)], "en", ZONE)
    assert scanned(content) == [{("QRCode", "Ipê-7")}]


def test_a_title_longer_than_the_column_is_cut() -> None:
    long = PaperLine("S" * 60, "Palavra" * 60, "", 1)
    PAPERS.packing_slips([PackingSlip("1", 1, AT, None, "x", "x@x.example", None, [long], 0, 1)], "en", ZONE)
    told = words(PAPERS.packing_slips([PackingSlip("1", 1, AT, None, "x", "x@x", None, [long], 0, 1)], "en", ZONE))[0]
    assert "…" in told


def pick_list(rows: int, name: str = "B-0231") -> PickList:
    return PickList(name, "CD Curitiba", AT, 3, [
        PickRow(line(at, 3), [("CI-10482", 2), ("CI-10483", 1)]) for at in range(rows)])  # fmt: skip


def test_a_pick_list_scans_thing_by_thing() -> None:
    content = PAPERS.pick_lists([pick_list(3)], "pt-BR", ZONE)
    assert sizes(content) == [(210, 297)]
    wanted = {("Code128", "B-0231"), ("QRCode", "B-0231"), *(("Code128", f"CAN-BAR-{at:03d}") for at in range(3))}
    assert scanned(content) == [wanted]
    told = words(content)[0]
    for word in ("Lista de separação", "CD Curitiba", "3 pedidos", "9 peças", "CI-10482 × 2, CI-10483", "09:30"):
        assert word in told


def test_a_long_pick_list_loses_nothing() -> None:
    told = words(PAPERS.pick_lists([pick_list(40), pick_list(1, "B-0232")], "en", ZONE))
    assert [sum(f"CAN-BAR-{at:03d}" in page for page in told[:-1]) for at in range(40)] == [1] * 40
    assert "B-0232" in told[-1]


def label(number: str = "QB482917305BR") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(283, 425), invariant=1)
    canvas.drawString(20, 20, number)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_labels_are_joined_as_they_are_and_pictures_put_on_a_page() -> None:
    picture = io.BytesIO()
    Image.new("L", (800, 1200), 255).save(picture, "PNG")
    joined = PAPERS.joined([
        Paper("CI-1", label("AA1"), "application/pdf"),
        Paper("CI-2", picture.getvalue(), "image/png"),
        Paper("CI-3", label("AA3"), "application/pdf"),
    ])  # fmt: skip
    assert sizes(joined) == [(100, 150)] * 3
    told = words(joined)
    assert "AA1" in told[0]
    assert "AA3" in told[2]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.4\n% no label\n%%EOF\n", "application/pdf"),
        (b"%PDF-", "application/pdf"),
        (label()[:300], "application/pdf"),
        (b"\x89PNG\r\n\x1a\nnonsense", "image/png"),
    ],
)
def test_what_is_no_label_is_named(content: bytes, media_type: str) -> None:
    with pytest.raises(UnprintableLabel) as refused:
        PAPERS.joined([Paper("CI-1", label(), "application/pdf"), Paper("CI-2", content, media_type)])
    assert refused.value.name == "CI-2"


def test_the_same_paper_is_the_same_bytes() -> None:
    def drawn() -> list[bytes]:
        return [
            PAPERS.packing_slips([slip()], "en", ZONE),
            PAPERS.pick_lists([pick_list(2)], "en", ZONE),
            PAPERS.joined([Paper("CI-1", label(), "application/pdf")]),
        ]

    assert drawn() == drawn()


def test_every_language_has_every_word() -> None:
    assert {name: set(told) for name, told in LANGUAGES.items()} == {name: set(ENGLISH) for name in LANGUAGES}
