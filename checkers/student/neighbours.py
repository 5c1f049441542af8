"""Importing the files around a student's file, its folder's and those of the folders above, by whatever name they have.

`from cs231n.layers import *` means a folder cs231n beside the file, above it, or the folder that the file lies in. Only
what Python does not find is looked for here, so that nothing of the standard library or of site-packages is shadowed.
"""

from __future__ import annotations

import ast
import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import (  # importlib.machinery imports a dozen others
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    PathFinder,
    SourceFileLoader,
)
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .evidence import LIBRARIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ABOVE = 3  # folders above the file's own: assignment/package/part/file.py


def folders_around(path: str) -> list[str]:
    """The file's own folder and up to `ABOVE` above it, without the root of the file system."""
    found = [os.path.dirname(path)]
    while len(found) <= ABOVE:
        above = os.path.dirname(found[-1])
        if os.path.dirname(above) == above:
            break
        found.append(above)
    return found


class _Loader(SourceFileLoader):
    """Runs a file of the student's in a way of ours."""

    def __init__(self, name: str, path: str, run: Callable[[str, bytes, ModuleType], None]) -> None:
        super().__init__(name, path)
        self._run = run

    def exec_module(self, module: ModuleType) -> None:
        self._run(self.path, self.get_data(self.path), module)


class _Finder:
    """Asked last: a module or a folder of this name in, or among, the folders around the student's file."""

    def __init__(self, folders: list[str], joined: dict[str, list[str]]) -> None:
        self.folders = folders
        self.joined = joined

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if path is not None or "." in fullname:
            return None
        places = [*self.folders, *(os.path.dirname(f) for f in self.folders if os.path.basename(f) == fullname)]
        for place in places:
            spec = PathFinder.find_spec(fullname, [place])
            if spec is not None:
                return spec
        if fullname not in self.joined:
            return None
        spec = ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = self.joined[fullname]
        return spec


def install(path: str, tree: ast.Module, package: str, run: Callable[[str, bytes, ModuleType], None]) -> None:
    """From now on, imports look around the student's file, and what they find is run by `run(path, source, module)`.

    Args:
        tree: the file: a package of its imports that is nowhere stands for the folders that hold the rest of the name.
        package: the name under which the file's folder is known, for relative imports in its neighbours.
    """
    folders = folders_around(path)
    own = folders[0]

    def run_as_part(path: str, source: bytes, module: ModuleType) -> None:
        if not module.__package__ and os.path.dirname(path) == own:
            module.__package__, module.__spec__ = package, None  # two names that differ would be warned of
        run(path, source, module)

    def loader(name: str, path: str) -> _Loader:
        return _Loader(name, path, run_as_part)

    kinds: list[Any] = [(ExtensionFileLoader, EXTENSION_SUFFIXES), (loader, SOURCE_SUFFIXES)]

    def hook(folder: str) -> FileFinder:
        if not is_around(folder, folders):
            raise ImportError("no folder of the student's", path=folder)
        return FileFinder(folder, *kinds)

    sys.path_hooks.insert(0, hook)
    for folder in list(sys.path_importer_cache):
        if is_around(folder, folders):
            del sys.path_importer_cache[folder]
    sys.meta_path.append(_Finder(folders, dict(_joined(tree, folders))))


def is_around(folder: str, folders: list[str]) -> bool:
    """Is it one of these folders, or within one, and no place of libraries?"""
    if "-packages" in folder or (folder + os.sep).startswith(LIBRARIES):
        return False
    return folder in folders or folder.startswith(tuple(f + os.sep for f in folders))


def _joined(tree: ast.Module, folders: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Packages that are imported from, and the folders that hold what is imported."""
    for node in ast.walk(tree):
        names = [entry.name for entry in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names = [node.module]
        for name in names:
            package, _, rest = name.partition(".")
            file = os.path.join(*rest.split(".")) + ".py"
            holding = [folder for folder in folders if rest and os.path.isfile(os.path.join(folder, file))]
            if holding:
                yield package, holding
