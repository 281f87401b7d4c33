from typing import Any

from django.views.generic import TemplateView

from accounts.actors import actor_of
from accounts.http import ClientRequest
from accounts.roles import MAY_REQUEST_BALANCES
from wallets.balances import read_answers, refresh_answers, request_balance, tell_apart, types_of
from wallets.forms import BalanceRequestForm
from workspace.pages import ClientPageMixin


class BalanceRequestView(ClientPageMixin, TemplateView):
    template_name = "wallets/balance.html"
    roles = MAY_REQUEST_BALANCES
    request: ClientRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = "wallet_type" in self.request.GET
        answers = read_answers(self.client)
        types = types_of(tell_apart(answers))
        form = BalanceRequestForm(self.request.GET if asked else None, types=types)
        answer = None
        if form.is_valid():
            wallet_type, by = form.cleaned_data["wallet_type"], actor_of(self.request)
            answers = refresh_answers(self.client, answers, wallet_type, by=by)
            answer = request_balance(
                self.client,
                wallet_type,
                by=by,
                answers=answers,
                may_be_repeated=True,
            )
        return super().get_context_data(
            form=form, answer=answer, balances=tell_apart(answers), **kwargs
        )
