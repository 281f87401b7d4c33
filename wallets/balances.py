from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.kinds import Kind, Result
from audit.record import ONCE_A_MINUTE, Actor, is_first_within_minute, record_event
from clients.models import Client
from paykassma_admin import formats
from paykassma_admin.values import names
from wallets.models import Balance, BalanceSource, PaymentSystem, Wallet
from wallets.upstream.asking import refresh_balance
from wallets.upstream.models import SourceKind
from wallets.upstream.outcomes import SENTENCES, Outcome


class State(Enum):
    ACTIVE = "active"
    SWITCHED_OFF = "switched off"
    UNAVAILABLE = "unavailable"  # as its upstream says
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class BalanceAnswer:
    """The newest balances of a payment system: `own` in its currency, `others` beside it.

    Never added up. `wallet_type` is its code, for programs; `name` is for pages.
    """

    wallet_type: str
    name: str
    state: State
    currency: str | None = None
    own: Balance | None = None
    others: tuple[Balance, ...] = ()
    wallets: tuple[Wallet, ...] = ()
    codes: tuple[str, ...] = ()  # of the types that an ambiguous one may mean
    source: BalanceSource | None = None  # the upstream that is asked, if one is
    trouble: Outcome | None = None  # why the upstream's last answer is no balance

    @property
    def status(self) -> bool:
        return self.state is State.ACTIVE

    @property
    def balance(self) -> Decimal | None:
        return self.own.amount if self.own else None

    @property
    def commission(self) -> Decimal | None:
        return self.own.commission_percent if self.own else None

    @property
    def as_of(self) -> datetime | None:
        return self.own.as_of if self.own else None

    @property
    def rows(self) -> list[Balance | None]:
        """Return a balance for each row of a table; None where its own has not been reported."""
        return [self.own, *self.others] if self.own or self.currency else [*self.others] or [None]

    @property
    def reason(self) -> str | None:
        return self.reason_of(self.wallet_type)

    @property
    def reason_on_page(self) -> str | None:
        return self.reason_of(self.name)

    def reason_of(self, called: str) -> str | None:
        if self.state is State.UNKNOWN:
            return _("You have no wallet of type “%s”.") % called
        if self.state is State.AMBIGUOUS:
            return _("“%(name)s” fits several of your wallet types. Use a code: %(codes)s.") % {
                "name": called,
                "codes": ", ".join(self.codes),
            }
        if self.state is State.SWITCHED_OFF:
            return _("Wallet %s is switched off.") % called
        if self.state is State.UNAVAILABLE:
            return _("The payment system says that wallet %s is not available.") % called
        if self.trouble:
            return self.trouble_in_words
        if self.own:
            return None
        if self.others and not self.currency:
            return _("Its wallets are in several currencies: each balance is shown separately.")
        if self.others:
            return _("Its balance in %s has not been reported yet.") % self.currency
        return _("Its balance has not been reported yet.")

    @property
    def trouble_in_words(self) -> str:
        """Return what is wrong with the upstream, and how old the balance is for that reason."""
        sentence = str(SENTENCES[self.trouble]) if self.trouble else ""
        if not self.own:
            return sentence + " " + _("No balance of it is known yet.")
        age = formats.age(self.own.as_of)
        return sentence + " " + _("This is its last known balance: %(age)s old.") % {"age": age}


def request_balance(
    client: Client,
    wallet_type: str,
    *,
    by: Actor,
    answers: Sequence[BalanceAnswer],
    may_be_repeated: bool = False,
) -> BalanceAnswer:
    """Return the balance, of `answers`, and record the request.

    What may be repeated, such as a page that is reloaded, is recorded once a minute.
    """
    answer = choose_answer(answers, wallet_type)
    same = "balance", by.name, by.kind.value, answer.wallet_type, answer.state.name
    if may_be_repeated and not is_first_within_minute(client, *same):
        return answer
    details = {"wallet": answer.state.name.lower(), "codes": ",".join(answer.codes)}
    record_event(
        Kind.BALANCE_REQUEST,
        by=by,
        client=client,
        target=answer.wallet_type,
        result=Result.OK if answer.status else Result.FAILED,
        details={name: value for name, value in details.items() if value}
        | (ONCE_A_MINUTE if may_be_repeated else {}),
    )
    return answer


def refresh_answers(
    client: Client, answers: list[BalanceAnswer], wallet_type: str, *, by: Actor
) -> list[BalanceAnswer]:
    """Ask the upstream of a type, if it has one that is due, and return the answers after that."""
    chosen = choose_answer(answers, wallet_type)
    if chosen.source is None:
        return answers
    refresh_balance(chosen.source, by=by)
    return read_answers(client)


def choose_answer(answers: Sequence[BalanceAnswer], wallet_type: str) -> BalanceAnswer:
    """Return the one of the type that a text names, by code or name."""
    codes = codes_named(wallet_type, types_of(answers))
    if len(codes) > 1:
        return BalanceAnswer(wallet_type, wallet_type, State.AMBIGUOUS, codes=codes)
    unknown = BalanceAnswer(wallet_type, wallet_type, State.UNKNOWN)
    return next((answer for answer in answers if answer.wallet_type in codes), unknown)


def read_answers(client: Client) -> list[BalanceAnswer]:
    """Return that of each type, of the newest balances up to now: a later one has to wait."""
    wallets = Wallet.objects.for_client(client).select_related("payment_system")
    by_system: defaultdict[int, list[Wallet]] = defaultdict(list)
    for wallet in wallets:
        by_system[wallet.payment_system_id].append(wallet)
    reported: defaultdict[int, list[Balance]] = defaultdict(list)
    for balance in Balance.objects.for_client(client).newest_of_all(client, timezone.now()):
        reported[balance.payment_system_id].append(balance)
    sources = read_sources(client)
    return [
        make_answer(own, reported[system], sources.get(system)) for system, own in by_system.items()
    ]


def read_sources(client: Client) -> dict[int, BalanceSource]:
    """Return the sources that are asked, by payment system, with what came last of each."""
    sources = BalanceSource.objects.for_client(client).filter(kind=SourceKind.HTTP)
    return {each.payment_system_id: each for each in sources.with_last_outcome()}


def answer_by_source(answer: BalanceAnswer, source: BalanceSource) -> BalanceAnswer:
    """Return the answer as the last one of its upstream leaves it."""
    answer, outcome = replace(answer, source=source), source.last_outcome
    if outcome is None or outcome is Outcome.ANSWERED:
        return answer
    if outcome is Outcome.UNAVAILABLE:
        return replace(answer, state=State.UNAVAILABLE)
    return replace(answer, trouble=outcome)


def tell_apart(answers: Sequence[BalanceAnswer]) -> list[BalanceAnswer]:
    """Return them sorted by name, with their codes where a name has several."""
    types = types_of(answers)
    told_apart = [replace(answer, name=label(answer, types)) for answer in answers]
    return sorted(told_apart, key=lambda answer: answer.name.casefold())


def types_of(answers: Iterable[BalanceAnswer]) -> list[tuple[str, str]]:
    return [(answer.wallet_type, answer.name) for answer in answers]


def label(answer: BalanceAnswer, types: Iterable[tuple[str, str]]) -> str:
    """Return the name, with the code where the name alone does not tell the type."""
    is_clear = codes_named(answer.name, types) == (answer.wallet_type,)
    return answer.name if is_clear else f"{answer.name} ({answer.wallet_type})"


def make_answer(
    known: Sequence[Wallet], reported: Iterable[Balance], source: BalanceSource | None = None
) -> BalanceAnswer:
    """Return the answer of one payment system, by its wallets and its newest balances."""
    system = known[0].payment_system
    active = tuple(wallet for wallet in known if wallet.is_active)
    if not active or not system.is_active:
        return BalanceAnswer(system.code, system.name, State.SWITCHED_OFF)
    newest = {balance.currency: balance for balance in reported}
    currency = source.currency if source else None
    currency = currency or balance_currency(system, active, reported=newest)
    own = newest.pop(currency, None) if currency else None
    others = tuple(newest.values())
    answer = BalanceAnswer(system.code, system.name, State.ACTIVE, currency, own, others, active)
    return answer_by_source(answer, source) if source else answer


def codes_named(text: str, types: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the code that is spelled so; else those that it fits in any case, by code or name."""
    written, types = names.key(text), list(types)
    if text in dict(types):
        return (text,)
    fits = (code for code, name in types if written in (names.key(code), names.key(name)))
    return tuple(sorted(fits))


def balance_currency(
    system: PaymentSystem, wallets: Collection[Wallet], *, reported: Collection[str]
) -> str | None:
    """Return the system's currency if used; else the one that all wallets share, if any."""
    held = {wallet.currency for wallet in wallets}
    if system.currency in held or system.currency in reported:
        return system.currency
    return held.pop() if len(held) == 1 else None
