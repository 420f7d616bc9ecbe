"""Tune: what penalties lead to, and which penalties lead to what is wanted.

groups       cells of the tables that a factor multiplies
trials       an instance at some factors, solved; plans and bounds serve all trials of one instance
intervals    what all plans and bounds together say of the least cost at each factor
sweep        a range of factors: the frontier of cost against service
knee         which points of a frontier are dominated, and where it bends
service      fill rates of groups of demand lines
target       factors at which fill rates are reached
frontiers    cost against the worst customer's fill rate, and against the number of changed orders
decisions    factors at which a plan that was made is (nearly) the best
result, table, picture, folder      what is told of it, and where it goes
"""
