"""A few random instances with random rules of stock and network; `network_rules` runs more of them."""

import pytest

from tests.campaigns.network_rules import agreed


@pytest.mark.parametrize("seed", range(8))
def test_rules_of_stock_and_network_agree(seed: int) -> None:
    agreed(seed)
