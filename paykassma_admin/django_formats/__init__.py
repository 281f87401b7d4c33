"""Formats of stock admin's days and moments, as `formats.day` and `formats.moment` write them."""
