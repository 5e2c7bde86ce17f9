#!/usr/bin/env node
/** What the `tcompose` file runs: loads the program, which lies beside it in the build (see `bundle.mjs`). */
import { loadProgram } from "./loader.ts";

loadProgram("./app.js", require);
