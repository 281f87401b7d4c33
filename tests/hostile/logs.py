import logging
import os


def log_into_nothing(fails):
    """Log into nothing; call `fails` for an exception of a filter or formatter."""
    sink = open(os.devnull, "w", errors="backslashreplace")  # noqa: SIM115  # as stderr writes
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sink)
            handler.handleError = lambda _record: fails()
