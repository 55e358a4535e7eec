// The desk by keyboard: j and k move through the rows of a list, Enter opens, x selects, / goes to the filter.
export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog[open], [contenteditable]")) return;
    const rows = [...document.querySelectorAll("[data-rows] tbody tr, tbody[data-rows] tr")];
    const here = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const go = (index) => {
      const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
      if (!row) return;
      rows[here]?.removeAttribute("aria-selected");
      row.setAttribute("aria-selected", "true");
      row.scrollIntoView({ block: "nearest" });
      row.querySelector("a")?.focus({ preventScroll: true });
    };
    const act = {
      j: () => go(here + 1),
      k: () => go(here - 1),
      x: () => rows[here]?.querySelector("input[type=checkbox]")?.click(),
      "/": () => document.querySelector(".filters input[type=search]")?.focus(),
    }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}
