/** What a test can prepare, steer and look at on the fake engine. */
import { UsageError } from "../../../engine/error.ts";
import type { EngineMessage } from "../../../engine/docker/types.ts";
import type { Behaviour } from "./behaviour.ts";
import type { CallHook, CallMatch, FakeCall, HeldCall } from "./calls.ts";
import { writeOutput } from "./exec.ts";
import { FakeReader } from "./fake-reader.ts";
import { addImage, familiar } from "./images.ts";
import { exitContainer, setHealth } from "./lifecycle.ts";
import type { FakeContainer, ImageContent } from "./records.ts";
import { findContainer } from "./world.ts";

export class FakeControls extends FakeReader {
  protected readonly buildFailures = new Map<string, string>();

  // Prepare

  /** Puts an image on the engine; answers its id. Another `content` under the same reference moves the tag. */
  addImage(reference: string, content?: ImageContent): string {
    return addImage(this.world, reference, content).id;
  }

  /** Makes a reference pullable, or gives it new content. */
  publishImage(reference: string, content: ImageContent = {}): void {
    this.world.registry.set(familiar(reference), content);
  }

  /** `selector`: container name, service name or image reference. Applies from the next start on. */
  behave(selector: string, behaviour: Behaviour): void {
    this.world.behaviours.set(selector, behaviour);
  }

  /** Something outside the engine listens on this port. */
  occupyPort(port: number): void {
    this.world.foreignPorts.add(port);
  }

  /** Builds with this tag fail. */
  failBuild(tag: string, message: string): void {
    this.buildFailures.set(tag, message);
  }

  // Steer

  /** The container's process ends by itself; the restart policy applies. */
  exit(container: string, exitCode = 0): void {
    exitContainer(this.world, this.container(container), exitCode);
  }

  setHealth(container: string, status: "healthy" | "unhealthy", output?: string): void {
    setHealth(this.world, this.container(container), status, output);
  }

  /** The container's process writes this text (add the line end). */
  write(container: string, text: string, stream: "stdout" | "stderr" = "stdout"): void {
    writeOutput(this.world, this.container(container), stream, text);
  }

  /** The next matching call (or the next `times`) rejects with this error and has no effect. */
  failNext(match: CallMatch, error: Error, times = 1): void {
    this.log.failNext(match, error, times);
  }

  /** Runs before each matching call takes effect; answers how to remove it. */
  before(match: CallMatch, hook: CallHook): () => void {
    return this.log.before(match, hook);
  }

  /** Stops the next matching call before it takes effect, until released. */
  hold(match: CallMatch): HeldCall {
    return this.log.hold(match);
  }

  /**
   * After so many more mutating calls every call rejects with EngineUnreachableError, until `revive`: what a
   * killed client leaves behind. `lost: "answer"`: the last call still took effect.
   */
  die(afterMutations: number, lost: "request" | "answer" = "request"): void {
    this.log.die(afterMutations, lost);
  }

  revive(): void {
    this.log.revive();
  }

  close(): void {
    this.world.close();
  }

  // Look

  /** By name or id; throws when there is none. */
  container(reference: string): FakeContainer {
    const container = findContainer(this.world, reference);
    if (container === undefined) throw new UsageError(`the fake engine has no container ${reference}`);
    return container;
  }

  /** Names of all containers, sorted. */
  containerNames(): string[] {
    return [...this.world.containers.values()].map((c) => c.name).sort();
  }

  get calls(): readonly FakeCall[] {
    return this.log.calls;
  }

  /** `method target` of each call that can change something, in order. */
  mutations(): string[] {
    return this.log.calls.filter((call) => call.mutating).map(callText);
  }

  /** Forgets the calls so far. */
  clearCalls(): void {
    this.log.calls.length = 0;
  }

  /** Every event so far. */
  get eventHistory(): readonly EngineMessage[] {
    return this.world.events.history;
  }

  /** `type action name` of every event so far. */
  eventLog(): string[] {
    return this.world.events.history.map(({ Type, Action, Actor }) => {
      return `${Type} ${Action} ${Actor.Attributes["name"] ?? Actor.ID}`;
    });
  }

  /** The whole state in lines, without ids and times: equal states have equal text. */
  stateText(): string {
    const { containers, networks, volumes } = this.world;
    const lines = [
      ...[...containers.values()].map((c) => {
        const attached = [...c.networks].map(([name, e]) => `${name}[${aliasesOf(c, e.Aliases)}]`).sort();
        const health = c.health === undefined ? "" : ` ${c.health.Status}`;
        return `container ${c.name} ${c.status}${health} ${c.body.Image} ${attached.join(" ")}`.trimEnd();
      }),
      ...[...networks.values()].map((n) => `network ${n.name}`),
      ...[...volumes.values()].map((v) => `volume ${v.anonymous ? "(anonymous)" : v.name}`),
    ];
    return lines.sort().join("\n");
  }
}

function aliasesOf(container: FakeContainer, aliases: readonly string[] | null | undefined): string {
  return (aliases ?? []).filter((alias) => !container.id.startsWith(alias)).join(",");
}

function callText(call: FakeCall): string {
  return call.target === "" ? call.method : `${call.method} ${call.target}`;
}
