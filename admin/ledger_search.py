"""What an account's page is narrowed to, as its address says it: days, a kind of entry, the number of a document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from flask import request

from admin.context import store
from core.ledger.model import EntryKind
from ports.ledger_queries import PostingSearch

_ENTRY = re.compile(r"je-?(\d{1,15})", re.IGNORECASE)
_NUMBER = re.compile(r"#?(\d{1,15})")


@dataclass(frozen=True, slots=True)
class AccountSearch:
    """`kind` and `document` as the form shows them; a document that is none of ours is looked for and not found."""

    kind: EntryKind | None
    document: str

    @classmethod
    def from_request(cls) -> AccountSearch:
        """What the request's query asks for; a kind that there is none of is left out."""
        asked = request.args.get("kind", "")
        kind = EntryKind(asked) if asked in tuple(EntryKind) else None
        return cls(kind, request.args.get("document", "").strip()[:40])

    @property
    def query(self) -> dict[str, str]:
        """The same as query parameters."""
        said = {"kind": str(self.kind or ""), "document": self.document}
        return {name: value for name, value in said.items() if value}

    def of(self, since: date) -> PostingSearch:
        """What the core is asked for, from `since` on."""
        if not self.document:
            return PostingSearch(since, self.kind)
        if entry := _ENTRY.fullmatch(self.document):
            return PostingSearch(since, self.kind, entry_number=int(entry[1]))
        number = _NUMBER.fullmatch(self.document.removeprefix(store().order_prefix))
        # Nothing has the number 0.
        return PostingSearch(since, self.kind, order_number=int(number[1]) if number else 0)
