import { resourceRows } from "./attributes/rows-resources.ts";
import { describeAttributes } from "./attributes/run-rows.ts";

await describeAttributes("resources", resourceRows);
