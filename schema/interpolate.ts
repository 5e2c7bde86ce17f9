/** Variables in the values of a document, and the types of the values that had to be written as text for it. */
import type { LoadContext } from "./context.ts";
import { pathText } from "./context.ts";
import type { PathTable } from "./path-table.ts";
import { atItem, atKey, pathTable } from "./path-table.ts";
import type { Lookup } from "./template.ts";
import { substitute } from "./template.ts";
import type { Node, ScalarNode } from "./tree.ts";
import { mapItems, mapValues } from "./tree.ts";
import { quote } from "./words.ts";

type Cast = "int" | "float" | "float32" | "bool";

/** Places whose text becomes a number or boolean after substitution. */
const CASTS: PathTable<Cast> = pathTable<Cast>({
  "services.*.cpu_count": "int",
  "services.*.cpu_percent": "float",
  "services.*.cpu_period": "int",
  "services.*.cpu_quota": "int",
  "services.*.cpu_rt_period": "int",
  "services.*.cpu_rt_runtime": "int",
  "services.*.cpus": "float32",
  "services.*.cpu_shares": "int",
  "services.*.init": "bool",
  "services.*.deploy.replicas": "int",
  "services.*.deploy.update_config.parallelism": "int",
  "services.*.deploy.update_config.max_failure_ratio": "float",
  "services.*.deploy.rollback_config.parallelism": "int",
  "services.*.deploy.rollback_config.max_failure_ratio": "float",
  "services.*.deploy.restart_policy.max_attempts": "int",
  "services.*.deploy.placement.max_replicas_per_node": "int",
  "services.*.healthcheck.retries": "int",
  "services.*.healthcheck.disable": "bool",
  "services.*.oom_kill_disable": "bool",
  "services.*.oom_score_adj": "int",
  "services.*.pids_limit": "int",
  "services.*.ports.[].target": "int",
  "services.*.privileged": "bool",
  "services.*.read_only": "bool",
  "services.*.scale": "int",
  "services.*.stdin_open": "bool",
  "services.*.tty": "bool",
  "services.*.ulimits.*": "int",
  "services.*.ulimits.*.hard": "int",
  "services.*.ulimits.*.soft": "int",
  "services.*.volumes.[].read_only": "bool",
  "services.*.volumes.[].volume.nocopy": "bool",
  "networks.*.external": "bool",
  "networks.*.internal": "bool",
  "networks.*.attachable": "bool",
  "networks.*.enable_ipv4": "bool",
  "networks.*.enable_ipv6": "bool",
  "volumes.*.external": "bool",
  "secrets.*.external": "bool",
  "configs.*.external": "bool",
});

interface Walk {
  readonly context: LoadContext;
  readonly lookup: Lookup;
  readonly path: (string | number)[];
}

/** Substitutes variables in all string values (never in keys), then casts where a type is wanted. */
export function interpolate(root: Node, lookup: Lookup, context: LoadContext): Node {
  return visit({ context, lookup, path: [] }, root, CASTS);
}

function visit(walk: Walk, node: Node, table: PathTable<Cast> | undefined): Node {
  switch (node.kind) {
    case "map":
      return mapValues(node, (value, key) => {
        walk.path.push(key);
        const next = visit(walk, value, atKey(table, key));
        walk.path.pop();
        return next;
      });
    case "seq":
      return mapItems(node, (value, index) => {
        walk.path.push(index);
        const next = visit(walk, value, atItem(table));
        walk.path.pop();
        return next;
      });
    case "scalar":
      return typeof node.value === "string" ? substituteScalar(walk, node, node.value, table?.rule) : node;
    default:
      return node satisfies never;
  }
}

function substituteScalar(walk: Walk, node: ScalarNode, source: string, cast: Cast | undefined): Node {
  if (node.type === "timestamp") return node;
  let text = source;
  if (source.includes("$")) {
    text = substituteText(source, walk.lookup, node, pathText(walk.path), walk.context);
  }
  if (cast) return castScalar(walk, node, text, cast);
  return text === source ? node : { kind: "scalar", at: node.at, value: text };
}

/** Substitutes one text and reports what is wrong with it at the node. */
export function substituteText(
  source: string,
  lookup: Lookup,
  node: ScalarNode,
  path: string,
  context: LoadContext,
): string {
  const result = substitute(source, lookup);
  for (const name of result.unset) {
    context.report({
      severity: "warning",
      code: "unset-variable",
      message: `the variable "${name}" is not set; an empty string stands in for it`,
      path,
      range: node.at,
      hint: `set it, or give a default: \${${name}:-value}`,
    });
  }
  const { problem } = result;
  if (problem?.kind === "invalid") {
    const { message, hint } = invalidReference(problem.reference);
    context.report({
      code: "invalid-interpolation",
      message: `${path}: ${message}`,
      path,
      range: node.at,
      hint,
    });
  } else if (problem?.kind === "required") {
    context.report({
      code: "missing-variable",
      message: `the required variable "${problem.name}" is not set${problem.reason ? `: ${problem.reason}` : ""}`,
      path,
      range: node.at,
    });
  }
  return result.text;
}

function invalidReference(reference: string): { message: string; hint: string } {
  const dollar = "write a literal dollar sign as $$";
  const name = /^\$\{([_a-zA-Z][_a-zA-Z0-9]*)/.exec(reference)?.[1];
  if (!reference.startsWith("${"))
    return { message: `no variable follows the dollar sign in ${quote(reference)}`, hint: dollar };
  if (!reference.includes("}"))
    return { message: `the closing brace of ${quote(reference)} is missing`, hint: `add "}", or ${dollar}` };
  if (name === undefined)
    return {
      message: `${quote(reference)} names no variable`,
      hint: `a name has letters, digits and "_"; ${dollar}`,
    };
  return {
    message: `${quote(reference)} is no variable reference`,
    hint: `behind the name stand "}", ":-default", ":?message" or ":+other"; ${dollar}`,
  };
}

const INTEGER = /^[-+]?[0-9]+$/;
const FLOAT = /^[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+)?$/;

function castScalar(walk: Walk, node: ScalarNode, text: string, cast: Cast): Node {
  switch (cast) {
    case "int":
      if (INTEGER.test(text)) return { kind: "scalar", at: node.at, value: Number(text) };
      break;
    case "float":
    case "float32":
      if (FLOAT.test(text)) {
        const value = Number(text.replaceAll("_", ""));
        return {
          kind: "scalar",
          at: node.at,
          value: cast === "float32" ? roundToFloat32(value) : value,
          type: "float",
        };
      }
      break;
    case "bool": {
      const value = BOOLEANS.get(text.toLowerCase());
      if (value !== undefined) {
        if (!/^(?:true|false)$/i.test(text)) reportOldBoolean(walk, node, text, value);
        return { kind: "scalar", at: node.at, value };
      }
      break;
    }
    default:
      return cast satisfies never;
  }
  const path = pathText(walk.path);
  const expected = cast === "int" ? "an integer" : cast === "bool" ? "true or false" : "a number";
  walk.context.report({
    code: "invalid-value",
    message: `${path} must be ${expected}, found "${text}"`,
    path,
    range: node.at,
  });
  return node;
}

const BOOLEANS = new Map([
  ["true", true],
  ["y", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["n", false],
  ["no", false],
  ["off", false],
]);

function reportOldBoolean(walk: Walk, node: ScalarNode, text: string, value: boolean): void {
  walk.context.report({
    severity: "warning",
    code: "old-boolean",
    message: `"${text}" is no boolean in YAML 1.2`,
    path: pathText(walk.path),
    range: node.at,
    hint: `write ${String(value)}`,
  });
}

/** Reads a boolean the way the format does where text stands for one. */
export function booleanOf(text: string): boolean | undefined {
  return BOOLEANS.get(text.toLowerCase());
}

/** The shortest decimal that is the same 32-bit float, as the format prints CPU counts. */
export function roundToFloat32(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits <= 9; digits += 1) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
}
