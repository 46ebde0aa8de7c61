"""The rules of timers: pure values in, pure values out."""
