"""Load a student's file as Python would, from bytes: decode, compile, run as a module beside its folder's files."""

from __future__ import annotations

import io
import os
import sys
import tokenize
from types import CodeType, ModuleType

UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def decode(source: bytes, path: str) -> str:
    """The text of a source file, by its byte order mark or its coding line (PEP 263), with line ends as newlines.

    Raises:
        SyntaxError: Python could not read the file either; with the line.
    """
    if b"\0" in source:
        advice = "it is saved as UTF-16; save it as UTF-8" if source.startswith(UTF_16) else "is it a Python file?"
        raise _unreadable(f"the file holds a null byte: {advice}", source, source.index(b"\0"), path)
    try:
        text = source.decode(_encoding(source))
    except UnicodeDecodeError as error:
        byte = source[error.start]
        complaint = f"byte 0x{byte:02X} is not {error.encoding.upper()}: save the file as UTF-8"
        raise _unreadable(complaint, source, error.start, path) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(source: bytes) -> str:
    try:
        return tokenize.detect_encoding(io.BytesIO(source).readline)[0]
    except SyntaxError:
        source.decode("utf-8-sig")  # where bytes are to blame, they are the better message
        raise


def _unreadable(complaint: str, source: bytes, position: int, path: str) -> SyntaxError:
    return SyntaxError(complaint, (path, source.count(b"\n", 0, position) + 1, None, None))


def compile_source(text: str, path: str) -> CodeType:
    """Compile as a module, untouched by the flags of this one.

    Raises:
        SyntaxError, RecursionError, MemoryError: what Python's compiler raises.
    """
    return compile(text, path, "exec", dont_inherit=True)


def prepare_module(path: str, above: int = 1) -> ModuleType:
    """An empty module for the file, named after it, that finds the files beside it but shadows no library.

    The folder stands after the standard library and before site-packages; NumPy is imported already. Relative imports
    work from the folder and from the one above it, without running an `__init__.py`.

    Args:
        above: how many folders above relative imports reach.
    """
    folder, filename = os.path.split(path)
    name = os.path.splitext(filename)[0]
    sys.path.insert(_end_of_standard_library(), folder)
    module = ModuleType(name)
    module.__file__ = path
    folders = [folder]
    for _ in range(above):
        folders.append(os.path.dirname(folders[-1]))
    package = _package("_above_student", folders.pop())
    while len(folders) > 1:
        package = _package(f"{package}.above", folders.pop())
    module.__package__ = _package(f"{package}.student", folder)
    sys.modules[f"{module.__package__}.{name}"] = module
    if name not in sys.stdlib_module_names:
        sys.modules.setdefault(name, module)
    return module


def _end_of_standard_library() -> int:
    """The place of site-packages in sys.path (Debian: dist-packages); the end when it is not there."""
    packages = (place for place, entry in enumerate(sys.path) if entry.endswith("-packages"))
    return next(packages, len(sys.path))


def _package(name: str, folder: str) -> str:
    package = ModuleType(name)
    package.__path__ = [folder]
    sys.modules[name] = package
    return name
