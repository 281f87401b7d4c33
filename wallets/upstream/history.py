"""The history of answers of upstreams: the newest as a list, one type's balances as a line."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.roles import MAY_REQUEST_BALANCES
from wallets.models import PaymentSystem, UpstreamRequest
from wallets.upstream.models import UpstreamRequestQuerySet
from workspace.pages import ClientPageMixin

MAX_LISTED = 100
WIDTH, HEIGHT = 960, 160  # of the drawing, which is scaled to the page
PADDING = 12


@dataclass(frozen=True)
class Line:
    """A balance over time, newest last, as points of a drawing."""

    requests: list[UpstreamRequest]

    @property
    def amounts(self) -> list[Decimal]:
        return [each.amount for each in self.requests if each.amount is not None]

    @property
    def currency(self) -> str:
        return self.requests[-1].currency

    @property
    def lowest(self) -> Decimal:
        return min(self.amounts)

    @property
    def highest(self) -> Decimal:
        return max(self.amounts)

    @property
    def points(self) -> list[tuple[int, int]]:
        """Return where each stands: by its time from left to right, by its amount upwards."""
        first, last = self.requests[0].asked_at, self.requests[-1].asked_at
        seconds = (last - first).total_seconds() or 1
        span = self.highest - self.lowest or Decimal(1)
        return [
            (
                PADDING
                + round((WIDTH - 2 * PADDING) * (each.asked_at - first).total_seconds() / seconds),
                HEIGHT
                - PADDING
                - round((HEIGHT - 2 * PADDING) * float((amount - self.lowest) / span)),
            )
            for each, amount in zip(self.requests, self.amounts, strict=True)
        ]

    @property
    def path(self) -> str:
        """Return the points as steps: a balance stays until another is known."""
        (x, y), *others = self.points
        return f"M{x},{y}" + "".join(f"H{x}V{y}" for x, y in others)


class BalanceHistoryView(ClientPageMixin, TemplateView):
    template_name = "wallets/history.html"
    roles = MAY_REQUEST_BALANCES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        systems = self.systems()
        code = self.request.GET.get("wallet_type", "")
        chosen = next((each for each in systems if each.code == code), None)
        error = ""
        if code and chosen is None:
            error = _("There is no wallet type “%(code)s” that is asked.") % {"code": code}
        found = list(self.requests(chosen)[: MAX_LISTED + 1]) if not error else []
        return super().get_context_data(
            systems=systems,
            chosen=chosen,
            error=error,
            requests=found[:MAX_LISTED],
            has_more=len(found) > MAX_LISTED,
            most=MAX_LISTED,
            line=make_line(found[:MAX_LISTED]) if chosen else None,
            **kwargs,
        )

    def systems(self) -> list[PaymentSystem]:
        asked = UpstreamRequest.objects.for_client(self.client).order_by()
        systems = PaymentSystem.objects.filter(pk__in=asked.values("payment_system"))
        return sorted(systems, key=lambda each: each.name.casefold())

    def requests(self, chosen: PaymentSystem | None) -> UpstreamRequestQuerySet:
        requests = UpstreamRequest.objects.for_client(self.client).newest_first()
        requests = requests.select_related("payment_system")
        return requests.filter(payment_system=chosen) if chosen else requests


def make_line(newest_first: list[UpstreamRequest]) -> Line | None:
    """Return the line of the newest currency's balances; two currencies share no axis."""
    known = [each for each in reversed(newest_first) if each.amount is not None]
    own = [each for each in known if each.currency == known[-1].currency]
    return Line(own) if len(own) > 1 else None
