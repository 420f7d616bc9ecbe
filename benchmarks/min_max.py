"""The plan of a min/max rule, what most ERP systems propose, as a plan folder that our audit has judged.

    python -m benchmarks.min_max instances/quickstart -o /tmp/min-max

The rule and its source are those of `replenish plan --baseline min-max` (optimizer/compare/min_max.py); here its plan
is kept.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from optimizer.compare.baseline import write
from optimizer.compare.followed import Followed
from optimizer.compare.min_max import min_max
from optimizer.planning import violations_of
from optimizer.read import read


def main(argv: Sequence[str] | None = None) -> int:
    """Follow the rule from the command line and print the cost by account; 1 where the audit refuses the plan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instance", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for the plan")
    asked = parser.parse_args(argv)
    source = read(asked.instance)
    followed = Followed(source.instance, min_max(source.instance))
    accounts, rates = followed.accounts(), followed.fill_rates()
    asked.out.mkdir(parents=True, exist_ok=True)
    write(followed.tables(), accounts, sum(accounts.values()), rates, asked.out)
    violations = violations_of(source, asked.out)
    report = {
        "instance": str(asked.instance),
        "cost": sum(accounts.values()),
        "accounts": {account: round(amount, 2) for account, amount in accounts.items()},
        "order_lines": len(followed.decided.order),
        "fill_rate_on_time": round(rates[0], 4),
        "fill_rate": round(rates[1], 4),
        "items_given_up_for_their_shares": len(followed.decided.given_up),
        "audit": [str(violation) for violation in violations],
    }
    json.dump(report, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
