from django.urls import path

from clients import audit_pages, key_pages, member_pages, views
from clients.invitation_page import invitation
from clients.preferences import keep_preferences

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="account_login"),
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
    path("preferences/", keep_preferences, name="preferences"),
]
