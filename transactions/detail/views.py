from typing import Any, cast

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic.detail import DetailView

from accounts.actors import actor_of
from accounts.http import ClientRequest
from accounts.roles import MAY_WRITE_NOTES
from accounts.sign_in.unsent_forms import pop_fields
from paykassma_admin.figures import current_language
from paykassma_admin.periods import Period, local_day, today
from transactions import cells
from transactions.detail.counting import counting_sentences
from transactions.detail.links import links
from transactions.detail.meanings import meaning
from transactions.detail.neighbours import neighbours
from transactions.detail.rate_day import rate_date
from transactions.detail.steps import WALKED, steps
from transactions.detail.timeline import timeline
from transactions.detail.writing import NoteForm, write_note
from transactions.filters import TransactionFilterSet
from transactions.models import Change, Note, Transaction, TransactionQuerySet
from transactions.selection import Selection
from workspace.pages import ClientPageMixin


class TransactionView(ClientPageMixin, DetailView[Transaction]):
    template_name = "transactions/transaction.html"
    request: ClientRequest

    def get_queryset(self) -> TransactionQuerySet:
        own = Transaction.objects.for_client(self.client).with_wallet().select_related("source")
        changes = Change.objects.for_client(self.client).select_related("source")
        notes = Note.objects.for_client(self.client)
        with_changes = own.prefetch_related(Prefetch("changes", changes))
        return with_changes.prefetch_related(Prefetch("notes", notes))

    def get_object(self, queryset: Any = None) -> Transaction:
        found = super().get_object(queryset)
        found.client = self.client
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = self.object
        ever = Selection(client=self.client, period=Period(None, None, self.client.zone))
        return super().get_context_data(
            **{
                "here": shown.number,
                "amount": cells.amount(shown, current_language()),
                "status": cells.status(shown, current_language()),
                "meaning": meaning(
                    direction=shown.direction, type_=shown.type, status=shown.status
                ),
                "rate_date": rate_date(shown),
                "counting": counting_sentences(shown, self.client.zone),
                "links": links(shown, ever),
                "neighbours": neighbours(shown, ever),
                "timeline": timeline(shown),
                "note_form": self.note_form(),
                "note_address": self.address("transactions:notes"),
                **self.steps(),
            }
            | kwargs
        )

    def note_form(self) -> NoteForm | None:
        if self.request.role not in MAY_WRITE_NOTES:
            return None
        unsent = pop_fields(self.request)
        return NoteForm(initial={name: values[-1] for name, values in unsent.items()})

    def steps(self) -> dict[str, Any]:
        """Return addresses of the rows beside this one in the list that it was opened from."""
        selection = self.list_selection()
        if selection is None:
            return {}
        found = steps(self.object, selection)
        keys = {"previous": found.previous, "following": found.following}
        addresses = {
            name: self.address("transactions:detail", key) for name, key in keys.items() if key
        }
        return {**addresses, "walked": WALKED if found.is_cut else None}

    def list_selection(self) -> Selection | None:
        """Return the list’s selection: without parameters its own days, if they hold the row."""
        if self.request.GET:
            rows = Transaction.objects.for_client(self.client)
            filters = TransactionFilterSet(self.request.GET, queryset=rows, request=self.request)
            return filters.selection if filters.is_valid() else None
        zone = self.client.zone
        period = Period.week_before(today(zone), zone)
        day = local_day(self.object.logged_at, zone)
        is_listed = period.covers(Period(day, day, zone))
        return Selection(client=self.client, period=period) if is_listed else None

    def address(self, view: str, key: int | None = None) -> str:
        """Return an address of a transaction, by default this one, with the list's parameters."""
        query = self.request.GET.urlencode()
        path = reverse(view, args=[key or self.object.pk])
        return f"{path}?{query}" if query else path


class NoteView(TransactionView):
    """Write a note; a wrong one is shown again on the transaction's page."""

    roles = MAY_WRITE_NOTES
    http_method_names = ("post", "options")
    restorable_fields = frozenset({"text"})

    def form_page(self) -> str:
        return reverse("transactions:detail", kwargs=self.kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(note_form=form))
        write_note(
            self.object,
            client=self.client,
            by=actor_of(cast(ClientRequest, request)),
            **form.cleaned_data,
        )
        return redirect(f"{self.address('transactions:detail')}#history")
