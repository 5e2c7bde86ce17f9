/** The program; the launcher loads it. */
import { createProcessContext } from "./context.ts";
import { runCli } from "./run.ts";

// An explicit exit: connections kept alive, or a terminal still held open for reading, must not keep the process.
void runCli(createProcessContext(process)).then((code) => process.exit(code));
