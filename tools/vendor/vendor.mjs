// Copies the vendored browser files out of the locked npm packages.
//
//   cd tools/vendor && PYTHON=python3 node vendor.mjs          (fonts need fonttools and brotli in that Python)
//
// Writes   src/tansiq/web/static/vendor/<name>-<version>/…  and VENDOR.json (name, version, licence, sha256 of each file)
//          src/tansiq/gateways/typesetting/fonts/…          the fonts of pages on paper, and their own VENDOR.json
//          tests/vendor/axe-<version>.min.js                and its own VENDOR.json
// A file is never edited by hand. What this script changes in a copy is written down under "changes".
// Nothing here is needed to build, install or run a node: the copies are in git and in the wheel.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const modules = join(here, "node_modules");
const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));

execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });

const version = (name) => lock.packages[`node_modules/${name}`].version;
const noMap = (text) => text.replace(/\n?\/[/*][#@] sourceMappingURL=[^\n]*?(\*\/)?\s*$/, "\n");
// Leaflet's sheet names images for its markers and its layer switch; the map page uses neither, and a hashed static
// store refuses a sheet that names a file which is not there.
const noImages = (text) =>
  text.replace(/[^{}]+\{[^{}]*url\(images\/[^{}]*\}/g, "").replace(/\s*behavior:\s*url\([^)]*\);/g, "");

function write(path, bytes) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

function filesOf(folder) {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesOf(path) : [path]));
}

function listed(folder, base) {
  return Object.fromEntries(
    filesOf(folder).map((path) => [
      relative(base, path).split("\\").join("/"),
      createHash("sha256").update(readFileSync(path)).digest("hex"),
    ]),
  );
}

// What pages load.
const vendor = join(root, "src/tansiq/web/static/vendor");
rmSync(vendor, { recursive: true, force: true });

const leaflet = join(vendor, `leaflet-${version("leaflet")}`);
const leafletFrom = (name) => readFileSync(join(modules, "leaflet", name), "utf8");
write(join(leaflet, "leaflet.js"), noMap(leafletFrom("dist/leaflet.js")));
write(join(leaflet, "leaflet.css"), noImages(leafletFrom("dist/leaflet.css")));
write(join(leaflet, "LICENSE"), leafletFrom("LICENSE"));

const vazirmatn = join(vendor, `vazirmatn-${version("vazirmatn")}`);
mkdirSync(vazirmatn, { recursive: true });
execFileSync(
  process.env.PYTHON ?? "python3",
  [join(here, "fonts.py"), join(modules, "vazirmatn/fonts/variable/Vazirmatn[wght].ttf"), vazirmatn],
  { stdio: "inherit" },
);
write(join(vazirmatn, "OFL.txt"), readFileSync(join(modules, "vazirmatn/OFL.txt")));

write(
  join(vendor, "VENDOR.json"),
  JSON.stringify(
    [
      {
        name: "leaflet",
        version: version("leaflet"),
        licence: "BSD-2-Clause",
        source: "npm",
        changes: ["sourceMappingURL removed", "rules that name an image removed from leaflet.css"],
        files: listed(leaflet, vendor),
      },
      {
        name: "vazirmatn",
        version: version("vazirmatn"),
        licence: "OFL-1.1",
        source: "npm",
        changes: ["subset to the characters in tools/vendor/fonts.py, weights 400 to 700, woff2"],
        files: listed(vazirmatn, vendor),
      },
    ],
    null,
    2,
  ) + "\n",
);

// What pages on paper are set in: a typesetter reads TrueType.
const paper = join(root, "src/tansiq/gateways/typesetting/fonts");
rmSync(paper, { recursive: true, force: true });
const ttf = join(paper, `vazirmatn-${version("vazirmatn")}`);
for (const weight of ["Regular", "Bold"]) {
  const name = `Vazirmatn-${weight}.ttf`;
  write(join(ttf, name), readFileSync(join(modules, "vazirmatn/fonts/ttf", name)));
}
execFileSync(process.env.PYTHON ?? "python3", [join(here, "fonts.py"), "--advances", ttf], { stdio: "inherit" });
write(join(ttf, "OFL.txt"), readFileSync(join(modules, "vazirmatn/OFL.txt")));
write(
  join(paper, "VENDOR.json"),
  JSON.stringify(
    [
      {
        name: "vazirmatn",
        version: version("vazirmatn"),
        licence: "OFL-1.1",
        source: "npm",
        changes: ["advances.txt, by tools/vendor/fonts.py, says which characters the fonts have and how wide they are"],
        files: listed(ttf, paper),
      },
    ],
    null,
    2,
  ) + "\n",
);

// What only the browser tests load.
const tests = join(root, "tests/vendor");
rmSync(tests, { recursive: true, force: true });
const axe = version("axe-core");
write(join(tests, `axe-${axe}.min.js`), noMap(readFileSync(join(modules, "axe-core/axe.min.js"), "utf8")));
write(join(tests, `axe-${axe}.LICENSE`), readFileSync(join(modules, "axe-core/LICENSE")));
const files = listed(tests, tests);
write(
  join(tests, "VENDOR.json"),
  JSON.stringify([{ name: "axe-core", version: axe, licence: "MPL-2.0", source: "npm", changes: [], files }], null, 2) +
    "\n",
);
