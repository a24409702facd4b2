"""The command `ecommerce`. Each subcommand is a file `jobs/commands/<verb>.py` that holds `command`.

A file is imported only when its subcommand is called, or listed by `--help`; so starting is quick.
"""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import click

COMMANDS = Path(__file__).with_name("commands")


class LazyGroup(click.Group):
    """Finds subcommands by file name; `_` in a file's name is `-` in the command's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(path.stem.replace("_", "-") for path in COMMANDS.glob("*.py") if not path.stem.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"jobs.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands by the first line of their file's docstring, importing none."""
        rows = [(name, _summary(name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _summary(name: str) -> str:
    source = (COMMANDS / f"{name.replace('-', '_')}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").split("\n", 1)[0]


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Ecommerce.io: a shop, its back office, and the processes that run them.

    Commands read their settings from the environment; without DATABASE_URL they act on the shop that
    `ecommerce run` keeps in .data/.
    """


if __name__ == "__main__":
    main()
