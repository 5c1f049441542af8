"""Names that are safe as files' names on all systems, and unique; and hostile ones made fit to be shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 80
"""Characters of a submission's name."""

# A file's name may have 255 bytes; ".html", and what a file is called until it is whole, come on top.
_LONGEST_BYTES = 200

# "con.txt" is the console too: what counts is what stands before the first dot.
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{d}{n}" for d in ("com", "lpt") for n in "0123456789¹²³"
}


def is_device(name: str) -> bool:
    """Is it a device for Windows, whatever its extension?

    >>> is_device("aux.py"), is_device("auxiliary.py")
    (True, False)
    """
    return name.partition(".")[0].rstrip(" ").lower() in _DEVICES


def shown(name: str, longest: int = LONGEST) -> str:
    r"""A name or text by anyone as it may be printed: control characters as escapes, and not too long.

    >>> print(shown("a\x1b[31m.py"))
    a\x1b[31m.py
    """
    if len(name) > longest:
        name = f"{name[: longest - 23]}...{name[-20:]}"
    return "".join(map(_shown_sign, name))


def _shown_sign(sign: str) -> str:
    if unicodedata.category(sign) == "Zs":
        return " "
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")


# They turn the order of what follows, so that "gnp.py" is shown as "yp.png". The joiners of Persian and Hindi are none.
_TURNS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def has_controls(name: str) -> bool:
    """Does it hold control characters, line separators, or signs that turn the order of letters?"""
    return any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or ord(sign) in _TURNS for sign in name)


def displayed(name: str) -> str:
    """A person's name without what cannot be seen.

    >>> displayed(" Jane\x1b\u3000Doe ")
    'Jane Doe'
    """
    visible = (" " if unicodedata.category(sign) == "Zs" else sign for sign in name[: 10 * LONGEST])
    return "".join(sign for sign in visible if sign.isprintable()).strip()


def safe(name: str) -> str:
    """A name as close to this one as is safe for a file on every system.

    Letters, digits, marks, "-", "_", "." and single spaces stay; at most 80 characters; never empty, hidden, a device
    of Windows, or "." and "..".

    >>> safe("../../etc/passwd"), safe("Doe, Jane"), safe("aux"), safe("..")
    ('_.._etc_passwd', 'Doe_ Jane', '_aux', 'unnamed')
    """
    visible = "".join(_safe_sign(sign) for sign in name[: 10 * LONGEST])
    text = re.sub(r" +", " ", re.sub(r"_{2,}", "_", unicodedata.normalize("NFC", visible)))
    # No leading dot (hidden), dash (an option) or space; no trailing dot or space (Windows drops them).
    text = text.lstrip(".- ")
    text = _cut(f"_{text}" if is_device(text) else text).rstrip(". ")
    return text if text.strip("_") else "unnamed"


def _safe_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category[0] == "C":
        return ""
    if category == "Zs":
        return " "
    return sign if category[0] in "LMN" or sign in "-_." else "_"


def _cut(text: str, longest: int = LONGEST) -> str:
    text = text[:longest]
    return text.encode()[:_LONGEST_BYTES].decode(errors="ignore")


def alike(name: str) -> str:
    """What two names share that a system may take for one: macOS and Windows ignore case and ways to write accents."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def unique(names: Iterable[str]) -> list[str]:
    """Safe names, all different, also where case does not count; the first of several alike keeps its name.

    >>> unique(["doejane", "DoeJane", "doejane-2"])
    ['doejane', 'DoeJane-3', 'doejane-2']
    """
    wanted = [safe(name) for name in names]
    taken: set[str] = set()
    own = {alike(name) for name in wanted}
    counts: dict[str, int] = {}
    result = []
    for name in wanted:
        key = alike(name)
        free = name
        while alike(free) in taken or (free != name and alike(free) in own):
            counts[key] = counts.get(key, 1) + 1
            suffix = f"-{counts[key]}"
            free = _cut(name, LONGEST - len(suffix)).encode()[: _LONGEST_BYTES - len(suffix)].decode(errors="ignore")
            free = free.rstrip(". ") + suffix
        taken.add(alike(free))
        result.append(free)
    return result
