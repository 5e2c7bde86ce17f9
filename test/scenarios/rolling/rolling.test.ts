import { get } from "node:http";
import { expect } from "vitest";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

const UPDATES = 10;
const PER_SECOND = 200;

interface Load {
  readonly counts: Map<string, number>;
  stop(): Promise<void>;
}

/** Requests at a fixed rate, whatever becomes of those before. Counts answers by status and version. */
function startLoad(url: string): Load {
  const counts = new Map<string, number>();
  const count = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  const open = new Set<Promise<void>>();
  const ask = (): void => {
    const done = new Promise<void>((resolve) => {
      const request = get(url, { agent: false }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        answer.on("close", () => {
          count(answer.statusCode === 200 && answer.complete ? `version ${text}` : "failed");
          resolve();
        });
      });
      request.on("error", () => {
        count("failed");
        resolve();
      });
    });
    open.add(done);
    void done.finally(() => open.delete(done));
  };
  const timer = setInterval(ask, 1000 / PER_SECOND);
  return {
    counts,
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}

async function frontUrl(s: Scenario): Promise<string> {
  const { stdout } = await s.cli.ok("port", "front", "8080");
  return `http://${stdout.trim()}/`;
}

async function webId(s: Scenario): Promise<string | undefined> {
  return (await s.engine.containers()).find(({ service }) => service === "web")?.id;
}

scenario("no request is lost while a service is replaced ten times", import.meta.filename, async (s) => {
  const cli = s.cli.with({ NODE: process.execPath });
  const text = await s.stack.read("compose.yaml");
  await cli.ok("up", "-d", "--wait");
  const load = startLoad(await frontUrl({ ...s, cli }));
  for (let version = 1; version <= UPDATES; version += 1) {
    await s.stack.write("compose.yaml", text.replace('VERSION: "0"', `VERSION: "${version}"`));
    await cli.ok("up", "-d");
  }
  await load.stop();
  expect(load.counts.get("failed") ?? 0).toBe(0);
  expect([...load.counts.keys()]).toContain(`version ${UPDATES}`);
  expect((await s.engine.containers()).map(({ name }) => name)).toEqual([
    `${s.project}-front-1`,
    `${s.project}-web-1`,
  ]);
});

scenario("a replacement that is broken leaves the old container serving", import.meta.filename, async (s) => {
  const cli = s.cli.with({ NODE: process.execPath });
  await cli.ok("up", "-d", "--wait");
  const before = await webId(s);
  const load = startLoad(await frontUrl({ ...s, cli }));
  const failed = await cli.with({ FAIL: "yes" }).run("up", "-d");
  await load.stop();
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("exited");
  expect(load.counts.get("failed") ?? 0).toBe(0);
  expect(await webId(s)).toBe(before);
  expect(await s.engine.containers()).toHaveLength(2);
});
