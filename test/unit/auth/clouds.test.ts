import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CLOUD_ENDPOINTS, CLOUDS, readCloud } from "../../../provider/auth/clouds.ts";
import { createSetting, createSettingReader } from "../doubles.ts";

type Texts = Readonly<Record<string, string>>;
const setting = createSetting("iothub:cloud", { env: ["ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"] });
const cloud = (config: Texts, env: Texts = {}): string =>
	readCloud(createSettingReader(config, env), setting);

describe("the cloud", () => {
	test("is the public one where nothing is set", () => {
		assert.equal(cloud({}), "public");
	});

	test("is the one that the setting names, in any case", () => {
		for (const name of CLOUDS) {
			assert.equal(cloud({ "iothub:cloud": name }), name);
			assert.equal(cloud({ "iothub:cloud": ` ${name.toUpperCase()} ` }), name);
		}
	});

	test("is the environment's where the setting is not there, Terraform's variable first", () => {
		assert.equal(cloud({}, { ARM_ENVIRONMENT: "china", AZURE_ENVIRONMENT: "usgovernment" }), "china");
		assert.equal(cloud({}, { AZURE_ENVIRONMENT: "usgovernment" }), "usgovernment");
		assert.equal(cloud({ "iothub:cloud": "china" }, { ARM_ENVIRONMENT: "german" }), "china");
	});

	const names: readonly [theirs: string, ours: string][] = [
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
	for (const [theirs, ours] of names) {
		test(`may be called ${theirs}, as other programs call ${ours}`, () => {
			assert.equal(cloud({}, { ARM_ENVIRONMENT: theirs }), ours);
		});
	}
});

describe("an unknown cloud is not taken for the public one", () => {
	const words = '"public" or "usgovernment" or "usgovernmentdod" or "china"';

	test("in the configuration", () => {
		assert.throws(() => cloud({ "iothub:cloud": "stack" }, { ARM_ENVIRONMENT: "stack" }), {
			key: "iothub:cloud",
			message: `iothub:cloud is "stack"; it takes ${words}`,
		});
		assert.throws(() => cloud({ "iothub:cloud": "constructor" }), { key: "iothub:cloud" });
	});

	for (const variable of setting.env) {
		test(`in ${variable}, and the error names the variable`, () => {
			assert.throws(() => cloud({}, { [variable]: "german" }), {
				key: "iothub:cloud",
				message:
					`iothub:cloud is "german" by the environment variable ${variable}; it takes ${words}; the configuration ` +
					"counts before the variable",
			});
		});
	}
});

test("each cloud has addresses of its own top-level domain, and scopes that end in .default", () => {
	const domains = { public: /\.(com|net)$/, usgovernment: /\.us$/, usgovernmentdod: /\.us$/, china: /\.cn$/ };
	for (const name of CLOUDS) {
		const { authorityHost, graphOrigin, iotHubHostSuffix, iotHubScope } = CLOUD_ENDPOINTS[name];
		for (const address of [authorityHost, graphOrigin, iotHubHostSuffix])
			assert.match(address, domains[name]);
		for (const origin of [authorityHost, graphOrigin]) assert.equal(new URL(origin).origin, origin);
		assert.match(iotHubScope, /^https:\/\/iothubs\.azure\.(net|us)\/\.default$/);
	}
});

test("the two clouds of the US government differ in their Graph only", () => {
	const { graphOrigin, ...rest } = CLOUD_ENDPOINTS.usgovernment;
	const { graphOrigin: other, ...same } = CLOUD_ENDPOINTS.usgovernmentdod;
	assert.notEqual(graphOrigin, other);
	assert.deepEqual(rest, same);
});
