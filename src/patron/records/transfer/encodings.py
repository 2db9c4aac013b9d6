"""Which encoding a text file is in, proved by decoding all of it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from charset_normalizer import from_bytes

from patron.kernel.text import _
from patron.records.transfer.source import Unreadable

_CHUNK = 1 << 20
_SAMPLE = 32 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: One byte per letter, European; earlier ones win where two read the same.
_LATIN = ("cp1252", "cp1250", "cp1254", "iso8859_15", "iso8859_2", "cp1257", "mac_roman", "cp850")
_OTHERS = ["cp1251", "koi8_r", "cp1253", "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1255", "cp1256", "cp874"]

_C1 = re.compile("[\x80-\x9f]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]{2,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_USUAL = frozenset("äöüßÄÖÜéèêëàâçñáíóúîïôûùåøæÅØÆãõÉÈÀÁÍÓÚÇÑ")
_FREQUENT = frozenset("łńśżźąęćŁŚŻŹŃĄĘĆčřšžěůťďňýČŘŠŽĚŮĎŇÝőűŐŰăâîșțşţđıİğĞŞāēīūģķļņąčęėįšųž")
_SIGNS = frozenset("€£§°²³®©™«»“”„‘’–—…·•½¼¿¡ºª ×")


class Scan(NamedTuple):
    """What decoding a whole file showed: how many lines it has, and whether it holds NUL characters."""

    lines: int
    nul: bool


def detect(path: Path) -> tuple[str, Scan]:
    """The encoding of the file and what decoding all of it showed.

    Byte order marks decide first, then NUL bytes in every other place (UTF-16), then UTF-8, then the likeliest older
    encoding. Raises `Unreadable`, with the line, where a byte fits nowhere; nothing is ever replaced.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), None) or _utf_16(head)
    if marked:
        return marked, scan(path, marked)
    if head.count(0) > 0.05 * len(head):
        raise Unreadable(_("This is not a text file. Choose a CSV or XLSX file."))
    try:
        return "utf-8", scan(path, "utf-8")
    except Unreadable:
        if _mostly_utf_8(path):
            raise
    sample = _telling(path)
    refused: Unreadable | None = None
    for name in _guesses(sample):
        try:
            return name, scan(path, name, controls=name.startswith("iso8859"))
        except Unreadable as problem:
            refused = refused or problem
    raise refused or Unreadable(_("The encoding of this file is unknown. Save it as CSV in UTF-8."))


def scan(path: Path, encoding: str, controls: bool = False) -> Scan:
    """Decode the whole file in constant memory. Raises `Unreadable` naming the line of a byte that cannot be decoded.

    With `controls`, control characters beyond ASCII count as such: encodings that map every byte prove nothing else.
    """
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
    except LookupError as problem:
        raise Unreadable(_("There is no encoding called “%s”.") % encoding) from problem
    feeds = returns = 0
    nul, last = False, ""
    try:
        for chunk in _chunks(path):
            text = decoder.decode(chunk, not chunk)
            if controls and (found := _C1.search(text)):
                raise UnicodeDecodeError(encoding, text.encode(encoding), found.start(), found.end(), "control")
            feeds += text.count("\n")
            returns += text.count("\r")
            nul, last = nul or "\x00" in text, text[-1:] or last
    except UnicodeDecodeError as problem:
        before = problem.object[: problem.start].decode(encoding, "replace")
        line = (feeds + before.count("\n") if feeds or "\n" in before else returns + before.count("\r")) + 1
        raise _undecodable(line, problem, encoding) from problem
    return Scan((feeds or returns) + (last not in ("\n", "\r", "")), nul)


def _undecodable(line: int, problem: UnicodeDecodeError, encoding: str) -> Unreadable:
    message = _(
        "Line %(line)d holds a byte (0x%(byte)02X) that is not %(encoding)s. "
        "Choose another encoding, or save the file as UTF-8."
    )
    return Unreadable(message % {"line": line, "byte": problem.object[problem.start], "encoding": label(encoding)})


def label(encoding: str) -> str:
    """The encoding's name for people."""
    names = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1252": "Windows-1252", "latin_1": "ISO-8859-1"}
    return names.get(encoding, encoding.replace("_", "-").upper())


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces of 1 MB, then an empty piece."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
    yield b""


def _utf_16(head: bytes) -> str | None:
    """UTF-16 without a mark: in text of European languages every other byte is NUL."""
    head = head[: len(head) // 2 * 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) * 0.3 and odd > 8 * even:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) * 0.3 and even > 8 * odd else None


def _mostly_utf_8(path: Path) -> bool:
    """Whether a file that is not UTF-8 throughout is UTF-8 with damage: more letters of it are right than wrong."""
    right = wrong = 0
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        while (text := file.read(_CHUNK)) and right + wrong < _CHUNK:
            bad = len(_ESCAPED.findall(text))
            wrong += bad
            right += len(_BEYOND_ASCII.findall(text)) - bad
    return right > wrong


def _telling(path: Path) -> bytes:
    """Lines with bytes beyond ASCII, 32 KB of them: what an encoding can be told by."""
    found = b""
    for chunk in _chunks(path):
        found += b"".join(line for line in chunk.splitlines(keepends=True) if not line.isascii())
        if len(found) >= _SAMPLE:
            break
    return found[:_SAMPLE]


def _guesses(sample: bytes) -> list[str]:
    """Encodings to try, likeliest first. Letters beyond ASCII stand alone in Latin script, in rows in other scripts."""
    high = len(_HIGH.findall(sample)) or 1
    if sum(map(len, _HIGH_RUN.findall(sample))) > 0.6 * high:
        matches = from_bytes(sample, cp_isolation=_OTHERS, preemptive_behaviour=False)
        return [match.encoding for match in matches] + _by_letters(sample)
    return _by_letters(sample)


def _by_letters(sample: bytes) -> list[str]:
    """The European encodings whose reading looks most like words.

    Where two look alike ("Dvořák" and "Dvoøák"), the one whose letters are frequent in some language.
    """
    readings: dict[str, str] = {}
    for name in _LATIN:
        try:
            readings[name] = sample.decode(name)
        except UnicodeDecodeError:
            readings[name] = sample.decode(name, "ignore") + "\x81"
    scores = {name: _plausible(text) for name, text in readings.items()}
    best = max(scores.values())
    near = [name for name in _LATIN if scores[name] >= best - 0.1]
    if len({readings[name] for name in near}) > 1:
        matches = from_bytes(sample, cp_isolation=near, preemptive_behaviour=False)
        fluency = {_C1.sub("", str(match)): match.coherence for match in matches}
        near.sort(key=lambda name: -round(fluency.get(_C1.sub("", readings[name]), 0.0), 2))
    return near


def _plausible(text: str) -> float:
    """How much the letters beyond ASCII look like part of words, from -2 to 1."""
    total = 0.0
    count = 0
    for match in _BEYOND_ASCII.finditer(text):
        c, at = match[0], match.start()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        count += 1
        if not c.isalpha():
            total += (
                0.8 if c in _SIGNS and not (before.isalpha() and after.isalpha()) else -1.0 if c.isprintable() else -2.0
            )
        elif c.isupper() and before.islower():
            total -= 1.0
        else:
            total += 1.0 if c in _USUAL else 0.95 if c in _FREQUENT else 0.3
    return (total - 2.0 * text.count("\x81")) / max(count, 1)
