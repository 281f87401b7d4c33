from clients.models import Client
from devtools.demo.simulation.market import SYSTEMS, System
from wallets.models import PaymentSystem, Wallet

WALLETS = {
    "alpha": {
        "upi_l": {
            "alphatrade@okhdfc": "Основной, HDFC",
            "sharma.stores@okicici": "Шарма, вечерняя смена",
            "9812047365@okaxis": "Резервный, Axis",
        },
        "phone_pe": {
            "9767318204@ybl": "Дневной",
            "8850264719@ibl": "Ночной",
            "7021593846@axl": "Запасной",
        },
        "paytm": {
            "paytmqr281005050101@paytm": "QR на сайте",
            "alphatrade@ptyes": "Приложение",
        },
        "bkash": {
            "01715482936": "Дакка, торговый",
            "01890317265": "Дакка, личный",
            "01533906417": "Читтагонг",
        },
        "nagad": {"01617740582": "Рахим", "01928851340": "Запасной"},
        "easypaisa": {"03454187620": "Карачи", "03129604475": "Лахор"},
        "wavepay": {"09785310642": "Янгон", "09421706583": "Мандалай"},
        "dusupay": {"DP-UG-104817": "Кампала, MTN", "DP-UG-104822": "Кампала, Airtel"},
    },
    "beta": {
        "upi_l": {"betapay@okhdfc": "Основной", "goa.travel@okaxis": "Гоа, туристы"},
        "paytm": {"betapay@ptyes": "Paytm для бизнеса"},
        "bkash": {"01756209348": "Дакка", "01842965107": "Силхет"},
        "dusupay": {"DP-UG-118305": "Уганда"},
    },
}


def make_wallets(client: Client, systems: dict[str, PaymentSystem]) -> dict[System, list[Wallet]]:
    made = {
        system: [
            Wallet(
                client=client,
                payment_system=systems[system.code],
                number=number,
                name=name,
                currency=system.country.currency,
                country=system.country.code,
            )
            for number, name in WALLETS[client.slug][system.code].items()
        ]
        for system in SYSTEMS
        if system.code in WALLETS[client.slug]
    }
    Wallet.unscoped.bulk_create(wallet for wallets in made.values() for wallet in wallets)
    return made
