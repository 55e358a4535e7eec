// A map without tiles and without fonts from elsewhere: the city's own outlines, points over them, one place to pick.
// config: {bounds: [w, s, e, n], layers: [{id, src | data, kind: area|point|line, colour, label, href, fit}], pick: true|false, at: [lon, lat]}
// Inside an element with [data-place] a click writes the two fields of the form.
import { setPlace } from "../common.js";
import { colour, onTheme } from "./colours.js";

export async function start(element, config) {
  const gl = await import(MAPLIBRE);
  const box = document.createElement("div");
  box.style.cssText = "position: absolute; inset: 0"; // before MapLibre's own sheet, which says relative
  element.append(box);
  const paint = (css, alpha) => colour(element, css, alpha);
  const map = new gl.Map({
    container: box, attributionControl: false, dragRotate: false, pitchWithRotate: false, maxPitch: 0,
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": paint("--color-base-200") } }] },
    bounds: config.bounds, fitBoundsOptions: { padding: 24 }, locale: config.words ?? {},
  });
  map.addControl(new gl.NavigationControl({ showCompass: false }), "top-right");
  map.touchZoomRotate.disableRotation();
  element.querySelector(".island-note")?.remove();
  await map.once("load");
  for (const layer of config.layers ?? []) add(map, layer, paint);
  for (const layer of config.layers ?? []) if (layer.href) follow(map, layer, gl, element);
  if (config.pick || element.closest("[data-place]")) pick(map, element, config, gl, paint);
  onTheme(() => map.setPaintProperty("ground", "background-color", paint("--color-base-200")));
  element.dataset.ready = "";
  element.map = map;
}

function add(map, { id, src, data, kind = "area", colour: css = "--color-primary", label }, paint) {
  map.addSource(id, { type: "geojson", data: src ?? data, promoteId: "id" });
  if (kind === "area") {
    map.addLayer({ id: `${id}-fill`, type: "fill", source: id, paint: { "fill-color": paint("--color-base-100"), "fill-opacity": 0.95 } });
    map.addLayer({ id: `${id}-here`, type: "fill", source: id, filter: ["==", ["get", "here"], true], paint: { "fill-color": paint(css), "fill-opacity": 0.16 } });
    map.addLayer({ id, type: "line", source: id, paint: { "line-color": paint(css), "line-opacity": 0.55, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1, 13, 2] } });
  } else if (kind === "line") {
    map.addLayer({ id, type: "line", source: id, paint: { "line-color": paint(css), "line-width": 2.5 } });
  } else {
    map.addLayer({ id, type: "circle", source: id, paint: { "circle-color": paint(css), "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 4, 14, 8], "circle-stroke-width": 1.5, "circle-stroke-color": paint("--color-base-100") } });
  }
  if (label) map.addLayer({ id: `${id}-label`, type: "symbol", source: id,
    layout: { "text-field": ["get", label], "text-size": 13, "text-padding": 6, ...(kind === "point" ? { "text-offset": [0, 1.2], "text-anchor": "top" } : {}) },
    paint: { "text-color": paint("--color-base-content"), "text-halo-color": paint("--color-base-100"), "text-halo-width": 1.6 } });
}

function follow(map, { id, kind = "area", href }, gl, element) {
  const layer = kind === "area" ? `${id}-fill` : id;
  map.on("click", layer, ({ features }) => {
    const to = features?.[0]?.properties?.[href];
    if (to && !element.closest("[data-place]")) location.href = to;
  });
  map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
}

function pick(map, element, config, gl, paint) {
  const field = element.closest("[data-place]");
  const marker = new gl.Marker({ color: paint("--color-accent"), draggable: true });
  const put = (place, move) => {
    if (!place) { marker.remove(); return; }
    marker.setLngLat([place.lon, place.lat]).addTo(map);
    if (move) map.easeTo({ center: [place.lon, place.lat], zoom: Math.max(map.getZoom(), 14) });
  };
  field.addEventListener("place", ({ detail }) => put(detail, true));
  map.on("click", ({ lngLat }) => { setPlace(field, lngLat.lng, lngLat.lat); put({ lon: lngLat.lng, lat: lngLat.lat }, false); });
  marker.on("dragend", () => { const at = marker.getLngLat(); setPlace(field, at.lng, at.lat); });
  if (config.at) put({ lon: config.at[0], lat: config.at[1] }, true);
}
