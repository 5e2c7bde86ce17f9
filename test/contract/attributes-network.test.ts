import { networkRows } from "./attributes/rows-network.ts";
import { describeAttributes } from "./attributes/run-rows.ts";

await describeAttributes("network", networkRows);
