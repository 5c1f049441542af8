"""gradcheck: says what is wrong in a hand-derived gradient, where, and proves it.

Every public name is imported when it is first used, so that `import gradcheck` costs nothing: deriving needs SymPy,
checking a file does not.
"""

from .version import __version__

# Not `from typing import TYPE_CHECKING`: under `python -m gradcheck` this module runs while the student's folder is
# still on sys.path, and a typing.py may lie there. Type checkers know the name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from checkers.errors import GradcheckError
    from checkers.findings import Finding, Verdict
    from checkers.gradient_check import assert_gradient, check_gradient
    from checkers.report import Report
    from derivations import (
        Case,
        Derivation,
        Exercise,
        Model,
        Sum,
        Task,
        absolute,
        choice,
        column,
        derive,
        exp,
        huber,
        improved_sigmoid,
        labels,
        log,
        logcosh,
        mapping,
        relu,
        sigmoid,
        sign,
        softplus,
        step,
        tanh,
        transposed,
    )

    from .decorator import gradient_of
    from .file_check import check_file

__all__ = [
    "Case",
    "Derivation",
    "Exercise",
    "Finding",
    "GradcheckError",
    "Model",
    "Report",
    "Sum",
    "Task",
    "Verdict",
    "__version__",
    "absolute",
    "assert_gradient",
    "check_file",
    "check_gradient",
    "choice",
    "column",
    "derive",
    "exp",
    "gradient_of",
    "huber",
    "improved_sigmoid",
    "labels",
    "log",
    "logcosh",
    "mapping",
    "relu",
    "sigmoid",
    "sign",
    "softplus",
    "step",
    "tanh",
    "transposed",
]

_MODULE_OF = {
    "Case": "derivations",
    "Derivation": "derivations",
    "Exercise": "derivations",
    "Finding": "checkers.findings",
    "GradcheckError": "checkers.errors",
    "Model": "derivations",
    "Report": "checkers.report",
    "Sum": "derivations",
    "Task": "derivations",
    "Verdict": "checkers.findings",
    "absolute": "derivations",
    "assert_gradient": "checkers.gradient_check",
    "check_file": "gradcheck.file_check",
    "check_gradient": "checkers.gradient_check",
    "choice": "derivations",
    "column": "derivations",
    "derive": "derivations",
    "exp": "derivations",
    "gradient_of": "gradcheck.decorator",
    "huber": "derivations",
    "improved_sigmoid": "derivations",
    "labels": "derivations",
    "log": "derivations",
    "logcosh": "derivations",
    "mapping": "derivations",
    "relu": "derivations",
    "sigmoid": "derivations",
    "sign": "derivations",
    "softplus": "derivations",
    "step": "derivations",
    "tanh": "derivations",
    "transposed": "derivations",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'gradcheck' has no attribute {name!r}; its public names: {', '.join(__all__)}")
    from importlib import import_module  # noqa: PLC0415 (a student's folder may still be on sys.path)

    value: object = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def load_ipython_extension(shell: object) -> None:
    """What `%load_ext gradcheck` calls: it makes the magic `gradcheck` known."""
    from .notebook.magic import register  # noqa: PLC0415 (IPython is an extra)

    register(shell)


def __dir__() -> list[str]:
    return sorted(__all__)
