from typing import Any

from django.views.generic.detail import DetailView

from paykassma_admin.figures import current_language
from paykassma_admin.periods import Period
from transactions import cells
from transactions.detail.counting import counting_sentences
from transactions.detail.links import links
from transactions.detail.meanings import meaning
from transactions.detail.neighbours import neighbours
from transactions.models import Transaction, TransactionQuerySet
from transactions.selection import Selection
from workspace.pages import ClientPageMixin


class TransactionView(ClientPageMixin, DetailView[Transaction]):
    template_name = "transactions/transaction.html"

    def get_queryset(self) -> TransactionQuerySet:
        own = Transaction.objects.for_client(self.client)
        return own.with_wallet().prefetch_related("changes")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = self.object
        ever = Selection(client=self.client, period=Period(None, None, self.client.zone))
        return super().get_context_data(
            here=shown.number,
            amount=cells.amount(shown, current_language()),
            status=cells.status(shown, current_language()),
            meaning=meaning(direction=shown.direction, type_=shown.type, status=shown.status),
            counting=counting_sentences(shown),
            links=links(shown, ever),
            neighbours=neighbours(shown, ever),
            **kwargs,
        )
