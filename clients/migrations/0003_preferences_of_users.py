from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("clients", "0002_user_login_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("ru", "Russian"), ("en", "English")],
                max_length=2,
                verbose_name="language",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="page_size",
            field=models.PositiveSmallIntegerField(default=25, verbose_name="rows on a page"),
        ),
        migrations.AddField(
            model_name="user",
            name="theme",
            field=models.CharField(
                blank=True,
                choices=[("system", "As the system"), ("light", "Light"), ("dark", "Dark")],
                max_length=6,
                verbose_name="theme",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["", "ru", "en"])), name="user_language_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("theme__in", ["", "system", "light", "dark"])),
                name="user_theme_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("page_size__in", (25, 50, 100))), name="user_page_size_offered"
            ),
        ),
    ]
