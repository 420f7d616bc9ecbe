"""Exact numbers, and how far two of them may be apart and still be called equal.

Files carry decimals of at most 9 places, and solvers keep a constraint to 1e-6 or so. Hence

- quantities agree within 1e-6 + 1e-9 of the greater: a millionth of a unit is no unit, and the relative part is the
  double arithmetic (about 16 digits, some lost in sums) of whoever wrote a quantity of millions;
- money agrees within 1e-6 of the greater, a cent in ten thousand. The absolute part, 1e-8, is the rounding of a few
  amounts to 9 places. Where an amount prices a quantity that is itself a difference (what is short, what is above a
  limit) and may be off by the tolerance above, it may be off by that times its rate: the `slack`.

Nothing else is forgiven: integers, dates and ids must be right to the letter.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache

ZERO = Fraction(0)
QUANTITY_ABSOLUTE = Fraction(1, 10**6)
QUANTITY_RELATIVE = Fraction(1, 10**9)
MONEY_ABSOLUTE = Fraction(1, 10**8)
MONEY_RELATIVE = Fraction(1, 10**6)

_PARTS_OF_A_UNIT, _PARTS_OF_MONEY = QUANTITY_ABSOLUTE.denominator, MONEY_ABSOLUTE.denominator
_PLAIN_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@lru_cache(maxsize=2**17)
def decimal(text: str) -> Fraction:
    """The number that a plain decimal writes.

    Raises:
        ValueError: it is something else: empty, with an exponent, a thousands separator, infinite.
    """
    if not _PLAIN_DECIMAL.fullmatch(text):
        raise ValueError("a plain decimal number")
    return Fraction(text) or ZERO  # one nothing, so that `is ZERO` tells most of them


def decimal_total(counts: Mapping[str, int]) -> Fraction:
    """The exact sum of decimals, each as often as it is counted; nothing for an empty text.

    Raises:
        ValueError: a text is something else than a plain decimal.
    """
    by_places: dict[int, int] = defaultdict(int)
    for text, count in counts.items():
        if text:
            if not _PLAIN_DECIMAL.fullmatch(text):
                raise ValueError("a plain decimal number")
            whole, _, places = text.partition(".")
            by_places[len(places)] += int(whole + places) * count
    return sum((Fraction(units, 10**places) for places, units in by_places.items()), ZERO)


def setting(value: object) -> Fraction:
    """The number that stands in a TOML file: 0.1 is one tenth, not the double next to it."""
    return Fraction(str(value))


def total(numbers: Iterable[Fraction]) -> Fraction:
    """The exact sum. Of many decimals few have different denominators: numerators are added, fractions hardly ever."""
    numerators: dict[int, int] = {}
    for number in numbers:
        if number is not ZERO:
            denominator = number.denominator
            numerators[denominator] = numerators.get(denominator, 0) + number.numerator
    return sum((Fraction(numerator, denominator) for denominator, numerator in numerators.items()), ZERO) or ZERO


def balanced(came: Iterable[Fraction], left: Iterable[Fraction]) -> bool:
    """Whether two sums of a few quantities differ by a millionth of a unit at most, in whole numbers."""
    numerator, denominator = 0, 1
    for sign, numbers in ((1, came), (-1, left)):
        for number in numbers:
            if number is not ZERO:
                of = number.denominator
                if of == denominator:
                    numerator += sign * number.numerator
                else:
                    numerator = numerator * of + sign * number.numerator * denominator
                    denominator *= of
    return abs(numerator) * _PARTS_OF_A_UNIT <= denominator


def same_quantity(a: Fraction, b: Fraction) -> bool:
    """Whether two quantities are equal within the tolerance."""
    return a is b or _differ_by_less(a, b, _PARTS_OF_A_UNIT) or abs(a - b) <= _quantity_tolerance(a, b)


def at_most(a: Fraction, b: Fraction) -> bool:
    """Whether quantity `a` is at most `b`, within the tolerance."""
    return a <= b or a - b <= _quantity_tolerance(a, b)


def same_money(a: Fraction, b: Fraction, slack: Fraction = ZERO) -> bool:
    """Whether two amounts are equal within the tolerance and `slack`."""
    return a is b or _differ_by_less(a, b, _PARTS_OF_MONEY) or abs(a - b) <= _money_tolerance(a, b) + slack


def at_most_money(a: Fraction, b: Fraction) -> bool:
    """Whether amount `a` is at most `b`, within the tolerance."""
    return a <= b or a - b <= _money_tolerance(a, b)


def is_multiple(quantity: Fraction, of: Fraction) -> bool:
    """Whether a quantity is a whole multiple of another, within the tolerance."""
    return same_quantity(quantity, round(quantity / of) * of)


def _differ_by_less(a: Fraction, b: Fraction, parts: int) -> bool:
    """Whether |a - b| <= 1 / parts, in whole numbers: the absolute tolerance alone, which is enough nearly always."""
    of_a, of_b = a.denominator, b.denominator
    return abs(a.numerator * of_b - b.numerator * of_a) * parts <= of_a * of_b


def _quantity_tolerance(a: Fraction, b: Fraction) -> Fraction:
    return QUANTITY_ABSOLUTE + QUANTITY_RELATIVE * max(abs(a), abs(b))


def _money_tolerance(a: Fraction, b: Fraction) -> Fraction:
    return MONEY_ABSOLUTE + MONEY_RELATIVE * max(abs(a), abs(b))
