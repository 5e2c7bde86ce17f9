import { describe, expect, it } from "vitest";
import { assess, type AssessOptions, type Observations } from "../../../engine/readiness/assess.ts";
import type { ContainerInspect } from "../../../engine/docker/types.ts";
import { factsOf, type ContainerFacts } from "../../../engine/readiness/facts.ts";

const NOW = 1_000_000;

function look(
  facts: Partial<ContainerFacts>,
  options: Partial<AssessOptions>,
  seen: Partial<Observations> = {},
): string {
  const container: ContainerFacts = {
    id: "1",
    name: "web",
    phase: "running",
    startedAt: NOW - 10_000,
    exitCode: 0,
    outOfMemory: false,
    restarts: 0,
    restartsAfterSuccess: false,
    health: "none",
    healthcheck: undefined,
    shell: undefined,
    ...facts,
  };
  const result = assess(
    container,
    { now: NOW, restartsAtBegin: 0, exits: [], probedLife: undefined, ...seen },
    { condition: "running_or_healthy", exitZeroIsDone: false, stableMs: 500, maxRestarts: 3, ...options },
  );
  if (result.state === "failed") return result.failure.reason;
  return result.state === "pending" && result.again !== undefined ? `again in ${result.again}` : result.state;
}

describe("assess", () => {
  it("takes a container as running when it has run for the stable time", () => {
    expect(look({}, {})).toBe("ready");
    expect(look({ startedAt: NOW - 100 }, {})).toBe("again in 400");
    expect(look({ startedAt: NOW + 5_000 }, {})).toBe("again in 500");
    expect(look({ phase: "restarting" }, {})).toBe("pending");
  });

  it("takes a service that exits 0 and is not restarted as done where that is wanted", () => {
    const exited = { phase: "exited", exitCode: 0 } as const;
    expect(look(exited, { exitZeroIsDone: true })).toBe("ready");
    expect(look(exited, {})).toBe("exited");
    expect(look({ ...exited, restartsAfterSuccess: true }, { exitZeroIsDone: true })).toBe("exited");
    expect(look({ ...exited, exitCode: 1 }, { exitZeroIsDone: true })).toBe("exited");
  });

  it("knows which restart policies start a container again that ended well", () => {
    const after = (Name: string): boolean =>
      factsOf({
        Id: "1",
        Name: "/web",
        RestartCount: 0,
        State: { Status: "exited", StartedAt: "2026-01-01T00:00:00Z", ExitCode: 0, OOMKilled: false },
        HostConfig: { RestartPolicy: { Name } },
        Config: {},
      } as ContainerInspect).restartsAfterSuccess;
    expect(["", "no", "on-failure", "unless-stopped", "always"].filter(after)).toEqual([
      "unless-stopped",
      "always",
    ]);
  });

  it("gives up on a container that ends again and again", () => {
    expect(look({ restarts: 3, restartsAfterSuccess: true }, {})).toBe("crashing");
    expect(look({ restarts: 9, restartsAfterSuccess: true }, {}, { restartsAtBegin: 7 })).toBe("ready");
    expect(look({ restartsAfterSuccess: true }, {}, { exits: [1, 1, 1] })).toBe("crashing");
  });

  it("needs a health check to become healthy, and fails as soon as it cannot", () => {
    const healthy = { condition: "healthy" } as const;
    expect(look({}, healthy)).toBe("no-healthcheck");
    expect(look({ health: "starting" }, healthy)).toBe("pending");
    expect(look({ health: "healthy" }, healthy)).toBe("ready");
    expect(look({ health: "unhealthy" }, healthy)).toBe("unhealthy");
    expect(look({ health: "starting", phase: "exited", exitCode: 1 }, healthy)).toBe("exited");
    expect(look({ health: "healthy", phase: "restarting", restartsAfterSuccess: true }, healthy)).toBe(
      "pending",
    );
  });

  it("believes a probe of its own for the life of the container that it probed", () => {
    const healthy = { condition: "healthy" } as const;
    expect(look({ health: "starting", startedAt: 7 }, healthy, { probedLife: 7 })).toBe("ready");
    expect(look({ health: "starting", startedAt: 8 }, healthy, { probedLife: 7 })).toBe("pending");
  });

  it("takes an exit with 0 as completion, also when the container is restarted afterwards", () => {
    const completed = { condition: "completed" } as const;
    expect(look({}, completed)).toBe("pending");
    expect(look({ phase: "exited" }, completed)).toBe("ready");
    expect(look({ phase: "exited", exitCode: 2 }, completed)).toBe("exited");
    expect(look({ restartsAfterSuccess: true }, completed, { exits: [1] })).toBe("pending");
    expect(look({ restartsAfterSuccess: true }, completed, { exits: [1, 0] })).toBe("ready");
  });

  it("takes a container as started once it has run", () => {
    const started = { condition: "started" } as const;
    expect(look({ phase: "created", startedAt: undefined }, started)).toBe("pending");
    expect(look({ startedAt: NOW }, started)).toBe("ready");
  });
});
