from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import DetailView, FormView, View
from django.views.generic.detail import SingleObjectMixin

from accounts.http import ClientRequest
from accounts.roles import MAY_RUN_JOBS
from imports.columns import offer_columns, remember_columns
from imports.forms import MEGABYTES, ColumnsForm, UploadForm
from imports.jobs import RUN, TRIAL
from imports.kinds import Content
from imports.models import MAX_NAME, ImportFile, ImportFileQuerySet, RefusedRow
from imports.refusals import refused_csv
from imports.results import results_of
from imports.uploads import MAX_BYTES, EncryptedUploadHandler
from jobs.actions import make_job
from paykassma_admin.database.request_transaction import pause_transaction
from paykassma_admin.encrypted_files import DamagedFile
from paykassma_admin.imports.batches import BadFile
from paykassma_admin.imports.preview import Preview
from paykassma_admin.middleware.request_body import content_length
from workspace.pages import ClientPageMixin

MAX_LISTED = 100


class ImportsMixin(ClientPageMixin):
    roles = MAY_RUN_JOBS

    def get_queryset(self) -> ImportFileQuerySet:
        return ImportFile.objects.for_client(self.client).select_related("client", "trial", "run")


@method_decorator(csrf_exempt, name="dispatch")  # until the file is read, with its token: `post`
class ImportsView(ImportsMixin, FormView[UploadForm]):
    template_name = "imports/imports.html"
    form_class = UploadForm
    success_url = reverse_lazy("imports:list")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read the body without a connection of the database, then ask for its token."""
        if content_length(request) > MAX_BYTES + 1024 * 1024:
            sentence = _("The file is larger than %(most)s MB.") % {"most": MEGABYTES}
            return self.refuse(sentence, Content.TRANSACTIONS)
        handler = EncryptedUploadHandler(self.client)
        request.upload_handlers = [handler]
        try:
            with pause_transaction():
                _read = request.POST
            return csrf_protect(self.take)(request, handler)
        except UnreadablePostError as error:
            raise BadRequest("The body broke off") from error
        finally:
            handler.discard()

    def take(self, request: HttpRequest, handler: EncryptedUploadHandler) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        try:
            handler.preview()
        except BadFile as error:
            return self.refuse(str(error), form.cleaned_data["content"])
        file = self.store(form, cast(ClientRequest, request))
        handler.is_kept = True
        return redirect("imports:detail", file.pk)

    def store(self, form: UploadForm, request: ClientRequest) -> ImportFile:
        sent = form.cleaned_data["file"]
        return ImportFile.unscoped.create(
            client=self.client,
            content=form.cleaned_data["content"],
            name=sent.name[-MAX_NAME:],
            sha256=sent.stored.sha256,
            size=sent.stored.size,
            key=sent.stored.key,
            made_by=request.user,
            actor=request.actor,
        )

    def refuse(self, sentence: str, content: str) -> HttpResponse:
        form = UploadForm({"content": content})
        form.full_clean()
        form.errors["file"] = form.error_class([sentence])
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files = list(self.get_queryset().newest_first()[: MAX_LISTED + 1])
        has_more = len(files) > MAX_LISTED
        return super().get_context_data(
            files=files[:MAX_LISTED], has_more=has_more, most=MAX_LISTED, **kwargs
        )


class ImportView(ImportsMixin, DetailView[ImportFile]):
    template_name = "imports/import.html"
    context_object_name = "file"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        shown = self.preview()
        if shown is None or self.object.open_job:
            messages.info(request, _("It is read already, or is no longer there."))
            return redirect(self.object_address)
        form = self.columns_form(shown, request.POST)
        if not form.is_valid():
            return self.show(form)
        return self.start(form, shown)

    def start(self, form: ColumnsForm, shown: Preview) -> HttpResponse:
        """Try the columns first: what an import does is seen before it is done."""
        file = self.object
        file.columns, file.spelling = form.chosen, form.spelling
        remember_columns(file, shown.names)
        wants_run = "import" in self.request.POST
        if wants_run and not file.is_tried:
            messages.info(self.request, _("The columns were changed: they are tried first."))
        field = "run" if wants_run and file.is_tried else "trial"
        setattr(file, field, self.make_job(field))
        if field == "trial":
            file.run = None
        file.save(update_fields=["columns", "spelling", "trial", "run"])
        return redirect(self.object_address)

    def make_job(self, field: str) -> Any:
        file, trial = self.object, self.object.trial
        return make_job(
            cast(ClientRequest, self.request),
            RUN if field == "run" else TRIAL,
            {
                **file.choice,
                "file": file.pk,
                "language": get_language(),
                "rows": trial.done if field == "run" and trial else None,
            },
        )

    @property
    def object_address(self) -> Any:
        return reverse_lazy("imports:detail", args=[self.object.pk])

    def preview(self) -> Preview | None:
        try:
            return self.object.preview()
        except (DamagedFile, FileNotFoundError, BadFile):
            return None

    def columns_form(self, shown: Preview, data: Any = None) -> ColumnsForm:
        return ColumnsForm(
            data,
            columns=self.object.reading.columns,
            names=shown.names,
            offered=offer_columns(self.object, shown.names),
        )

    def show(self, form: ColumnsForm | None = None) -> HttpResponse:
        shown = self.preview()
        if form is None and shown is not None:
            form = self.columns_form(shown)
        context = self.get_context_data(
            here=self.object.name,
            form=form,
            shown=shown,
            job=self.object.last_job,
            is_open=bool(self.object.open_job),
            trial=results_of(self.object.trial),
            run=results_of(self.object.run),
        )
        return self.render_to_response(context)


class RefusedView(ImportsMixin, SingleObjectMixin[ImportFile], View):
    """A file of the rows that the import refused, or else its trial, to be mended."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = self.get_object()
        job_id = file.run_id or file.trial_id or 0
        rows = RefusedRow.objects.for_client(self.client).filter(file=file, job_id=job_id)
        response = HttpResponse(
            "".join(refused_csv(file, rows.order_by("line", "id"))), "text/csv; charset=utf-8"
        )
        name = f"{file.name.rpartition('.')[0] or file.name}-refused.csv"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response
