"""An interaction from its arrival to its answer: acknowledged in time, carried out on a thread, answered once."""
