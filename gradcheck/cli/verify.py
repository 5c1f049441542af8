"""`gradcheck verify FILE`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checkers.errors import UsageError

from .exit_codes import of_verdict
from .terminal import check_writable, print_with, write_document

if TYPE_CHECKING:
    from derivations.written.verdicts import CheckedDerivation

LARGEST = 2_000_000
"""Bytes: a thesis has fewer; what is larger is no written derivation."""


class VerifyFormat(StrEnum):
    """What a checked derivation can be written as."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    JUNIT = "junit"


def verify(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="LaTeX, Markdown, a notebook or text with $...$; - is standard input.",
            show_default=False,
        ),
    ],
    *,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            metavar="ID",
            help="The model it is about (gradcheck derive lists them); without it, its own definitions count.",
            show_default=False,
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="What is right under a convention only, or not checkable, counts as wrong."),
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the statements that are right, too.")] = False,
    format: Annotated[
        VerifyFormat, typer.Option("--format", "-f", help="How the report is written.")
    ] = VerifyFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the report to this file.", show_default=False)
    ] = None,
) -> None:
    """Check a written derivation, equality by equality.

    Every equality is evaluated on random numbers; of a wrong one, small changes are tried until it is right.
    Exit code: 0 all right, 1 something is wrong, 2 the call was wrong or there is no equality in the file, 3 nothing
    is wrong, but something could not be checked.
    """
    check_writable(output)
    _check_model(model)
    if output is not None and output.exists() and Path(file).exists() and output.samefile(file):
        raise typer.BadParameter("this would overwrite the file that is checked.", param_hint="--output")
    name, text = _read(file)
    from derivations.written import verify as check_derivation

    derivation = check_derivation(name, text, model=model, strict=strict)
    if not derivation.statements:
        from gradcheck.render.written_view import LOOKED_FOR

        raise UsageError(f"{name} holds no statement to check. Looked for {LOOKED_FOR}.")
    _write(derivation, format, output=output, verbose=verbose)
    raise typer.Exit(of_verdict(derivation.verdict))


def _check_model(model: str | None) -> None:
    if model is None:
        return
    from difflib import get_close_matches

    from derivations.models import MODELS

    if model not in MODELS:
        close = get_close_matches(model, MODELS, n=1)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise UsageError(f"--model: there is no model {model}.{meant} Known models: {', '.join(MODELS)}.")


def _read(file: str) -> tuple[str, str]:
    """The name and the text of a file, or of standard input.

    Raises:
        UsageError: it is missing, a folder, no text, or far too large.
    """
    if file == "-":
        name, content = "standard input", sys.stdin.buffer.read(LARGEST + 1)
    else:
        name = file
        try:
            with Path(file).open("rb") as stream:
                content = stream.read(LARGEST + 1)
        except FileNotFoundError as error:
            raise UsageError(f"{file} does not exist.") from error
        except IsADirectoryError as error:
            raise UsageError(f"{file} is a folder; give a .tex, .md, .ipynb or .txt file in it.") from error
        except (OSError, ValueError) as error:
            raise UsageError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(content) > LARGEST:
        raise UsageError(f"{name} has more than {LARGEST // 1_000_000} MB; this is no written derivation.")
    return name, _decoded(name, content)


def _decoded(name: str, content: bytes) -> str:
    """UTF-8, UTF-16 where the file says so, or else Latin-1, as old LaTeX files are."""
    if content.startswith((b"%PDF", b"PK\x03\x04")):
        kind = "a PDF" if content.startswith(b"%PDF") else "a zip archive or an office document"
        raise UsageError(f"{name} is {kind}. Give the LaTeX, Markdown or notebook it was made from.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        raise UsageError(f"{name} is no text file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _write(derivation: "CheckedDerivation", format: VerifyFormat, *, output: Path | None, verbose: bool) -> None:
    if format is VerifyFormat.TEXT:
        from gradcheck.render.written_text import print_derivation_check

        print_with(lambda console: print_derivation_check(derivation, console, verbose=verbose), output)
        return
    write_document(_document(derivation, format), output)


def _document(derivation: "CheckedDerivation", format: VerifyFormat) -> str:
    if format is VerifyFormat.JSON:
        from gradcheck.render import written_json

        return written_json.render(derivation)
    if format is VerifyFormat.HTML:
        from gradcheck.render import written_html

        return written_html.render(derivation)
    from gradcheck.render import written_junit

    return written_junit.render(derivation)
