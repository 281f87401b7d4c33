"""Measure how fast the product is, at any size: `python3 dev.py bench`. See docs/benchmarks.md."""
