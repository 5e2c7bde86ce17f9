import { storageRows } from "./attributes/rows-storage.ts";
import { describeAttributes } from "./attributes/run-rows.ts";

await describeAttributes("storage", storageRows);
