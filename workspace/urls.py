from django.urls import path

from accounts import impersonation
from accounts.mfa import views as security_views
from accounts.preferences import save_preferences
from accounts.reauthentication import views as reauthentication_views
from accounts.sign_in import views as sign_in_views
from workspace.about import AboutView
from workspace.api_keys import views as api_keys_views
from workspace.audit_log import views as audit_log_views
from workspace.columns import ColumnsView
from workspace.members import views as members_views
from workspace.members.invitation_views import invitation
from workspace.saved_views import views as saved_views

# The names are allauth's where it leads to a page by itself.
urlpatterns = [
    path("login/", sign_in_views.SignInView.as_view(), name="account_login"),
    path("login/code/", sign_in_views.SecondStepView.as_view(), name="mfa_authenticate"),
    path("login/passkey/", sign_in_views.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("logout/", sign_in_views.SignOutView.as_view(), name="account_logout"),
    path("about/", AboutView.as_view(), name="about"),
    path("audit/", audit_log_views.AuditListView.as_view(), name="audit"),
    path("audit/export.csv", audit_log_views.AuditExportView.as_view(), name="audit_export"),
    path("keys/", api_keys_views.KeysView.as_view(), name="keys"),
    path("keys/<int:pk>/revoke/", api_keys_views.RevokeKeyView.as_view(), name="revoke_key"),
    path("members/", members_views.MembersView.as_view(), name="members"),
    path("members/<int:pk>/", members_views.MemberView.as_view(), name="member"),
    path("members/<int:pk>/role/", members_views.ChangeRoleView.as_view(), name="change_role"),
    path(
        "members/<int:pk>/remove/", members_views.RemoveMemberView.as_view(), name="remove_member"
    ),
    path(
        "members/invitations/<int:pk>/revoke/",
        members_views.RevokeInvitationView.as_view(),
        name="revoke_invitation",
    ),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("looking/end/", impersonation.end_impersonation, name="end_impersonation"),
    path("preferences/", save_preferences, name="preferences"),
    path("preferences/columns/", ColumnsView.as_view(), name="columns"),
    path("views/", saved_views.ViewsView.as_view(), name="views"),
    path("views/<int:pk>/", saved_views.SavedViewView.as_view(), name="view"),
    path("security/", security_views.SecurityView.as_view(), name="mfa_index"),
    path("security/app/", security_views.AppView.as_view(), name="mfa_activate_totp"),
    path("security/passkeys/add/", security_views.PasskeyView.as_view(), name="mfa_add_webauthn"),
    path(
        "security/factors/<int:pk>/remove/",
        security_views.RemoveFactorView.as_view(),
        name="remove_factor",
    ),
    path(
        "security/recovery-codes/",
        security_views.RecoveryCodesView.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "security/recovery-codes/new/",
        security_views.NewRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path("security/password/", security_views.PasswordView.as_view(), name="change_password"),
    path(
        "security/sessions/end-others/",
        security_views.EndOtherSessionsView.as_view(),
        name="end_other_sessions",
    ),
    path(
        "security/sessions/<str:name>/end/",
        security_views.EndSessionView.as_view(),
        name="end_session",
    ),
    path(
        "security/confirm/",
        reauthentication_views.ReauthenticatePasswordView.as_view(),
        name="account_reauthenticate",
    ),
    path(
        "security/confirm/code/",
        reauthentication_views.ReauthenticateCodeView.as_view(),
        name="mfa_reauthenticate",
    ),
    path(
        "security/confirm/passkey/",
        reauthentication_views.ReauthenticatePasskeyView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
]
