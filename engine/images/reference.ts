/**
 * Image references as registries and people write them: `nginx`, `ghcr.io/acme/api:1.2`, `redis@sha256:...`.
 * The grammar is that of the distribution specification; short names stand for Docker Hub.
 */
import { UsageError } from "../error.ts";

export const DOCKER_HUB = "docker.io";
/** The name under which Docker Hub's credentials are stored. */
const DOCKER_HUB_AUTH_KEY = "https://index.docker.io/v1/";
const OFFICIAL_PREFIX = "library/";
const MAX_NAME_LENGTH = 255;

export interface ImageReference {
  /** Registry host with port, `docker.io` for Docker Hub. */
  readonly host: string;
  /** Path inside the registry, e.g. `library/nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** e.g. `sha256:<64 hex digits>` */
  readonly digest: string | undefined;
}

const HOST =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const PATH_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/** The parts of a reference, or undefined when the text is none. Neither tag nor digest is added. */
export function tryParseReference(text: string): ImageReference | undefined {
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;
  const named = at < 0 ? text : text.slice(0, at);
  const slash = named.lastIndexOf("/");
  const colon = named.indexOf(":", slash + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const { host, repository } = splitHost(colon < 0 ? named : named.slice(0, colon));
  if (!HOST.test(host) || repository.length > MAX_NAME_LENGTH) return undefined;
  if (!repository.split("/").every((part) => PATH_PART.test(part))) return undefined;
  return { host, repository, tag, digest };
}

/** As `tryParseReference`, but a text that is no reference throws a UsageError that says why. */
export function parseReference(text: string): ImageReference {
  const reference = tryParseReference(text);
  if (reference !== undefined) return reference;
  const lowered = tryParseReference(text.toLowerCase());
  throw new UsageError(`"${text}" is not an image reference`, {
    hint:
      lowered === undefined
        ? "write it as [registry[:port]/]name[:tag] or [registry[:port]/]name@sha256:..."
        : "repository names are lower case",
  });
}

/** A first component counts as a host when it could be nothing else: a dot, a port, `localhost`, or a capital letter. */
function splitHost(name: string): { readonly host: string; readonly repository: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const host = isHost ? first : DOCKER_HUB;
  const rest = isHost ? name.slice(slash + 1) : name;
  if (host !== DOCKER_HUB && host !== "index.docker.io") return { host, repository: rest };
  return { host: DOCKER_HUB, repository: rest.includes("/") ? rest : OFFICIAL_PREFIX + rest };
}

/** The full name, with `:latest` where neither tag nor digest is given: `docker.io/library/nginx:latest`. */
export function normalizedName(reference: ImageReference): string {
  return `${reference.host}/${reference.repository}${suffix(withDefaultTag(reference))}`;
}

/** The short name that people and the engine use: `nginx:latest`, `acme/api:1`, `ghcr.io/acme/api:1`. */
export function familiarName(reference: ImageReference): string {
  return familiarRepository(reference) + suffix(withDefaultTag(reference));
}

/** The short name without tag and digest. */
function familiarRepository(reference: ImageReference): string {
  if (reference.host !== DOCKER_HUB) return `${reference.host}/${reference.repository}`;
  const path = reference.repository;
  const isOfficial = path.startsWith(OFFICIAL_PREFIX) && !path.slice(OFFICIAL_PREFIX.length).includes("/");
  return isOfficial ? path.slice(OFFICIAL_PREFIX.length) : path;
}

export function withDefaultTag(reference: ImageReference): ImageReference {
  if (reference.tag !== undefined || reference.digest !== undefined) return reference;
  return { ...reference, tag: "latest" };
}

/** Whether two texts name the same image. Texts that are no references are compared as they are. */
export function isSameImage(one: string, other: string): boolean {
  const left = tryParseReference(one);
  const right = tryParseReference(other);
  if (left === undefined || right === undefined) return one === other;
  return normalizedName(left) === normalizedName(right);
}

/** Registry host of an image reference; Docker Hub for texts that are no references (the engine will say what is wrong). */
export function registryHost(text: string): string {
  return tryParseReference(text)?.host ?? DOCKER_HUB;
}

/** The key under which the Docker configuration stores credentials of a registry. */
export function authKey(host: string): string {
  const isHub = host === DOCKER_HUB || host === "index.docker.io" || host === "registry-1.docker.io";
  return isHub ? DOCKER_HUB_AUTH_KEY : host;
}

function suffix(reference: ImageReference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  return reference.digest === undefined ? tag : `${tag}@${reference.digest}`;
}
