/** Whatever an interrupted run leaves, the next one reaches the same state as a run that was not interrupted. */
import { describe, expect, it } from "vitest";
import { planToText } from "../../../engine/plan/text.ts";
import { newEngine, Project, type RunOptions } from "./support.ts";

interface Transition {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly options?: RunOptions;
}

const CHAIN = (value: string, rest = ""): string => `
services:
  db:
    image: busybox
    environment: { LEVEL: "${value}" }
    healthcheck: { test: "true" }
    networks: [front, back]
    volumes: [data:/data, /cache]
  job:
    image: busybox
    depends_on: { db: { condition: service_healthy } }
    networks: [back]
  web:
    image: busybox
    environment: { LEVEL: "${value}" }
    depends_on:
      db: { condition: service_healthy, restart: true }
      job: { condition: service_completed_successfully }
    networks: [front, back]
    scale: 2
networks: { front: {}, back: {} }
volumes: { data: {} }
${rest}
`;

const SHARED = (value: string): string => `
services:
  owner:
    image: busybox
    environment: { LEVEL: "${value}" }
    volumes: [/owned]
  guest:
    image: busybox
    network_mode: service:owner
    volumes_from: [owner]
`;

const NETWORK = (label: string): string => `
services:
  a: { image: busybox, networks: { front: { aliases: [zed] }, back: {} } }
  b: { image: busybox, networks: [front] }
networks:
  front: { labels: { of: "${label}" } }
  back: {}
`;

const VOLUME = (label: string): string => `
services:
  a: { image: busybox, volumes: [data:/data] }
  b: { image: busybox, volumes_from: [a] }
volumes: { data: { labels: { of: "${label}" } } }
`;

const SCALE = (count: number, value: string): string => `
services:
  web: { image: busybox, scale: ${count}, environment: { LEVEL: "${value}" } }
`;

const ROLLING = (value: string): string => `
services:
  db:
    image: busybox
    environment: { LEVEL: "${value}" }
    healthcheck: { test: "true" }
    volumes: [data:/data, /cache]
    post_start: [{ command: [warm] }]
    pre_stop: [{ command: [flush] }]
  web:
    image: busybox
    environment: { LEVEL: "${value}" }
    depends_on: { db: { condition: service_healthy, restart: true } }
    networks: [default, back]
    scale: 2
  fixed: { image: busybox, ports: ["8080:80"], environment: { LEVEL: "${value}" } }
networks: { back: {} }
volumes: { data: {} }
`;

const LIMITS = (cpus: number, restart: string): string => `
services:
  a: { image: busybox, cpus: ${cpus}, restart: ${restart}, scale: 2 }
  b: { image: busybox, mem_limit: ${cpus}g }
`;

const transitions: readonly Transition[] = [
  { name: "rolling", from: ROLLING("1"), to: ROLLING("2"), options: { rolling: true } },
  { name: "update in place", from: LIMITS(1, "always"), to: LIMITS(2, "unless-stopped") },
  { name: "first up", from: "services: {}", to: CHAIN("1") },
  { name: "recreate", from: CHAIN("1"), to: CHAIN("2") },
  { name: "shared namespaces", from: SHARED("1"), to: SHARED("2") },
  { name: "changed network", from: NETWORK("1"), to: NETWORK("2") },
  {
    name: "changed volume, with consent",
    from: VOLUME("1"),
    to: VOLUME("2"),
    options: { answers: { "volume-data-loss:app_data": true } },
  },
  { name: "scale up and change", from: SCALE(1, "a"), to: SCALE(4, "b") },
  { name: "scale down and change", from: SCALE(4, "a"), to: SCALE(2, "b") },
  { name: "orphans", from: SCALE(2, "a"), to: SHARED("1"), options: { removeOrphans: true } },
  { name: "forced", from: SHARED("1"), to: SHARED("1"), options: { recreate: "force" } },
];

describe.each(["1.41", "1.44"])("kill -9 after any call (API %s)", (apiVersion) => {
  it.each(transitions)(
    "$name",
    async ({ from, to, options = {} }) => {
      const prepared = async (): Promise<Project> => {
        const project = new Project(from, newEngine(apiVersion));
        project.engine.behave("job", { exitCode: 0 });
        if (from !== "services: {}") await project.up();
        await settle();
        project.text = to;
        return project;
      };
      const undisturbed = await prepared();
      await undisturbed.up(options);
      await settle();
      const expected = undisturbed.engine.stateText();
      await expectEmptyPlan(undisturbed, options);
      for (const lost of ["request", "answer"] as const) {
        let kills = 0;
        for (let isInterrupted = true; isInterrupted; kills += 1) {
          const project = await prepared();
          const { plan } = await project.plan(options);
          project.engine.die(kills, lost);
          const report = await project.execute(plan);
          isInterrupted = report.outcome !== "succeeded";
          project.engine.revive();
          await settle();
          await project.up(options);
          await settle();
          expect(project.engine.stateText(), `killed after ${kills} calls (${lost} lost)`).toBe(expected);
          await expectEmptyPlan(project, options);
        }
        expect(kills).toBeGreaterThan(2);
      }
    },
    120_000,
  );
});

/** Forced runs are never without work. */
async function expectEmptyPlan(project: Project, options: RunOptions): Promise<void> {
  const { recreate: _, ...calm } = options;
  const { plan } = await project.plan(calm);
  expect(planToText(plan)).toBe("");
}

/** Lets processes of fake containers end and health checks answer. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
