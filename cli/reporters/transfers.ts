/** The layers of one image on their way, summed up for a line of its own: `2/5 layers, 12MB/40MB`. */
import type { Progress } from "../../engine/event.ts";
import { formatSize } from "../render/quantity.ts";

type Transfer = Extract<Progress, { readonly type: "transfer" }>;

/** Phases after which a layer needs nothing more, as `engine/images/transfer.ts` names them. */
const ENDED = new Set(["done", "exists"]);

export class Transfers {
  readonly #layers = new Map<string, { phase: string; current: number; total: number }>();

  /** Answers what to show now. */
  take({ item, phase, current, total }: Transfer): string {
    if (item === undefined) return phase;
    const layer = this.#layers.get(item) ?? { phase, current: 0, total: 0 };
    layer.phase = phase;
    if (total !== undefined && total > 0) layer.total = total;
    if (current !== undefined) layer.current = current;
    if (ENDED.has(phase)) layer.current = layer.total;
    this.#layers.set(item, layer);
    const layers = [...this.#layers.values()];
    const ended = layers.filter((one) => ENDED.has(one.phase)).length;
    const sum = (of: (one: { current: number; total: number }) => number): number =>
      layers.reduce((total, one) => total + of(one), 0);
    const bytes = sum((one) => one.total);
    const moved = sum((one) => Math.min(one.current, one.total));
    const amount = bytes === 0 ? "" : `, ${formatSize(moved)}/${formatSize(bytes)}`;
    return `${ended}/${layers.length} ${layers.length === 1 ? "layer" : "layers"}${amount}`;
  }
}
