import { describe, expect, it } from "vitest";
import { palette } from "../../../cli/render/color.ts";
import { renderPlan } from "../../../cli/render/plan.ts";
import type { Operation, Plan, ResourceChange } from "../../../engine/plan/operation.ts";

const container = (name: string, service: string) => ({ type: "container" as const, name, service });

function plan(changes: readonly ResourceChange[], operations: readonly Operation[] = []): Plan {
  return { formatVersion: 1, project: "app", observed: "", operations, changes };
}

function text(value: Plan): string {
  return renderPlan(value, {
    colors: palette(false),
    place: (range) => `compose.yaml:${range.start}:7`,
  });
}

describe("renderPlan", () => {
  it("says that nothing is to be done", () => {
    expect(text(plan([]))).toBe("Plan: nothing to do.\n");
    expect(
      text(
        plan([
          {
            resource: container("app-web-1", "web"),
            action: "keep",
            cause: { type: "missing" },
            operations: [],
          },
        ]),
      ),
    ).toBe("Plan: nothing to do; 1 unchanged.\n");
  });

  it("shows sizes with their unit", () => {
    const changes = [
      { path: "mem_limit", from: "134217728", to: "268435456" },
      { path: "memswap_limit", from: "1500", to: "-1" },
      { path: "deploy", to: { resources: { limits: { memory: "1073741824" } } } },
      { path: "volumes[/run].tmpfs.size", from: "65536", to: "1024" },
      { path: "labels.memory", from: "1024", to: "2048" },
    ];
    const change = {
      resource: container("app-web-1", "web"),
      action: "recreate",
      cause: { type: "diverged", changes },
      operations: [],
    } as const;
    expect(text(plan([change]))).toBe(
      [
        "~ recreate container app-web-1",
        '    mem_limit: "128m" -> "256m"',
        '    memswap_limit: "1500" -> "-1"',
        '    deploy: {"resources":{"limits":{"memory":"1g"}}} (added)',
        '    volumes[/run].tmpfs.size: "64k" -> "1k"',
        '    labels.memory: "1024" -> "2048"',
        "",
        "Plan: 1 to recreate.",
        "",
      ].join("\n"),
    );
  });

  it("names each changed field with old and new value and its place", () => {
    const rendered = text(
      plan([
        {
          resource: container("app-web-1", "web"),
          action: "recreate",
          cause: {
            type: "diverged",
            changes: [
              {
                path: "environment.LOG_LEVEL",
                from: "info",
                to: "debug",
                range: { file: "/x/compose.yaml", start: 12, end: 13 },
              },
              { path: "environment.DB_PASSWORD", from: "sha256:1", to: "sha256:2" },
              { path: "init", to: true },
              { path: "user", from: "root" },
            ],
          },
          operations: [],
        },
      ]),
    );
    expect(rendered).toBe(
      [
        "~ recreate container app-web-1",
        '    environment.LOG_LEVEL: "info" -> "debug"   compose.yaml:12:7',
        "    environment.DB_PASSWORD: ******** -> ********",
        "    init: true (added)",
        '    user: "root" (removed)',
        "",
        "Plan: 1 to recreate.",
        "",
      ].join("\n"),
    );
  });

  it("says what a change waits for, and sums up", () => {
    const operations: Operation[] = [
      {
        kind: "ready.wait",
        id: "ready.wait:db",
        resource: { type: "service", name: "db" },
        cause: { type: "dependency", of: ["web"] },
        dependsOn: [],
        service: "db",
        containers: ["app-db-1"],
        condition: "healthy",
      },
      {
        kind: "container.start",
        id: "container.start:app-web-1",
        resource: container("app-web-1", "web"),
        cause: { type: "missing" },
        dependsOn: [{ on: "ready.wait:db", when: "succeeded" }],
        service: "web",
        container: "app-web-1",
      },
    ];
    const changes: ResourceChange[] = [
      {
        resource: { type: "network", name: "app_default" },
        action: "create",
        cause: { type: "missing" },
        operations: [],
      },
      {
        resource: container("app-web-1", "web"),
        action: "create",
        cause: { type: "scale", from: 0, to: 1 },
        operations: ["container.start:app-web-1"],
      },
      {
        resource: container("app-old-1", "old"),
        action: "remove",
        cause: { type: "orphan" },
        operations: [],
      },
      { resource: container("app-db-1", "db"), action: "keep", cause: { type: "missing" }, operations: [] },
    ];
    expect(text(plan(changes, operations))).toBe(
      [
        "+ create   network   app_default",
        "+ create   container app-web-1  scale 0 -> 1",
        "    after db healthy",
        "- remove   container app-old-1  orphan: no such service in the stack",
        "",
        "Plan: 2 to create, 1 to remove; 1 unchanged.",
        "",
      ].join("\n"),
    );
  });
});
