"""Pairs of sentences by status: what the state of a transaction means, and what to do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wallets.statuses import Status

type Meanings = dict[Status, tuple[str | Promise, str | Promise]]

NOTHING_TO_DO = _("There is nothing to do.")

PAYMENTS: Meanings = {
    Status.NOT_ACTIVATED: (
        _("The money has arrived, and nobody has claimed it: no payer has sent this number yet."),
        _(
            "If a payer writes that they were not credited, compare number, amount and time with"
            " their receipt, and ask them to enter exactly this number."
        ),
    ),
    Status.ACTIVATED: (
        _("The payer sent this number, it matched the wallet’s record, and they were credited."),
        _(
            "There is nothing to do. If a payer sees no money, check that label and order number"
            " are theirs."
        ),
    ),
    Status.DECLINED: (
        _("The payment was declined: nothing was credited, and this is final."),
        _(
            "Ask the payer for the receipt. If the money has left their account, send this number"
            " to the payment system; if not, they can pay again."
        ),
    ),
    Status.PENDING: (
        _("The payment has been created and waits to be confirmed: no money has arrived yet."),
        _("Wait, and credit nothing. Ask the payer whether they confirmed it in their app."),
    ),
    Status.PROCESSING: (
        _("The payment system is carrying out the payment: nothing has been credited yet."),
        _(
            "Wait. Do not ask the payer to pay again, or they may pay twice. If it takes unusually"
            " long, ask the payment system about this number."
        ),
    ),
    Status.FAILED: (
        _("The payment failed at the payment system: nothing was credited, and this is final."),
        _(
            "Ask the payer whether the money has left their account. If it has, send this number"
            " to the payment system; if not, they can pay again."
        ),
    ),
    Status.CANCELLED: (
        _("The payment was cancelled or timed out before it was completed: nothing was credited."),
        _("There is nothing to do. A payer who still wants to pay makes a new payment."),
    ),
}

ASK_WHO_FORCED = _(
    "Ask whoever forced it what they saw: the time line has their name and reason, where these"
    " were recorded. Credit nothing until the status is “Activated”."
)
FORCED_IN_VAIN = _(
    "The time line has who forced it and why, where that was recorded. If the payer’s money has"
    " left their account, send this number to the payment system."
)
FORCED: Meanings = {
    Status.NOT_ACTIVATED: (
        _("It is marked as credited by hand, but it is not activated: it has not been credited."),
        ASK_WHO_FORCED,
    ),
    Status.ACTIVATED: (
        _("An operator credited it by hand, without a number that matched by itself."),
        _(
            "There is nothing to do. If in doubt, compare the payer’s receipt with the wallet’s"
            " statement, and with the reason in the time line, where one was recorded."
        ),
    ),
    Status.DECLINED: (
        _("It was marked as credited by hand, but declined: nothing was credited."),
        FORCED_IN_VAIN,
    ),
    Status.PENDING: (
        _("It is marked as credited by hand, but still waits to be confirmed."),
        ASK_WHO_FORCED,
    ),
    Status.PROCESSING: (
        _("It is marked as credited by hand, but the payment system is still carrying it out."),
        ASK_WHO_FORCED,
    ),
    Status.FAILED: (
        _("It was marked as credited by hand, but failed: nothing was credited."),
        FORCED_IN_VAIN,
    ),
    Status.CANCELLED: (
        _("It was marked as credited by hand, but cancelled: nothing was credited."),
        FORCED_IN_VAIN,
    ),
}

LOOK_AT_THE_STATEMENT = _("If it was not expected, look for this number in the wallet’s statement.")
OUTGOING: Meanings = {
    Status.NOT_ACTIVATED: (
        _("Money going out of the wallet, not as a payout, and not confirmed."),
        LOOK_AT_THE_STATEMENT,
    ),
    Status.ACTIVATED: (
        _("Money has left the wallet, and not as a payout: a transfer or a fee, for example."),
        LOOK_AT_THE_STATEMENT,
    ),
    Status.DECLINED: (
        _("An outgoing transfer that was declined: no money has left the wallet."),
        NOTHING_TO_DO,
    ),
    Status.PENDING: (
        _("An outgoing transfer that waits to be confirmed: no money has left the wallet yet."),
        LOOK_AT_THE_STATEMENT,
    ),
    Status.PROCESSING: (
        _("An outgoing transfer that the payment system is carrying out."),
        LOOK_AT_THE_STATEMENT,
    ),
    Status.FAILED: (
        _("An outgoing transfer that failed at the payment system."),
        _("Make sure in the wallet’s statement that the money has not left."),
    ),
    Status.CANCELLED: (
        _("An outgoing transfer that was cancelled before it was carried out."),
        NOTHING_TO_DO,
    ),
}

WITHDRAWALS: Meanings = {
    Status.NOT_ACTIVATED: (
        _("The payout has been recorded, and is not confirmed as made."),
        _(
            "Do not pay a second time. Look for this number in the wallet’s statement to see"
            " whether the money has left."
        ),
    ),
    Status.ACTIVATED: (
        _("The payout was made: the money has left the wallet for the recipient."),
        _(
            "There is nothing to do. If the recipient sees no money, give them this number: their"
            " bank or payment system finds the payout by it."
        ),
    ),
    Status.DECLINED: (
        _("The payout was declined: the recipient gets nothing from it, and this is final."),
        _("Check the recipient’s details and the wallet’s balance, then make a new payout."),
    ),
    Status.PENDING: (
        _("The payout has been accepted and waits to be sent: the money has not left yet."),
        _("Wait. If it takes unusually long, check that the wallet’s balance covers it."),
    ),
    Status.PROCESSING: (
        _("The payment system is sending the payout: the recipient may not have the money yet."),
        _(
            "Wait, and do not repeat it, or the recipient may be paid twice. If it takes unusually"
            " long, ask the payment system about this number."
        ),
    ),
    Status.FAILED: (
        _("The payout failed at the payment system, and this is final."),
        _(
            "Before you make a new payout, make sure in the wallet’s statement that the money has"
            " not left."
        ),
    ),
    Status.CANCELLED: (
        _("The payout was cancelled before it was made: the recipient gets nothing from it."),
        _("There is nothing to do. If it is still owed, make a new payout."),
    ),
}

CREDIT_NOTHING = _("Credit nothing and pay nothing out for it.")
FAKES: Meanings = {
    Status.NOT_ACTIVATED: (
        _("A test record with no money behind it, which nobody has claimed."),
        CREDIT_NOTHING,
    ),
    Status.ACTIVATED: (
        _("A test record that was activated: there is no money behind it."),
        CREDIT_NOTHING,
    ),
    Status.DECLINED: (
        _("A test record that was declined: there is no money behind it."),
        CREDIT_NOTHING,
    ),
    Status.PENDING: (
        _("A test record that waits to be confirmed: there is no money behind it."),
        CREDIT_NOTHING,
    ),
    Status.PROCESSING: (
        _("A test record in processing: there is no money behind it."),
        CREDIT_NOTHING,
    ),
    Status.FAILED: (_("A test record that failed: there is no money behind it."), CREDIT_NOTHING),
    Status.CANCELLED: (
        _("A test record that was cancelled: there is no money behind it."),
        CREDIT_NOTHING,
    ),
}
