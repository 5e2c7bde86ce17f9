#!/usr/bin/env node
import { createProcessContext } from "./context.ts";
import { runCli } from "./run.ts";

// An explicit exit: connections kept alive, or a terminal still held open for reading, must not keep the process.
process.exit(await runCli(createProcessContext(process)));
