"""`gradcheck FILE` is `gradcheck check FILE`."""

import os
from difflib import get_close_matches
from typing import Any

from typer.core import TyperGroup


class ChecksByDefault(TyperGroup):
    """A group of commands in which a first argument that is neither a command nor a group option goes to `check`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Prepend `check` where it is meant.

        Raises:
            typer's usage error: the first argument is neither a command nor a file, and close to a command's name.
        """
        if args and not self._is_ours(ctx, args[0]):
            if not ctx.resilient_parsing:
                self._refuse_a_misspelt_command(ctx, args[0])
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete commands and the options of `check`; the shell completes files by itself."""
        check = self.get_command(ctx, "check")
        own = super().shell_complete(ctx, incomplete)
        return own if check is None else [*own, *check.shell_complete(ctx, incomplete)]

    def _is_ours(self, ctx: Any, argument: str) -> bool:
        options = {
            option for parameter in self.get_params(ctx) for option in (*parameter.opts, *parameter.secondary_opts)
        }
        return argument in self.commands or argument.partition("=")[0] in options

    def _refuse_a_misspelt_command(self, ctx: Any, argument: str) -> None:
        if argument.startswith("-") or os.path.exists(argument):
            return
        close = get_close_matches(argument, list(self.commands), n=1)
        if close:
            ctx.fail(f"There is neither a command nor a file {argument}. Did you mean gradcheck {close[0]}?")
