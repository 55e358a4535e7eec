// A process drawn by bpmn-js, with where it stands laid over it. Its watermark stays visible, as its licence asks.
import Viewer from "bpmn-js/lib/NavigatedViewer";

export async function start(element, { src, marks = {}, words = {} }) {
  const answer = await fetch(src, { headers: { Accept: "application/xml" } });
  if (!answer.ok) return;
  const viewer = new Viewer({ container: element });
  await viewer.importXML(await answer.text());
  element.querySelector(".island-note")?.remove();
  const canvas = viewer.get("canvas"), overlays = viewer.get("overlays"), registry = viewer.get("elementRegistry");
  const fit = () => canvas.zoom("fit-viewport", "auto");
  fit();
  // A long process would be too small to read: begin at its start, the rest is a drag away.
  const legible = () => {
    if (canvas.zoom() >= 0.5) return;
    const { inner } = canvas.viewbox();
    canvas.zoom(0.6);
    const { width, height } = canvas.viewbox();
    canvas.viewbox({ x: inner.x - 24, y: inner.y + inner.height / 2 - height / 2, width, height });
  };
  legible();
  tools(element, [[words.in ?? "+", "+", () => canvas.zoom(canvas.zoom() * 1.25)], [words.out ?? "-", "−", () => canvas.zoom(canvas.zoom() / 1.25)], [words.fit ?? "o", "⤢", fit]]);
  new ResizeObserver(() => canvas.resized()).observe(element);
  for (const [id, mark] of Object.entries(marks)) {
    if (!registry.get(id)) continue;
    canvas.addMarker(id, `is-${mark.state}`);
    if (!mark.text) continue;
    const badge = document.createElement("div");
    badge.className = `diagram-badge ${mark.state}`;
    badge.textContent = mark.text;
    overlays.add(id, { position: { top: -12, right: 18 }, html: badge });
  }
}

function tools(element, buttons) {
  const bar = document.createElement("div");
  bar.className = "diagram-tools";
  for (const [name, sign, act] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.ariaLabel = button.title = name;
    button.textContent = sign;
    button.addEventListener("click", act);
    bar.append(button);
  }
  element.append(bar);
}
