"""Waiting until a page has what it asked for, and its fonts.

Playwright's "networkidle" does not always come: before paper it waited 30 s for nothing.
"""

SETTLE = """
async () => {
    const files = () => performance.getEntriesByType("resource").length;
    for (let known = -1, still = 0; still < 5; known = files()) {
        await new Promise((done) => setTimeout(done, 100));
        still = files() === known ? still + 1 : 0;
    }
    await document.fonts.ready;
}
"""


def settle(page):
    page.wait_for_load_state()
    page.evaluate(SETTLE)
