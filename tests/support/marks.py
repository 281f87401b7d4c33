import pytest


def slow(*values):
    """Return parameters that `dev.py test --all` adds; a tuple is one for several names."""
    parts = (value if isinstance(value, tuple) else (value,) for value in values)
    return [pytest.param(*each, marks=pytest.mark.slow) for each in parts]
