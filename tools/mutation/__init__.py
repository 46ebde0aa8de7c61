"""Mutation testing: each small fault that is planted in domain and app must make a unit test fail.

mutmut 3.8 runs here too, but leaves alone what has a decorator (every property), what stands outside of functions
(tables, thresholds, defaults), and statements as a whole: a guard or a write left out is the fault that we fear most.
"""
