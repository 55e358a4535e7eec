// A process drawn by bpmn-js, with where it stands laid over it. Its watermark stays visible, as its licence asks.
import Viewer from "bpmn-js/lib/NavigatedViewer";

export async function start(element, { src, marks = {} }) {
  const answer = await fetch(src, { headers: { Accept: "application/xml" } });
  if (!answer.ok) return;
  const viewer = new Viewer({ container: element });
  await viewer.importXML(await answer.text());
  element.querySelector(".island-note")?.remove();
  const canvas = viewer.get("canvas"), overlays = viewer.get("overlays"), registry = viewer.get("elementRegistry");
  const fit = () => canvas.zoom("fit-viewport", "auto");
  fit();
  new ResizeObserver(() => { canvas.resized(); fit(); }).observe(element);
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
