#!/usr/bin/env node
/**
 * What the `tcompose` file runs: puts V8's code cache in front of the program, and starts it. Parsing and compiling
 * half a megabyte of JavaScript would otherwise be the largest part of a short run.
 */
import { enableCodeCache } from "./code-cache.ts";

enableCodeCache();
// Beside this file in the build, see `bundle.mjs`. Required, not imported, so that it goes through the cache.
require("./app.js");
