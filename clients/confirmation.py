"""Before what matters, whoever has proved who he is longer than five minutes ago proves it again.

`ConfirmedMixin` stands first among the bases of a view, `confirmed` above a function.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic.base import View

from clients.second_factor import was_anything_proved_lately


def confirmed[**P](view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """What was sent by POST is not kept over the question, since it may hold a password."""

    @wraps(view)
    def asked(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request: Any = args[0]
        if was_anything_proved_lately(request):
            return view(*args, **kwargs)
        return ask(request)

    return asked


def ask(request: HttpRequest) -> HttpResponseBase:
    back = request.get_full_path() if request.method == "GET" else request.path
    return redirect_to_login(back, reverse("account_reauthenticate"))


class ConfirmedMixin(View):
    @method_decorator(confirmed)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)
