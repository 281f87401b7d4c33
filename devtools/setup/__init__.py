"""The commands of `dev.py` once it is set up: the product on one machine, out of this checkout."""
