from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic.base import TemplateView

from search.examples import EXAMPLES
from search.forms import SearchForm
from search.groups import Group
from search.lookup import look_up
from search.numbers import fewest_found, find_numbers, looks_like_list, pasted_numbers
from search.options import matching_pages, matching_views, options, recent_options
from search.recent import record_search
from search.texts import (
    is_costly_text,
    is_number_after_word,
    is_query,
    looks_like_query,
    query_address,
)
from workspace.pages import ClientPageMixin


class SearchView(ClientPageMixin, TemplateView):
    """The page of the box in the top bar: one exact row opens, several are grouped."""

    template_name = "search/search.html"
    examples = EXAMPLES

    @staticmethod
    def is_costly(request: HttpRequest) -> bool:
        return is_costly_text(request.GET.get("q", ""))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SearchForm(request.GET)
        is_valid, text = form.is_valid(), form.text.strip()
        if not text or not is_valid:
            return self.page(text, form=form)
        if request.method == "GET":
            record_search(request, self.client.pk, text)
        is_list = is_query(text) and not is_number_after_word(text)
        return redirect(query_address(text)) if is_list else self.answer(text)

    def answer(self, text: str) -> HttpResponse:
        numbers = pasted_numbers(text)
        listed = find_numbers(self.client, numbers) if numbers else None
        if listed and listed.found_count >= fewest_found(text):
            return self.page(text, numbers=listed)
        found = look_up(self.client, text)
        if listed and not found.groups and (listed.found_count or looks_like_list(text)):
            return self.page(text, numbers=listed)
        if found.only_row:
            return self.open_row(found.only_row)
        is_list = is_query(text) or (looks_like_query(text) and not found.groups)
        return redirect(query_address(text)) if is_list else self.page(text, found=found)

    def open_row(self, group: Group) -> HttpResponse:
        if group.older:
            sentence = _(
                "Found by: %(what)s. Older than the last 8 days, the days that a list opens with."
            )
            messages.info(self.request, sentence % {"what": group.title})
        return redirect(group.row or group.address)

    def page(self, text: str, **context: Any) -> HttpResponse:
        recent = [] if text else recent_options(self.request, self.client, "")
        pages = matching_pages(self.request, text) if text else []
        return self.render_to_response(
            {
                "here": pgettext("the box", "Search"),
                "search_text": text,
                "recent": recent,
                "saved": matching_views(self.request, text),
                "pages": pages,
                "view": self,
                **context,
            }
        )


class CompletionView(ClientPageMixin):
    """Suggestions of the box while one types, as JSON."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse(options(request, self.client, request.GET.get("q", "")))
