/** The rules of `tcompose lint`, in the order in which they are listed. */
import type { LintRule } from "./rule.ts";
import { consistentMaps } from "./rules/consistent-maps.ts";
import { databasePort } from "./rules/database-port.ts";
import { dockerSocket } from "./rules/docker-socket.ts";
import { fixedContainerName } from "./rules/fixed-container-name.ts";
import { legacyLinks } from "./rules/legacy-links.ts";
import { obsoleteVersion } from "./rules/obsolete-version.ts";
import { plainSecret } from "./rules/plain-secret.ts";
import { privilegedContainer } from "./rules/privileged-container.ts";
import { unpinnedImage } from "./rules/unpinned-image.ts";
import { unquotedPort } from "./rules/unquoted-port.ts";
import { unusedResource } from "./rules/unused-resource.ts";
import { weakDependency } from "./rules/weak-dependency.ts";

export const LINT_RULES: readonly LintRule[] = [
  obsoleteVersion,
  unquotedPort,
  consistentMaps,
  unpinnedImage,
  weakDependency,
  plainSecret,
  privilegedContainer,
  dockerSocket,
  databasePort,
  fixedContainerName,
  legacyLinks,
  unusedResource,
];
