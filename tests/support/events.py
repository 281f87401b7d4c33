from audit.models import AuditEvent
from tests.support.factories import worker


def events(kind):
    with worker():
        return list(AuditEvent.unscoped.filter(kind=kind).order_by("at"))


def only_event(kind):
    [event] = events(kind)
    return event


def event_summary(event):
    return event.actor, event.client_name, event.result
