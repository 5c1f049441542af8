"""The value of a written term on random arrays; derivatives by complex step through the document's own definitions.

`evaluation` dispatches; each other module knows how one kind of term is evaluated, in `known_world`: everything that
has a value, with what depends on what.
"""

from .calls import ANY_LOSS
from .evaluation import Evaluation
from .known_world import ITSELF, Memory, World, dependencies, keys_in
from .work import Work

__all__ = ["ANY_LOSS", "ITSELF", "Evaluation", "Memory", "Work", "World", "dependencies", "keys_in"]
