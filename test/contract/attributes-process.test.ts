import { processRows } from "./attributes/rows-process.ts";
import { describeAttributes } from "./attributes/run-rows.ts";

await describeAttributes("process", processRows);
