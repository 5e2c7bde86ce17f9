/** A container that changes are sent to. */
import type { EngineApi } from "../../docker/api.ts";
import type { ContainerFacts } from "./container-facts.ts";
import type { ContainerShell } from "./container-shell.ts";

export interface SendTarget {
  readonly engine: EngineApi;
  readonly container: string;
  readonly shell: ContainerShell;
  readonly facts: ContainerFacts;
}
