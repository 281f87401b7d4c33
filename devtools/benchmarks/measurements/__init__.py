"""The measurements of `dev.py bench`: a goal or two of docs/benchmarks.md in each module."""
