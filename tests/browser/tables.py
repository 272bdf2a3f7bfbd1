"""The table twin of a run's curves, as a person leafs through it."""

from playwright.sync_api import Locator, Page, expect

CELLS = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"


def read_table(page: Page, most_pages: int = 1000) -> dict[int, list[str]]:
    """What stands in each row, by its step: from the page that is shown to the oldest, or so many pages."""
    found: dict[int, list[str]] = {}
    older = pages(page).get_by_role("button", name="Older")
    for _ in range(most_pages):
        found |= shown_rows(page)
        if not older.count() or older.is_disabled():
            break
        older.click()
    return found


def shown_rows(page: Page) -> dict[int, list[str]]:
    """The rows of the page that is shown, once they are there."""
    table = page.get_by_role("region", name="Figures by step")
    expect(table).to_have_attribute("aria-busy", "false")
    cells: list[list[str]] = table.locator("tbody tr").evaluate_all(CELLS)
    return {int(row[0].replace(",", "")): row for row in cells}


def pages(page: Page) -> Locator:
    """The way to the table's other pages; nothing where it has one."""
    return page.get_by_role("navigation", name="Pages of the table", exact=True)
