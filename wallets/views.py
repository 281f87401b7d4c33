from collections.abc import Iterable
from typing import Any

from django.views.generic import TemplateView

from clients.mixins import ClientPageMixin
from clients.models import Client
from clients.roles import MAY_REQUEST_BALANCES
from wallets.balances import balance_of
from wallets.forms import BalanceForm
from wallets.models import PaymentSystem, Wallet


class BalanceRequestView(ClientPageMixin, TemplateView):
    """The form, and under it the answer to what the address asks."""

    template_name = "wallets/balance.html"
    roles = MAY_REQUEST_BALANCES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = "wallet_type" in self.request.GET
        form = BalanceForm(self.request.GET if asked else None)
        answer = None
        if form.is_valid():
            answer = balance_of(self.client, form.cleaned_data["wallet_type"])
        types = wallet_types_of(self.client)
        return super().get_context_data(form=form, answer=answer, types=types, **kwargs)


def wallet_types_of(client: Client) -> Iterable[tuple[str, str]]:
    own = Wallet.objects.for_client(client).values("payment_system")
    return PaymentSystem.objects.filter(pk__in=own).values_list("code", "name")
