"""The code a payer's bank reads: BR Code, EMV merchant-presented mode.

Format: Banco Central do Brasil, "Manual do BR Code" (fields 00 to 63) and "Manual de Padrões para Iniciação
do Pix" (field 26 with a payload address, for codes made per payment).
"""

from __future__ import annotations

import unicodedata


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF) of ASCII text, as four upper-case hex digits."""
    register = 0xFFFF
    for byte in text.encode("ascii"):
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
            register &= 0xFFFF
    return f"{register:04X}"


def _field(number: int, value: str) -> str:
    if not 0 < len(value) <= 99:
        raise ValueError(f"field {number:02} of a BR Code cannot hold {len(value)} characters")
    return f"{number:02}{len(value):02}{value}"


def _plain(text: str, longest: int) -> str:
    """Upper-case ASCII: banks disagree about anything else."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    kept = "".join(letter for letter in folded if letter.isalnum() or letter in " .-")
    return kept[:longest].strip() or "LOJA"


def copy_and_paste(location: str, amount: int, merchant: str, city: str) -> str:
    """The copy-and-paste code of one payment.

    location: address of the payload without its scheme, ASCII, at most 77 characters.
    amount: BRL in cents. merchant, city: shown by the payer's bank, cut to 25 and 15 characters.
    Raises ValueError when a field is empty or too long.
    """
    account = _field(0, "br.gov.bcb.pix") + _field(25, location)
    body = "".join(
        (
            _field(0, "01"),
            _field(1, "12"),
            _field(26, account),
            _field(52, "0000"),
            _field(53, "986"),
            _field(54, f"{amount // 100}.{amount % 100:02}"),
            _field(58, "BR"),
            _field(59, _plain(merchant, 25)),
            _field(60, _plain(city, 15)),
            _field(62, _field(5, "***")),
            "6304",
        )
    )
    return body + crc16(body)
