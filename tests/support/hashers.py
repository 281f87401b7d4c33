"""Passwords of tests: hashed quickly, but aside as production does."""

from django.contrib.auth.hashers import MD5PasswordHasher

from accounts.sign_in.hashing import QueuedHasherMixin


class QuickPasswordHasher(QueuedHasherMixin, MD5PasswordHasher):
    pass
