import { securityRows } from "./attributes/rows-security.ts";
import { describeAttributes } from "./attributes/run-rows.ts";

await describeAttributes("security", securityRows);
