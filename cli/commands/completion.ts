/** `completion`: a script that teaches a shell to complete tcompose's commands, flags and services. */
import type { Command } from "commander";
import { completionScript, SHELLS, type Shell } from "../completion/scripts.ts";
import type { Invocation } from "../command.ts";
import { EXIT_OK } from "../exit.ts";
import { UsageMistake } from "../options.ts";

export function configure(command: Command): void {
  command.argument("<shell>", SHELLS.join(", ")).addHelpText("after", EXAMPLES);
}

const EXAMPLES = `
Examples:
  source <(tcompose completion bash)
  tcompose completion zsh > "\${fpath[1]}/_tcompose"
  tcompose completion fish > ~/.config/fish/completions/tcompose.fish
`;

export function run({ context, args }: Invocation): Promise<number> {
  const [shell = ""] = args;
  if (!isShell(shell))
    throw new UsageMistake(`there is no completion for "${shell}"`, `it takes ${SHELLS.join(", ")}`);
  context.stdout.write(completionScript(shell));
  return Promise.resolve(EXIT_OK);
}

function isShell(text: string): text is Shell {
  return (SHELLS as readonly string[]).includes(text);
}
