"""Results: what the solver chose, as tables and figures in the planner's words."""
