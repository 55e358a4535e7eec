// The inbox by keyboard and in bulk. Without script every row has its box and every verb its button; this adds counting,
// ticking all, keys for the verbs of the bar, and the list of keys.
export function inbox() {
  const form = document.querySelector("form[data-bulk]");
  const help = document.getElementById("shortcuts");
  if (form) ticking(form);
  if (help) {
    const opener = document.querySelector("[data-shortcuts]");
    if (opener) { opener.hidden = false; opener.addEventListener("click", () => help.showModal()); }
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open], [contenteditable]")) return;
    if (event.key === "?" && help) { event.preventDefault(); help.showModal(); return; }
    if (event.key === "g") { nextTab(event); return; }
    if (!form) return;
    if (event.key === "a") { event.preventDefault(); tickAll(form); return; }
    const button = form.querySelector(`.bulk-bar [data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    // Nothing ticked: the row that the keyboard is on is meant.
    if (!form.querySelector("input[name=task]:checked")) form.querySelector('tr[aria-selected="true"] input[name=task]')?.click();
    if (form.querySelector("input[name=task]:checked")) button.click();
  });
}

function boxes(form) { return [...form.querySelectorAll("input[name=task]")]; }

function ticking(form) {
  const all = form.querySelector("[data-all]");
  const words = form.querySelector("[data-count]");
  const show = () => {
    const ticked = boxes(form).filter((box) => box.checked).length;
    if (words) words.textContent = ticked ? words.dataset.some.replace("#", ticked) : words.dataset.none;
    if (all) { all.checked = ticked > 0 && ticked === boxes(form).length; all.indeterminate = ticked > 0 && !all.checked; }
  };
  if (all) { all.hidden = false; all.addEventListener("change", () => { boxes(form).forEach((box) => { box.checked = all.checked; }); show(); }); }
  form.addEventListener("change", show);
  // Shift takes everything between two ticks.
  let last = null;
  form.addEventListener("click", (event) => {
    if (event.target.name !== "task") return;
    const list = boxes(form);
    if (event.shiftKey && last) {
      const [from, to] = [list.indexOf(last), list.indexOf(event.target)].sort((a, b) => a - b);
      list.slice(from, to + 1).forEach((box) => { box.checked = event.target.checked; });
      show();
    }
    last = event.target;
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "verb" && !form.querySelector("input[name=task]:checked")) event.preventDefault();
  });
  show();
}

function tickAll(form) {
  const list = boxes(form);
  const value = !list.every((box) => box.checked);
  list.forEach((box) => { box.checked = value; });
  form.dispatchEvent(new Event("change"));
}

function nextTab(event) {
  const tabs = [...document.querySelectorAll(".tabs-line a")];
  const here = tabs.findIndex((tab) => tab.getAttribute("aria-current"));
  if (tabs.length) { event.preventDefault(); tabs[(here + 1) % tabs.length].click(); }
}
