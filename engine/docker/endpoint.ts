/** Where an engine listens, and how `DOCKER_HOST`-style addresses are read. */
import { UsageError } from "../error.ts";

/** PEM texts. */
export interface TlsMaterial {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Whether the engine's certificate is checked. */
  readonly verify: boolean;
}

export type Endpoint =
  /** `path` is a socket file, or a named pipe on Windows. */
  | { readonly type: "socket"; readonly url: string; readonly path: string }
  | {
      readonly type: "tcp";
      readonly url: string;
      readonly host: string;
      readonly port: number;
      readonly tls?: TlsMaterial | undefined;
    }
  | {
      readonly type: "ssh";
      readonly url: string;
      readonly host: string;
      readonly user?: string | undefined;
      readonly port?: number | undefined;
      /** Socket on the other side, when the address names one. */
      readonly socket?: string | undefined;
    };

const DEFAULT_PORT = 2375;
const DEFAULT_TLS_PORT = 2376;

/**
 * Reads `unix://`, `npipe://`, `tcp://`, `http(s)://` and `ssh://` addresses.
 * @throws UsageError for anything else
 */
export function parseEndpoint(address: string, tls?: TlsMaterial): Endpoint {
  const scheme = /^([a-z]+):\/\//.exec(address)?.[1];
  switch (scheme) {
    case "unix": {
      const path = address.slice("unix://".length);
      if (path === "") throw invalid(address, "the socket's path is missing");
      return { type: "socket", url: address, path };
    }
    case "npipe":
      return { type: "socket", url: address, path: pipePath(address) };
    case "tcp":
    case "http":
    case "https":
      return tcpEndpoint(address, scheme === "https" && tls === undefined ? { verify: true } : tls);
    case "ssh":
      return sshEndpoint(address);
    case undefined:
    default:
      throw invalid(address, "it must begin with unix://, npipe://, tcp:// or ssh://");
  }
}

/** `npipe:////./pipe/docker_engine` is `\\.\pipe\docker_engine`. */
function pipePath(address: string): string {
  return address.slice("npipe://".length).replaceAll("/", "\\");
}

function tcpEndpoint(address: string, tls: TlsMaterial | undefined): Endpoint {
  const url = parseUrl(address);
  const fallback = tls === undefined ? DEFAULT_PORT : DEFAULT_TLS_PORT;
  // URL drops the port that is its scheme's default.
  const isHttpPort = url.port === "" && /:80(?:\/|$)/.test(address);
  const port = isHttpPort ? 80 : url.port === "" ? fallback : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return { type: "tcp", url: address, host, port, tls };
}

function sshEndpoint(address: string): Endpoint {
  const url = parseUrl(address);
  if (url.password !== "") throw invalid(address, "a password cannot be part of it; use a key");
  // A destination that begins with a dash would be read as an option by ssh.
  if (url.hostname.startsWith("-") || url.username.startsWith("-"))
    throw invalid(address, "the host is not valid");
  return {
    type: "ssh",
    url: address,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    user: url.username === "" ? undefined : decodeURIComponent(url.username),
    port: url.port === "" ? undefined : Number(url.port),
    socket: url.pathname === "" || url.pathname === "/" ? undefined : url.pathname,
  };
}

function parseUrl(address: string): URL {
  // Read as http, because URL treats unknown schemes (tcp, ssh) as opaque in parts.
  const text = address.replace(/^[a-z]+:/, "http:");
  if (!URL.canParse(text)) throw invalid(address, "host or port cannot be read");
  return new URL(text);
}

function invalid(address: string, reason: string): UsageError {
  return new UsageError(`${address} is not an engine address: ${reason}`, {
    hint: "for example unix:///var/run/docker.sock, tcp://10.0.0.5:2376 or ssh://user@host",
  });
}
