"""What every scenario stands on: what a scenario is, how it is played in rounds, and what is kept of it.

A scenario plugs in like this (see `scenario.py` for the types):

    SPEED = Figure("per_second", "endings/s", Better.HIGHER)

    def cases(bench: Bench) -> Iterator[Case]:
        for endings in bench.pick(full=(2_000, 10_000), quick=(20,)):
            yield Case(f"{endings:,} endings", partial(_ready, bench, endings))

    @contextmanager
    def _ready(bench: Bench, endings: int) -> Iterator[Sequence[Participant]]:
        with bench.database("flood") as url, running_bot(url) as bot:
            yield [
                Participant("BoostMon", lambda turn: {"per_second": bot.play(endings)}, is_ours=True),
                Participant("one after the other", lambda turn: {"per_second": ...}),
            ]

    FLOOD = Scenario("flood", "Many endings at one moment", "What is done, and why. Markdown.", (SPEED,), cases,
                     goals=(Goal("…", case="10,000 endings", figure="per_second", of="BoostMon", at_least=47.5),))

and is added to the list in `benchmarks/scenarios.py`. The harness enters a case once, lets its participants measure in
turns (A B A B …), once a round, and leaves it. `measure` is called with the number of the turn, sets up what it needs,
and returns one number for each figure (what it could not measure, it leaves out). It raises `Unavailable` where it
cannot take part, which is reported aloud, and `WrongResult` where what was measured did not do its work: a fast wrong
answer is no figure. Everything else that it raises ends the run.
"""
