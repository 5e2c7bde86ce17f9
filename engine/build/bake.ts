/** The builds of a stack as a file for `docker buildx bake`, for `build --print`. Pure. */
import type { Build, Stack } from "../../schema/model.ts";
import { parseBytes } from "../../schema/quantity.ts";
import { PEER_VERSION } from "../labels.ts";
import type { ImageBuild, Plan } from "../plan/operation.ts";
import { createBuildRequest, type BuildRequest } from "./request.ts";

type BakeTarget = Readonly<Record<string, unknown>>;

export interface BakeFile {
  readonly group: { readonly default: { readonly targets: readonly string[] } };
  readonly target: Readonly<Record<string, BakeTarget>>;
}

const SERVICE_CONTEXT = "service:";

/** One target for each build of the plan; those that were asked for are the default group. */
export function toBakeFile(plan: Plan, stack: Stack): BakeFile {
  const pushed = new Set(
    plan.operations.flatMap((one) => (one.kind === "image.push" ? [one.reference] : [])),
  );
  const builds = plan.operations.filter((one): one is ImageBuild => one.kind === "image.build");
  const targets = builds.map((operation): [string, BakeTarget] => {
    const identity = { project: stack.name, version: PEER_VERSION, labelledService: operation.service };
    const request = createBuildRequest(operation, identity, stack.environment);
    const output = operation.tags.some((tag) => pushed.has(tag)) ? "type=registry" : "type=docker";
    return [targetName(operation.service), toTarget(request, stack, output)];
  });
  const asked = builds.filter(({ service }) => stack.services[service] !== undefined);
  return {
    group: { default: { targets: asked.map(({ service }) => targetName(service)) } },
    target: Object.fromEntries(targets),
  };
}

/** Bake's target names have no dots. */
function targetName(service: string): string {
  return service.replaceAll(".", "_");
}

function toTarget(request: BuildRequest, stack: Stack, output: string): BakeTarget {
  const { build, context, dockerfile } = request;
  const shmSize = build.shm_size === undefined ? undefined : parseBytes(build.shm_size);
  const target: BakeTarget = {
    context: context.kind === "local" ? context.root : context.url,
    contexts: contexts(build),
    dockerfile: dockerfile.kind === "inline" ? undefined : dockerfile.path,
    // Bake reads variables of its own in the text.
    "dockerfile-inline":
      dockerfile.kind === "inline" ? dockerfile.text.replaceAll("${", () => "$${") : undefined,
    args: request.args,
    labels: request.labels,
    tags: request.tags,
    "cache-from": build.cache_from,
    "cache-to": build.cache_to,
    target: build.target,
    secret: secrets(build, stack),
    ssh: build.ssh,
    platforms:
      request.platforms.length > 0 || request.platform === undefined ? build.platforms : [request.platform],
    pull: request.pull || undefined,
    "no-cache": request.noCache || undefined,
    "no-cache-filter": build.no_cache_filter,
    network: build.network,
    "shm-size": shmSize === undefined ? undefined : String(shmSize),
    ulimits: ulimits(build),
    entitlements: entitlements(build),
    "extra-hosts": extraHosts(build),
    output: [output],
    attest: attestations(build),
  };
  return Object.fromEntries(Object.entries(target).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === "") return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function contexts(build: Build): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(build.additional_contexts ?? {}).map(([name, text]) => [
      name,
      text.startsWith(SERVICE_CONTEXT) ? `target:${targetName(text.slice(SERVICE_CONTEXT.length))}` : text,
    ]),
  );
}

function secrets(build: Build, stack: Stack): readonly string[] {
  return (build.secrets ?? []).map(({ source, target }) => {
    const { environment, file } = stack.secrets[source] ?? {};
    const from = environment === undefined ? `type=file,src=${file ?? ""}` : `type=env,env=${environment}`;
    return `id=${target ?? source},${from}`;
  });
}

function ulimits(build: Build): readonly string[] {
  return Object.entries(build.ulimits ?? {}).map(([name, limit]) =>
    typeof limit === "number" ? `${name}=${limit}` : `${name}=${limit.soft}:${limit.hard}`,
  );
}

function entitlements(build: Build): readonly string[] {
  return [...(build.entitlements ?? []), ...(build.privileged === true ? ["security.insecure"] : [])];
}

function extraHosts(build: Build): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (build.extra_hosts ?? []).map((text) => {
      const split = text.search(/[=:]/);
      return [text.slice(0, split), text.slice(split + 1)];
    }),
  );
}

/** A value is `true`, `false` or attributes of the attestation. */
function attestations(build: Build): readonly string[] {
  return (["provenance", "sbom"] as const).flatMap((type) => {
    const value = build[type] ?? "";
    if (value === "") return [];
    if (value === "true") return [`type=${type}`];
    return [value === "false" ? `type=${type},disabled=true` : `type=${type},${value}`];
  });
}
