from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wallets.forms import IsoCodesForm
from wallets.models import BalanceSource
from wallets.upstream import secret
from wallets.upstream.http import HTTP_PORTS
from wallets.upstream.network import is_private_host

SECRET_LENGTH = 500


class BalanceSourceForm(IsoCodesForm[BalanceSource]):
    new_secret = forms.CharField(
        label=_("Secret"),
        max_length=SECRET_LENGTH,
        required=False,
        strip=False,
        help_text=_("Sent as “Authorization: Bearer …”. Never shown again; empty: as it was."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = BalanceSource
        fields = ["client", "payment_system", "kind", "url", "currency"]
        help_texts = {
            "url": _(
                "Asked by POST {“wallet_type”: …}. https at a public address; private hosts are"
                " named in the server’s setting UPSTREAM_PRIVATE_HOSTS."
            )
        }

    def clean_new_secret(self) -> str:
        text: str = self.cleaned_data["new_secret"]
        if not (text.isascii() and text.isprintable()) or " " in text:
            raise ValidationError(_("A secret has visible characters of ASCII, without spaces."))
        return text

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if url:
            check_url(url)
        return url

    def clean(self) -> dict[str, Any]:
        """Refuse to send a secret to another address than the one that it was entered for."""
        cleaned = super().clean()
        has_secret = bool(self.instance.encrypted_secret)
        if has_secret and "url" in self.changed_data and not cleaned.get("new_secret"):
            self.add_error("new_secret", _("The address is another: enter the secret again."))
        return cleaned

    def save(self, commit: bool = True) -> BalanceSource:
        if text := self.cleaned_data["new_secret"]:
            self.instance.encrypted_secret = secret.encrypt(text)
        source: BalanceSource = super().save(commit)
        return source


def check_url(url: str) -> None:
    """Raise ValidationError unless it may be asked. Its name is looked up when it is asked."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or HTTP_PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port = "", 0
    if not (host and port and url.isascii() and url.isprintable()) or " " in url:
        raise ValidationError(_("This is no address such as https://example.com/balance."))
    if parts.username or parts.password or parts.fragment:
        raise ValidationError(_("An address has no login, password or “#”: use the secret."))
    if parts.scheme != "https" and not is_private_host(host, port):
        raise ValidationError(_("Use https: over http anyone on the way reads the secret."))
