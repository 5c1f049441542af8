"""Python 2 is recognised, and converted without moving a line."""

import ast
import subprocess
import sys

import pytest

from checkers.errors import UsageError
from gradcheck import python2

OLD = [
    ('print "loss", x', "print without brackets"),
    ("print x,", "print without brackets"),
    ("print >>sys.stderr, x if y else", "print without brackets"),
    ("if x: print 'a'", "print without brackets"),
    ("try:\n    pass\nexcept (ValueError, TypeError), e:\n    pass", "a comma after except"),
    ("try:\n    pass\nexcept ValueError, e:\n    pass", "a comma after except"),
    ('raise ValueError, "bad"', "a comma after raise"),
    ("if a <> b: pass", "<> for !="),
    ("x = `y`", "backticks for repr"),
    ('exec "x = 1"', "exec without brackets"),
    ('x = ur"a"', "a string that begins with ur"),
    ("x = 0777", "an octal number that begins with 0"),
    ("x = 10L", "a long number with L"),
    ("def f(a, (b, c)): pass", "brackets among the parameters"),
    ("if x:\n        y\n\tz", "tabs and spaces mixed"),
]


@pytest.mark.parametrize(("text", "meaning"), OLD, ids=[text for text, _ in OLD])
def test_python_2_is_named(text, meaning):
    line, message = python2.complaint(f"import sys\n{text}\n")
    assert message == f"is Python 2 ({meaning})"
    assert 2 <= line <= 4


@pytest.mark.parametrize(
    "text",
    ["print(x)", "x = (1", "x = '<>' +", "def f(:", "y = x y  # `", "print(x) y", "x = 1\0", "(" * 500],
)
def test_other_errors_are_not_called_python_2(text):
    assert python2.complaint(text) is None


def test_without_fissix_the_message_says_how_to_install_it():
    script = """
import sys
sys.modules["fissix"] = None
from gradcheck import python2
from checkers.errors import UsageError
try:
    python2.converted("print x")
except UsageError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "Converting Python 2 needs fissix: pip install 'gradcheck[python2]'."


@pytest.fixture
def converted():
    pytest.importorskip("fissix")
    return python2.converted


def test_a_text_is_converted_line_for_line(converted):
    old = '''# -*- coding: utf-8 -*-
from itertools import izip
def f(x, d):
    """Größe"""
    print "a %d" % x, \\
        x,
    print >>sys.stderr, "hi"
    print
    for k, v in d.iteritems():
        if k <> v and d.has_key(k): print `k`
    for a, b in izip(x, x):
        n = 0777 + 10L
    try:
        exec "a = 1" in d
    except ValueError, e:
        raise ValueError, "bad"
    for i in xrange(3): pass
    return ur"a", reduce(f, map(f, x))'''
    new = converted(old)
    ast.parse(new)
    assert new.split("\n") == [
        "# -*- coding: utf-8 -*-",
        "",
        "def f(x, d):",
        '    """Größe"""',
        '    print("a %d" % x, \\',
        "        x, end=' ')",
        '    print("hi", file=sys.stderr)',
        "    print()",
        "    for k, v in d.items():",
        "        if k != v and k in d: print(repr(k))",
        "    for a, b in zip(x, x):",
        "        n = 0o777 + 10",
        "    try:",
        '        exec("a = 1", d)',
        "    except ValueError as e:",
        '        raise ValueError("bad")',
        "    for i in range(3): pass",
        '    return r"a", reduce(f, list(map(f, x)))',
    ]


@pytest.mark.parametrize(
    "text", ["print(x, end='')\nd.iteritems()\n", "from __future__ import print_function\nprint(x, y)\n"]
)
def test_print_may_be_a_function_already(converted, text):
    assert converted(text) == text.replace("d.iteritems()", "iter(d.items())")


def test_tabs_reach_to_the_next_multiple_of_8(converted):
    assert converted("if x:\n        print y\n\tprint z\n") == "if x:\n        print(y)\n        print(z)\n"


@pytest.mark.parametrize("text", ["def f(:\n", "print x\nprint(x, end='')\n", "x = (\n"])
def test_what_is_no_python_2_either_is_refused(converted, text):
    with pytest.raises(UsageError, match="no Python 2"):
        converted(text)


SHAPES = """
def f(x, w, conv_param, batch=10):
    N, C, H, W = x.shape
    HH, n = w.shape[2], len(x)
    stride = conv_param['stride']
    out = 1 + (H + 2 * conv_param["pad"] - HH) / stride
    half = n / 2
    n /= 2
    for i in xrange(N):
        j = i / (  # a / in a comment
            2)
    rate = 1.0
    rate = N
"""
WHOLE = ['(H + 2 * conv_param["pad"] - HH) // stride', "half = n // 2", "n //= 2", "j = i // (  # a / in"]


def test_whole_numbers_are_divided_as_python_2_did(converted):
    new = converted(SHAPES + "    return x / n, rate / 2, batch / 2, x.sum() / N, 1 / 2.0, n ** 2 / 2\n")
    for text in WHOLE:
        assert text in new
    assert new.endswith("return x / n, rate / 2, batch / 2, x.sum() / N, 1 / 2.0, n ** 2 / 2\n")
    ast.parse(new)


def test_true_division_stays_where_it_was_asked_for(converted):
    text = "from __future__ import division\nx = 1 / 2\n"
    assert converted(text) == text
    assert converted("x = 1 / 2 / 3\n") == "x = 1 // 2 // 3\n"


def test_a_name_bound_in_another_way_too_is_no_whole_number(converted):
    text = "def f(x):\n    n = len(x)\n    for n in x: pass\n    with x as m: m = 1\n    return n / 2, m / 2\n"
    assert converted(text) == text
