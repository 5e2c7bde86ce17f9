import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";
import { hasRegistry, startRegistry } from "../../support/registry.ts";

scenario("a dry run of build, pull and push changes nothing", import.meta.filename, async (s) => {
  const recorder = await s.record();
  const cli = s.cli.with({ DOCKER_HOST: recorder.endpoint });
  expect((await cli.ok("build", "--dry-run")).stdout).toContain(`${s.project}-app`);
  await s.stack.write("compose.yaml", "services:\n  app: { image: tct.test/none:1, build: ./app }\n");
  expect((await cli.ok("pull", "--dry-run")).stdout).toContain("tct.test/none:1");
  expect((await cli.ok("push", "--dry-run")).stdout).toContain("tct.test/none:1");
  expect(recorder.calls.filter(({ method }) => method !== "GET" && method !== "HEAD")).toEqual([]);
});

scenario(
  "build needs neither env files nor replicas, and makes equal builds once",
  import.meta.filename,
  async (s) => {
    const { stderr } = await s.cli.ok("build");
    expect(await s.engine.imageId(`${s.project}-app`)).toBe(await s.engine.imageId(`${s.project}-scaled`));
    expect(stderr.match(/exporting to image$/gm)).toHaveLength(1);
  },
);

scenario("a failed build shows the line of its Dockerfile", import.meta.filename, async (s) => {
  await s.stack.edit("app/Dockerfile", "    true", "    exit 7");
  const { code, stderr } = await s.cli.run("build", "app");
  expect(code).toBe(1);
  expect(stderr).toContain(`--> ${s.stack.path("app/Dockerfile")}:3\n`);
  expect(stderr).toMatch(/^ +3 \| RUN echo "about to work" && \\$/m);
  expect(stderr).toMatch(/^ +\| about to work$/m);
});

scenario("an ignore pattern that cannot be followed fails the build", import.meta.filename, async (s) => {
  await s.stack.write("app/Dockerfile", "FROM tcompose-test/busybox:latest\nCOPY . /app\n");
  await s.stack.write("app/.dockerignore", "secrets\\prod\n");
  const { code, stderr } = await s.cli.run("build", "app");
  expect(code).toBe(1);
  expect(stderr).toContain('.dockerignore: pattern "secrets\\prod" is not valid: "\\p" has no meaning');
  expect(await s.engine.imageId(`${s.project}-app`)).toBeUndefined();
});

scenario("images tells the age of an image that was never tagged", import.meta.filename, async (s) => {
  const file = "dockerfile_inline: 'FROM tcompose-test/busybox:latest'";
  await s.stack.write("compose.yaml", `services:\n  app: { build: { ${file} }, command: "true" }\n`);
  await s.cli.ok("up", "-d", "--build");
  expect((await s.cli.ok("images")).stdout).toMatch(/ (?:About an?|Less than a|\d+) \w+ ago$/m);
  const [row] = JSON.parse((await s.cli.ok("images", "--format", "json")).stdout) as {
    LastTagTime: string;
  }[];
  expect(new Date(row?.LastTagTime ?? "").getFullYear()).toBeGreaterThan(2000);
  await s.cli.ok("down", "--rmi", "local");
});

scenario("what cannot be built is told before anything is begun", import.meta.filename, async (s) => {
  const second =
    "  other: { build: { context: ./app, secrets: [gone] } }\nsecrets: { gone: { file: ./gone.txt } }\n";
  await s.stack.write("compose.yaml", `services:\n  app: { build: ./app }\n${second}`);
  for (const command of [["build"], ["up", "-d"]]) {
    const { code, stderr } = await s.cli.run(...command);
    expect(code).toBe(1);
    expect(stderr).toContain(`cannot read secret "gone" from ${s.stack.path("gone.txt")}`);
    expect(stderr).toMatch(new RegExp(`^not done because of that: .*Image ${s.project}-app`, "m"));
    expect(await s.engine.imageId(`${s.project}-app`)).toBeUndefined();
    expect(await s.engine.containers()).toEqual([]);
  }
});

if (hasRegistry) {
  scenario("build --push sends what has a name to its registry", import.meta.filename, async (s) => {
    const registry = await startRegistry(false);
    s.atEnd(() => Promise.resolve(registry.stop()));
    const name = `${registry.host}/${s.project}/app:1`;
    await s.stack.write("compose.yaml", `services:\n  app: { image: "${name}", build: ./app }\n`);
    await s.cli.ok("build", "--push");
    const answer = await fetch(`http://${registry.host}/v2/${s.project}/app/tags/list`);
    expect(await answer.json()).toMatchObject({ tags: ["1"] });
    await s.cli.ok("down", "--rmi", "all");
    expect(await s.engine.imageId(name)).toBeUndefined();
  });
}
