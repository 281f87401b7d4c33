"""How stock admin writes days and moments: as `formats.day` and `formats.moment` do."""
