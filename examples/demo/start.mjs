/** `npm run demo`: from a fresh clone to a running guestbook. Safe to run again: it changes only what is missing. */
import { join } from "node:path";
import process from "node:process";
import { ensureBaseImages } from "./base-images.mjs";
import { ensureEngine } from "./engine.mjs";
import { ensurePackages } from "./packages.mjs";
import { checkPage } from "./page.mjs";
import { runScript, say } from "./say.mjs";
import { buildCli, GUESTBOOK, tcompose, TOP } from "./stack.mjs";

await runScript(async () => {
  await ensurePackages(TOP, "tcompose");
  await buildCli();
  const endpoint = await ensureEngine();
  say(`The engine answers at ${endpoint}.`);
  await ensureBaseImages(endpoint);
  await ensurePackages(join(GUESTBOOK, "api"), "the guestbook's API");
  await tcompose(["up", "--wait"], { endpoint });

  const url = `http://localhost:${process.env.GUESTBOOK_PORT ?? 8080}`;
  const { entry, visits } = await checkPage(url);
  say(`\nThe page shows the entry "${entry}" (PostgreSQL) and ${visits} visits (Redis).`);
  say(`\n  Guestbook:  ${url}`);
  say(`  Logs:       cd examples/guestbook && node ../../dist/cli/main.js logs -f`);
  say(
    `  Try:        change GREETING in examples/guestbook/compose.yaml, then ... main.js plan, then ... main.js up -d`,
  );
  say(`  Stop:       npm run demo:stop`);
});
