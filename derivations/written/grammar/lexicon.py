"""The words and macros of mathematics that the grammar knows: accents, fonts, functions, Greek letters, signs."""

from __future__ import annotations

from ..terms import Times

ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar",
    "vec": "", "dot": "dot", "check": "check", "overrightarrow": "", "breve": "breve", "ddot": "ddot",
}  # fmt: skip
FONTS = {
    "mathbf": "bold", "boldsymbol": "bold", "bm": "bold", "bf": "bold", "mathbb": "blackboard", "mathcal": "",
    "mathscr": "", "mathfrak": "", "pmb": "bold", "mathbfit": "bold", "symbf": "bold", "mathds": "blackboard",
    "Bbb": "blackboard", "mathbbm": "blackboard", "cal": "", "vect": "bold", "mathnormal": "", "bbold": "blackboard",
}  # fmt: skip
FUNCTIONS = {
    "exp", "log", "ln", "tanh", "sinh", "cosh", "sin", "cos", "max", "min", "softmax", "sigmoid", "relu", "softplus",
    "sign", "sgn", "tr", "trace", "diag", "sqrt", "logistic", "abs", "heaviside", "logcosh", "huber", "sigm", "lg",
    "step", "elu", "id", "leakyrelu", "onehot", "sum", "mean", "det", "rank", "logsumexp", "lse", "sech",
    "erf",
}  # fmt: skip
PREFIXED = {
    "exp", "log", "ln", "tanh", "sinh", "cosh", "sin", "cos", "tr", "trace", "diag", "lg", "sgn", "sign", "sech",
}  # fmt: skip
"""Functions whose argument may stand without brackets."""
TYPED_WORDS = (
    "softmax", "sigmoid", "softplus", "params", "parameters", "logits", "scores", "score", "loss", "cost", "relu",
    "ReLU", "tanh", "exp", "log", "ln", "diag", "max", "min", "trace", "sign", "sgn", "MSE", "RSS", "SSE", "NLL",
    "BCE", "error", "grad", "tr", "input", "output", "hidden", "total", "logistic", "sum",
)  # fmt: skip
"""Words that are typed without a backslash, letter by letter."""
GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell", "imath", "jmath",
    "varsigma", "hbar", "Re",
}  # fmt: skip
SAME_LETTER = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "ell": "l", "varsigma": "sigma"}
TOTALS = {"sum": "sum", "prod": "prod", "max": "max"}
TRANSPOSES = {"T", "top", "intercal", "transpose", "tran", "t", "trans", "dagger"}
LABELS = {
    "new", "old", "out", "max", "min", "tot", "total", "train", "test", "val", "reg", "data", "batch", "pred", "true",
    "opt", "hid", "hidden", "input", "output", "MSE", "BCE", "NLL", "ReLU", "relu", "next", "prev", "avg", "mean",
    "obs", "init", "soft", "softmax", "loss", "final", "ridge", "lasso", "OLS", "MLE", "MAP", "ML", "CE", "RSS", "SSE",
}  # fmt: skip
"""Words that stand as sub- or superscripts without text macros; two letters only in capitals, since ij are indices."""
TIMES = {
    "cdot": Times.DOT, "times": Times.CROSS, "odot": Times.HADAMARD, "circ": Times.HADAMARD, "ast": Times.STAR,
    "oslash": Times.DIVIDED, "otimes": Times.OUTER, "bullet": Times.DOT, "star": Times.STAR, "cdotp": Times.DOT,
}  # fmt: skip
DOTS = {"ldots", "cdots", "dots", "vdots", "ddots", "dotsc", "dotsb", "dotso", "dotsm", "hdots", "mathellipsis"}
CASES = {"cases", "dcases", "rcases", "numcases"}
MATRICES = {"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "psmallmatrix"}
FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac"}
RELATIONS = {
    "neq": "ne", "ne": "ne", "lt": "<", "gt": ">", "le": "le", "leq": "le", "ge": "ge", "geq": "ge", "equiv": "=",
    "leqslant": "le", "geqslant": "ge", "not": "ne", "in": "in",
}  # fmt: skip
"""Relations in a condition, and how a `Condition` spells them."""

NEVER_CALLED = {
    "delta", "lambda", "alpha", "eta", "epsilon", "beta", "gamma", "theta", "w", "W", "x", "X", "b", "n", "N", "m",
    "t", "e",
}  # fmt: skip
"""Letters before brackets that are factors: a rate, a weight, a size, an error signal."""
