/** Image ids by reference, asked once a run: fifty services of one image are one question to the engine. */
import type { EngineApi } from "../docker/api.ts";

export class ImageIds {
  readonly #engine: EngineApi;
  readonly #known = new Map<string, Promise<string | undefined>>();

  constructor(engine: EngineApi) {
    this.#engine = engine;
  }

  /** The id of what the reference names now, or undefined when the engine does not have it. */
  async resolve(reference: string): Promise<string | undefined> {
    let id = this.#known.get(reference);
    if (id === undefined) {
      // Without the caller's signal: the answer belongs to everybody who asks for the same reference.
      id = this.#engine.inspectImage(reference).then((image) => image?.Id);
      this.#known.set(reference, id);
      id.catch(() => this.#known.delete(reference));
    }
    return id;
  }

  /** References may name other images now. */
  forget(): void {
    this.#known.clear();
  }
}
