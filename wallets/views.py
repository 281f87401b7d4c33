from typing import Any

from django.views.generic import TemplateView

from clients.mixins import ClientPageMixin
from clients.roles import MAY_REQUEST_BALANCES
from wallets.balances import balance_of
from wallets.forms import BalanceForm
from wallets.models import Wallet


class BalanceRequestView(ClientPageMixin, TemplateView):
    """The form, and under it the answer to what the address asks."""

    template_name = "wallets/balance.html"
    roles = MAY_REQUEST_BALANCES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = "wallet_type" in self.request.GET
        types = Wallet.objects.for_client(self.client).types()
        form = BalanceForm(self.request.GET if asked else None, types=types)
        answer = None
        if form.is_valid():
            answer = balance_of(self.client, form.cleaned_data["wallet_type"])
        return super().get_context_data(form=form, answer=answer, **kwargs)
