/** One reading of one container's log as blocks of lines. */
import type { LogOptions, ReadOnlyEngine } from "../docker/api.ts";
import { LineBlocks, type LineBlock } from "./line-blocks.ts";

export interface LogBlock extends LineBlock {
  readonly stream: "stdout" | "stderr";
}

export type ReadOptions = Omit<LogOptions, "timestamps"> & { readonly timestamps: boolean };

export async function* readContainer(
  engine: ReadOnlyEngine,
  id: string,
  options: ReadOptions,
): AsyncGenerator<LogBlock> {
  const blocks = {
    stdout: new LineBlocks(options.timestamps),
    stderr: new LineBlocks(options.timestamps),
  };
  for await (const { stream, data } of engine.containerLogs(id, options)) {
    const block = blocks[stream].push(data);
    if (block !== undefined) yield { stream, ...block };
  }
  for (const stream of ["stdout", "stderr"] as const) {
    const block = blocks[stream].end();
    if (block !== undefined) yield { stream, ...block };
  }
}
