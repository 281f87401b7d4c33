"""The audit log as an administrator reads it: of all Clients, and of none."""

from audit.models import AuditEvent
from tests.support.factories import worker


def events(kind):
    """Oldest first."""
    with worker():
        return list(AuditEvent.unscoped.filter(kind=kind).order_by("at"))


def only_event(kind):
    [event] = events(kind)
    return event


def event_summary(event):
    """Return the actor, the Client and the result."""
    return event.actor, event.client_name, event.result
