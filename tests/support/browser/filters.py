def open_filters(page):
    """Open the form of a list, unless it is."""
    if page.locator("#conditions:not([open])").count():
        page.locator("#conditions > summary").click()
