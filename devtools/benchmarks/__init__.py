"""How fast the product is, at any size: `python3 dev.py bench`. docs/benchmarks.md says how."""
