"""A random instance over a random subset of all rules: the reference's random instances with tables of rules beside."""

import random
from collections.abc import Iterable
from pathlib import Path

from optimizer.read import Input, read
from tests.campaigns.drawn import customers, ordering, stock, usual
from tests.campaigns.drawn.rule import Drawn, Rule
from tests.reference.folder import write_instance
from tests.reference.random_instances import Size, random_instance

RULES: dict[str, Rule] = {**usual.RULES, **ordering.RULES, **stock.RULES, **customers.RULES}


def instance(number: int) -> Drawn:
    """The same for the same number; every tenth has no rules but those of `tests.reference`."""
    size: Size = "tiny" if number % 2 else "small"
    drawn, dice = Drawn(*random_instance(number, size)), random.Random(number + 1_000_000)
    share = 0.0 if number % 10 == 5 else dice.choice([0.1, 0.2, 0.3, 0.5])
    added = [rule.add for rule in RULES.values() if rule.add is not None]
    for add in dice.sample(added, len(added)):
        if dice.random() < share:
            add(dice, drawn)
    return drawn


def there(drawn: Drawn) -> list[str]:
    """Names of its rules."""
    return [name for name, rule in RULES.items() if rule.there(drawn)]


def without_rules(number: int, size: Size = "tiny") -> Drawn:
    """An instance of `tests.reference` alone."""
    return Drawn(*random_instance(number, size))


def source_of(drawn: Drawn, folder: Path) -> Input:
    """The instance, written as a user would and read.

    Raises:
        InputFaults: as drawn it is none.
    """
    write_instance(folder, drawn.tables, drawn.settings)
    return read(folder)


def named(rules: Iterable[str], drawn: Drawn) -> bool:
    """Whether it has one of these rules."""
    return any(RULES[name].there(drawn) for name in rules)
