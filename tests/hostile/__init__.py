"""Requests as no browser sends them, by the million: `python3 dev.py hostile`.

offers.py reads off the pages what can be asked, asking.py spoils it, wire.py asks, judging.py says
what is wrong with an answer, running.py counts.
"""
