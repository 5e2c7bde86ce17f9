/** No attribute of the format is dropped in silence: each one is shown at work on an engine, or says why not. */
import { describe, expect, it } from "vitest";
import { schemaPlaces, writtenPlaces } from "./attributes/row.ts";
import { networkRows } from "./attributes/rows-network.ts";
import { processRows } from "./attributes/rows-process.ts";
import { resourceRows } from "./attributes/rows-resources.ts";
import { securityRows } from "./attributes/rows-security.ts";
import { storageRows } from "./attributes/rows-storage.ts";

const ROWS = [...processRows, ...resourceRows, ...securityRows, ...networkRows, ...storageRows];

/** Places, with all inside them, that no `inspect` can show, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "service.build": "concerns the image: test/engine/build",
  "service.develop": "concerns watch: test/engine/watch",
  "service.extends": "resolved while loading: test/schema",
  "service.profiles": "selects services while loading: test/schema",
  "service.provider": "runs a program instead of a container: test/engine/plan",
  "service.pull_policy": "concerns the image: test/engine/plan/images.test.ts",
  "service.pull_refresh_after": "concerns the image: test/engine/plan/refresh.test.ts",
  "service.attach": "concerns what `up` shows: test/scenarios/attached",
  "service.pre_start": "runs before a start: test/engine/plan",
  "service.post_start": "runs after a start: test/engine/execute",
  "service.pre_stop": "runs before a stop: test/engine/execute",
  "service.networks.priority": "orders networks: the row `several networks` shows the first one",
  "network.external": "made by others, looked up only: test/scenarios/external-resources",
  "volume.external": "made by others, looked up only: test/scenarios/external-resources",
  "config.external.name": "goes with `external`, which is refused",
  "secret.external.name": "goes with `external`, which is refused",
  "config.name": "names it on a cluster; a container engine keeps no configs",
  "secret.name": "names it on a cluster; a container engine keeps no secrets",
  "config.labels": "marks it on a cluster; a container engine keeps no configs",
  "secret.labels": "marks it on a cluster; a container engine keeps no secrets",
  "config.file": "concerns the content: the row `configs and secrets from files` shows it",
  "service.credential_spec.config": "goes with `credential_spec`, which is left out",
  "service.credential_spec.registry": "goes with `credential_spec`, which is left out",
  "model.name": "goes with `models`, which are refused",
  "model.context_size": "goes with `models`, which are refused",
  "model.runtime_flags": "goes with `models`, which are refused",
};

describe("every attribute of the format", () => {
  const shown = new Set(ROWS.flatMap((row) => [...writtenPlaces(row)]));
  const isElsewhere = (place: string): boolean =>
    Object.keys(ELSEWHERE).some((outer) => place === outer || place.startsWith(`${outer}.`));

  it.each(["service", "network", "volume", "config", "secret", "model"])(
    "of a %s is in a table, or says why not",
    (name) => {
      const places = [...schemaPlaces(name)];
      expect(places.length).toBeGreaterThan(3);
      expect(places.filter((place) => !shown.has(place) && !isElsewhere(place))).toEqual([]);
    },
  );

  it("needs no excuse that is not used", () => {
    const all = ["service", "network", "volume", "config", "secret", "model"].flatMap((name) => [
      ...schemaPlaces(name),
    ]);
    expect(Object.keys(ELSEWHERE).filter((place) => !all.includes(place))).toEqual([]);
  });

  it("is shown in rows with names of their own", () => {
    const names = ROWS.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});
