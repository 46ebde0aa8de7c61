"""Planted bugs: faults in adapters and use cases that somebody could make one day, each with the tests that catch it.

`make mutants` plants what a machine can think of, in domain and app. These are what people get wrong: a guard, a token,
a nonce or an order of locks that is left out, in SQL and HTTP too.
"""
