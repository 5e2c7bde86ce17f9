/** Attributes that stand where services are named: one level too far to the left. */
import type { StackPath } from "./model.ts";
import { knownKeys, outlineRoot } from "./outline.ts";

/** `services.image: nginx`: a value that no service can be, under a name that is an attribute of services. */
export function isMisplacedAttribute(path: StackPath, value: unknown): boolean {
  const [section, name] = path;
  if (path.length !== 2 || section !== "services" || typeof name !== "string") return false;
  const isMapping = value !== null && typeof value === "object" && !Array.isArray(value);
  return value !== null && !isMapping && knownKeys(outlineRoot().definitions?.["service"]).includes(name);
}

/** What was found for a document's services: each of a thousand empty ones asks again. */
const holdsAttributes = new WeakMap<object, boolean>();

/** Whether a service is empty only because its attributes stand beside it; what is said of them says it all. */
export function isEmptiedService(path: StackPath, value: unknown, root: unknown): boolean {
  if (path.length !== 2 || path[0] !== "services" || value !== null) return false;
  const services = (root as { readonly services?: object }).services ?? {};
  const known = holdsAttributes.get(services);
  if (known !== undefined) return known;
  const found = Object.entries(services).some(([name, other]) =>
    isMisplacedAttribute(["services", name], other),
  );
  holdsAttributes.set(services, found);
  return found;
}
