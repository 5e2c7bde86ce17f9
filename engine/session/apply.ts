/** Carries a plan out with everything that this needs from other rooms. */
import type { Stack } from "../../schema/model.ts";
import type { EngineApi } from "../docker/api.ts";
import type { Emit } from "../event.ts";
import { execute } from "../execute/execute.ts";
import type { ExecutionReport, Limits } from "../execute/model.ts";
import { anonymous, type RegistryCredentials } from "../images/auth.ts";
import type { Plan } from "../plan/operation.ts";
import { createEffects } from "./effects.ts";

export interface ApplyOptions {
  readonly engine: EngineApi;
  readonly stack?: Stack | undefined;
  /** Default: none, registries are spoken to anonymously. */
  readonly credentials?: RegistryCredentials;
  readonly emit?: Emit;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Limits>;
}

/** Resolves with the report also when operations failed; see `execute`. */
export function applyPlan(plan: Plan, options: ApplyOptions): Promise<ExecutionReport> {
  const { engine, stack, credentials = anonymous, emit = () => undefined, signal, limits } = options;
  return execute(plan, {
    engine,
    effects: createEffects({ engine, stack, credentials }),
    emit,
    ...(signal === undefined ? {} : { signal }),
    ...(limits === undefined ? {} : { limits }),
  });
}
