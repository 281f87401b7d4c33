"""Hostile requests by the million: `python3 dev.py hostile`.

offers.py reads what pages offer, requests.py spoils it, wire.py sends it, findings.py judges the
answers, attack.py runs it.
"""
