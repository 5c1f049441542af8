"""The decorator that says in a student's file what a function is the gradient of; read from the text, never run."""

from __future__ import annotations

# Not from typing: this module is imported by students' files, and costs them nothing.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


def gradient_of(
    of: Callable[..., Any] | str | None = None,
    *,
    wrt: str | None = None,
    returns: str | None = None,
    shapes: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
) -> Callable[[F], F]:
    """Say what a function is the gradient of, for `gradcheck FILE`; the function itself is left as it is.

    `gradcheck` reads the arguments from the text of the file, so they must stand there as they are, without names for
    shapes or options.

    Args:
        of: the forward or the loss: its name, or a text such as "foo(x: (N, D)) -> out, cache". None for a function
            that returns its loss besides the gradient.
        wrt: the arguments that there are gradients for: "w, b".
        returns: what comes back: "loss, dW".
        shapes: argument -> shape: {"x": "(N, D)", "y": "labels (N,) of C"}.
        options: argument -> value: {"alpha": 0.1}.

    Returns:
        A decorator that sets `__gradient_of__` and returns the very same function.

    >>> def cube(z):
    ...     return z**3
    >>> @gradient_of(cube)
    ... def slope(z):
    ...     return 3 * z**2
    >>> slope(2.0), slope.__gradient_of__ is cube
    (12.0, True)
    """

    def mark(function: F) -> F:
        function.__gradient_of__ = of  # type: ignore[attr-defined]
        return function

    return mark
