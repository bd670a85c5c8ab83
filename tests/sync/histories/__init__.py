"""Random histories of several laptops and one server under faults, and what must hold of every one (SECURITY 5, T7).

`world.py` is a practice that begins anew cheaply, `wire.py` the way to it, `model.py` what a history remembers of what
was typed, `promises.py` what is asserted, `machine.py` what may happen. `python -m tests.sync.histories.soak` is the soak.
"""
