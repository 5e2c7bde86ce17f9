/**
 * What an engine can do, feature by feature, so that nothing a stack asks for is dropped in silence: a feature is
 * native, done by us in another way (emulated), or refused with the version that it needs. Pure.
 */
import { isAtLeast } from "./api-version.ts";

export type Feature =
  /** Several networks in one create call. */
  | "multi-endpoint-create"
  /** A MAC address per network. Else: one for the container, on its first network. */
  | "endpoint-mac-address"
  | "health-start-interval"
  | "image-mount"
  | "volume-subpath"
  | "interface-name"
  | "gateway-priority"
  | "annotations"
  | "cdi-devices"
  /** `enable_ipv4: false` */
  | "ipv4-switch"
  | "recursive-read-only-mount"
  /** `create_host_path` of the long bind form. Else: the short form, which always creates. */
  | "bind-create-host-path"
  /** Limits and the restart policy of a container that exists. */
  | "update-in-place"
  /** Containers of networks that are still being created. */
  | "early-creation"
  /** BuildKit inside the engine. Else: the classic builder. */
  | "buildkit"
  /** `additional_contexts` of a build. */
  | "build-contexts"
  /** `shm_size` and `ulimits` of a build. */
  | "build-limits"
  /** GPUs and other devices by what they can do. */
  | "device-requests"
  | "domain-name"
  /** Driver options and link-local addresses of a service on a network. */
  | "endpoint-options"
  /** Addresses of a network that no container gets, and options of its address driver. */
  | "address-reservations"
  /** Names for other containers that only one container knows. Else: only those that the network knows anyway. */
  | "links"
  /** A published range, of which the engine picks a free port. */
  | "port-ranges"
  /** A seccomp profile as text. Else: by its path, which must be one on the engine's host. */
  | "seccomp-text"
  /** Empty lists of masked paths. Else: an option that says the same. */
  | "unmasked-paths"
  /** External configs and secrets, drivers and templates of them. */
  | "cluster-files"
  /** Parts of `deploy` that place and update tasks of a cluster. */
  | "cluster-deploy"
  | "file-owner"
  | "credential-spec"
  | "models";

/** `ignored`: left out with a warning that names it, where the stack still is what was declared without it. */
export type Support = "native" | "emulated" | "ignored" | "refused";

export interface Capability {
  readonly support: Support;
  /** What it would need to be native, e.g. `API 1.44 (Docker Engine 25.0)`. */
  readonly needs: string;
  /** What is done where it is not native. */
  readonly instead: string;
}

export type Capabilities = Readonly<Record<Feature, Capability>>;

interface Rule {
  /** First API version that has it; absent: no container engine has it, and `needs` says what would. */
  readonly since?: string;
  readonly needs?: string;
  readonly otherwise: Exclude<Support, "native">;
  readonly instead?: string;
  /** Podman's API does not have it at any version. */
  readonly dockerOnly?: boolean;
  /** Podman's API has it at every version. */
  readonly podman?: boolean;
}

const RULES: Readonly<Record<Feature, Rule>> = {
  "multi-endpoint-create": { since: "1.44", otherwise: "emulated", instead: "connected after creation" },
  "endpoint-mac-address": {
    since: "1.44",
    podman: true,
    otherwise: "emulated",
    instead: "one address, on the first network",
  },
  "health-start-interval": {
    since: "1.44",
    otherwise: "ignored",
    instead: "own probes while something waits",
  },
  "image-mount": { since: "1.48", otherwise: "refused" },
  "volume-subpath": { since: "1.45", otherwise: "refused" },
  "interface-name": { since: "1.49", otherwise: "refused" },
  "gateway-priority": { since: "1.48", otherwise: "ignored", instead: "the engine picks a gateway by name" },
  annotations: { since: "1.43", otherwise: "ignored" },
  "cdi-devices": { since: "1.44", otherwise: "refused" },
  "ipv4-switch": { since: "1.48", otherwise: "refused" },
  "recursive-read-only-mount": { since: "1.44", otherwise: "refused" },
  "bind-create-host-path": { since: "1.42", otherwise: "emulated", instead: "the short form of a mount" },
  "update-in-place": {
    since: "1.41",
    otherwise: "emulated",
    instead: "the container is recreated",
    dockerOnly: true,
  },
  "early-creation": {
    since: "1.41",
    otherwise: "emulated",
    instead: "containers after their networks",
    dockerOnly: true,
  },
  buildkit: { since: "1.41", otherwise: "emulated", instead: "the classic builder", dockerOnly: true },
  "build-contexts": { since: "1.42", otherwise: "refused" },
  "build-limits": { since: "1.42", otherwise: "ignored" },
  "device-requests": { since: "1.41", otherwise: "refused", dockerOnly: true },
  "endpoint-options": { since: "1.41", otherwise: "ignored", dockerOnly: true },
  "address-reservations": { since: "1.41", otherwise: "ignored", dockerOnly: true },
  "domain-name": { since: "1.41", otherwise: "ignored", dockerOnly: true },
  links: { since: "1.41", otherwise: "refused", dockerOnly: true },
  "port-ranges": { since: "1.41", otherwise: "refused", dockerOnly: true },
  "seccomp-text": {
    since: "1.41",
    otherwise: "emulated",
    instead: "the path of the profile",
    dockerOnly: true,
  },
  "unmasked-paths": { since: "1.41", otherwise: "emulated", instead: "unmask=ALL", dockerOnly: true },
  "cluster-files": { needs: "a Swarm", otherwise: "refused" },
  "cluster-deploy": { needs: "a Swarm", otherwise: "ignored" },
  "file-owner": { needs: "a Swarm", otherwise: "ignored", instead: "files keep their owner on the host" },
  "credential-spec": { needs: "Windows", otherwise: "ignored" },
  models: {
    needs: "Docker Model Runner",
    otherwise: "emulated",
    instead: "its plugin docker-model, where it is installed",
  },
};

/** First Docker Engine release with each API version. */
const DOCKER_RELEASES: Readonly<Record<string, string>> = {
  "1.41": "20.10",
  "1.42": "23.0",
  "1.43": "24.0",
  "1.44": "25.0",
  "1.45": "26.0",
  "1.46": "27.0",
  "1.47": "27.2",
  "1.48": "28.0",
  "1.49": "28.1",
  "1.50": "28.2",
  "1.51": "28.3",
};

export function capabilities(engine: {
  readonly apiVersion: string;
  readonly flavour: "docker" | "podman";
}): Capabilities {
  const entries = Object.entries(RULES).map(([feature, rule]) => {
    const isReached = rule.since !== undefined && isAtLeast(engine.apiVersion, rule.since);
    const isNative =
      engine.flavour === "podman"
        ? rule.podman === true || (isReached && rule.dockerOnly !== true)
        : isReached;
    const support: Support = isNative ? "native" : rule.otherwise;
    return [feature, { support, needs: needsOf(rule), instead: rule.instead ?? "" }] as const;
  });
  return Object.fromEntries(entries) as unknown as Capabilities;
}

function needsOf({ since, needs, dockerOnly }: Rule): string {
  if (since === undefined) return needs ?? "";
  const release = `Docker Engine ${DOCKER_RELEASES[since] ?? "newest"}`;
  return dockerOnly === true ? release : `API ${since} (${release})`;
}
