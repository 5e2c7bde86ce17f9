/**
 * Which endpoints to try, in order: what the user named (`host` or `context` option, DOCKER_HOST, DOCKER_CONTEXT,
 * the current docker context) alone; else the places where engines listen by default.
 */
import { join } from "node:path";
import { UsageError } from "../error.ts";
import {
  dockerConfigDirectory,
  readContext,
  readCurrentContext,
  readTls,
  type ContextInput,
} from "./context.ts";
import { parseEndpoint, type Endpoint } from "./endpoint.ts";

export interface DiscoverInput extends ContextInput {
  readonly platform: string;
  readonly host?: string | undefined;
  readonly context?: string | undefined;
}

export interface Discovery {
  readonly endpoints: readonly Endpoint[];
  /** What named the endpoint, e.g. `DOCKER_HOST`; undefined: these are the default places. */
  readonly origin: string | undefined;
}

export async function discoverEndpoints(input: DiscoverInput): Promise<Discovery> {
  const { env, host, context } = input;
  if (host !== undefined && context !== undefined) {
    throw new UsageError("--host and --context exclude each other");
  }
  if (host !== undefined) return named("--host", await withTls(host, input));
  if (context !== undefined) return fromContext(`--context ${context}`, context, input);
  const dockerHost = env["DOCKER_HOST"];
  if (isSet(dockerHost)) return named("DOCKER_HOST", await withTls(dockerHost, input));
  const dockerContext = env["DOCKER_CONTEXT"];
  if (isSet(dockerContext)) {
    return fromContext(`DOCKER_CONTEXT=${dockerContext}`, dockerContext, input);
  }
  const current = await readCurrentContext(input);
  if (current !== undefined) return fromContext(`docker context "${current}"`, current, input);
  return { endpoints: defaultAddresses(input).map((address) => parseEndpoint(address)), origin: undefined };
}

/** The places where Docker, its desktop and virtual machine editions, and Podman listen. */
export function defaultAddresses({
  env,
  home,
  platform,
}: Pick<DiscoverInput, "env" | "home" | "platform">): string[] {
  if (platform === "win32") {
    return ["docker_engine", "dockerDesktopLinuxEngine", "podman-machine-default"].map(
      (pipe) => `npipe:////./pipe/${pipe}`,
    );
  }
  const runtime = env["XDG_RUNTIME_DIR"];
  const inRuntime = (path: string): string[] => (isSet(runtime) ? [join(runtime, path)] : []);
  const inHome = (...paths: readonly string[]): string[] => paths.map((path) => join(home, path));
  const docker = [
    "/var/run/docker.sock",
    ...inRuntime("docker.sock"),
    ...inHome(
      ".docker/run/docker.sock",
      ".docker/desktop/docker.sock",
      ".colima/default/docker.sock",
      ".config/colima/default/docker.sock",
      ".orbstack/run/docker.sock",
      ".rd/docker.sock",
      ".lima/docker/sock/docker.sock",
    ),
  ];
  const podman = [
    ...inRuntime("podman/podman.sock"),
    "/run/podman/podman.sock",
    ...inHome(
      ".local/share/containers/podman/machine/podman.sock",
      ".local/share/containers/podman/machine/qemu/podman.sock",
    ),
  ];
  return [...docker, ...podman].map((path) => `unix://${path}`);
}

async function fromContext(origin: string, name: string, input: DiscoverInput): Promise<Discovery> {
  if (name !== "default") return named(origin, await readContext(name, input));
  return { endpoints: defaultAddresses(input).map((address) => parseEndpoint(address)), origin: undefined };
}

/** TLS of a TCP address comes from DOCKER_TLS_VERIFY (checked), DOCKER_TLS (unchecked) and DOCKER_CERT_PATH. */
async function withTls(address: string, input: DiscoverInput): Promise<Endpoint> {
  const { env } = input;
  const verify = isSet(env["DOCKER_TLS_VERIFY"]);
  if (!verify && !isSet(env["DOCKER_TLS"])) return parseEndpoint(address);
  const configured = env["DOCKER_CERT_PATH"];
  const directory = isSet(configured) ? configured : dockerConfigDirectory(input);
  const tls = await readTls(directory, verify, input.readText);
  return parseEndpoint(address, tls ?? { verify });
}

function named(origin: string, endpoint: Endpoint): Discovery {
  return { endpoints: [endpoint], origin };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
