import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createGraphService } from "../../../provider/graph/service.ts";
import { createIotHubService } from "../../../provider/iothub/service.ts";
import { TestClock } from "../doubles.ts";

interface Given {
	readonly keys?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly projectName?: string;
}

/** Creates both services from configuration with these keys, which sends nothing. */
function createServices({ keys = [], env = {}, projectName = "plant" }: Given): void {
	const sources = { config: Object.assign(() => undefined, { keys, projectName }), env };
	const options = { sources, clock: new TestClock(), warn: () => {} };
	createIotHubService(options);
	createGraphService(options);
}

describe("a key of our namespaces that is no setting is refused before any request, with the nearest setting", () => {
	const faults = [
		["iothub:endpint", "iothub:endpoint"],
		["iothub:maxDelete", "iothub:maxDeletes"],
		["iothub:maxdeletes", "iothub:maxDeletes"],
		["autopilot:stratgy", "autopilot:strategy"],
	] as const;
	for (const [key, meant] of faults) {
		test(key, () =>
			assert.throws(() => createServices({ keys: [key] }), {
				code: "ConfigurationError",
				key,
				message:
					`${key} is not a setting. Did you mean ${meant}? Run \`pulumi config rm ${key}\` and set the right key; then ` +
					"`pulumi up` works, and so does `pulumi destroy --run-program`. Without `--run-program`, `destroy` and `refresh` " +
					"use the configuration of the last `up`.",
			}),
		);
	}
});

test("a key that resembles no setting is refused with all of them", () =>
	assert.throws(
		() => createServices({ keys: ["iothub:flavour"] }),
		/^ConfigurationError: iothub:flavour is not a setting\. The settings are: iothub:connectionString, iothub:hostName, .* Run `pulumi config rm iothub:flavour`; then/,
	));

test("settings, keys of other namespaces and keys without a list are accepted", () => {
	createServices({ keys: ["iothub:hostName", "autopilot:strategy", "plant:endpint", "azure:maxDelete"] });
	createIotHubService({
		sources: { config: () => undefined, env: {} },
		clock: new TestClock(),
		warn: () => {},
	});
});

test("a project of the same name has keys of its own, but none that resembles a setting", () => {
	createServices({ keys: ["iothub:devices"], projectName: "iothub" });
	assert.throws(() => createServices({ keys: ["iothub:maxDelete"], projectName: "iothub" }), {
		key: "iothub:maxDelete",
	});
});

describe("an environment variable that resembles that of a guard is refused", () => {
	const faults = [
		["IOTHUB_MAX_DELETE", "IOTHUB_MAX_DELETES"],
		["IOTHUB_DISABLE_ON_DELETES", "IOTHUB_DISABLE_ON_DELETE"],
		["AUTOPILOT_MAXDELETES", "AUTOPILOT_MAX_DELETES"],
		["IOTHUB_ONDRIFT", "IOTHUB_ON_DRIFT"],
	] as const;
	for (const [name, meant] of faults) {
		test(name, () =>
			assert.throws(() => createServices({ env: { [name]: "1" } }), {
				code: "ConfigurationError",
				message: `The environment variable ${name} is not read. Did you mean ${meant}? Set that one, and unset ${name}.`,
			}),
		);
	}

	test("but not if it is empty, nor a variable of other software with the same prefix", () =>
		createServices({
			env: {
				IOTHUB_MAX_DELETE: "",
				IOTHUB_HOSTNAME: "h",
				IOTHUB_DEVICE_CONNECTION_STRING: "s",
				IOTHUB_MAX_DELETES: "1",
			},
		}));
});
