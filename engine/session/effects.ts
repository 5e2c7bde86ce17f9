/** Connects the executor with the rooms that pull, build, and know the content of configs and secrets. */
import { readFile } from "node:fs/promises";
import type { FileObject, Stack } from "../../schema/model.ts";
import type { Builder } from "../build/build.ts";
import type { EngineApi } from "../docker/api.ts";
import { InternalError } from "../error.ts";
import { systemClock } from "../execute/clock.ts";
import type { Effects } from "../execute/model.ts";
import type { RegistryCredentials } from "../images/auth.ts";
import type { RunPull } from "../images/pull.ts";
import { PEER_VERSION } from "../labels.ts";
import { imageName } from "../ref.ts";

export interface EffectsInput {
  readonly engine: EngineApi;
  /** Absent for plans made from labels alone, which neither build nor create. */
  readonly stack: Stack | undefined;
  readonly credentials: RegistryCredentials;
}

/** Pulling and building load their code when they are first needed. */
export function createEffects(input: EffectsInput): Effects {
  const { engine, stack, credentials } = input;
  let puller: Promise<RunPull> | undefined;
  let builder: Promise<Builder> | undefined;
  return {
    async pull(operation, progress, signal) {
      puller ??= import("../images/pull.ts").then(({ createPuller }) =>
        createPuller(engine, credentials, systemClock),
      );
      const run = await puller;
      await run(operation, progress, signal);
    },
    async build(operation, progress, signal) {
      builder ??= openBuilder(input);
      await (await builder).run(operation, progress, signal);
    },
    async checkBuilds(operations, signal) {
      builder ??= openBuilder(input);
      return (await builder).check(operations, signal);
    },
    async push(operation, progress, signal) {
      const { pushImage } = await import("../images/push.ts");
      await pushImage(engine, operation.reference, { credentials, clock: systemClock, progress, signal });
    },
    async provider(operation, progress, signal) {
      if (stack === undefined) throw new InternalError("a plan without a stack runs a provider");
      const { runProvider } = await import("../providers/run-provider.ts");
      return runProvider(operation, { project: stack.name, env: stack.environment, progress, signal });
    },
    async model(operation, progress, signal) {
      if (stack === undefined) throw new InternalError("a plan without a stack prepares a model");
      const { prepareModel } = await import("../models/model-runner.ts");
      await prepareModel(operation, { env: stack.environment, progress, signal });
    },
    content: (from, key) => contentOf(stack, from, key),
  };
}

/** Rejects InternalError where there is no stack: such plans do not build. */
export async function openBuilder({ engine, stack, credentials }: EffectsInput): Promise<Builder> {
  if (stack === undefined) throw new InternalError("a plan without a stack builds an image");
  const [{ createBuilder }, { connectSshAgent }] = await Promise.all([
    import("../build/build.ts"),
    import("../docker/ssh-agent.ts"),
  ]);
  return createBuilder({
    engine,
    credentials,
    project: stack.name,
    version: PEER_VERSION,
    env: stack.environment,
    secrets: stack.secrets,
    imageOf: (name) => {
      const service = stack.services[name] ?? stack.disabledServices[name];
      return service === undefined ? undefined : (service.image ?? imageName(stack, name));
    },
    connectAgent: connectSshAgent,
    builds: new Map(
      Object.entries(stack.services).flatMap(([name, { build }]) =>
        build === undefined ? [] : [[name, build]],
      ),
    ),
  });
}

async function contentOf(stack: Stack | undefined, from: "config" | "secret", key: string): Promise<Buffer> {
  const object: FileObject | undefined = (from === "config" ? stack?.configs : stack?.secrets)?.[key];
  if (object === undefined)
    throw new InternalError(`the plan needs ${from} "${key}", which the stack does not have`);
  if (object.file !== undefined) return readFile(object.file);
  return Buffer.from(object.content ?? "", "utf8");
}
