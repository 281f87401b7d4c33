from django.urls import path

from clients import (
    audit_pages,
    confirm_pages,
    key_pages,
    looking,
    member_pages,
    security,
    views,
)
from clients.invitation_page import invitation
from clients.preferences import keep_preferences

# The names are allauth's where it leads to a page by itself.
urlpatterns = [
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("login/code/", views.SecondStepView.as_view(), name="mfa_authenticate"),
    path("login/passkey/", views.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("logout/", views.SignOutView.as_view(), name="account_logout"),
    path("audit/", audit_pages.AuditListView.as_view(), name="audit"),
    path("audit/export.csv", audit_pages.AuditExportView.as_view(), name="audit_export"),
    path("keys/", key_pages.KeysView.as_view(), name="keys"),
    path("keys/<int:pk>/revoke/", key_pages.RevokeKeyView.as_view(), name="revoke_key"),
    path("members/", member_pages.MembersView.as_view(), name="members"),
    path("members/<int:pk>/", member_pages.MemberView.as_view(), name="member"),
    path("members/<int:pk>/role/", member_pages.ChangeRoleView.as_view(), name="change_role"),
    path("members/<int:pk>/remove/", member_pages.RemoveMemberView.as_view(), name="remove_member"),
    path(
        "members/invitations/<int:pk>/revoke/",
        member_pages.RevokeInvitationView.as_view(),
        name="revoke_invitation",
    ),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("looking/end/", looking.end_looking, name="end_looking"),
    path("preferences/", keep_preferences, name="preferences"),
    path("security/", security.SecurityView.as_view(), name="mfa_index"),
    path("security/app/", security.AppView.as_view(), name="mfa_activate_totp"),
    path("security/passkeys/add/", security.PasskeyView.as_view(), name="mfa_add_webauthn"),
    path(
        "security/factors/<int:pk>/remove/",
        security.RemoveFactorView.as_view(),
        name="remove_factor",
    ),
    path(
        "security/recovery-codes/",
        security.RecoveryCodesView.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "security/recovery-codes/new/",
        security.NewRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path("security/password/", security.PasswordView.as_view(), name="change_password"),
    path(
        "security/sessions/end-others/",
        security.EndOtherSessionsView.as_view(),
        name="end_other_sessions",
    ),
    path(
        "security/sessions/<str:name>/end/",
        security.EndSessionView.as_view(),
        name="end_session",
    ),
    path(
        "security/confirm/",
        confirm_pages.ConfirmPasswordView.as_view(),
        name="account_reauthenticate",
    ),
    path(
        "security/confirm/code/", confirm_pages.ConfirmCodeView.as_view(), name="mfa_reauthenticate"
    ),
    path(
        "security/confirm/passkey/",
        confirm_pages.ConfirmPasskeyView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
]
