/** Writes docs/configuration.md from the definitions of the settings. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../pages.ts";
import { renderConfigurationPage } from "./page.ts";

writeFileSync(join(ROOT, "docs/configuration.md"), renderConfigurationPage());
