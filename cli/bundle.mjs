/**
 * Build step: makes the program out of `cli/` and everything it uses, as CommonJS files under `dist/cli`, one for each
 * part that is loaded on its own. Measured on Node 20 with an unchanged stack of 50 services: plain files take 296 ms
 * of CPU, bundled ES modules 215 ms, CommonJS 205 ms, CommonJS with V8's code cache 170 ms (bare Node 60 ms).
 */
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../", import.meta.url));
const out = `${root}dist/cli`;

rmSync(out, { recursive: true, force: true });
// Every name but the first carries a digest of the content: the code cache goes by names.
const app = await bundle({ app: `${root}cli/main.ts` }, "[name]-[hash].js");
await bundle({ main: `${root}cli/launcher.ts` }, "[name].js");
const main = `${out}/main.js`;
writeFileSync(main, readFileSync(main, "utf8").replace("./app.js", `./${app}`));
chmodSync(main, 0o755);
writeFileSync(`${out}/package.json`, '{ "type": "commonjs" }\n');

async function bundle(input, entryFileNames) {
  const build = await rolldown({ input, platform: "node", external: ["./app.js"], logLevel: "silent" });
  const { output } = await build.write({
    dir: out,
    format: "cjs",
    entryFileNames,
    chunkFileNames: "[name]-[hash].js",
  });
  await build.close();
  return output.find((file) => file.type === "chunk" && file.isEntry).fileName;
}
