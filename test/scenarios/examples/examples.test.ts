import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, expect } from "vitest";
import { ensureBaseImages } from "../../../examples/demo/base-images.mjs";
import { ensurePackages } from "../../../examples/demo/packages.mjs";
import { checkPage } from "../../../examples/demo/page.mjs";
import { ENGINE } from "../../support/scenario/engine-socket.ts";
import { freePort } from "../../support/scenario/stack-copy.ts";
import { scenario } from "../../support/scenario/scenario.ts";

const EXAMPLES = resolve(import.meta.dirname, "../../../examples");
const PATIENCE = { timeout: 30_000, interval: 100 };
const stackOf = (name: string): string => join(EXAMPLES, name, "compose.yaml");

beforeAll(async () => {
  await ensureBaseImages(ENGINE);
  await ensurePackages(join(EXAMPLES, "guestbook/api"), "the guestbook's API");
}, 600_000);

for (const name of readdirSync(EXAMPLES).filter((folder) => folder !== "demo")) {
  scenario(`the example ${name} is valid and can be planned`, stackOf(name), async (s) => {
    await s.cli.ok("config", "-q");
    const recorder = await s.record();
    const plan = await s.cli.with({ DOCKER_HOST: recorder.endpoint }).ok("plan");
    expect(plan.stdout).toMatch(/to create/);
    expect(recorder.mutations()).toEqual([]);
  });
}

scenario(
  "the guestbook answers, keeps its entries and is left alone by a second up",
  stackOf("guestbook"),
  async (s) => {
    const recorder = await s.record();
    const port = await freePort();
    const cli = s.cli.with({ GUESTBOOK_PORT: port, DOCKER_HOST: recorder.endpoint });
    await cli.ok("up", "--wait");
    const { entry } = await checkPage(`http://127.0.0.1:${port}`);

    // Nothing that looked whether it is ready has disturbed it.
    expect(await s.engine.logs("db-1")).not.toContain("terminated by signal");

    recorder.calls.length = 0;
    await cli.ok("up", "--wait");
    expect(recorder.mutations()).toEqual([]);

    await cli.ok("down");
    await cli.ok("up", "--wait");
    expect((await checkPage(`http://127.0.0.1:${port}`)).entry).toBe(entry);
    await cli.ok("down", "--volumes", "--rmi", "local");
  },
);

scenario("two versions of one service answer side by side", stackOf("side-by-side"), async (s) => {
  const [current, next] = [await freePort(), await freePort()];
  await s.cli.with({ CURRENT_PORT: current, NEXT_PORT: next }).ok("up", "--wait");
  const read = async (port: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}`)).text();
  await expect.poll(() => read(current)).toBe("greeter, version 1\n");
  await expect.poll(() => read(next)).toBe("greeter, version 2\n");
});

scenario("a single service serves a folder of the host", stackOf("single"), async (s) => {
  const port = await freePort();
  await s.cli.with({ PORT: port }).ok("up", "--wait");
  const page = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}`)).text();
  await expect.poll(page).toContain("One service, one file.");
});

scenario(
  "hot reload: a save is on the page at once, settings restart, a new version is built",
  stackOf("hot-reload"),
  async (s) => {
    const port = await freePort();
    const up = s.cli.with({ PORT: port }).start("up", "--watch");
    const page = async (): Promise<string> => {
      try {
        return await (await fetch(`http://127.0.0.1:${port}`)).text();
      } catch {
        // Between two servers nobody listens.
        return "";
      }
    };
    await up.waitFor(/watch web: src/);
    await expect.poll(page, PATIENCE).toContain("<h1>Hello</h1>");
    await s.stack.edit("src/page.mjs", "<h1>${greeting}</h1>", "<h1>${greeting}, you</h1>");
    await expect.poll(page, PATIENCE).toContain("<h1>Hello, you</h1>");
    await s.stack.edit("config/settings.json", "Hello", "Good day");
    await expect.poll(page, PATIENCE).toContain("<h1>Good day, you</h1>");
    await s.stack.edit("package.json", "1.0.0", "2.0.0");
    await expect.poll(page, PATIENCE).toContain("Version 2.0.0");
    up.kill("SIGINT");
    expect((await up.finished).code).toBe(130);
    await s.cli.ok("down", "--rmi", "local");
  },
);
