from paykassma_admin.staticfiles.npm_finder import NpmFinder

CHART = "chart.js/dist/chart.umd.min.js"


def test_an_allowed_file_is_found():
    assert NpmFinder().find(CHART).endswith(CHART)
    assert len(NpmFinder().find(CHART, find_all=True)) == 1


def test_the_rest_of_a_package_is_not():
    assert NpmFinder().find("chart.js/package.json") is None
    assert NpmFinder().find("../pyproject.toml") is None


def test_only_allowed_files_are_collected(settings):
    settings.NPM_FILES = [CHART]

    assert [path for path, storage in NpmFinder().list(None)] == [CHART]


def test_a_pattern_without_a_file_is_reported(settings):
    settings.NPM_FILES = [CHART, "chart.js/dist/renamed.js"]

    assert [warning.msg for warning in NpmFinder().check()] == [
        "NPM_FILES: no file is called chart.js/dist/renamed.js."
    ]
