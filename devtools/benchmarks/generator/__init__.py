"""Transactions by the million, in the product's own tables: the same rows for the same arguments.

market.py makes what they hang on, rows.sql says what row number N is, loading.py writes them.
"""
