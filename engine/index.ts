/**
 * The public entry: load a stack, connect to an engine, prepare a plan, carry it out, follow what runs. Everything
 * else is internal and may change at any time.
 *
 *     const result = load({ files, cwd, home, env });
 *     if (!result.ok) throw new StackError(result.diagnostics, result.sources);
 *     const engine = await connectEngine({ env, home });
 *     const prepared = await prepareUp(engine, result.stack);
 *     const { plan } = prepared.plan();
 *     const report = await applyPlan(plan, { engine, stack: result.stack, emit: (event) => ... });
 */
export { load } from "../schema/load.ts";
export type { FileSystem, LoadOptions, ReadResult } from "../schema/files.ts";
export type { LoadResult, Network, Service, Stack, Volume } from "../schema/model.ts";
export type {
  Diagnostic,
  RelatedPlace,
  Severity,
  SourceFile,
  SourcePosition,
  SourceRange,
} from "../schema/diagnostic.ts";
export { hasErrors, positionAt } from "../schema/diagnostic.ts";

export { connectEngine, type ConnectOptions } from "./docker/connect.ts";
export type { EngineApi, ReadOnlyEngine } from "./docker/api.ts";

export { prepareUp, type PreparedUp, type PrepareUpOptions } from "./session/prepare.ts";
export { checkPlanFile, parsePlanFile, toPlanFile, type PlanFile } from "./session/plan-file.ts";
export { lockProject, type LockHolder, type LockOptions, type ProjectLock } from "./docker/project-lock.ts";
export { prepareProject, type PreparedProject, type ProjectRef } from "./session/lifecycle.ts";
export { applyPlan, type ApplyOptions } from "./session/apply.ts";
export { openDockerCredentials } from "./docker/credentials.ts";
export { planDown } from "./plan/down.ts";
export { planRemove, planRestart, planStart, planStop } from "./plan/lifecycle.ts";
export type { DownPolicy, LifecyclePolicy, UpPolicy } from "./plan/policy.ts";
export type {
  Cause,
  Decision,
  FieldChange,
  Operation,
  Plan,
  PlanResult,
  PlanWarning,
  ResourceChange,
} from "./plan/operation.ts";
export { hasWork } from "./plan/operation.ts";
export { planToText } from "./plan/text.ts";

export type { ExecutionReport, Limits } from "./execute/model.ts";
export { sequenceEvents, type Emit, type EngineEvent, type EventBody, type Outcome } from "./event.ts";
export { followLogs } from "./logs/follow.ts";
export { readLogs } from "./logs/history.ts";
export type { FollowOptions, LogEvent, LogRange, LogTarget } from "./logs/model.ts";

export {
  AbortedError,
  BuildError,
  EngineProtocolError,
  EngineResponseError,
  EngineUnreachableError,
  InternalError,
  OperationError,
  RefusedError,
  StackError,
  TcomposeError,
  UsageError,
  type ErrorCode,
} from "./error.ts";
