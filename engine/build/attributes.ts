/** A build request in the words of BuildKit's Dockerfile frontend. Pure. */
import { basename } from "node:path";
import type { Ulimit } from "../../schema/model.ts";
import { parseBytes } from "../../schema/quantity.ts";
import { RefusedError, UsageError } from "../error.ts";
import { normalizedName, parseReference } from "../images/reference.ts";
import type { BuilderFacts } from "./builder-facts.ts";
import { cacheEntries } from "./cache-spec.ts";
import { isAttestation, refuseSeveralPlatforms } from "./classic-limits.ts";
import type { NamedContext } from "./named-context.ts";
import type { BuildRequest } from "./request.ts";
import type { SolveRequest } from "./solve.ts";

const INLINE_CACHE_ARG = "BUILDKIT_INLINE_CACHE";
const INLINE_CACHE = { type: "inline", attributes: {} } as const;

/** Throws RefusedError for what the engine's built-in builder cannot do. */
export function toSolveRequest(
  request: BuildRequest,
  named: readonly NamedContext[],
  facts: BuilderFacts,
  sessionId: string,
): SolveRequest {
  const { build } = request;
  refuseImpossible(request, facts);
  const cacheFrom = cacheEntries(build.cache_from, "cache_from", facts);
  const wantsInline = /^(?:1|t|true)$/i.test(request.args[INLINE_CACHE_ARG] ?? "");
  return {
    sessionId,
    frontendAttributes: frontendAttributes(request, named, facts, cacheFrom),
    exporterAttributes: { name: request.tags.map((tag) => normalizedName(parseReference(tag))).join(",") },
    cacheFrom,
    cacheTo: [...cacheEntries(build.cache_to, "cache_to", facts), ...(wantsInline ? [INLINE_CACHE] : [])],
    entitlements: entitlements(request),
  };
}

function frontendAttributes(
  request: BuildRequest,
  named: readonly NamedContext[],
  facts: BuilderFacts,
  cacheFrom: SolveRequest["cacheFrom"],
): Readonly<Record<string, string>> {
  const { build, context, dockerfile, platforms } = request;
  const noCacheStages = (build.no_cache_filter ?? []).join(",");
  const shmSize = build.shm_size === undefined ? undefined : parseBytes(build.shm_size);
  const attributes: Record<string, string | undefined> = {
    filename: dockerfileName(request),
    context: context.kind === "remote" ? context.url : undefined,
    dockerfilekey: context.kind === "remote" && dockerfile.kind !== "remote" ? "dockerfile" : undefined,
    target: build.target,
    platform: facts.hasContainerdStore && platforms.length > 0 ? platforms.join(",") : request.platform,
    "no-cache": request.noCache ? "" : noCacheStages === "" ? undefined : noCacheStages,
    "image-resolve-mode": request.pull ? "pull" : "default",
    "force-network-mode": networkMode(request, facts.engineName),
    "shm-size": shmSize === undefined || shmSize === 0 ? undefined : String(shmSize),
    ulimit: ulimits(build.ulimits),
    "add-hosts": extraHosts(build.extra_hosts ?? [], facts),
    "cache-from":
      cacheFrom.length === 0 ? undefined : cacheFrom.map((c) => c.attributes["ref"] ?? "").join(","),
    "cache-imports":
      cacheFrom.length === 0
        ? undefined
        : JSON.stringify(cacheFrom.map((entry) => ({ Type: entry.type, Attrs: entry.attributes }))),
  };
  for (const [key, value] of Object.entries(request.args)) attributes[`build-arg:${key}`] = value;
  for (const [key, value] of Object.entries(request.labels)) attributes[`label:${key}`] = value;
  for (const one of named) attributes[`context:${one.name}`] = one.reference;
  const present = Object.entries(attributes).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(present);
}

/** Name of the Dockerfile inside the directory that is served as `dockerfile`. */
export function dockerfileName(request: Pick<BuildRequest, "dockerfile">): string {
  const { dockerfile } = request;
  switch (dockerfile.kind) {
    case "file":
      return basename(dockerfile.path);
    case "inline":
      return "Dockerfile";
    case "remote":
      return dockerfile.path;
    default:
      return dockerfile satisfies never;
  }
}

function networkMode(request: BuildRequest, engineName: string): string | undefined {
  const { network } = request.build;
  if (network === undefined || network === "" || network === "default") return undefined;
  if (network === "host" || network === "none") return network;
  throw new RefusedError(`build.network: the builder of ${engineName} cannot join network "${network}"`, {
    hint: "it knows host, none and default",
  });
}

function entitlements(request: BuildRequest): readonly string[] {
  const wanted = new Set(request.build.entitlements ?? []);
  if (request.build.privileged === true) wanted.add("security.insecure");
  if (request.build.network === "host") wanted.add("network.host");
  return [...wanted];
}

function ulimits(limits: Readonly<Record<string, Ulimit>> | undefined): string | undefined {
  const entries = Object.entries(limits ?? {}).map(([name, limit]) => {
    const { soft, hard } = typeof limit === "number" ? { soft: limit, hard: limit } : limit;
    return `${name}=${soft}:${hard}`;
  });
  return entries.length === 0 ? undefined : entries.join(",");
}

/** `name=address` and `name:address`, addresses with or without brackets. */
function extraHosts(hosts: readonly string[], facts: BuilderFacts): string | undefined {
  const entries = hosts.map((host) => {
    const split = /^([^=:]+)[=:](.+)$/.exec(host);
    if (split === null) throw new UsageError(`build.extra_hosts: "${host}" is not name=address`);
    const [, name = "", written = ""] = split;
    const address = written.replace(/^\[(.*)\]$/, "$1");
    if (address !== "host-gateway") return `${name}=${address}`;
    if (facts.hostGateway !== undefined) return `${name}=${facts.hostGateway}`;
    throw new RefusedError(`build.extra_hosts: ${facts.engineName} tells no address for host-gateway`);
  });
  return entries.length === 0 ? undefined : entries.join(",");
}

function refuseImpossible(
  request: BuildRequest,
  { engineName, hasContainerdStore }: Pick<BuilderFacts, "engineName" | "hasContainerdStore">,
): void {
  const { build } = request;
  if (!hasContainerdStore) refuseSeveralPlatforms(request, engineName);
  if (isAttestation(build.sbom)) {
    throw new RefusedError(`build.sbom: the built-in builder of ${engineName} makes no attestations`);
  }
  if (isAttestation(build.provenance)) {
    throw new RefusedError(`build.provenance: the built-in builder of ${engineName} makes no attestations`);
  }
  if (build.isolation !== undefined && build.isolation !== "" && build.isolation !== "default") {
    throw new RefusedError(`build.isolation: ${engineName} has no isolation "${build.isolation}"`, {
      hint: "isolation is for engines that run Windows containers",
    });
  }
}
