"""Staff choose language and theme; both go with the person, not with the browser."""

from __future__ import annotations

from dataclasses import dataclass

from core.identity.model import THEMES
from core.shared.errors import FieldProblem, Invalid
from core.shared.ids import StaffId
from core.shared.permission import permission
from ports.identity import PlatformUnitOfWork


@dataclass(frozen=True, slots=True)
class ChoosePreferences:
    """None leaves a choice as it is. `locale` is a BCP 47 tag that the face offers."""

    staff_id: StaffId
    locale: str | None = None
    theme: str | None = None


@permission("identity.session.manage")
def choose_preferences(cmd: ChoosePreferences, /, *, platform: PlatformUnitOfWork) -> None:
    """Raises Invalid for a theme that does not exist."""
    if cmd.theme is not None and cmd.theme not in THEMES:
        raise Invalid(problems=(FieldProblem("theme", "unknown", f"One of {', '.join(THEMES)}."),))
    with platform() as tx:
        tx.staff.prefer(cmd.staff_id, locale=cmd.locale, theme=cmd.theme)
