"""What a browser would post for a form of a page: its controls, inside it or tied to it by `form`."""

from __future__ import annotations

from html.parser import HTMLParser


class _Controls(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self._wanted = form_id
        self._open: str | None = None
        self._area: str | None = None
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = given.get("id")
        if tag not in ("input", "textarea") or given.get("form", self._open) != self._wanted:
            return
        name, kind = given.get("name"), given.get("type", "text")
        if not name or "disabled" in given:
            return
        if tag == "textarea":
            self._area, self.values[name] = name, ""
        elif kind not in ("checkbox", "radio"):
            self.values[name] = given.get("value", "")
        elif "checked" in given:
            self.values[name] = given.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.values[self._area] += data


def posted(html: str, form_id: str) -> dict[str, str]:
    """Names and values of the form's controls as they stand; a browser drops a textarea's first line break."""
    parser = _Controls(form_id)
    parser.feed(html)
    return {name: value.removeprefix("\r").removeprefix("\n") for name, value in parser.values.items()}
