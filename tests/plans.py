"""Plans of statements as they were really run: explained again with the same parameters, as the application's role."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

MEASURE = 20
# A page of no rows may still look at this many.
FREE = 200


@dataclass
class Watched:
    """Collects the statements that an engine runs inside the `with`; `check` explains each."""

    engine: sa.Engine
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

    def check(self, returned: int) -> None:
        """Fail unless rows read and filtered are at most MEASURE times those returned, for each statement."""
        assert self.statements
        for statement, parameters in self.statements:
            touched, plan = self._explain(statement, parameters)
            assert touched <= max(FREE, MEASURE * returned), f"{touched} rows for {returned}:\n{statement}\n{plan}"

    def _explain(self, statement: str, parameters: Any) -> tuple[float, str]:
        with self.engine.connect() as connection, connection.begin():
            connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(self.store)})
            explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
            root = explained.scalar_one()[0]["Plan"]
        return rows_touched(root), json.dumps(root, indent=1)


def rows_touched(node: dict[str, Any]) -> float:
    """Rows that the scans of tables below `node` returned or threw away, all loops together."""
    touched = 0.0
    if "Relation Name" in node or node["Node Type"] == "Bitmap Index Scan":
        thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        touched = (node.get("Actual Rows", 0) + thrown) * node.get("Actual Loops", 1)
    return touched + sum(rows_touched(child) for child in node.get("Plans", []))


def search_statement(connection: sa.Connection) -> str:
    """What find_search_documents executes, with parameters p1 to p7: a function hides its plan."""
    source = connection.exec_driver_sql(
        "SELECT prosrc FROM pg_proc WHERE proname = 'find_search_documents'"
    ).scalar_one()
    found = re.search(r"EXECUTE\s+'(.*?)'\s+USING", source, re.DOTALL)
    assert found is not None
    return re.sub(r"\$(\d)", r"%(p\1)s", found.group(1))
