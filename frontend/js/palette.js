// Ctrl+K: go to a page or a thing by typing part of its name. Without script the button is a link to /search.
export function palette(dialog) {
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector('[role="listbox"]');
  let at = 0, asked = 0, timer;

  const open = () => { if (dialog.open) return; dialog.showModal(); input.value = ""; ask(); };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  for (const link of document.querySelectorAll("[data-palette-open]"))
    link.addEventListener("click", (event) => { event.preventDefault(); open(); });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  async function ask() {
    const mine = ++asked;
    const answer = await fetch(`${dialog.dataset.src}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== asked) return;
    show(await answer.json());
  }

  function show({ found, none }) {
    at = 0;
    list.replaceChildren(...found.map((hit, index) => {
      const row = document.createElement("div");
      row.role = "option";
      row.id = `hit-${index}`;
      row.dataset.href = hit.href;
      const detail = document.createElement("small");
      detail.textContent = hit.detail;
      row.append(hit.title, detail);
      row.addEventListener("click", () => go(row));
      row.addEventListener("mousemove", () => mark(index));
      return row;
    }));
    if (!found.length) list.textContent = none;
    mark(0);
  }

  function mark(index) {
    const rows = [...list.children];
    if (!rows.length) { input.removeAttribute("aria-activedescendant"); return; }
    at = (index + rows.length) % rows.length;
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
    rows[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", rows[at].id);
  }

  function go(row) {
    location.href = row ? row.dataset.href : `/search?q=${encodeURIComponent(input.value)}`;
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("keydown", (event) => {
    const act = { ArrowDown: () => mark(at + 1), ArrowUp: () => mark(at - 1), Enter: () => go(list.querySelector('[aria-selected="true"]')) }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}
