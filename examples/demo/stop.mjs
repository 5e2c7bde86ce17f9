/** `npm run demo:stop`: removes the guestbook, its data included. `-- --images` removes the demo's images too. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { BASE_IMAGES, DEBIAN_IMAGE } from "./base-images.mjs";
import { call, findEngine } from "./engine-api.mjs";
import { ensurePackages } from "./packages.mjs";
import { runScript, say } from "./say.mjs";
import { buildCli, tcompose, TOP } from "./stack.mjs";

const API_IMAGE = "guestbook-api:latest";

await runScript(async () => {
  const endpoint = await findEngine();
  if (endpoint === undefined) return say("No engine answers here, so nothing runs.");
  if (!existsSync(join(TOP, "dist/cli/main.js"))) {
    await ensurePackages(TOP, "tcompose");
    await buildCli();
  }
  await tcompose(["down", "--volumes", "--remove-orphans"], { endpoint });
  const images = [API_IMAGE, ...Object.keys(BASE_IMAGES), DEBIAN_IMAGE];
  if (!process.argv.includes("--images")) {
    return say(
      "Containers, networks and data are gone. Images stay for the next time: npm run demo:stop -- --images",
    );
  }
  for (const image of images) {
    const { status } = await call(endpoint, { method: "DELETE", path: `/images/${encodeURI(image)}` });
    if (status === 200) say(`Removed ${image}.`);
  }
});
