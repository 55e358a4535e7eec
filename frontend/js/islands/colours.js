// Design tokens for libraries that draw on a canvas: any CSS colour as plain rgba, resolved by the browser itself.
const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** The value of a token (or of any CSS colour) as "rgba(r, g, b, a)", in the theme of `element`. */
export function colour(element, css, alpha = 1) {
  const probe = document.createElement("span");
  probe.style.color = css.startsWith("--") ? `var(${css})` : css;
  element.append(probe);
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = getComputedStyle(probe).color;
  pen.fillRect(0, 0, 1, 1);
  probe.remove();
  const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

/** Call `redraw` when the device switches between light and dark. */
export function onTheme(redraw) { matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw); }
export const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
