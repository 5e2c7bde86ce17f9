/** Everything a build needs besides its request. Passed in, so that nothing here reads the process. */
import type { Duplex } from "node:stream";
import type { FileObject } from "../../schema/model.ts";
import type { EngineApi } from "../docker/api.ts";
import type { Progress } from "../event.ts";
import type { RegistryCredentials } from "../images/auth.ts";

export interface BuildContext {
  readonly engine: BuildEngine;
  readonly credentials: RegistryCredentials;
  /** Top-level secrets of the stack; `file` is absolute. */
  readonly secrets: Readonly<Record<string, FileObject>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The image that a service runs: for `additional_contexts: service:NAME`. */
  readonly imageOf: (service: string) => string | undefined;
  /** Connects to an ssh agent's socket. */
  readonly connectAgent: (path: string) => Promise<Duplex>;
  /** For messages, e.g. `Docker 28.5.2`. Asks the engine. */
  readonly describeEngine: () => Promise<string>;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

export type BuildEngine = Pick<
  EngineApi,
  | "apiVersion"
  | "buildImage"
  | "flavour"
  | "info"
  | "inspectNetwork"
  | "openControl"
  | "openSession"
  | "proxies"
  | "release"
  | "tagImage"
  | "version"
>;
