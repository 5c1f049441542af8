"""What can go wrong with a call, as opposed to with a gradient: a wrong gradient is a result, never an exception.

GradcheckError
├── UsageError            the call makes no sense: unknown name, bad option, bad shape of an argument
│   ├── ShapeError        arrays do not fit together
│   └── NoExerciseError   a file fits no exercise, or more than one
├── ModelError            a model or an exercise is written wrongly
├── ProofError            an equality of a derivation failed its numerical proof
└── OracleError           derivation, finite differences and the reference MLP disagree; nothing is judged by them
"""


class GradcheckError(Exception):
    """Root of every exception gradcheck raises on purpose; its text says what, where and what to try."""


class UsageError(GradcheckError):
    """The call makes no sense; the command exits with 2."""


class ShapeError(UsageError):
    """Arrays do not fit together; the text names both shapes."""


class NoExerciseError(UsageError):
    """A file fits no exercise, or more than one; the text lists the candidates."""


class ModelError(GradcheckError):
    """A model or an exercise is written wrongly; the text names the line of the model."""


class ProofError(GradcheckError):
    """An equality of a derivation failed its numerical proof; the text names the step."""


class OracleError(GradcheckError):
    """The oracles of an exercise disagree, so it does not build; the text names those that do."""
