/** What the connected engine can take. Attributes that it cannot take are refused by name or left out with a warning. */
import { capabilities, type Capabilities, type Feature } from "../docker/capabilities.ts";
import { RefusedError } from "../error.ts";
import type { PlanWarning, ResourceRef } from "../plan/operation.ts";

export interface EngineFacts {
  /** Negotiated API version, e.g. "1.41". */
  readonly apiVersion: string;
  readonly flavour: "docker" | "podman";
  /** Of the engine itself, e.g. "20.10.24"; only shown. */
  readonly release?: string | undefined;
  /** Variables for containers and build steps that the client's settings for this engine name; absent: none. */
  readonly proxies?: Readonly<Record<string, string>> | undefined;
}

/** Collects everything that one engine cannot take, so that it is said all at once. */
export class CapabilityCheck {
  readonly #facts: EngineFacts;
  readonly #capabilities: Capabilities;
  readonly #refusals: string[] = [];
  readonly #ignored = new Map<string, { readonly resource: ResourceRef; readonly attributes: Set<string> }>();

  constructor(facts: EngineFacts) {
    this.#facts = facts;
    this.#capabilities = capabilities(facts);
  }

  has(feature: Feature): boolean {
    return this.#capabilities[feature].support === "native";
  }

  /** The attribute cannot be left out: the stack would not be what was declared. */
  need(feature: Feature, attribute: string): void {
    if (!this.has(feature)) this.refuse(`${attribute} needs ${this.#capabilities[feature].needs}`);
  }

  /** Whether the engine takes the attribute. Where it does not, the table of capabilities says what becomes of it. */
  takes(feature: Feature, service: string, attribute: string): boolean {
    const { support, needs } = this.#capabilities[feature];
    switch (support) {
      case "native":
        return true;
      case "emulated":
        return false;
      case "ignored":
        this.ignore(service, attribute);
        return false;
      case "refused":
        this.refuse(`services.${service}.${attribute} needs ${needs}`);
        return false;
      default:
        return support satisfies never;
    }
  }

  refuse(reason: string): void {
    if (!this.#refusals.includes(reason)) this.#refusals.push(reason);
  }

  /** An attribute of a network that can be left out, with a warning. */
  takesOnNetwork(feature: Feature, network: string, attribute: string): boolean {
    const isTaken = this.has(feature);
    if (!isTaken) this.#ignore({ type: "network", name: network }, attribute);
    return isTaken;
  }

  /** The attribute has no effect here, and leaving it out does no harm. */
  ignore(service: string, attribute: string): void {
    this.#ignore({ type: "service", name: service, service }, attribute);
  }

  #ignore(resource: ResourceRef, attribute: string): void {
    const key = `${resource.type}:${resource.name}`;
    const known = this.#ignored.get(key) ?? { resource, attributes: new Set() };
    known.attributes.add(attribute);
    this.#ignored.set(key, known);
  }

  warnings(): PlanWarning[] {
    return [...this.#ignored.values()].map(({ resource, attributes }) => ({
      code: "ignored-attribute",
      resource,
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
    const { flavour, release } = this.#facts;
    const name = [flavour === "podman" ? "Podman" : "Docker Engine", release].filter(Boolean).join(" ");
    return `${name} (API ${this.#facts.apiVersion})`;
  }
}
