from typing import Any

from django.views.generic import TemplateView

from accounts.actors import actor_of
from accounts.http import ClientRequest
from accounts.roles import MAY_REQUEST_BALANCES
from wallets.balances import list_balances, request_balance
from wallets.forms import BalanceRequestForm
from workspace.pages import ClientPageMixin


class BalanceRequestView(ClientPageMixin, TemplateView):
    template_name = "wallets/balance.html"
    roles = MAY_REQUEST_BALANCES
    request: ClientRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = "wallet_type" in self.request.GET
        balances = list_balances(self.client)
        types = [(each.wallet_type, each.name) for each in balances]
        form = BalanceRequestForm(self.request.GET if asked else None, types=types)
        answer = None
        if form.is_valid():
            wallet_type = form.cleaned_data["wallet_type"]
            answer = request_balance(
                self.client, wallet_type, by=actor_of(self.request), may_be_repeated=True
            )
        return super().get_context_data(form=form, answer=answer, balances=balances, **kwargs)
