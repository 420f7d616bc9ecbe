"""Tune: what penalties lead to, and which penalties lead to what is wanted.

groups             cells of the tables that a factor multiplies
pricing, trials    an instance at some factors, and solved there; plans and bounds serve all trials of one instance
intervals          what all plans and bounds together say of the least cost at each factor
sweep, frontier    a range of factors: cost against service
knee               which points of a frontier are dominated, and where it bends
service            fill rates of groups of demand lines
target, answer     factors at which fill rates are reached
fairness           cost against the worst customer's fill rate
stability          cost against the number of changed order lines
decisions          factors at which orders that somebody decided are (nearly) the best
result, picture, shown, folder    what is told of it, and where it goes
"""
