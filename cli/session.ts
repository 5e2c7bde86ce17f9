/** What commands that change something have in common: a reporter, an engine, and plans that are carried out. */
import type { EngineApi } from "../engine/docker/api.ts";
import { sequenceEvents, type Emit } from "../engine/event.ts";
import type { ExecutionReport, Limits } from "../engine/execute/model.ts";
import type { Plan, PlanResult, PlanWarning } from "../engine/plan/operation.ts";
import { applyPlan } from "../engine/session/apply.ts";
import { openDockerCredentials } from "../engine/docker/credentials.ts";
import type { Stack } from "../schema/model.ts";
import type { Invocation } from "./command.ts";
import { answerDecisions } from "./decisions.ts";
import { EXIT_ERROR, EXIT_OK } from "./exit.ts";
import type { LiveArea } from "./live-area.ts";
import { UsageMistake } from "./options.ts";
import { printChanges } from "./print-changes.ts";
import { needsLock, SessionLock } from "./project-lock.ts";
import { palette } from "./render/color.ts";
import { renderFailures } from "./render/report.ts";
import type { Reporter } from "./reporters/reporter.ts";
import { selectReporter, type Reporting } from "./reporters/select.ts";
import { connect, stackEnvironment } from "./stack.ts";
import { wantsColor } from "./terminal.ts";
import { note } from "./note.ts";

export interface Session {
  readonly engine: EngineApi;
  readonly reporter: Reporter;
  readonly area: LiveArea;
  readonly mode: Reporting["mode"];
  readonly emit: Emit;
  readonly invocation: Invocation<unknown>;
  readonly stack: Stack | undefined;
  /** One run at a time on a project. */
  readonly lock: SessionLock;
}

/** Opens the engine, runs `body`, and closes everything whatever happens. */
export async function withSession(
  invocation: Invocation<unknown>,
  stack: Stack | undefined,
  body: (session: Session) => Promise<number>,
): Promise<number> {
  const { context, globals } = invocation;
  const [engine, reporting] = await Promise.all([
    connect(invocation),
    selectReporter(context, globals, stackEnvironment(invocation, stack)),
  ]);
  const { reporter, area, mode } = reporting;
  const isQuiet = quietOperations(invocation.flags);
  const emit = sequenceEvents((event) => {
    if (event.type !== "operation-progress" || !isQuiet(event.operation)) reporter.handle(event);
  }, context.now);
  const lock = new SessionLock(engine.endpoint, invocation);
  try {
    return await body({ engine, reporter, area, mode, emit, invocation, stack, lock });
  } finally {
    await lock.giveBack();
    await reporter.close();
    engine.close();
  }
}

/** `--quiet-pull` and `--quiet-build`: of these operations only the beginning and the end are told. */
function quietOperations(flags: unknown): (operation: string) => boolean {
  const { quietPull, quietBuild } = (flags ?? {}) as {
    readonly quietPull?: boolean;
    readonly quietBuild?: boolean;
  };
  const kinds = [
    ...(quietPull === true ? ["image.pull:"] : []),
    ...(quietBuild === true ? ["image.build:"] : []),
  ];
  return (operation) => kinds.some((kind) => operation.startsWith(kind));
}

/** Answers the plan's questions and plans again with the answers, until there are none left. */
export async function settleDecisions(
  plan: (answers?: Readonly<Record<string, boolean>>) => PlanResult,
  { context }: Invocation<unknown>,
  consent: boolean,
): Promise<PlanResult> {
  let result = plan();
  let answers: Readonly<Record<string, boolean>> = {};
  while (result.decisions.length > 0) {
    answers = { ...answers, ...(await answerDecisions(result.decisions, context, consent)) };
    result = plan(answers);
    if (result.decisions.some(({ id }) => id in answers)) break;
  }
  return result;
}

export function warn({ emit }: Session, warnings: readonly PlanWarning[]): void {
  for (const warning of warnings) emit({ type: "warning", warning });
}

/** Carries the plan out, or with `--dry-run` only prints it; the signal is the first interrupt unless another is given. */
export async function carryOut(
  { engine, emit, invocation, stack, lock }: Session,
  plan: Plan,
  signal: AbortSignal = invocation.context.interrupts.stop,
): Promise<ExecutionReport> {
  const { context } = invocation;
  if (invocation.globals.dryRun === true) {
    printChanges({ plan }, invocation);
    return { outcome: "succeeded", durationMs: 0, results: new Map(), created: new Map() };
  }
  const work = (): Promise<ExecutionReport> =>
    applyPlan(plan, {
      engine,
      stack,
      credentials: openDockerCredentials(context.env, context.home),
      emit,
      signal,
      limits: limitsOf(invocation, stack),
    });
  const isLocked = lock.isTaken || needsLock(plan);
  return isLocked && !signal.aborted ? lock.during(plan.project, signal, work) : work();
}

/** Exit code of a report; failures are told on standard error once the reporter has let go of the terminal. */
export async function concludeReport(session: Session, plan: Plan, report: ExecutionReport): Promise<number> {
  const { context } = session.invocation;
  await session.reporter.close();
  if (report.outcome === "succeeded") return EXIT_OK;
  const interrupted = context.interrupts.exitCode();
  if (report.outcome === "aborted" && interrupted !== undefined) {
    note(session.invocation, "interrupted; the next run goes on from here");
    return interrupted;
  }
  const text = renderFailures(plan, report, palette(wantsColor(context.stderr, context)));
  // In JSON the failures are in the events already.
  if (text !== "" && session.invocation.globals.progress !== "json") context.stderr.write(`${text}\n`);
  return EXIT_ERROR;
}

/** `--parallel` and COMPOSE_PARALLEL_LIMIT bound pulls, builds and engine calls alike. */
function limitsOf(invocation: Invocation<unknown>, stack: Stack | undefined): Partial<Limits> {
  const text = stackEnvironment(invocation, stack)["COMPOSE_PARALLEL_LIMIT"];
  const fromEnv = text === undefined || text === "" ? undefined : Number(text);
  if (fromEnv !== undefined && !Number.isInteger(fromEnv)) {
    throw new UsageMistake(`COMPOSE_PARALLEL_LIMIT needs a whole number, not "${text}"`);
  }
  const limit = invocation.globals.parallel ?? fromEnv;
  return limit === undefined || limit <= 0 ? {} : { pulls: limit, builds: limit, mutations: limit };
}
