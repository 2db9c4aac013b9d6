"""How a column writes its dates and numbers, told from its values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from patron.kernel.parsing import DateOrder, DecimalMark

_FIGURES = re.compile(r"\s*(\d{1,4})\s*([./\- ])\s*(\d{1,2})\s*[./\- ]\s*(\d{1,4})(?=\D|$)", re.ASCII)
_AMOUNT = re.compile(r"[^\d]*?([\d.,'\u2019 \u00a0\u202f]*\d)[^\d]*", re.ASCII)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}", re.ASCII)


class OrderFound(NamedTuple):
    """The order in which a column writes day, month and year.

    `ambiguous` says that the values leave more than one possibility (or contradict each other: `order` is None then);
    with an `order` it is the likelier one, to be confirmed.
    """

    order: DateOrder | None
    ambiguous: bool


def detect_date_order(samples: Iterable[str]) -> OrderFound:
    """The order of dates written in figures. `OrderFound(None, False)` where there are none such.

    A day above 12 proves the order. Without one, figures separated by full stops are taken for day first.
    """
    day_first = month_first = year_first = open_ = stops = 0
    for sample in samples:
        match = _FIGURES.match(sample)
        if not match:
            continue
        first, second = int(match[1]), int(match[3])
        if len(match[1]) == 4:
            year_first += 1
        elif len(match[1]) > 2 or len(match[4]) not in (2, 4):
            continue
        elif first > 12 >= second:
            day_first += 1
        elif second > 12 >= first:
            month_first += 1
        elif first <= 12:
            open_ += 1
            stops += match[2] == "."
    if day_first and month_first:
        return OrderFound(None, True)
    if day_first or month_first:
        return OrderFound("DMY" if day_first else "MDY", False)
    if open_:
        return OrderFound("DMY" if stops == open_ else None, True)
    return OrderFound("YMD" if year_first else None, False)


def detect_decimal_mark(samples: Iterable[str]) -> DecimalMark | None:
    """The decimal mark that the numbers of a column prove; None where they prove none, or both.

    "1.234,5" and "12,5" prove the comma, "1,234.5" and "12.5" the point, "1,234" and "1.234" nothing, but "1.234.567"
    proves that the point separates thousands.
    """
    proofs: set[DecimalMark] = set()
    for sample in samples:
        match = _AMOUNT.fullmatch(sample)
        if match:
            mark = _proof(re.sub(r"[^\d.,]", "", match[1]))
            if mark:
                proofs.add(mark)
    return proofs.pop() if len(proofs) == 1 else None


def _proof(number: str) -> DecimalMark | None:
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return "." if number.rfind(".") > number.rfind(",") else ","
    if points > 1 or commas > 1:
        return "," if points else "."
    if (not points and not commas) or _THOUSANDS.fullmatch(number):
        return None
    return "." if points else ","
