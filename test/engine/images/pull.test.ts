import { describe, expect, it } from "vitest";
import type { EngineInfo } from "../../../engine/docker/types-system.ts";
import type { ProgressMessage } from "../../../engine/docker/types.ts";
import { AbortedError, EngineResponseError, OperationError } from "../../../engine/error.ts";
import type { Progress } from "../../../engine/event.ts";
import type { Clock } from "../../../engine/execute/model.ts";
import { anonymous, createCredentials } from "../../../engine/images/auth.ts";
import { classifyTransferFailure } from "../../../engine/images/failure.ts";
import { isPlatform, pullDecision } from "../../../engine/images/pull-policy.ts";
import { pullImage } from "../../../engine/images/pull.ts";

const NOW = Date.parse("2026-01-10T00:00:00Z");

describe("pullDecision", () => {
  const present = { Os: "linux", Architecture: "amd64", Metadata: { LastTagTime: "2026-01-08T12:00:00.5Z" } };

  it.each([
    [undefined, undefined, true, "absent"],
    [undefined, present, false, "present"],
    ["missing", present, false, "present"],
    ["if_not_present", undefined, true, "absent"],
    ["always", present, true, "policy"],
    ["never", undefined, false, "policy"],
    ["build", undefined, false, "policy"],
    ["daily", present, true, "stale"],
    ["weekly", present, false, "present"],
    ["every_36h", present, false, "present"],
    ["every_35h", present, true, "stale"],
    ["daily", { Metadata: { LastTagTime: "0001-01-01T00:00:00Z" } }, true, "stale"],
  ] as const)("%s with %o: pull %s (%s)", (policy, observed, pull, reason) => {
    expect(pullDecision(policy, observed, NOW)).toEqual({ pull, reason });
  });

  it("pulls an image that is there for another platform only", () => {
    expect(pullDecision("missing", present, NOW, "linux/arm64")).toEqual({ pull: true, reason: "platform" });
    expect(pullDecision("missing", present, NOW, "linux/x86_64")).toEqual({ pull: false, reason: "present" });
    expect(isPlatform({ Os: "linux", Architecture: "arm64", Variant: "v8" }, "linux/aarch64")).toBe(true);
    expect(isPlatform({ Os: "linux", Architecture: "arm", Variant: "v7" }, "linux/arm/v6")).toBe(false);
  });
});

describe("classifyTransferFailure", () => {
  it.each([
    [
      "pull access denied for x, repository does not exist or may require 'docker login'",
      "not-found-or-denied",
    ],
    ["manifest for nginx:nope not found: manifest unknown: manifest unknown", "not-found"],
    ["Get https://r.test/v2/: unauthorized: authentication required", "auth"],
    ["no basic auth credentials", "auth"],
    ["toomanyrequests: You have reached your pull rate limit.", "quota"],
    ["no matching manifest for linux/arm64 in the manifest list entries", "platform"],
    ["dial tcp: lookup r.test: no such host", "unreachable"],
    ["Get https://r.test/v2/: net/http: TLS handshake timeout", "network"],
    ["received unexpected HTTP status: 503 Service Unavailable", "network"],
    ["http: server gave HTTP response to HTTPS client", "insecure"],
    ["write /var/lib/docker/tmp/x: no space left on device", "disk-full"],
    ["something else", "other"],
  ])("%s: %s", (text, expected) => {
    expect(classifyTransferFailure(text)).toBe(expected);
  });
});

/** Sleeps no time at all, and remembers for how long. */
function instantClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => NOW,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
  };
}

/** Each attempt is a list of messages, or an error. */
function engineWith(attempts: readonly (readonly ProgressMessage[] | Error)[], info: EngineInfo = {}) {
  const asked: string[] = [];
  const sent: (string | undefined)[] = [];
  return {
    asked,
    sent,
    info: () => Promise.resolve(info),
    async *pullImage(
      reference: string,
      options: { readonly registryAuth?: string | undefined } = {},
    ): AsyncGenerator<ProgressMessage> {
      const attempt = attempts[asked.length];
      asked.push(reference);
      const header = options.registryAuth;
      sent.push(header === undefined ? undefined : Buffer.from(header, "base64url").toString());
      if (attempt instanceof Error) throw attempt;
      yield* await Promise.resolve(attempt ?? []);
    },
  };
}

function context(clock: Clock, progress: Progress[] = [], signal = new AbortController().signal) {
  return { credentials: anonymous, clock, signal, progress: (p: Progress) => void progress.push(p) };
}

const operation = { id: "image.pull:nginx", reference: "nginx" };

describe("pullImage", () => {
  it("reports layers, and never asks for every tag", async () => {
    const engine = engineWith([
      [
        { status: "Pulling from library/nginx", id: "latest" },
        { status: "Pulling fs layer", id: "a1" },
        { status: "Downloading", id: "a1", progressDetail: { current: 5, total: 10 } },
        { status: "Pull complete", id: "a1" },
        { status: "Digest: sha256:0" },
      ],
    ]);
    const progress: Progress[] = [];
    await pullImage(engine, operation, context(instantClock(), progress));
    expect(engine.asked).toEqual(["nginx:latest"]);
    expect(progress).toEqual([
      { type: "transfer", item: "a1", phase: "waiting" },
      { type: "transfer", item: "a1", phase: "downloading", current: 5, total: 10 },
      { type: "transfer", item: "a1", phase: "done" },
    ]);
  });

  it("tries again what may pass by itself, and only that", async () => {
    const clock = instantClock();
    const reset = new EngineResponseError(500, "POST /images/create", "read: connection reset by peer");
    const engine = engineWith([reset, [{ error: "unexpected EOF" }], []]);
    await pullImage(engine, operation, context(clock));
    expect(clock.slept).toEqual([500, 2_000]);

    const denied = engineWith([[{ errorDetail: { message: "manifest unknown" } }]]);
    const error = await pullImage(denied, operation, context(clock)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OperationError);
    expect(error).toMatchObject({
      message: "cannot pull nginx: manifest unknown",
      hint: "check the name and the tag",
      operation: "image.pull:nginx",
    });
    expect(denied.asked).toHaveLength(1);
  });

  it("gives up after the last attempt, and at once when aborted", async () => {
    const down = new EngineResponseError(500, "POST /images/create", "i/o timeout");
    const clock = instantClock();
    const error = await pullImage(engineWith([down, down, down, down]), operation, context(clock)).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({
      code: "operation-failed",
      hint: expect.stringContaining("docker.io") as string,
    });
    expect(clock.slept).toHaveLength(3);

    const stop = new AbortController();
    stop.abort();
    const aborted = pullImage(engineWith([down]), operation, context(clock, [], stop.signal));
    await expect(aborted).rejects.toBeInstanceOf(AbortedError);
  });
});

describe("a mirror with a password", () => {
  const denied = new EngineResponseError(
    500,
    "POST /images/create",
    "pull access denied: no basic auth credentials",
  );
  const mirrors = { RegistryConfig: { Mirrors: ["https://mirror.test:5000/"] } };
  const containerd = { ...mirrors, DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]] as const };
  const logins = createCredentials({
    read: () =>
      JSON.stringify({ auths: { "mirror.test:5000": { username: "someone", password: "s3cret" } } }),
    path: "config.json",
    helper: () => Promise.resolve(undefined),
  });
  const withLogins = () => ({ ...context(instantClock()), credentials: logins });

  it("gets its own, where the engine gives them to nobody else", async () => {
    const engine = engineWith([denied, []], containerd);
    await pullImage(engine, operation, withLogins());
    expect(engine.sent).toEqual([undefined, expect.stringContaining('"serveraddress":"mirror.test:5000"')]);
  });

  it("never has its password sent where Docker Hub would get it too", async () => {
    const engine = engineWith([denied], mirrors);
    await expect(pullImage(engine, operation, withLogins())).rejects.toMatchObject({
      hint: expect.stringMatching(/mirror\.test:5000 first.*"docker login" with it/) as string,
    });
    expect(engine.sent).toEqual([undefined]);
  });

  it("is named with the login that it needs, and not for images of other registries", async () => {
    await expect(
      pullImage(engineWith([denied], containerd), operation, context(instantClock())),
    ).rejects.toMatchObject({
      hint: expect.stringContaining('run "docker login mirror.test:5000"') as string,
    });
    const other = { id: "image.pull:x", reference: "other.test/app" };
    await expect(
      pullImage(engineWith([denied], containerd), other, context(instantClock())),
    ).rejects.toMatchObject({ hint: expect.not.stringContaining("mirror.test") as string });
  });
});
