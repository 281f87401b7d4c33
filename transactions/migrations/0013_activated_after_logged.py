"""No transaction is activated before it is logged. A time of which that is said was never true."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("transactions", "0012_days_by_the_table_of_zones")]

    operations = [
        migrations.RunSQL(
            """
            set local role paykassma_worker;
            update transactions_transaction set activated_at = null where activated_at < logged_at;
            reset role;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="transaction",
            constraint=models.CheckConstraint(
                name="transaction_not_activated_before_it_is_logged",
                condition=Q(activated_at__isnull=True) | Q(activated_at__gte=F("logged_at")),
            ),
        ),
    ]
