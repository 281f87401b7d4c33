from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imports.kinds import TITLES, Content
from imports.spellings import AmountSpelling, TimeSpelling
from imports.uploads import MAX_BYTES
from paykassma_admin.imports.files import Columns
from paykassma_admin.lists.fields import NO_SUCH_CHOICE

MEGABYTES = MAX_BYTES // 1024 // 1024
SPELLINGS = ("amounts", "times")


class UploadForm(forms.Form):
    content = forms.ChoiceField(
        label=gettext_lazy("What it holds"),
        choices=Content.choices,
        initial=Content.TRANSACTIONS,
        error_messages=NO_SUCH_CHOICE,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=1000,
        help_text=gettext_lazy("CSV or JSON Lines in UTF-8, up to 200 MB."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.FileInput(attrs={"class": "form-control"}),
    )


class ColumnsForm(forms.Form):
    """One field for each of our columns: which of the file's it is.

    `names`: the file's columns; `offered`: the name of each of ours that is known already.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        columns: Columns,
        names: Sequence[str],
        offered: Mapping[str, str],
    ) -> None:
        super().__init__(data)
        nothing = ("", gettext_lazy("not in the file"))
        for column in columns.names:
            self.fields[column] = forms.ChoiceField(
                label=TITLES[column],
                required=column in columns.required,
                choices=[nothing, *((name, name) for name in dict.fromkeys(names) if name)],
                initial=offered.get(column, ""),
                error_messages=NO_SUCH_CHOICE
                | {"required": gettext_lazy("Every row needs it. Choose a column of the file.")},
                widget=forms.Select(attrs={"class": "form-select"}),
            )

        self.add_spelling("amounts", gettext_lazy("Amounts are written"), AmountSpelling, offered)
        self.add_spelling("times", gettext_lazy("Times are written"), TimeSpelling, offered)

    def add_spelling(
        self,
        name: str,
        label: Any,
        spellings: type[AmountSpelling | TimeSpelling],
        offered: Mapping[str, str],
    ) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=spellings.choices,
            initial=offered.get(name, spellings.values[0]),
            error_messages=NO_SUCH_CHOICE,
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first: dict[str, str] = {}
        for column, name in [*cleaned.items()]:  # add_error() takes them off
            if (
                column not in SPELLINGS
                and name
                and (other := first.setdefault(name, column)) != column
            ):
                sentence = _("“%(name)s” is chosen for %(column)s already.")
                self.add_error(column, sentence % {"name": name, "column": other})
        return cleaned

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in SPELLINGS]

    @property
    def spelling_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in SPELLINGS]

    @property
    def is_clear(self) -> bool:
        """Return whether nothing is left to choose: each column that a row needs is known."""
        return not self.errors and all(
            field.initial or not field.required for field in self.fields.values()
        )

    @property
    def chosen(self) -> dict[str, str]:
        values = self.cleaned_data.items()
        return {column: name for column, name in values if name and column not in SPELLINGS}

    @property
    def spelling(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in SPELLINGS}
