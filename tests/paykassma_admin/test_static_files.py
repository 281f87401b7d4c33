"""Static files in production: a name that is not hashed would be answered with 404."""

import re
from pathlib import Path
from shutil import copytree

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from paykassma_admin.staticfiles.pruning import prune
from paykassma_admin.staticfiles.storage import HashedStaticFiles

# As it is written at the beginning of a module, or where it is needed.
IMPORTED = re.compile(r'(?:^import .* from |import\()"\./([^"]*)"', re.MULTILINE)


@pytest.fixture
def collected_files(tmp_path):
    """Our own modules, as `collectstatic` leaves them: name → path."""
    copytree(settings.BASE_DIR / "static/js", tmp_path / "js")
    written = FileSystemStorage(tmp_path)
    storage = HashedStaticFiles(location=tmp_path)
    modules = {f"js/{path.name}": (written, f"js/{path.name}") for path in tmp_path.glob("js/*.js")}
    hashed = {name: new for name, new, _done in storage.post_process(modules)}
    return {Path(name).name: tmp_path / hashed[name] for name in modules}


def test_a_module_imports_the_others_by_their_hashed_names(collected_files):
    imported = IMPORTED.findall(collected_files["charts.js"].read_text())

    assert set(imported) == {
        collected_files["chart_look.js"].name,
        collected_files["chart_picture.js"].name,
        collected_files["chart_reading.js"].name,
    }
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", name) for name in imported)


def test_styles_of_every_page_are_one_file(tmp_path):
    source = FileSystemStorage(settings.BASE_DIR / "static")
    copytree(settings.BASE_DIR / "static/css", tmp_path / "css")
    names = [f"css/{path.name}" for path in tmp_path.glob("css/*.css")]

    storage = HashedStaticFiles(location=tmp_path)
    done = storage.post_process({name: (source, name) for name in names})

    hashed = {name: new for name, new, _done in done}
    joined = (tmp_path / hashed["css/all.css"]).read_text()
    assert "@import" not in joined
    assert joined.index("--pk-paper:") < joined.index(".pk-frame {") < joined.index(".pk-search {")


KNOWN = frozenset({"btn", "form-select"})


@pytest.mark.parametrize(
    "rule",
    [
        ":root{--tblr-font:Inter}",
        "a:hover,input{color:red}",
        ".btn:not(.is-quiet,.is-loud) .form-select{color:red}",
        ":is(.navbar,.btn)>a{color:red}",
        "@media (min-width:9px){.btn{color:red}}",
        '@charset "utf-8";',
        '.btn::before{content:"}{"}',
        "@keyframes spin{to{rotate:1turn}}",
    ],
)
def test_rule_that_a_page_can_meet_stays_as_it_is(rule):
    assert prune(f".navbar{{color:red}}{rule}.btn.navbar{{color:red}}", KNOWN) == rule


def test_of_a_rule_stay_the_selectors_that_can_be_met():
    assert prune(".navbar,.btn,.btn .card{x:y}@media print{.card{x:y}}", KNOWN) == ".btn{x:y}"


def test_of_tabler_is_served_what_a_page_may_need(tmp_path):
    name = "@tabler/core/dist/css/tabler.min.css"
    (tmp_path / name).parent.mkdir(parents=True)
    storage = HashedStaticFiles(location=tmp_path)
    done = storage.post_process({name: (FileSystemStorage(settings.NPM_ROOT), name)})
    hashed = {name: new for name, new, _done in done}

    style = (tmp_path / hashed[name]).read_text()

    for selector in (".btn-primary{", ".form-control:focus{", ".visually-hidden:not("):
        assert selector in style
    assert ".card-header{" not in style
    assert len(style) < 150_000
