/** A build request in the words of `POST /build`, for Docker's classic builder and for Podman's own. */
import type { Build } from "../../schema/model.ts";
import { parseBytes } from "../../schema/quantity.ts";
import type { BuildQuery } from "../docker/api.ts";
import type { BuildContext } from "./context.ts";
import type { BuildRequest } from "./request.ts";
import { secretSources } from "./sources.ts";
import type { ExtraFile } from "./tar.ts";

/** A secret that travels in the context; Podman takes it out before it builds. */
export interface SecretFile extends ExtraFile {
  readonly id: string;
}

export interface QueryFacts {
  /** Name inside the context. */
  readonly dockerfile: string;
  readonly flavour: "docker" | "podman";
  readonly secrets: readonly SecretFile[];
  /** Address of the host, for builders that do not know `host-gateway`. */
  readonly gateway: string | undefined;
}

export function classicQuery(request: BuildRequest, facts: QueryFacts): BuildQuery {
  const { build } = request;
  const shmSize = build.shm_size === undefined ? undefined : parseBytes(build.shm_size);
  const secrets = facts.secrets.map(({ id, path }) => `id=${id},src=${path}`);
  return {
    version: "1",
    dockerfile: facts.dockerfile,
    t: request.tags,
    remote: request.context.kind === "remote" ? request.context.url : undefined,
    buildargs: JSON.stringify(request.args),
    labels: JSON.stringify(request.labels),
    target: build.target,
    platform: request.platform,
    cachefrom: cacheImages(build, facts.flavour),
    secrets: secrets.length === 0 ? undefined : JSON.stringify(secrets),
    ...hostsAndLimits(build, facts),
    ...network(build.network, facts.flavour),
    shmsize: shmSize === undefined ? undefined : String(shmSize),
    isolation: build.isolation,
    memory: request.memory === undefined ? undefined : String(request.memory),
    nocache: request.noCache ? "1" : undefined,
    pull: request.pull ? "1" : undefined,
    rm: "1",
    forcerm: "1",
  };
}

/** Rejects with BuildError for a secret that has no source or cannot be read. */
export async function secretFiles(
  request: BuildRequest,
  context: Pick<BuildContext, "secrets" | "env">,
): Promise<readonly SecretFile[]> {
  const sources = [...secretSources(request, context)];
  return Promise.all(
    sources.map(async ([id, read], index) => ({
      id,
      path: `.tcompose.secret-${index}`,
      content: await read(),
    })),
  );
}

/** `type=registry,ref=IMAGE` is what BuildKit calls it. Versions of Podman do not agree on what they take. */
function cacheImages({ cache_from: caches = [] }: Build, flavour: "docker" | "podman"): string | undefined {
  if (flavour === "podman" || caches.length === 0) return undefined;
  return JSON.stringify(caches.map((text) => /(?:^|,)ref=([^,]+)/.exec(text)?.[1] ?? text));
}

/** Podman's steps are on the host's network unless told otherwise in its own words. */
function network(name: string | undefined, flavour: "docker" | "podman"): BuildQuery {
  if (flavour === "docker") return { networkmode: name };
  if (name === undefined || ["", "default", "host"].includes(name)) return {};
  const own = { Name: "network", Host: false, ...(name === "none" ? {} : { Path: name }) };
  return {
    nsoptions: JSON.stringify([own]),
    networkmode: name === "none" ? "NetworkDisabled" : "NetworkEnabled",
  };
}

/** Docker repeats the parameter and takes objects; Podman takes one JSON list of texts each. */
function hostsAndLimits(build: Build, { flavour, gateway }: QueryFacts): BuildQuery {
  const hosts = (build.extra_hosts ?? [])
    .map((host) => host.replace("=", ":"))
    .map((host) => (gateway === undefined ? host : host.replace(/:host-gateway$/, `:${gateway}`)));
  const limits = Object.entries(build.ulimits ?? {}).map(([name, limit]) =>
    typeof limit === "number" ? { name, soft: limit, hard: limit } : { name, ...limit },
  );
  if (flavour === "podman") {
    const texts = limits.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`);
    return {
      extrahosts: hosts.length === 0 ? undefined : JSON.stringify(hosts),
      ulimits: texts.length === 0 ? undefined : JSON.stringify(texts),
    };
  }
  const objects = limits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard }));
  return { extrahosts: hosts, ulimits: objects.length === 0 ? undefined : JSON.stringify(objects) };
}
