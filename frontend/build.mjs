// Builds what a browser loads: styles, scripts, icons and the files MapLibre wants beside it.
// Output: src/yiwang/web/static/dist (not in git; shipped inside the wheel) with a manifest of logical name -> file name.
// Every name carries a hash of its content or the version of its package, so that files can be cached for ever.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import esbuild from "esbuild";
import { transform } from "lightningcss";
import postcss from "postcss";
import tailwind from "@tailwindcss/postcss";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "src/yiwang/web/static/dist");
const work = `${out}.next`;
const modules = join(root, "node_modules");
const manifest = {};

// Browsers of 2023: an elder's phone is not replaced every year. light-dark() and nesting are compiled down to these.
const targets = { chrome: 111 << 16, firefox: 113 << 16, safari: (16 << 16) | (4 << 8) };

function put(logical, content) {
  const dot = logical.lastIndexOf(".");
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const name = `${logical.slice(0, dot)}-${hash}${logical.slice(dot)}`;
  writeFileSync(join(work, name), content);
  manifest[logical] = name;
}

async function styles(logical, source) {
  const css = await postcss([tailwind({ base: root, optimize: false })]).process(readFileSync(source, "utf8"), { from: source });
  const { code } = transform({ filename: logical, code: Buffer.from(css.css), minify: true, targets });
  put(logical, code);
}

function vendorStyles(logical, ...files) {
  const css = files.map((file) => readFileSync(join(modules, file), "utf8")).join("\n");
  const { code } = transform({ filename: logical, code: Buffer.from(css), minify: true, targets });
  put(logical, code);
}

async function scripts() {
  const js = join(root, "frontend/js");
  const built = await esbuild.build({
    entryPoints: ["resident.js", "desk.js"].map((name) => join(js, name)),
    bundle: true, splitting: true, format: "esm", minify: true, metafile: true, outdir: work,
    entryNames: "[name]-[hash]", chunkNames: "part-[name]-[hash]", target: ["chrome111", "firefox113", "safari16.4"],
    // MapLibre keeps its three modules side by side (page, worker, shared); they are copied as they are.
    external: ["/static/*"], define: { MAPLIBRE: JSON.stringify(`/static/dist/${manifest.maplibre}/maplibre-gl.mjs`) },
    legalComments: "linked", absWorkingDir: root,
  });
  for (const [file, info] of Object.entries(built.metafile.outputs))
    if (info.entryPoint) manifest[info.entryPoint.split("/").pop()] = file.split("/").pop();
}

function maplibre() {
  const { version } = JSON.parse(readFileSync(join(modules, "maplibre-gl/package.json"), "utf8"));
  manifest.maplibre = `maplibre-${version}`;
  mkdirSync(join(work, manifest.maplibre));
  for (const name of ["maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl-shared.mjs"])
    cpSync(join(modules, "maplibre-gl/dist", name), join(work, manifest.maplibre, name));
}

function icons() {
  const names = readFileSync(join(root, "frontend/icons.txt"), "utf8").split(/\s+/).filter(Boolean).sort();
  const symbols = names.map((name) => {
    const file = join(modules, "lucide-static/icons", `${name}.svg`);
    if (!existsSync(file)) throw new Error(`frontend/icons.txt: lucide has no icon "${name}"`);
    const inner = readFileSync(file, "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s+/g, " ");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
  });
  put("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

/** Everything of some size also as .br and .gz, so that serving costs no time. */
function pack(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) pack(file);
    else if (/\.(css|js|mjs|svg)$/.test(entry.name) && statSync(file).size > 1000) {
      const content = readFileSync(file);
      writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    }
  }
}

function swapIn() {
  writeFileSync(join(work, "manifest.json"), JSON.stringify(manifest, null, 1));
  rmSync(`${out}.old`, { recursive: true, force: true });
  if (existsSync(out)) renameSync(out, `${out}.old`);
  renameSync(work, out);
  rmSync(`${out}.old`, { recursive: true, force: true });
}

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
maplibre();
icons();
vendorStyles("map.css", "maplibre-gl/dist/maplibre-gl.css");
vendorStyles("diagram.css", "bpmn-js/dist/assets/diagram-js.css", "bpmn-js/dist/assets/bpmn-js.css");
await Promise.all([styles("app.css", join(root, "frontend/css/app.css")), scripts()]);
pack(work);
swapIn();
console.log(`${readdirSync(out).length} files in src/yiwang/web/static/dist`);
