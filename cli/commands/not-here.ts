/** Commands of `docker compose` that have no place here: said plainly, with what to use instead. */
import type { Command } from "commander";
import { UsageError } from "../../engine/error.ts";
import type { Invocation } from "../command.ts";

interface Elsewhere {
  readonly message: string;
  readonly hint: string;
}

const ELSEWHERE: Readonly<Record<string, Elsewhere>> = {
  publish: {
    message: "tcompose does not publish stacks as OCI artifacts",
    hint: "`tcompose config --resolve-image-digests` prints a stack that can be handed on as one file",
  },
  bridge: {
    message: "tcompose does not convert stacks to Kubernetes or other models",
    hint: "`docker compose bridge` and kompose read what `tcompose config` prints",
  },
  alpha: {
    message: "tcompose has no experimental commands",
    hint: "`tcompose plan` shows what would be done, `tcompose scale` and `tcompose watch` are commands",
  },
};

export function configure(command: Command): void {
  command.argument("[anything...]").allowUnknownOption();
}

export function run({ context }: Invocation): Promise<number> {
  const name = Object.keys(ELSEWHERE).find((candidate) => context.argv.includes(candidate)) ?? "";
  const { message = `there is no "${name}"`, hint } = ELSEWHERE[name] ?? {};
  throw new UsageError(message, { hint });
}
