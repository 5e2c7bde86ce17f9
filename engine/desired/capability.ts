/** What the connected engine can take. Attributes that it cannot take are refused by name or left out with a warning. */
import { RefusedError } from "../error.ts";
import type { PlanWarning } from "../plan/operation.ts";

export interface EngineFacts {
  /** Negotiated API version, e.g. "1.41". */
  readonly apiVersion: string;
  readonly flavour: "docker" | "podman";
}

/** Whether `version` ("1.44") is at least `wanted`. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split(".").map(Number);
  return major === wantedMajor ? minor >= wantedMinor : major > wantedMajor;
}

/** Collects everything that one engine cannot take, so that it is said all at once. */
export class CapabilityCheck {
  readonly #facts: EngineFacts;
  readonly #refusals: string[] = [];
  readonly #ignored = new Map<string, Set<string>>();

  constructor(facts: EngineFacts) {
    this.#facts = facts;
  }

  has(apiVersion: string): boolean {
    return isAtLeast(this.#facts.apiVersion, apiVersion);
  }

  /** Settings of a container that exists can be changed: not through Podman's compatible API. */
  canUpdate(): boolean {
    return this.#facts.flavour === "docker";
  }

  /** The attribute cannot be left out: the stack would not be what was declared. */
  need(apiVersion: string, attribute: string): void {
    if (!this.has(apiVersion)) this.refuse(`${attribute} needs Engine API ${apiVersion}`);
  }

  refuse(reason: string): void {
    if (!this.#refusals.includes(reason)) this.#refusals.push(reason);
  }

  /** The attribute has no effect here, and leaving it out does no harm. */
  ignore(service: string, attribute: string): void {
    const attributes = this.#ignored.get(service) ?? new Set();
    this.#ignored.set(service, attributes.add(attribute));
  }

  warnings(): PlanWarning[] {
    return [...this.#ignored].map(([service, attributes]) => ({
      code: "ignored-attribute",
      resource: { type: "service", name: service, service },
      names: [...attributes].toSorted(),
      detail: this.#engine(),
    }));
  }

  /** @throws RefusedError that names every refused attribute, the engine and its version */
  throwRefusals(): void {
    const [first, ...others] = this.#refusals;
    if (first === undefined) return;
    const list = others.length === 0 ? first : `\n  - ${this.#refusals.join("\n  - ")}`;
    throw new RefusedError(`${this.#engine()} cannot run this stack: ${list}`, {
      hint: "remove the attributes, or use an engine that has them",
    });
  }

  #engine(): string {
    const name = this.#facts.flavour === "podman" ? "Podman" : "Docker Engine";
    return `${name} (API ${this.#facts.apiVersion})`;
  }
}
