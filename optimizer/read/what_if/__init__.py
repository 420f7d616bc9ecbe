"""What if: an instance with some cells or settings in other words, told as `--set` tells them.

    items.backorder_cost*1.5              every row
    suppliers[ACME].order_cost=0          the row of a key
    demand[FRAME,class=A].quantity+10%    `grammar` has it whole

`parsed` reads one, `applied` makes the changed instance. Nothing on the disk changes.
"""

from optimizer.read.what_if.apply import applied
from optimizer.read.what_if.grammar import Change, ChangeRefused, parsed

__all__ = ["Change", "ChangeRefused", "applied", "parsed"]
