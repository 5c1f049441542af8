"""The wire carries values exactly, and refuses whatever is too large, too deep or not a message."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from checkers.student import wire
from checkers.student.wire import LimitError, Opaque, WireError, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

dtypes = st.sampled_from(sorted(wire.DTYPES)).map(np.dtype)
arrays = hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
scalars = dtypes.flatmap(hnp.from_dtype)
numbers = st.one_of(st.booleans(), st.integers(), st.floats(), st.complex_numbers())
leaves = st.one_of(st.none(), numbers, st.text(), st.binary(max_size=20), arrays, scalars)
keys = st.text(max_size=5) | st.integers(-(2**60) + 1, 2**60 - 1)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Equal in type, dtype and every bit, so that NaN equals NaN and 0.0 differs from -0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return (one.shape, one.dtype) == (other.shape, other.dtype) and one.tobytes() == other.tobytes()
    if isinstance(one, (float, complex, np.generic)):
        return np.isnan(one).all() == np.isnan(other).all() and (repr(one) == repr(other))
    return bool(one == other)


def message(value: Any) -> bytes:
    return b"".join(pack(value))


def frame(header: Any, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return wire.PREFIX.pack(wire.MAGIC, len(text), len(body)) + text + body


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@given(values)
@example({"dW": np.array([[np.nan, -0.0]]), 1: (np.float32(0.1), "\ud800", None)})
def test_every_value_comes_back_as_it_left(value: Any) -> None:
    assert same(unpack(message(value))[0], value)


@given(arrays)
def test_arrays_that_arrive_are_writable_and_own_their_memory(array: np.ndarray[Any, Any]) -> None:
    arrived = unpack(message(array))[0]
    assert arrived.flags.writeable
    assert not np.shares_memory(arrived, array)


@pytest.mark.parametrize(
    "array",
    [np.arange(6.0).reshape(2, 3).T, np.arange(6.0)[::-2], np.broadcast_to(1.5, (3, 2)), np.arange(3, dtype=">f8")],
    ids=["transposed", "reversed", "broadcast", "big-endian"],
)
def test_memory_layout_does_not_travel_but_the_numbers_do(array: np.ndarray[Any, Any]) -> None:
    arrived = unpack(message(array))[0]
    assert arrived.dtype == np.float64
    assert arrived.tolist() == array.tolist()


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (np.ma.masked_array([1.0, 2.0], [True, False]), "numpy.ma.MaskedArray"),
        (np.array([1.0, 2.0]).view(np.recarray), "numpy.rec.recarray"),
        (np.array([1.0, 2.0], dtype=np.longdouble), f"numpy.{np.dtype(np.longdouble).name}"),
    ],
    ids=["masked", "recarray", "long double"],
)
def test_other_arrays_become_plain_and_say_what_they_were(value: Any, name: str) -> None:
    arrived, converted = unpack(message({"value": [value]}))
    assert type(arrived["value"][0]) is np.ndarray
    assert arrived["value"][0].tolist() == [1.0, 2.0]
    if np.dtype(np.longdouble) != np.float64 or "float" not in name:
        assert [path for path, _ in converted] == [("value", 0)]
        assert name.rpartition(".")[2] in converted[0][1]


class Gradients(NamedTuple):
    dw: Any
    db: Any


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (iter([]), "list_iterator"),
        (np.array(["a"]), "numpy.ndarray"),
        (np.datetime64("2020-01-01"), "numpy.datetime64"),
        ({(1, 2): 3}, "dict"),
        ({1.5: 3}, "dict"),
        (1 << 5000, "int"),
        ("a" * (wire.MAX_TEXT + 1), "str"),
        (same, "function"),
    ],
    ids=["iterator", "strings", "date", "tuple key", "float key", "huge int", "long text", "function"],
)
def test_what_cannot_travel_arrives_as_a_description(value: Any, name: str) -> None:
    arrived = unpack(message([value]))[0][0]
    assert isinstance(arrived, Opaque)
    assert name in arrived.type


def test_an_array_of_objects_arrives_as_a_list_of_them() -> None:
    assert unpack(message([np.array([1.5, None], dtype=object)]))[0][0] == [1.5, None]


def test_a_named_tuple_arrives_with_the_names_of_its_fields() -> None:
    arrived = unpack(message([Gradients(db=np.ones(2), dw=1.0)]))[0][0]
    assert arrived._fields == ("dw", "db")
    assert arrived[0] == 1.0


def recursive_list() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: np.broadcast_to(1.0, (1 << 40,)), "needs 8,796,093,022,208 bytes"),
        (lambda: [np.broadcast_to(1.0, (20_000_000,))] * 2, "needs 160,000,000 bytes"),
        (lambda: np.empty((0, 1 << 40)), "shape"),
        (lambda: [np.zeros(1)] * (wire.MAX_BUFFERS + 1), "more than 10,000 arrays"),
        (lambda: [0] * (wire.MAX_ITEMS + 1), "more than 200,000 elements"),
        (lambda: nested(wire.MAX_DEPTH + 1), "nested more than 32 deep"),
        (recursive_list, "contains itself"),
        (lambda: ["é" * wire.MAX_TEXT] * 30, "header has"),
    ],
    ids=["huge", "huge together", "empty but huge", "many arrays", "many numbers", "deep", "recursive", "much text"],
)
def test_a_value_beyond_the_limits_is_refused_before_memory_is_taken(make: Callable[[], Any], complaint: str) -> None:
    value = make()
    with pytest.raises(LimitError, match=complaint):
        pack(value)


@given(values, st.data())
def test_a_cut_message_is_refused(value: Any, data: st.DataObject) -> None:
    whole = message(value)
    length = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(WireError):
        unpack(whole[:length])


@given(values, st.data())
@settings(max_examples=200)
def test_a_corrupted_message_is_refused_or_still_a_value(value: Any, data: st.DataObject) -> None:
    corrupted = bytearray(message(value))
    for _ in range(data.draw(st.integers(1, 4))):
        corrupted[data.draw(st.integers(0, len(corrupted) - 1))] = data.draw(st.integers(0, 255))
    try:
        unpack(bytes(corrupted))
    except WireError:
        return


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(WireError):
        unpack(noise)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(["<f8"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["array", "scalar", "tuple", "dict", "bytes", "complex", "opaque"]), inner, max_size=2
        ),
    ),
    max_leaves=10,
)


@given(json_values, json_values, st.binary(max_size=16))
@settings(max_examples=200)
def test_any_json_in_a_header_gives_a_value_or_a_wire_error(table: Any, tree: Any, body: bytes) -> None:
    try:
        unpack(frame({"buffers": table, "value": tree}, body))
    except WireError:
        return


@pytest.mark.parametrize(
    "forged",
    [
        wire.PREFIX.pack(wire.MAGIC, 0xFFFFFFFF, 0),
        wire.PREFIX.pack(wire.MAGIC, 100, 1 << 60),
        wire.PREFIX.pack(wire.MAGIC, wire.MAX_HEADER, wire.MAX_BODY),
        frame({"buffers": [["<f8", [1 << 62]]], "value": None}),
        frame({"buffers": [["<f8", [1 << 20, 1 << 20]]], "value": None}),
        frame({"buffers": [["<f8", [0, 1 << 27, 1 << 27]]], "value": {"array": [0, ""]}}),
        frame({"buffers": [["<f8", [-1]]], "value": None}),
        frame({"buffers": [["|O", [1]]], "value": {"array": [0, ""]}}, bytes(8)),
        frame({"buffers": [["<f8", [1]]], "value": [{"array": [0, ""]}] * 2}, bytes(8)),
        frame({"buffers": [["<f8", [1]]], "value": None}, bytes(8)),
        frame({"buffers": [["<f8", [1]]], "value": {"array": [True, ""]}}, bytes(8)),
        frame({"buffers": [], "value": {"array": [0, ""]}}),
        frame({"buffers": [], "value": {"scalar": ["|i1", 300, ""]}}),
        frame({"buffers": [], "value": {"dict": [[[], 1]]}}),
        frame(b'{"buffers": [], "value": ' + b"9" * 5000 + b"}"),
        frame(b"[" * 1_000_000),
        frame(b'{"buffers": [], "value": ' + b"[" * 500 + b"]" * 500 + b"}"),
        frame(b"\xff\xfe"),
    ],
    ids=lambda forged: repr(forged[16:50])[:40],
)
def test_forged_messages_are_refused_without_a_large_allocation(forged: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            unpack(forged)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20 << 20


def test_a_claimed_length_is_not_allocated_before_it_arrives() -> None:
    header = json.dumps({"buffers": [["|u1", [wire.MAX_BODY]]], "value": {"array": [0, ""]}}).encode()
    test_forged_messages_are_refused_without_a_large_allocation(
        wire.PREFIX.pack(wire.MAGIC, len(header), wire.MAX_BODY) + header + bytes(1000)
    )


def test_a_forged_bool_becomes_a_true_bool() -> None:
    arrived = unpack(frame({"buffers": [["|b1", [2]]], "value": {"array": [0, ""]}}, b"\x02\x00"))[0]
    assert arrived.view(np.uint8).tolist() == [1, 0]


def test_no_method_of_a_subclass_runs() -> None:
    class LyingArray(np.ndarray):
        def __array_function__(self, *_: Any) -> Any:
            raise AssertionError("asked")

        __array_ufunc__ = __array__ = __reduce__ = tobytes = astype = __array_function__  # type: ignore[assignment]

    class LyingDict(dict[str, float]):
        def items(self) -> Any:
            raise AssertionError("asked")

        __len__ = __iter__ = items

    class LyingText(str):
        __slots__ = ()

        def __str__(self) -> str:
            raise AssertionError("asked")

        __len__ = __getitem__ = encode = __str__  # type: ignore[assignment]

    value = {"array": np.ones(2).view(LyingArray), "dict": LyingDict(a=1.0), "text": LyingText("plain")}
    arrived, converted = unpack(message(value))
    assert arrived["array"].tolist() == [1.0, 1.0]
    assert arrived["dict"] == {"a": 1.0}
    assert arrived["text"] == "plain"
    assert converted[0][0] == ("array",)
    assert "LyingArray" in converted[0][1]
