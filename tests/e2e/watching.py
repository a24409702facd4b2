"""What must hold of every page: axe is content, the console is silent, nothing scrolls sideways, tokens alone draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

PHONE = 360

# Colours and sizes of type that are drawn and are no token's value. Every token is drawn once to learn its value;
# what is invisible, inherits, or is the browser's own (an option's list) draws nothing.
_STRANGERS = """() => {
  const names = new Set();
  const collect = (rules) => {
    for (const rule of rules) {
      if (rule.style) for (const name of rule.style) if (name.startsWith("--")) names.add(name);
      if (rule.cssRules) collect(rule.cssRules);
    }
  };
  for (const sheet of document.styleSheets)
    if (/tokens\\.css/.test(sheet.href || "")) collect(sheet.cssRules);
  const probe = document.body.appendChild(document.createElement("i"));
  const colours = new Set(["rgba(0, 0, 0, 0)"]), sizes = new Set();
  const root = getComputedStyle(document.documentElement);
  for (const name of names) {
    const value = root.getPropertyValue(name).trim();
    for (const [property, into] of [["color", colours], ["font-size", sizes], ["font", sizes]]) {
      if (!CSS.supports(property, value)) continue;
      probe.removeAttribute("style");
      probe.style.setProperty(property, `var(${name})`);
      into.add(getComputedStyle(probe)[property === "color" ? "color" : "fontSize"]);
    }
  }
  probe.remove();
  const strangers = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("svg, option, iframe, noscript, script, .visually-hidden, .sr")) continue;
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const drawn = [["background-color", style.backgroundColor]];
    if (says) drawn.push(["color", style.color]);
    for (const side of ["Top", "Right", "Bottom", "Left"])
      if (parseFloat(style[`border${side}Width`]) && style[`border${side}Style`] !== "none")
        drawn.push(["border", style[`border${side}Color`]]);
    const where = element.tagName.toLowerCase() + (element.className ? "." + element.className : "");
    for (const [property, colour] of drawn) if (!colours.has(colour)) strangers.add(`${where}: ${property} ${colour}`);
    if (says && !sizes.has(style.fontSize)) strangers.add(`${where}: font-size ${style.fontSize}`);
  }
  return [...strangers].sort();
}"""


@dataclass
class Complaints:
    """What the console of any window said: errors, and promises that nobody caught."""

    heard: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._note)
        context.on("weberror", lambda error: self.heard.append(f"{error.page and error.page.url}: {error.error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        address = message.location.get("url", "")
        if address not in self.expected:  # a page that is an error by itself is noted by the browser too
            self.heard.append(f"{address}: {message.text}")


def problems(page: Page, themes: Sequence[str] = ("light", "dark"), *, tokens: bool = True) -> list[str]:
    """Everything that is wrong with the page as it stands, in words; empty when it may be shown to people.

    tokens: whether its colours and sizes have to be those of its token file.
    """
    found = []
    before = page.viewport_size
    for theme in themes:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of two words
        found += [f"{theme}: {said}" for said in _axe(page)]
        if tokens:
            found += [f"{theme}: {stranger}" for stranger in page.evaluate(_STRANGERS)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": PHONE, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE:
        found.append(f"{width} px wide at {PHONE}: {page.evaluate(_WIDE, PHONE)}")
    if before:
        page.set_viewport_size(before)
    return found


# Whoever reaches beyond the window without lying in something that scrolls by itself.
_WIDE = """(narrow) => [...document.body.querySelectorAll("*")].filter((element) => {
  if (element.getBoundingClientRect().right <= narrow + 0.5 || !element.checkVisibility()) return false;
  for (let outer = element.parentElement; outer; outer = outer.parentElement)
    if (getComputedStyle(outer).overflowX !== "visible") return false;
  return true;
}).slice(0, 5).map((element) => element.outerHTML.slice(0, 90))"""


def _axe(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [f"{found['id']} {[node['html'][:160] for node in found['nodes']]}" for found in violations]
