"""List and dashboard as the tutorials of Django, django-filter and django-tables2 have them.

To compare with: the same database, sign-in, row-level security and frame, and of the rest nothing.
"""
