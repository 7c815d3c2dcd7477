import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findCli, type OperationOptions } from "../engine/index.ts";
import { locateProgram, runAtSite } from "./site.ts";

// Pulumi's SDK prints the outputs of a registered resource in a debug message, secrets in plain text. SECURITY.md and
// the guide to pipelines say so; the stand-in has neither of the displays that show it.

const DISPLAYS: readonly OperationOptions[] = [{ json: true }, { debug: true }];

describe("keys in what Pulumi prints", () => {
	for (const store of [true, false]) {
		test(`with storeCredentials: ${store}`, async (t) => {
			const cli = await findCli();
			if (cli === undefined) return t.skip("No pulumi on PATH, and the stand-in prints no debug messages.");
			const config = { store: String(store) };
			await runAtSite(cli, { root: locateProgram("lookedUp"), config }, async ({ stack, emulator }) => {
				for (const display of [{}, ...DISPLAYS]) {
					const { exitCode, output } = await stack.up(display);
					assert.equal(exitCode, 0, output);
					const key = emulator.control.devices.get("pump")?.authentication?.symmetricKey?.primaryKey ?? "";
					assert.notEqual(key, "");
					const isDebugging = Object.keys(display).length > 0;
					assert.equal(output.includes(key), store && isDebugging, JSON.stringify(display));
				}
				const { connection } = await stack.outputs({ showSecrets: true });
				assert.match(
					String(connection),
					/^HostName=.*;SharedAccessKey=/,
					"the keys are available either way",
				);
			});
		});
	}
});
