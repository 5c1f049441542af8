"""Values as bytes, between gradcheck and the process that runs a student's file: no pickle, and limits everywhere.

A message is one value: None, bool, int, float, complex, str, bytes, tuple, list, dict with str or int keys, plain
NumPy arrays and scalars of the kinds bool, int, uint, float and complex. It travels as

    prefix   magic, length of the header, length of the body
    header   JSON: {"buffers": [[dtype, shape], ...], "value": tree}
    body     the buffers of the arrays, one after the other

What has no place here (a generator, an object array) travels as its description, an `Opaque`. Both ends check every
length before they allocate: neither trusts the other.
"""

from __future__ import annotations

import json
import math
import os
import struct
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    Buffer = bytes | memoryview
    Tree = Any  # what json.dumps takes
    Path = tuple[str | int, ...]

PREFIX = struct.Struct("<4sIQ")
MAGIC = b"gck1"
MAX_HEADER = 8 << 20  # bytes; 200,000 floats written out fit
MAX_BODY = 256 << 20  # bytes; a 784-4000-4000-10 network in float64 fits
MAX_BUFFERS = 10_000
MAX_ITEMS = 200_000  # numbers, strings and containers in one message
MAX_DEPTH = 32
MAX_NDIM = 32  # NumPy 1's own limit
MAX_TEXT = 1 << 16  # characters of one string
MAX_INT_BITS = 4096  # json refuses integers of more than 4,300 digits
MAX_KEY_BITS = 60  # integers below 2**61 - 1 have hashes of their own: keys cannot be made to collide
SMALL = 1 << 16  # bytes; a message of one pipe's content is written at once
CHUNK = 1 << 20  # bytes; a claimed length is believed one chunk at a time

# Every dtype that may travel, in its little-endian name. long double has another size on each platform: it is rounded.
DTYPES = frozenset(["|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"])
ROUNDED = {"f": "<f8", "c": "<c16"}


class Limits(NamedTuple):
    """How large a message may be, in bytes."""

    header: int = MAX_HEADER
    body: int = MAX_BODY


MOST = Limits()


class WireError(ValueError):
    """The bytes are not a message, or the message breaks a limit."""


class LimitError(WireError):
    """A value is too large, too deep or too long to travel; the text says which, and by how much."""


class Opaque:
    """A value that cannot travel: the name of its type, and what little can be said of it.

    >>> Opaque("generator")
    Opaque('generator', '')
    """

    __slots__ = ("detail", "type")

    def __init__(self, type: str, detail: str = "") -> None:
        self.type = type
        self.detail = detail

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and (self.type, self.detail) == (other.type, other.detail)

    def __hash__(self) -> int:
        return hash((self.type, self.detail))

    def __repr__(self) -> str:
        return f"Opaque({self.type!r}, {self.detail!r})"


class Named(tuple[Any, ...]):
    """A named tuple, with the names of its fields."""

    _fields: tuple[str, ...]

    def __new__(cls, names: list[str], items: list[Any]) -> Named:
        """From the names of its fields and their values."""
        made = super().__new__(cls, items)
        made._fields = tuple(names)
        return made


def type_name(value: object) -> str:
    """Name of the value's type, with its module unless it is a builtin; no code of the type runs."""
    kind = type(value)
    name = str.__str__(type.__dict__["__qualname__"].__get__(kind))
    module = type.__dict__["__module__"].__get__(kind)
    known = type(module) is str and module != "builtins"
    return f"{module}.{name}"[:200] if known else name[:200]


def pack(value: object) -> list[Buffer]:
    """The message that carries a value, in pieces to be written one after the other: large arrays are not copied.

    Raises:
        LimitError: the value is too large to travel.
    """
    encoder = _Encoder()
    tree = encoder.tree(value, 0)
    header = json.dumps({"buffers": encoder.table, "value": tree}, separators=(",", ":")).encode("ascii")
    if len(header) > MAX_HEADER:
        raise LimitError(f"the message's header has {len(header):,} bytes; at most {MAX_HEADER:,} can travel")
    head = PREFIX.pack(MAGIC, len(header), encoder.size) + header
    if encoder.size <= SMALL:
        return [b"".join([head, *encoder.buffers])]
    return [head, *encoder.buffers]


def write(descriptor: int, message: list[Buffer]) -> None:
    """Write a message to a pipe."""
    for piece in message:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def unpack(message: bytes) -> tuple[Any, list[tuple[Path, str]]]:
    """The value that a whole message carries, and the converted arrays in it; see `receive`."""
    view = memoryview(message)
    position = 0

    def read(count: int) -> bytes:
        nonlocal position
        position += count
        return bytes(view[position - count : position])

    received = receive(read)
    if received is None or position != len(message):
        raise WireError("the message is empty, or has bytes left over")
    return received


def receive(read: Callable[[int], bytes], limits: Limits = MOST) -> tuple[Any, list[tuple[Path, str]]] | None:
    """Read one message; None when the stream has ended.

    Args:
        read: gives at most so many bytes; none at the end of the stream.
        limits: what is refused before it is read.

    Returns:
        The value; and for each array in it that was not a plain NumPy array, its place and the name of its type.

    Raises:
        WireError: what arrives is not a message.
    """
    first = read(PREFIX.size)
    if not first:
        return None
    prefix = first + _read_exactly(read, PREFIX.size - len(first))
    magic, header_size, body_size = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise WireError(f"a message begins with {MAGIC!r}, not with {magic!r}")
    if header_size > limits.header or body_size > limits.body:
        raise WireError(f"the message claims {header_size:,} + {body_size:,} bytes, more than may travel")
    table, tree = _header(_read_exactly(read, header_size))
    if sum(_buffer_size(entry) for entry in table) != body_size:
        raise WireError("the message's length is not that of the arrays it announces")
    decoder = _Decoder(table, _read_exactly(read, body_size))
    value = decoder.value(tree, ())
    if decoder.used != len(table):
        raise WireError("the message holds arrays that stand nowhere in its value")
    return value, decoder.converted


def _read_exactly(read: Callable[[int], bytes], count: int) -> bytearray:
    collected = bytearray()
    while len(collected) < count:
        chunk = read(min(CHUNK, count - len(collected)))
        if not chunk:
            raise WireError("the stream ended in the middle of a message")
        collected += chunk
    return collected


def _header(header: bytearray) -> tuple[list[Any], Tree]:
    try:
        parsed = json.loads(header.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise WireError("the message's header is not JSON") from error
    if not isinstance(parsed, dict) or set(parsed) != {"buffers", "value"}:
        raise WireError("the message's header needs the keys buffers and value")
    table = parsed["buffers"]
    if not isinstance(table, list) or len(table) > MAX_BUFFERS:
        raise WireError(f"a message has a list of at most {MAX_BUFFERS:,} arrays")
    return table, parsed["value"]


def _buffer_size(entry: object) -> int:
    """Bytes of one announced array, after every check that can be made before allocating."""
    match entry:
        case [str(name), list(shape)] if name in DTYPES and len(shape) <= MAX_NDIM:
            if all(type(length) is int and 0 <= length <= MAX_BODY for length in shape):
                # Zero lengths count as one: (0, 2**60) is empty, and still too large to be an array.
                extent = int(name[2:]) * math.prod(length or 1 for length in shape)
                if extent <= MAX_BODY:
                    return 0 if 0 in shape else extent
    raise WireError("the message announces an array of unknown dtype or impossible shape")


def _field_names(kind: type) -> list[str]:
    """The fields of a named tuple's type, as plain data of the class; none for a plain tuple."""
    names = next((vars(base)["_fields"] for base in kind.__mro__ if "_fields" in vars(base)), ())
    plain = type(names) is tuple and all(type(name) is str and name.isidentifier() for name in names)
    return list(names) if plain else []


class _Encoder:
    """Turns one value into its tree, collecting the arrays' buffers on the way."""

    def __init__(self) -> None:
        self.table: list[list[Any]] = []
        self.buffers: list[Buffer] = []
        self.size = 0
        self.items = 0

    def tree(self, value: Any, depth: int) -> Tree:
        """The JSON form of a value; only the exact builtin types' own methods run."""
        self.items += 1
        if self.items > MAX_ITEMS:
            raise LimitError(f"the value has more than {MAX_ITEMS:,} elements; return arrays, not nested lists")
        if depth > MAX_DEPTH:
            raise LimitError(f"the value is nested more than {MAX_DEPTH} deep, or contains itself")
        numpy = sys.modules.get("numpy")  # what is not imported has made no arrays
        if numpy is not None and issubclass(type(value), (numpy.ndarray, numpy.generic)):
            return self._array(numpy, value, depth)
        if issubclass(type(value), (tuple, list, dict)):
            return self._container(value, depth + 1)
        return self._plain(value)

    def _plain(self, value: Any) -> Tree:
        kind = type(value)
        if issubclass(kind, str):
            return self._text(str.__str__(value))
        if issubclass(kind, (bytes, bytearray)):
            data = bytes(memoryview(value))
            return {"bytes": self._buffer("|u1", (len(data),), data)}
        if issubclass(kind, (int, float, complex)):
            return self._builtin_number(value)
        if value is None:
            return None
        opaque = value if kind is Opaque else Opaque(type_name(value))
        return {"opaque": [opaque.type, opaque.detail]}

    def _builtin_number(self, value: Any) -> Tree:
        kind = type(value)
        if kind is bool:
            return value
        if issubclass(kind, int):
            return self._integer(int.__int__(value))
        if issubclass(kind, float):
            return float.__float__(value)
        exact = complex.__complex__(value)
        return {"complex": [exact.real, exact.imag]}

    def _text(self, text: str) -> Tree:
        return text if len(text) <= MAX_TEXT else {"opaque": ["str", f"{len(text):,} characters"]}

    def _integer(self, integer: int) -> Tree:
        bits = integer.bit_length()
        return integer if bits <= MAX_INT_BITS else {"opaque": ["int", f"{bits:,} bits"]}

    def _container(self, value: Any, depth: int) -> Tree:
        kind = type(value)
        if issubclass(kind, tuple) and (names := _field_names(kind)):
            return {"named": [names, [self.tree(item, depth) for item in tuple.__iter__(value)]]}
        if issubclass(kind, tuple):
            return {"tuple": [self.tree(item, depth) for item in tuple.__iter__(value)]}
        if issubclass(kind, list):
            return [self.tree(item, depth) for item in list.__iter__(value)]
        pairs = [(self._key(key), item) for key, item in dict.items(value)]
        if any(key is None for key, _ in pairs):
            return {"opaque": [type_name(value), "keys that are neither text nor integers"]}
        return {"dict": [[key, self.tree(item, depth)] for key, item in pairs]}

    def _key(self, key: Any) -> str | int | None:
        if issubclass(type(key), str):
            text = str.__str__(key)
            return text if len(text) <= MAX_TEXT else None
        numpy = sys.modules.get("numpy")
        if numpy is not None and issubclass(type(key), numpy.integer):
            return int(key)
        is_int = type(key) is int and key.bit_length() <= MAX_KEY_BITS
        return key if is_int else None

    def _array(self, numpy: Any, value: Any, depth: int) -> Tree:
        array = numpy.asarray(value)  # a plain ndarray: no method of a subclass runs
        if array.dtype.kind == "O":
            return self.tree(array.tolist(), depth + 1)  # np.vectorize and frompyfunc make such arrays of numbers
        if issubclass(type(value), numpy.str_):
            return self._text(str.__str__(value))
        name = str(array.dtype.newbyteorder("<").str)
        was = "" if type(value) in (numpy.ndarray, array.dtype.type) else type_name(value)
        if name not in DTYPES and array.dtype.kind in ROUNDED:
            was = was or f"numpy.{array.dtype.name}"
            name = ROUNDED[array.dtype.kind]
        if name not in DTYPES:
            return {"opaque": [type_name(value), f"dtype {array.dtype}, shape {array.shape}"]}
        if issubclass(type(value), numpy.generic):
            return {"scalar": [name, self._number(array.astype(name).item()), was]}
        self._check_size(array.size * int(name[2:]), array.shape)
        flat = numpy.ascontiguousarray(array, name).reshape(-1)
        return {"array": [self._buffer(name, array.shape, memoryview(flat.view(numpy.uint8))), was]}

    def _number(self, number: complex) -> Tree:
        return [number.real, number.imag] if isinstance(number, complex) else number

    def _check_size(self, size: int, shape: tuple[int, ...]) -> None:
        if self.size + size > MAX_BODY or max(shape, default=0) > MAX_BODY or len(shape) > MAX_NDIM:
            raise LimitError(f"an array of shape {shape} needs {size:,} bytes; at most {MAX_BODY:,} can travel")

    def _buffer(self, name: str, shape: tuple[int, ...], data: Buffer) -> int:
        self._check_size(len(data), shape)
        if len(self.table) == MAX_BUFFERS:
            raise LimitError(f"the value has more than {MAX_BUFFERS:,} arrays")
        self.table.append([name, list(shape)])
        self.buffers.append(data)
        self.size += len(data)
        return len(self.table) - 1


class _Decoder:
    """Turns a tree back into its value; each array is used once, in order, so nothing can be multiplied."""

    def __init__(self, table: list[Any], body: bytearray) -> None:
        self.table = table
        self.body = memoryview(body)
        self.used = 0
        self.offset = 0
        self.items = 0
        self.converted: list[tuple[Path, str]] = []

    def value(self, tree: Tree, path: Path) -> Any:
        """The value of one node; `path` is its place in the message's value."""
        self.items += 1
        if self.items > MAX_ITEMS or len(path) > MAX_DEPTH:
            raise WireError("the message's value is too large or too deep")
        kind = type(tree)
        if tree is None or kind is float or kind is str or kind is bool:
            return tree
        if kind is int and tree.bit_length() <= MAX_INT_BITS:
            return tree
        if kind is list:
            return [self.value(item, (*path, place)) for place, item in enumerate(tree)]
        if kind is dict and len(tree) == 1:
            ((tag, content),) = tree.items()
            if tag == "dict" and type(content) is list:
                return dict(self._pair(pair, path) for pair in content)
            return self._leaf(tag, content, path)
        raise WireError("the message's value holds something of unknown form")

    def _pair(self, pair: Tree, path: Path) -> tuple[str | int, Any]:
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) not in (str, int):
            raise WireError("a dict in the message needs pairs of a text or integer key and a value")
        if type(pair[0]) is int and pair[0].bit_length() > MAX_KEY_BITS:
            raise WireError("a dict in the message has a key of too many digits")
        return pair[0], self.value(pair[1], (*path, pair[0]))

    def _leaf(self, tag: str, content: Tree, path: Path) -> Any:
        match tag, content:
            case "tuple", list():
                return tuple(self.value(content, path))
            case "named", [list(names), list(items)] if len(names) == len(items) and all(type(n) is str for n in names):
                return Named(names, self.value(items, path))
            case "array", [int(place), str(was)]:
                self._note(path, was)
                return self._array(place)
            case "scalar", [str(name), number, str(was)] if name in DTYPES:
                self._note(path, was)
                return _scalar(name, number)
            case "complex", [float(real), float(imaginary)]:
                return complex(real, imaginary)
            case "bytes", int(place):
                return bytes(self._data(place, "|u1"))
            case "opaque", [str(kind), str(detail)]:
                return Opaque(kind, detail)
        raise WireError("the message's value holds something of unknown form")

    def _note(self, path: Path, was: str) -> None:
        if was:
            self.converted.append((path, was))

    def _data(self, place: int, *names: str) -> memoryview:
        if place != self.used or type(place) is bool or place >= len(self.table):
            raise WireError("the arrays of a message must be used once each, in order")
        if names and self.table[place][0] not in names:
            raise WireError("the message's value holds bytes that are no bytes")
        start, self.offset = self.offset, self.offset + _buffer_size(self.table[place])
        self.used += 1
        return self.body[start : self.offset]

    def _array(self, place: int) -> Any:
        import numpy as np  # noqa: PLC0415 - the parent decodes the first answers before it has imported NumPy

        data = self._data(place)
        name, shape = self.table[place]
        if name == "|b1":
            return (np.frombuffer(data, np.uint8) != 0).reshape(shape)  # a byte other than 0 and 1 is no bool
        dtype = np.dtype(name)
        return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def _scalar(name: str, number: Tree) -> Any:
    import numpy as np  # noqa: PLC0415 - as above

    kind = name[1]
    match number:
        case bool() if kind == "b":
            pass
        case int() if kind in "iu" and type(number) is int:
            limits = np.iinfo(name)
            if not limits.min <= number <= limits.max:
                raise WireError("the message holds an integer outside its dtype")
        case float() if kind == "f":
            pass
        case [float(real), float(imaginary)] if kind == "c":
            number = complex(real, imaginary)
        case _:
            raise WireError("the message holds a number that does not fit its dtype")
    with np.errstate(all="ignore"):
        return np.dtype(name).newbyteorder("=").type(number)
