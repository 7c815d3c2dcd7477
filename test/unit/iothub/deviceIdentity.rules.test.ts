import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { getDeviceRules } from "../../../provider/iothub/deviceIdentity.rules.ts";
import type { ApiVersion } from "../../../provider/iothub/settings.ts";
import type { Values } from "../../../provider/values.ts";
import { KEYS, SCOPE, SHA1, SHA256 } from "./devices.ts";

const reasons = (inputs: Values, apiVersion: ApiVersion = "2021-04-12"): string[] =>
	getDeviceRules(apiVersion).flatMap((rule) => rule(inputs).map(({ reason }) => reason));
const authentication = (value: Values): string[] => reasons({ authentication: value });

describe("keys", () => {
	test("must be declared both or not at all", () => {
		assert.deepEqual(authentication({ type: "sas", symmetricKey: KEYS }), []);
		assert.deepEqual(authentication({ type: "sas" }), []);
		assert.deepEqual(authentication({ type: "sas", symmetricKey: { primaryKey: KEYS.primaryKey } }), [
			"authentication.symmetricKey.secondaryKey is missing; declare both keys, or neither to have them generated.",
		]);
		assert.deepEqual(authentication({ type: "sas", symmetricKey: { secondaryKey: KEYS.secondaryKey } }), [
			"authentication.symmetricKey.primaryKey is missing; declare both keys, or neither to have them generated.",
		]);
	});

	test("require the type sas", () => {
		assert.deepEqual(authentication({ type: "certificateAuthority", symmetricKey: KEYS }), [
			'authentication.symmetricKey does not go with type "certificateAuthority"; leave the keys out, or set type "sas".',
		]);
	});
});

describe("thumbprints", () => {
	const thumbprints = { primaryThumbprint: SHA1 };

	test("require the type selfSigned", () => {
		assert.deepEqual(authentication({ type: "selfSigned", x509Thumbprint: thumbprints }), []);
		assert.deepEqual(authentication({ type: "sas", x509Thumbprint: thumbprints }), [
			'authentication.x509Thumbprint does not go with type "sas"; leave it out, or set type "selfSigned".',
		]);
	});

	test("are required by the type selfSigned, at least the primary one", () => {
		assert.deepEqual(authentication({ type: "selfSigned" }), [
			'authentication.x509Thumbprint is missing; a device with type "selfSigned" is known by its thumbprint.',
		]);
		assert.deepEqual(authentication({ type: "selfSigned", x509Thumbprint: { secondaryThumbprint: SHA1 } }), [
			"authentication.x509Thumbprint.primaryThumbprint is missing; only the secondary thumbprint may be left out.",
		]);
	});

	test("must have the same length", () => {
		const both = { primaryThumbprint: SHA256, secondaryThumbprint: SHA1 };
		assert.deepEqual(authentication({ type: "selfSigned", x509Thumbprint: both }), [
			"authentication.x509Thumbprint.secondaryThumbprint has 40 digits and the primary one 64; both must be of the same " +
				"kind, SHA-1 or SHA-256.",
		]);
	});
});

describe("a parent", () => {
	const gateway = { capabilities: { iotEdge: true } };

	test("of a leaf device is declared in deviceScope", () => {
		assert.deepEqual(reasons({ deviceScope: SCOPE }), []);
		assert.deepEqual(reasons({ parentScopes: [SCOPE] }), [
			"parentScopes is ignored by the hub for a device that is no gateway; name the parent in `deviceScope`, or set " +
				"`capabilities.iotEdge` to true.",
		]);
		assert.deepEqual(reasons({ parentScopes: [], capabilities: { iotEdge: false } }), []);
	});

	test("of a gateway is declared in parentScopes", () => {
		assert.deepEqual(reasons({ ...gateway, parentScopes: [SCOPE] }), []);
		assert.deepEqual(reasons({ ...gateway, deviceScope: SCOPE }), [
			"deviceScope is made by the hub for a gateway and can't be set; name the gateway's parent in `parentScopes`.",
		]);
		assert.deepEqual(reasons({ ...gateway, deviceScope: "" }), []);
	});
});

test("unknown values break no rule", () => {
	const unknown: readonly Values[] = [
		{ authentication: unknownValue, capabilities: unknownValue, deviceScope: SCOPE, parentScopes: [SCOPE] },
		{ capabilities: { iotEdge: unknownValue }, deviceScope: SCOPE, parentScopes: [SCOPE] },
		{
			authentication: { type: unknownValue, symmetricKey: KEYS, x509Thumbprint: { primaryThumbprint: SHA1 } },
		},
		{ authentication: { type: "selfSigned", x509Thumbprint: unknownValue } },
		{ authentication: { type: "sas", symmetricKey: unknownValue } },
		{
			authentication: { type: "sas", symmetricKey: { primaryKey: unknownValue, secondaryKey: unknownValue } },
		},
		{
			authentication: {
				type: "selfSigned",
				x509Thumbprint: { primaryThumbprint: unknownValue, secondaryThumbprint: SHA1 },
			},
		},
	];
	assert.deepEqual(
		unknown.flatMap((inputs) => reasons(inputs)),
		[],
	);
});

describe("in api-version 2015-08-15-preview", () => {
	const in2015 = (inputs: Values): string[] => reasons(inputs, "2015-08-15-preview");
	const why =
		"has no word in api-version 2015-08-15-preview; leave it out, or set iothub:apiVersion to 2021-04-12.";

	test("keys are allowed", () => {
		assert.deepEqual(in2015({ status: "enabled", authentication: { type: "sas", symmetricKey: KEYS } }), []);
		assert.deepEqual(in2015({ capabilities: { iotEdge: false }, deviceScope: "", parentScopes: [] }), []);
	});

	test("certificates, gateways and parents are refused", () => {
		assert.deepEqual(in2015({ authentication: { type: "certificateAuthority" } }), [
			`authentication.type "certificateAuthority" ${why}`,
		]);
		assert.deepEqual(in2015({ capabilities: { iotEdge: true }, parentScopes: [SCOPE] }), [
			`capabilities.iotEdge ${why}`,
			`parentScopes ${why}`,
		]);
		assert.deepEqual(in2015({ deviceScope: SCOPE }), [`deviceScope ${why}`]);
	});

	test("unknown values break no rule", () => {
		assert.deepEqual(
			in2015({ authentication: { type: unknownValue }, capabilities: { iotEdge: unknownValue } }),
			[],
		);
	});
});

test("no message contains a key", () => {
	const inputs = { authentication: { type: "selfSigned", symmetricKey: { primaryKey: KEYS.primaryKey } } };
	const messages = reasons(inputs, "2015-08-15-preview");
	assert.ok(messages.length >= 3);
	assert.ok(!messages.join().includes(KEYS.primaryKey));
});
