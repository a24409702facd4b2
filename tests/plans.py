"""Plans of statements as they were really run: run again with the same parameters, as the application's role.

PostgreSQL's auto_explain tells the plan of a statement and of every statement that a function runs inside it, where a
plain EXPLAIN shows a function as one node and hides what it reads.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa

MEASURE = 20
# A page of no rows may still look at this many.
FREE = 200

_TELL = """
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_analyze = on;
SET auto_explain.log_timing = off;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_format = json;
SET auto_explain.log_level = notice;
SET client_min_messages = notice;
SET SESSION AUTHORIZATION ecommerce_app
"""


@dataclass
class Watched:
    """Collects the statements that an engine runs inside the `with`; `check` runs each again and reads its plans."""

    engine: sa.Engine
    superuser_url: str
    store: UUID
    statements: list[tuple[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Watched:
        sa.event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sa.event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "set_config" not in statement:
            self.statements.append((statement, parameters))

    def check(self, returned: int, *, bound: int = 0) -> None:
        """Fail unless rows read and filtered are at most MEASURE times those returned, for each statement.

        `bound` is how many rows may be read in any case.
        """
        assert self.statements
        for statement, parameters in self.statements:
            plans = self._plans(statement, parameters)
            touched = sum(rows_touched(plan["Plan"]) for plan in plans)
            shown = "\n".join(json.dumps(plan, indent=1) for plan in plans)
            assert touched <= max(FREE, MEASURE * returned, bound), f"{touched} rows for {returned}:\n{shown}"

    def _plans(self, statement: str, parameters: Any) -> list[dict[str, Any]]:
        """The plans of the statement and of those inside it, with what each node did."""
        told: list[str] = []
        with psycopg.connect(self.superuser_url) as connection:
            connection.execute(_TELL.encode())
            connection.execute("SELECT set_config('app.store_id', %s, true)", [str(self.store)])
            connection.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
            connection.execute(statement.encode(), parameters)
        plans = [json.loads(text[text.index("{") :]) for text in told if "plan:" in text]
        assert plans, told
        return plans


def rows_touched(node: dict[str, Any]) -> float:
    """Rows that the scans of tables below `node` returned or threw away, all loops together."""
    touched = 0.0
    if "Relation Name" in node or node["Node Type"] == "Bitmap Index Scan":
        thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        touched = (node.get("Actual Rows", 0) + thrown) * node.get("Actual Loops", 1)
    return touched + sum(rows_touched(child) for child in node.get("Plans", []))
