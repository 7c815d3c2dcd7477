import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CLOUD_ENDPOINTS, CLOUDS, readCloud } from "../../../provider/auth/clouds.ts";
import { createSetting, createSettingReader } from "../doubles.ts";

type Texts = Readonly<Record<string, string>>;
const setting = createSetting("iothub:cloud", { env: ["ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"] });
const readCloudName = (config: Texts, env: Texts = {}): string =>
	readCloud(createSettingReader(config, env), setting);

describe("the cloud", () => {
	test("is the public one if nothing is set", () => {
		assert.equal(readCloudName({}), "public");
	});

	test("is the one that the setting names, case-insensitively", () => {
		for (const name of CLOUDS) {
			assert.equal(readCloudName({ "iothub:cloud": name }), name);
			assert.equal(readCloudName({ "iothub:cloud": ` ${name.toUpperCase()} ` }), name);
		}
	});

	test("comes from the environment if the setting is not set, from Terraform's variable first", () => {
		assert.equal(readCloudName({}, { ARM_ENVIRONMENT: "china", AZURE_ENVIRONMENT: "usgovernment" }), "china");
		assert.equal(readCloudName({}, { AZURE_ENVIRONMENT: "usgovernment" }), "usgovernment");
		assert.equal(readCloudName({ "iothub:cloud": "china" }, { ARM_ENVIRONMENT: "german" }), "china");
	});

	const names: readonly [alias: string, name: string][] = [
		["global", "public"],
		["AzureCloud", "public"],
		["AzurePublicCloud", "public"],
		["usgov", "usgovernment"],
		["usgovernmentl4", "usgovernment"],
		["AzureUSGovernment", "usgovernment"],
		["AzureUSGovernmentCloud", "usgovernment"],
		["dod", "usgovernmentdod"],
		["usgovernmentl5", "usgovernmentdod"],
		["AzureChinaCloud", "china"],
	];
	for (const [alias, name] of names) {
		test(`${name} may be spelled ${alias}, as in other programs`, () => {
			assert.equal(readCloudName({}, { ARM_ENVIRONMENT: alias }), name);
		});
	}
});

describe("an unknown cloud is an error", () => {
	const words = '"public" or "usgovernment" or "usgovernmentdod" or "china"';

	test("in the configuration", () => {
		assert.throws(() => readCloudName({ "iothub:cloud": "stack" }, { ARM_ENVIRONMENT: "stack" }), {
			key: "iothub:cloud",
			message: `iothub:cloud is "stack"; it must be ${words}`,
		});
		assert.throws(() => readCloudName({ "iothub:cloud": "constructor" }), { key: "iothub:cloud" });
	});

	for (const variable of setting.env) {
		test(`in ${variable}, and the error names the variable`, () => {
			assert.throws(() => readCloudName({}, { [variable]: "german" }), {
				key: "iothub:cloud",
				message:
					`iothub:cloud is "german" in the environment variable ${variable}; it must be ${words}; the configuration ` +
					"takes precedence over the variable",
			});
		});
	}
});

test("each cloud has endpoints in its own top-level domain, and scopes that end in .default", () => {
	const domains = { public: /\.(com|net)$/, usgovernment: /\.us$/, usgovernmentdod: /\.us$/, china: /\.cn$/ };
	for (const name of CLOUDS) {
		const { authorityHost, graphOrigin, iotHubHostSuffix, iotHubScope } = CLOUD_ENDPOINTS[name];
		for (const address of [authorityHost, graphOrigin, iotHubHostSuffix])
			assert.match(address, domains[name]);
		for (const origin of [authorityHost, graphOrigin]) assert.equal(new URL(origin).origin, origin);
		assert.match(iotHubScope, /^https:\/\/iothubs\.azure\.(net|us)\/\.default$/);
	}
});

test("the two clouds of the US government differ only in their Graph", () => {
	const { graphOrigin, ...rest } = CLOUD_ENDPOINTS.usgovernment;
	const { graphOrigin: other, ...same } = CLOUD_ENDPOINTS.usgovernmentdod;
	assert.notEqual(graphOrigin, other);
	assert.deepEqual(rest, same);
});
