// Small comforts of every page. Nothing here is needed to read or to send a form.

/** Start each island when it comes near the screen; its code is loaded only then. */
export function islands(root = document) {
  const loaders = {
    map: () => import("./islands/map.js"),
    chart: () => import("./islands/chart.js"),
    diagram: () => import("./islands/diagram.js"),
  };
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      const load = loaders[entry.target.dataset.island];
      if (!load) continue;
      load().then((island) => island.start(entry.target, settings(entry.target)))
        .catch((error) => { entry.target.dataset.failed = ""; console.error(error); });
    }
  }, { rootMargin: "200px" });
  for (const element of root.querySelectorAll("[data-island]:not([data-started])")) {
    element.dataset.started = "";
    near.observe(element);
  }
}

/** What the page wrote into the island for its script. */
function settings(element) {
  const found = element.querySelector('script[type="application/json"]');
  return found ? JSON.parse(found.textContent) : {};
}

/** Menus made of <details> close by Escape, by a click elsewhere, and when another one opens. */
export function menus() {
  const closeAll = (except) => document.querySelectorAll("details.drop[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  document.addEventListener("click", (event) => closeAll(event.target.closest("details.drop")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.drop[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });
}

/** Filters apply at a choice; a form is sent once, however often its button is pressed. */
export function forms() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form && event.target.matches("select, input[type=date], input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => { delete form.dataset.sent; form.removeAttribute("aria-busy"); }, 8000);
  });
  // Empty fields of a filter do not belong in the address.
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
  });
  // A summary of problems is what a screen reader should meet first.
  document.querySelector("[data-focus]")?.focus();
}

/** "Use where I am now": fills the two fields of a place; the map listens to the same event. */
export function places(root = document) {
  for (const button of root.querySelectorAll("[data-locate]:not([data-started])")) {
    button.dataset.started = "";
    if (!("geolocation" in navigator)) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => { button.removeAttribute("aria-busy"); setPlace(button.closest("[data-place]"), coords.longitude, coords.latitude); },
        () => { button.removeAttribute("aria-busy"); button.disabled = true; },
        { enableHighAccuracy: true, timeout: 10000 },
      );
    });
  }
}

/** Write a place into its two fields and tell whoever shows it. */
export function setPlace(field, lon, lat) {
  const [x, y] = [field.querySelector("[data-lon]"), field.querySelector("[data-lat]")];
  x.value = lon === null ? "" : lon.toFixed(6);
  y.value = lat === null ? "" : lat.toFixed(6);
  field.dispatchEvent(new CustomEvent("place", { detail: lon === null ? null : { lon, lat } }));
}

/** A second choice that depends on the first: options come as JSON [{value, label}] from the address in data-cascade. */
export function cascades(root = document) {
  for (const pair of root.querySelectorAll("[data-cascade]:not([data-started])")) {
    pair.dataset.started = "";
    const [first, second] = pair.querySelectorAll("select");
    const empty = second.options[0].cloneNode(true);
    first.addEventListener("change", async () => {
      second.replaceChildren(empty);
      if (!first.value) return;
      const answer = await fetch(pair.dataset.cascade + encodeURIComponent(first.value));
      if (!answer.ok) return;
      second.replaceChildren(new Option(first.options[0].text, ""), ...(await answer.json()).map(({ value, label }) => new Option(label, value)));
    });
  }
}

/** A file field in the page's own language and look: what was chosen is listed with a small picture. */
export function uploads(root = document) {
  for (const input of root.querySelectorAll("input[data-upload]:not([data-started])")) {
    input.dataset.started = "";
    const list = document.createElement("ul");
    list.className = "upload-list";
    list.setAttribute("aria-live", "polite");
    input.closest(".upload").append(list);
    input.addEventListener("change", () => {
      list.replaceChildren(...[...input.files].map((file) => {
        const item = document.createElement("li");
        if (file.type.startsWith("image/")) item.append(Object.assign(new Image(), { src: URL.createObjectURL(file), alt: "" }));
        item.append(Object.assign(document.createElement("span"), { textContent: file.name }));
        return item;
      }));
    });
  }
}

export function start(root = document) { islands(root); places(root); cascades(root); uploads(root); }
