import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { label } from "../../../engine/labels.ts";
import { followLogs } from "../../../engine/logs/follow.ts";
import { readLogs } from "../../../engine/logs/history.ts";
import type { FollowOptions, LogEvent, LogTarget } from "../../../engine/logs/model.ts";
import { FakeEngine } from "../../support/fake-engine/fake-engine.ts";

let fake: FakeEngine;
let seen: string[];
let controller: AbortController;

beforeEach(() => {
  fake = new FakeEngine();
  fake.addImage("app");
  seen = [];
  controller = new AbortController();
});
afterEach(() => {
  controller.abort();
  fake.close();
});

async function create(name: string, body: object = {}): Promise<LogTarget> {
  const service = name.replace(/-\d$/, "");
  const Labels = { [label.project]: "app", [label.service]: service, [label.oneoff]: "False" };
  const { id } = await fake.createContainer(name, { Image: "app", Labels, HostConfig: {}, ...body });
  return { id, name, service };
}

async function start(name: string, body: object = {}): Promise<LogTarget> {
  const target = await create(name, body);
  await fake.startContainer(name);
  return target;
}

function note(event: LogEvent): void {
  if (event.type === "lines") {
    for (const line of event.lines)
      seen.push(`${event.container} ${event.stream === "stderr" ? "! " : "| "}${line}`);
  } else if (event.type === "container-state") {
    seen.push(`${event.container} ${event.state}${event.exitCode === undefined ? "" : ` ${event.exitCode}`}`);
  } else seen.push(`${event.container} ${event.error.message}`);
}

async function settled(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

function follow(targets: readonly LogTarget[], options: Partial<FollowOptions> = {}): Promise<void> {
  return followLogs(fake, targets, { project: "app", ...options }, note, controller.signal);
}

describe("followLogs", () => {
  it("gives lines of both streams as they come and ends with the last container", async () => {
    const web = await start("web-1");
    fake.write("web-1", "hello\n");
    const following = follow([web]);
    await settled(() => seen.includes("web-1 | hello"));
    fake.write("web-1", "world\n", "stderr");
    await settled(() => seen.includes("web-1 ! world"));
    fake.exit("web-1", 3);
    await following;
    expect(seen).toEqual(["web-1 attached", "web-1 | hello", "web-1 ! world", "web-1 exited 3"]);
  });

  it("goes on after a restart without loss or repetition", async () => {
    const web = await start("web-1");
    const following = follow([web], { endsWhen: "never" });
    fake.write("web-1", "one\n");
    await settled(() => seen.includes("web-1 | one"));
    fake.exit("web-1", 0);
    await settled(() => seen.includes("web-1 exited 0"));
    await fake.startContainer("web-1");
    fake.write("web-1", "two\n");
    await settled(() => seen.includes("web-1 | two"));
    controller.abort();
    await following;
    expect(seen.filter((line) => line.includes("|"))).toEqual(["web-1 | one", "web-1 | two"]);
  });

  it("picks up containers that appear, of the wanted services only, and waits for what is still to start", async () => {
    let release = (): void => undefined;
    const hold = new Promise<void>((resolve) => (release = resolve));
    const following = follow([], { services: ["web"], hold });
    await settled(() => fake.calls.some((call) => call.method === "events"));
    await start("db-1");
    await start("web-2");
    fake.write("db-1", "not wanted\n");
    fake.write("web-2", "wanted\n");
    await settled(() => seen.includes("web-2 | wanted"));
    fake.exit("web-2", 0);
    await settled(() => seen.includes("web-2 exited 0"));
    release();
    await following;
    expect(seen).toEqual(["web-2 attached", "web-2 | wanted", "web-2 exited 0"]);
  });

  it("waits again while somebody replaces the last container", async () => {
    await start("web-1");
    const releases: (() => void)[] = [];
    const following = follow([], {
      hold: Promise.resolve(),
      holdAgain: () => (releases.length > 0 ? undefined : new Promise<void>((done) => releases.push(done))),
    });
    await settled(() => seen.includes("web-1 attached"));
    fake.exit("web-1", 0);
    await settled(() => releases.length > 0);
    await start("web-2");
    releases[0]?.();
    await settled(() => seen.includes("web-2 attached"));
    fake.exit("web-2", 0);
    await following;
    expect(seen).toEqual(["web-1 attached", "web-1 exited 0", "web-2 attached", "web-2 exited 0"]);
  });

  it("tells the end of a container that is over before anybody can look", async () => {
    await create("job-1");
    const inspect = fake.hold("inspectContainer");
    const following = follow([], { hold: inspect.arrived });
    await settled(() => fake.calls.some((call) => call.method === "events"));
    await fake.startContainer("job-1");
    await inspect.arrived;
    fake.exit("job-1", 5);
    inspect.release();
    await following;
    expect(seen).toEqual(["job-1 attached", "job-1 exited 5"]);
  });

  it("tells the end of one that ran when it was listed", async () => {
    const job = await start("job-1");
    fake.exit("job-1", 5);
    await follow([{ ...job, state: "running" }]);
    expect(seen).toEqual(["job-1 attached", "job-1 exited 5"]);
  });

  it("gives of a container that is started again only what it writes from then on", async () => {
    await create("web-1");
    const web = fake.container("web-1");
    web.logs.push({ stream: "stdout", text: "of yesterday\n", time: new Date(1_000) });
    web.finishedAt = new Date(2_000);
    const following = follow([], { endsWhen: "never" });
    await settled(() => fake.calls.some((call) => call.method === "events"));
    await fake.startContainer("web-1");
    fake.write("web-1", "of today\n");
    await settled(() => seen.includes("web-1 | of today"));
    controller.abort();
    await following;
    expect(seen).toEqual(["web-1 attached", "web-1 | of today"]);
  });

  it("says what became of a restarting container", async () => {
    const web = await start("web-1", { HostConfig: { RestartPolicy: { Name: "always" } } });
    const following = follow([web]);
    await settled(() => seen.includes("web-1 attached"));
    fake.exit("web-1", 1);
    await settled(() => seen.includes("web-1 restarting 1"));
    controller.abort();
    await following;
  });

  it("shows only the last lines of what was written before, but all of what comes", async () => {
    const web = await start("web-1");
    for (const line of ["a", "b", "c"]) fake.write("web-1", `${line}\n`);
    const following = follow([web], { tail: 1 });
    await settled(() => seen.includes("web-1 | c"));
    fake.write("web-1", "d\n");
    await settled(() => seen.includes("web-1 | d"));
    fake.exit("web-1", 0);
    await following;
    expect(seen.filter((line) => line.includes("|"))).toEqual(["web-1 | c", "web-1 | d"]);
  });

  it("tells when a container is removed and ends", async () => {
    const web = await start("web-1");
    const following = follow([web]);
    await settled(() => seen.includes("web-1 attached"));
    await fake.removeContainer("web-1", { force: true });
    await following;
    expect(seen.at(-1)).toBe("web-1 removed");
  });
});

describe("readLogs", () => {
  it("merges containers in the order of time and hands on the times where asked for", async () => {
    const web = await start("web-1");
    const db = await start("db-1");
    const moments = [10, 20, 30, 40];
    for (const [index, moment] of moments.entries()) {
      const container = fake.container(index % 2 === 0 ? "web-1" : "db-1");
      container.logs.push({ stream: "stdout", text: `line ${moment}\n`, time: new Date(moment) });
    }
    const events: LogEvent[] = [];
    await readLogs(
      fake,
      [web, db],
      { timestamps: true },
      (event) => void events.push(event),
      controller.signal,
    );
    for (const event of events) note(event);
    expect(seen).toEqual(["web-1 | line 10", "db-1 | line 20", "web-1 | line 30", "db-1 | line 40"]);
    expect(events[0]).toMatchObject({ timestamps: ["1970-01-01T00:00:00.010000000Z"] });
  });

  it("reads the last lines of each container", async () => {
    const web = await start("web-1");
    for (const line of ["a", "b", "c"]) fake.write("web-1", `${line}\n`);
    await readLogs(fake, [web], { tail: 2 }, note, controller.signal);
    expect(seen).toEqual(["web-1 | b", "web-1 | c"]);
  });
});
