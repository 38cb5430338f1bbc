"""What every page must stand: axe finds nothing, nothing is wider than the screen, no complaint."""

from pathlib import Path

AXE = (Path(__file__).parents[1] / "vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def watch(page):
    """Collect what the browser complains about: policy, scripts, requests that fail."""
    complaints = []
    page.on(
        "console",
        lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def faults(page):
    """Return what axe finds on the page shown, and by how much it is wider than the screen."""
    page.evaluate(AXE)
    found = page.evaluate(
        "tags => axe.run({runOnly: tags, resultTypes: ['violations'], selectors: false})"
        ".then(r => r.violations.map(v => v.id + ': '"
        " + v.nodes.map(n => n.html.slice(0, 120)).join(' | ')))",
        TAGS,
    )
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [*found, *([f"{wide} px wider than the screen"] if wide > 0 else [])]
