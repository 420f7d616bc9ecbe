"""Page: a plan, or a frontier, as one HTML file that needs nothing else.

Style, script and data are inside it. Its content security policy lets nothing be loaded from anywhere and no script run
but its own, so a plan is read offline and tells nobody that it is.
"""

from optimizer.report.page.frontier import frontier_page
from optimizer.report.page.plan import plan_page

__all__ = ["frontier_page", "plan_page"]
