from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    SIGN_IN = "sign_in", _("Sign-in")
    SIGN_OUT = "sign_out", _("Sign-out")
    REAUTHENTICATION = "reauthentication", _("Identity confirmed")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    SECOND_FACTOR_ADDED = "second_factor_added", _("Second factor added")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("Second factor removed")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("Recovery codes generated")
    RECOVERY_CODE_USED = "recovery_code_used", _("Recovery code used")
    SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
    LOCK_REMOVED = "lock_removed", _("Lock removed")
    MEMBER_INVITED = "member_invited", _("Member invited")
    INVITATION_REVOKED = "invitation_revoked", _("Invitation revoked")
    MEMBER_JOINED = "member_joined", _("Member joined")
    MEMBER_CHANGED = "member_changed", _("Member's role changed")
    MEMBER_REMOVED = "member_removed", _("Member removed")
    KEY_MADE = "key_made", _("API key created")
    KEY_REVOKED = "key_revoked", _("API key revoked")
    CLIENT_REGISTERED = "client_registered", _("Client registered")
    CLIENT_VIEWED = "client_viewed", _("Client's pages viewed by an administrator")
    BALANCE_REQUEST = "balance_request", _("Balance request")
    VIEW_SHARED = "view_shared", _("View of a list shared")
    VIEW_REMOVED = "view_removed", _("View of a list removed")
    EXPORT = "export", _("Export")
    IMPORT_STARTED = "import_started", _("Import started")
    IMPORT_ENDED = "import_ended", _("Import ended")
    JOB_STARTED = "job_started", _("Job started")
    JOB_ENDED = "job_ended", _("Job ended")
    JOB_CANCELLED = "job_cancelled", _("Job cancelled")
    NOTE_WRITTEN = "note_written", _("Note on a transaction")
    ADDED = "added", _("Added in the back office")
    CHANGED = "changed", _("Changed in the back office")
    DELETED = "deleted", _("Deleted in the back office")
    REFUSAL = "refusal", _("Access refused")


class ActorKind(TextChoices):
    USER = "user", pgettext_lazy("an actor", "user")
    ADMINISTRATOR = "administrator", pgettext_lazy("an actor", "administrator")
    KEY = "key", pgettext_lazy("an actor", "API key")
    COMMAND = "command", pgettext_lazy("an actor", "command")
    VISITOR = "visitor", pgettext_lazy("an actor", "not signed in")


class Result(TextChoices):
    OK = "ok", pgettext_lazy("an act", "Done")
    REFUSED = "refused", pgettext_lazy("an act", "Refused")
    FAILED = "failed", pgettext_lazy("an act", "Failed")
