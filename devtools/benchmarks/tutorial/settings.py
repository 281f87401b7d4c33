from typing import Any

from paykassma_admin.settings import *  # noqa: F403
from paykassma_admin.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "devtools.benchmarks.tutorial"]
ROOT_URLCONF = "devtools.benchmarks.tutorial.urls"

# Default indexes are those of foreign keys, no help with a Client who has 40 % of the rows. Ours
# would be, so they are hidden. The other tables are small.
HIDDEN = "-c enable_indexscan=off -c enable_indexonlyscan=off -c enable_bitmapscan=off"
connection_options: dict[str, Any] = DATABASES["default"]["OPTIONS"]
connection_options["options"] = HIDDEN
