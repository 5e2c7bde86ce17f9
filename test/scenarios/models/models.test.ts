import { chmod, mkdir, readFile, rm } from "node:fs/promises";
import { expect } from "vitest";
import { scenario, type Scenario } from "../../support/scenario/scenario.ts";

/** A plugin that knows one model until it pulls another, and keeps what it was told. */
const PLUGIN = `#!/bin/sh
cd "$(dirname "$0")"
case "$1" in
status) echo '{"running": true, "endpoint": "http://models.test/v1/"}' ;;
ls) if [ -f pulled ]; then echo '[{"tags": ["ai/small"]}, {"tags": ["ai/big"]}]'; else echo '[{"tags": ["ai/big"]}]'; fi ;;
pull) echo "$*" >> told; [ -f broken ] && { echo "no such model" >&2; exit 3; }; touch pulled ;;
*) echo "$*" >> told ;;
esac
`;
const FOLDER = "home/.docker/cli-plugins";

async function install({ stack }: Scenario): Promise<void> {
  await mkdir(stack.path(FOLDER), { recursive: true });
  await stack.write(`${FOLDER}/docker-model`, PLUGIN);
  await chmod(stack.path(`${FOLDER}/docker-model`), 0o755);
}

scenario("models are pulled, configured and told to the services", import.meta.filename, async (s) => {
  await install(s);
  const plan = await s.cli.ok("plan");
  expect(plan.stdout).toMatch(/pull +model +ai\/small/);
  await s.cli.ok("up", "-d");
  const { env } = await s.engine.container("chat-1");
  expect(env).toMatchObject({
    SMALL_LLM_MODEL: "ai/small",
    SMALL_LLM_URL: "http://models.test/v1/",
    BIG_NAME: "ai/big",
    BIG_AT: "http://models.test/v1/",
  });
  const told = (await readFile(s.stack.path(`${FOLDER}/told`), "utf8")).trim().split("\n");
  expect(told.toSorted()).toEqual([
    "configure --context-size 4096 ai/small -- --temp 0.1",
    "configure ai/big",
    "pull ai/small",
  ]);
  expect((await s.cli.run("plan", "--exit-code")).code).toBe(0);
  expect((await s.cli.ok("run", "--rm", "chat", "sh", "-c", "echo $BIG_NAME")).stdout).toBe("ai/big\n");

  await rm(s.stack.path(`${FOLDER}/docker-model`));
  await s.cli.ok("down");
  expect(await s.engine.containers()).toEqual([]);
});

scenario("without the plugin, or when it fails, nothing is started", import.meta.filename, async (s) => {
  const missing = await s.cli.run("up", "-d");
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain("plugin docker-model is not installed");
  expect(await s.engine.containers()).toEqual([]);

  await install(s);
  await s.stack.write(`${FOLDER}/broken`, "");
  const failed = await s.cli.run("up", "-d");
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("docker model pull ai/small failed (3)");
  expect(failed.stderr).toContain("no such model");
  expect(await s.engine.summary()).not.toContain("chat-1 running");
});
