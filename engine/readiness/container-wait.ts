/** The wait for one container: look, decide, sleep until something happens, look again. */
import type { EngineApi } from "../docker/api.ts";
import { TcomposeError, isNotFound } from "../error.ts";
import type { Clock } from "../execute/model.ts";
import { assess, type Assessment, type AssessOptions, type Failure } from "./assess.ts";
import type { EventHub, HubMessage } from "./event-hub.ts";
import { factsOf, type ContainerFacts } from "./facts.ts";
import type { TimedOut } from "./failure-report.ts";
import { Latch } from "./latch.ts";
import { HealthProbe } from "./probe.ts";

/** Ends a wait inside this folder; leaves it as an OperationError with a report. */
export class NotReady extends TcomposeError {
  readonly container: string;
  readonly failure: Failure | TimedOut;

  constructor(container: string, failure: Failure | TimedOut) {
    super("operation-failed", `${container}: ${failure.reason}`);
    this.container = container;
    this.failure = failure;
  }
}

export interface ContainerWaitOptions {
  readonly engine: EngineApi;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly container: string;
  readonly assess: AssessOptions;
  readonly probe: boolean;
  readonly onState: (state: string) => void;
}

/** Where events tell everything, the longest time without looking is only a guard against a lost event. */
const FAR_OFF_MS = 2 ** 31 - 1;
const FIRST_LOOK_MS = 100;
const LAST_LOOK_MS = 2_000;

export class ContainerWait {
  readonly container: string;
  isReady = false;
  readonly #options: ContainerWaitOptions;
  readonly #latch = new Latch();
  readonly #exits: number[] = [];
  readonly #probe: HealthProbe;
  /** The name until the first look, then the id: a container may be renamed while it is waited for. */
  #id: string;
  #restartsAtBegin: number | undefined;
  #broken: { readonly error: unknown } | undefined;
  #state = "";
  /** Interval of looking without being told: only where events do not tell of health. */
  #lookAgainMs: number;

  constructor(options: ContainerWaitOptions) {
    this.#options = options;
    this.container = options.container;
    this.#id = options.container;
    this.#probe = new HealthProbe(options.engine, options.clock, () => this.#latch.ring());
    this.#lookAgainMs = options.engine.flavour === "podman" ? FIRST_LOOK_MS : FAR_OFF_MS;
  }

  async run(signal: AbortSignal): Promise<void> {
    if ((await this.#look(signal)).state === "ready") return this.#finish();
    const stopListening = this.#options.hub.listen(this.#id, (message) => this.#hear(message));
    try {
      await this.#options.hub.open();
      await this.#follow(signal);
    } finally {
      stopListening();
      this.#probe.stop();
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (this.#broken !== undefined) throw this.#broken.error;
      const now = await this.#look(signal);
      if (now.state === "ready") return this.#finish();
      const again = now.state === "pending" ? now.again : undefined;
      await this.#latch.wait(this.#options.clock, Math.min(again ?? FAR_OFF_MS, this.#nextLook()), signal);
    }
  }

  /** One look; a failure that it finds is thrown. */
  async #look(signal: AbortSignal): Promise<Assessment> {
    const facts = await this.#inspect(signal);
    if (facts === undefined) throw new NotReady(this.container, { reason: "removed" });
    this.#id = facts.id;
    this.#restartsAtBegin ??= facts.restarts;
    this.#tellState(facts);
    const assessment = assess(
      facts,
      {
        now: this.#options.clock.now(),
        restartsAtBegin: this.#restartsAtBegin,
        exits: this.#exits,
        probedLife: this.#probe.succeededLife,
      },
      this.#options.assess,
    );
    if (assessment.state === "failed") throw new NotReady(this.container, assessment.failure);
    if (assessment.state === "pending" && this.#wantsProbe(facts)) this.#probe.start(facts, signal);
    return assessment;
  }

  async #inspect(signal: AbortSignal): Promise<ContainerFacts | undefined> {
    try {
      return factsOf(await this.#options.engine.inspectContainer(this.#id, { signal }));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #wantsProbe(facts: ContainerFacts): boolean {
    const { condition } = this.#options.assess;
    return (
      this.#options.probe &&
      facts.phase === "running" &&
      facts.health === "starting" &&
      (condition === "healthy" || condition === "running_or_healthy")
    );
  }

  #hear(message: HubMessage): void {
    if (message.type === "broken") this.#broken = { error: message.error };
    if (message.type === "event" && message.message.Action === "die") {
      const exitCode = Number(message.message.Actor.Attributes["exitCode"] ?? "");
      if (Number.isInteger(exitCode)) this.#exits.push(exitCode);
    }
    this.#latch.ring();
  }

  #tellState(facts: ContainerFacts): void {
    const state = facts.phase === "running" && facts.health !== "none" ? facts.health : facts.phase;
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }

  #nextLook(): number {
    const now = this.#lookAgainMs;
    if (now < LAST_LOOK_MS) this.#lookAgainMs = Math.min(now * 1.5, LAST_LOOK_MS);
    return now;
  }

  #finish(): void {
    this.isReady = true;
  }
}
