"""The rules of timers: pure values in, pure values out; imports the standard library only."""
