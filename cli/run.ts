/** One run of the program: arguments to exit code. */
import type { CliContext } from "./context.ts";
import { EXIT_OK } from "./exit.ts";
import { parseArguments } from "./program.ts";

/** Never rejects; everything that goes wrong has been reported when it resolves. */
export async function runCli(context: CliContext): Promise<number> {
  let code: number;
  try {
    const parsed = await parseArguments(context);
    if (parsed.kind === "print") {
      context.stdout.write(parsed.text);
      code = EXIT_OK;
    } else {
      code = await parsed.module.run(parsed.invocation);
    }
  } catch (error) {
    const { reportError } = await import("./errors.ts");
    code = await reportError(error, context);
  }
  await Promise.all([context.stdout.flush(), context.stderr.flush()]);
  return code;
}
