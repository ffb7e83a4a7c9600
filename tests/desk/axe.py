"""What axe-core finds wrong with a page for people who do not see it, or use no mouse."""

from functools import cache
from typing import Any, Final

from playwright.async_api import Page

from config.settings import CHECKOUT

AXE: Final = CHECKOUT / "desk" / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
_RUN: Final = """
async (tags) => (await axe.run(document, { runOnly: { type: "tag", values: tags } })).violations
"""


async def violations(page: Page) -> list[str]:
    """Each place that breaks a rule of WCAG 2.1 A or AA, with the rule; [] is what is wanted."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_source())
    found: list[dict[str, Any]] = await page.evaluate(_RUN, list(RULES))
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {_why(node)}"
        for rule in found
        for node in rule["nodes"]
    ]


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def _why(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(check["message"] for check in checks)
