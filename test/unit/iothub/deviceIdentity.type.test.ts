import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import fc from "fast-check";
import type { DeviceInputs } from "../../../provider/iothub/deviceIdentity.inputs.ts";
import { toCredentialOutputs } from "../../../provider/iothub/deviceIdentity.state.ts";
import { createDeviceIdentityType } from "../../../provider/iothub/deviceIdentity.type.ts";
import { getKeyFingerprints } from "../../../provider/iothub/keyRotation.ts";
import { check } from "../../../provider/resource/check.ts";
import { mergeDesired } from "../../../provider/resource/merge.ts";
import type { LiveObject } from "../../../provider/resource/resourceType.ts";
import { toFieldValues } from "../../../provider/resource/schema.ts";
import { buildOutputs } from "../../../provider/resource/state.ts";
import type { Values } from "../../../provider/values.ts";
import {
	createDeviceInputs,
	createKey,
	createLiveDevice,
	KEYS,
	OTHER_SCOPE,
	SCOPE,
	SHA1,
	SHA256,
} from "./devices.ts";

const createType = (storeCredentials = true) =>
	createDeviceIdentityType({
		apiVersion: "2021-04-12",
		storeCredentials,
		disableOnDelete: false,
		getDefaultHost: () => "Fleet.Example",
		connect: () => assert.fail("the resource type does not connect by itself"),
	});
const resourceType = createType();

describe("normalizeInputs", () => {
	const normalize = (inputs: Values): Values => resourceType.normalizeInputs(inputs);

	test("adds the configured hub, in lower case", () => {
		assert.equal(normalize({})["hubHostName"], "fleet.example");
		assert.equal(normalize({ hubHostName: "Other.Example" })["hubHostName"], "other.example");
		assert.equal(normalize({ hubHostName: unknownValue })["hubHostName"], unknownValue);
	});

	test("adds the type that the other members of an authentication imply", () => {
		const typeOf = (authentication: Values) =>
			(normalize({ authentication })["authentication"] as Values)["type"];
		assert.equal(typeOf({ symmetricKey: KEYS }), "sas");
		assert.equal(typeOf({ x509Thumbprint: { primaryThumbprint: SHA1 } }), "selfSigned");
		assert.equal(typeOf({ x509Thumbprint: unknownValue }), "selfSigned");
		assert.equal(typeOf({ type: "certificateAuthority" }), "certificateAuthority");
		assert.equal(typeOf({ type: unknownValue, symmetricKey: KEYS }), unknownValue);
	});

	test("omits an authentication without members, because the hub would change the keys", () => {
		assert.ok(!("authentication" in check(resourceType, { deviceId: "a", authentication: {} }).inputs));
		assert.match(
			JSON.stringify(check(resourceType, { deviceId: "a", authentication: [] }).failures),
			/object/,
		);
	});

	test("omits empty scopes that the hub sets itself", () => {
		const edge = { iotEdge: true };
		assert.ok(!("deviceScope" in normalize({ capabilities: edge, deviceScope: "" })));
		assert.ok("parentScopes" in normalize({ capabilities: edge, parentScopes: [] }));
		assert.ok(!("parentScopes" in normalize({ parentScopes: [] })));
		assert.ok("deviceScope" in normalize({ deviceScope: "" }));
		const unknown = normalize({ capabilities: { iotEdge: unknownValue }, deviceScope: "", parentScopes: [] });
		assert.deepEqual([unknown["deviceScope"], unknown["parentScopes"]], ["", []]);
	});

	test("drops parents whose scope is undefined, which the SDK sends as null", () => {
		const edge = { iotEdge: true };
		const { parentScopes } = normalize({ capabilities: edge, parentScopes: [null, SCOPE] });
		assert.deepEqual(parentScopes, [SCOPE]);
		assert.ok(!("parentScopes" in normalize({ parentScopes: [null] })));
	});

	test("does not change an unknown authentication", () => {
		assert.equal(normalize({ authentication: unknownValue })["authentication"], unknownValue);
	});

	test("runs before the check of all inputs", () => {
		const { inputs, failures } = check(resourceType, {
			deviceId: "dev-1",
			authentication: { symmetricKey: KEYS },
		});
		assert.deepEqual(failures, []);
		assert.deepEqual(inputs, createDeviceInputs({ authentication: { type: "sas", symmetricKey: KEYS } }));
	});

	test("is followed by a suggestion for a misspelt argument", () => {
		const { failures } = check(resourceType, { deviceId: "a", deviceID: "b", statusreason: "x" });
		assert.deepEqual(
			failures.map(({ reason }) => reason),
			[
				'DeviceIdentity has no property "deviceID". Did you mean "deviceId"?',
				'DeviceIdentity has no property "statusreason". Did you mean "statusReason"?',
			],
		);
	});
});

describe("outputs", () => {
	const live = createLiveDevice(
		{ statusReason: "sold" },
		{ deviceScope: SCOPE, parentScopes: [SCOPE], connectionState: "Connected" },
	);

	test("are the live values and the stable computed fields, with keys and connection strings at the top level", () => {
		assert.deepEqual(
			buildOutputs(resourceType, live, createDeviceInputs({ statusReason: "sold", adopt: true })),
			{
				deviceId: "dev-1",
				hubHostName: "fleet.example",
				status: "enabled",
				statusReason: "sold",
				authentication: { type: "sas" },
				capabilities: { iotEdge: false },
				deviceScope: SCOPE,
				parentScopes: [SCOPE],
				etag: "MTA=",
				generationId: "639079488000000000",
				...KEYS,
				primaryConnectionString: `HostName=fleet.example;DeviceId=dev-1;SharedAccessKey=${KEYS.primaryKey}`,
				secondaryConnectionString: `HostName=fleet.example;DeviceId=dev-1;SharedAccessKey=${KEYS.secondaryKey}`,
				adopt: true,
				__keys: getKeyFingerprints(live),
				__declared: "statusReason",
			},
		);
	});

	test("contain no key if credentials are not stored", () => {
		const inputs = createDeviceInputs({ authentication: { type: "sas", symmetricKey: KEYS } });
		for (const outputs of [
			buildOutputs(createType(false), live, inputs),
			buildOutputs(resourceType, live, { ...inputs, storeCredentials: false }),
		]) {
			const text = JSON.stringify(outputs);
			assert.ok(!text.includes(KEYS.primaryKey) && !text.includes(KEYS.secondaryKey));
			assert.ok(!("primaryConnectionString" in outputs));
		}
	});

	test("of a device with a certificate have a connection string for a certificate", () => {
		const certificate = createLiveDevice({ authentication: { type: "certificateAuthority" } });
		assert.deepEqual(toCredentialOutputs(certificate, "h"), {
			primaryConnectionString: "HostName=h;DeviceId=dev-1;x509=true",
		});
	});

	test("need an update when storeCredentials changes", () => {
		const stored = buildOutputs(resourceType, live, createDeviceInputs());
		const bare = buildOutputs(resourceType, live, createDeviceInputs({ storeCredentials: false }));
		assert.equal(resourceType.needsStateUpdate?.(stored, createDeviceInputs()), false);
		assert.equal(
			resourceType.needsStateUpdate?.(bare, createDeviceInputs({ storeCredentials: false })),
			false,
		);
		assert.equal(
			resourceType.needsStateUpdate?.(stored, createDeviceInputs({ storeCredentials: false })),
			true,
		);
		assert.equal(resourceType.needsStateUpdate?.(bare, createDeviceInputs()), true);
	});
});

describe("a device restored from state", () => {
	const restore = (live: LiveObject<DeviceInputs>, rest: Partial<DeviceInputs> = {}) =>
		resourceType.fromState(buildOutputs(resourceType, live, createDeviceInputs(rest)));

	const devices: readonly [title: string, live: LiveObject<DeviceInputs>][] = [
		["a leaf", createLiveDevice({ statusReason: "r" })],
		["a child", createLiveDevice({ deviceScope: SCOPE }, { deviceScope: SCOPE, parentScopes: [SCOPE] })],
		["a gateway", createLiveDevice({ capabilities: { iotEdge: true } }, { deviceScope: SCOPE })],
		[
			"a gateway's child",
			createLiveDevice(
				{ capabilities: { iotEdge: true }, parentScopes: [OTHER_SCOPE] },
				{ deviceScope: SCOPE, parentScopes: [OTHER_SCOPE] },
			),
		],
		[
			"a device with certificates",
			createLiveDevice({
				authentication: {
					type: "selfSigned",
					x509Thumbprint: { primaryThumbprint: SHA1, secondaryThumbprint: SHA1 },
				},
			}),
		],
		["a device with an authority", createLiveDevice({ authentication: { type: "certificateAuthority" } })],
	];
	for (const [title, live] of devices) {
		test(`that is ${title} equals the device as it was read`, () => {
			const found = restore(live);
			assert.deepEqual(found?.values, live.values);
			assert.equal(found?.etag, live.etag);
			assert.equal(found?.uid, live.uid);
			assert.equal(found?.computed["deviceScope"], live.computed["deviceScope"]);
		});
	}

	test("is undefined without the keys that a write needs", () => {
		assert.equal(restore(createLiveDevice(), { storeCredentials: false }), undefined);
		const certificate = createLiveDevice({ authentication: { type: "certificateAuthority" } });
		assert.notEqual(restore(certificate, { storeCredentials: false }), undefined);
	});
});

describe("the desired values", () => {
	const desired = (live: Values, declared: Values, unset: string[] = []): Values =>
		mergeDesired(resourceType, {
			live: { deviceId: "dev-1", ...live },
			declared: createDeviceInputs(declared),
			unset,
		});
	const sas = { type: "sas", symmetricKey: KEYS };

	test("contain the keys that are not declared", () => {
		assert.deepEqual(desired({ authentication: sas }, { status: "disabled" })["authentication"], sas);
		assert.deepEqual(
			desired({ authentication: sas }, { authentication: { type: "sas" } })["authentication"],
			sas,
		);
	});

	test("do not contain credentials of another type", () => {
		const selfSigned = { type: "selfSigned", x509Thumbprint: { primaryThumbprint: SHA1 } } as const;
		assert.deepEqual(
			desired({ authentication: sas }, { authentication: selfSigned })["authentication"],
			selfSigned,
		);
		assert.deepEqual(
			desired({ authentication: selfSigned }, { authentication: { type: "certificateAuthority" } })[
				"authentication"
			],
			{ type: "certificateAuthority" },
		);
		assert.deepEqual(
			desired({ authentication: selfSigned }, { authentication: { type: "sas" } })["authentication"],
			{
				type: "sas",
			},
		);
	});

	test("contain the parent of a leaf device that becomes a gateway, and the reverse", () => {
		const toEdge = desired({ deviceScope: SCOPE }, { capabilities: { iotEdge: true } });
		assert.deepEqual(toEdge["parentScopes"], [SCOPE]);
		assert.ok(!("deviceScope" in toEdge));

		const live = { capabilities: { iotEdge: true }, parentScopes: [SCOPE] };
		const toLeaf = desired(live, { capabilities: { iotEdge: false } });
		assert.equal(toLeaf["deviceScope"], SCOPE);
		assert.ok(!("parentScopes" in toLeaf));
	});

	test("do not contain a parent that is declared empty or was unset", () => {
		assert.ok(!("deviceScope" in desired({ deviceScope: SCOPE }, { deviceScope: "" })));
		assert.ok(!("deviceScope" in desired({ deviceScope: SCOPE }, {}, ["deviceScope"])));
		const edge = { capabilities: { iotEdge: true }, parentScopes: [SCOPE] };
		assert.ok(!("parentScopes" in desired(edge, { parentScopes: [] })));
	});

	test("contain the hub's defaults for properties that were unset", () => {
		const live = { status: "disabled", statusReason: "sold", capabilities: { iotEdge: true } };
		const reset = desired(live, {}, ["status", "statusReason", "capabilities.iotEdge"]);
		assert.equal(reset["status"], "enabled");
		assert.deepEqual(reset["capabilities"], { iotEdge: false });
		assert.ok(!("statusReason" in reset));
	});
});

const thumbprint = fc.constantFrom(SHA1, SHA1.toLowerCase(), SHA256);
const authentications = fc.oneof(
	fc
		.record({ primaryKey: fc.nat(255).map(createKey), secondaryKey: fc.nat(255).map(createKey) })
		.map((symmetricKey) => ({
			type: "sas" as const,
			symmetricKey,
		})),
	fc.constantFrom({ type: "sas" as const }, { type: "certificateAuthority" as const }),
	thumbprint.map((primaryThumbprint) => ({
		type: "selfSigned" as const,
		x509Thumbprint: { primaryThumbprint },
	})),
);
const scope = fc.constantFrom("", SCOPE, OTHER_SCOPE);
const devices = fc
	.record(
		{
			status: fc.constantFrom("enabled", "disabled"),
			statusReason: fc.stringMatching(/^[a-z ]{0,9}$/),
			authentication: authentications,
			capabilities: fc.record({ iotEdge: fc.boolean() }),
			scope,
		},
		{ requiredKeys: [] },
	)
	.map(({ scope, ...rest }): DeviceInputs => {
		if (scope === undefined) return createDeviceInputs(rest);
		const parents = rest.capabilities?.iotEdge
			? { parentScopes: scope === "" ? [] : [scope] }
			: { deviceScope: scope };
		return createDeviceInputs({ ...rest, ...parents });
	});

describe("for any two devices", () => {
	const toPathValues = (values: Values): Map<string, string> =>
		new Map([...toFieldValues(resourceType.schema, values)].map(([path, { value }]) => [path, value]));

	test("checking the checked inputs again changes nothing", () => {
		fc.assert(
			fc.property(devices, (inputs) => {
				const once = check(resourceType, inputs).inputs;
				assert.deepEqual(check(resourceType, once).inputs, once);
			}),
		);
	});

	test("the desired values contain everything that is declared", () => {
		fc.assert(
			fc.property(devices, devices, (live, declared) => {
				fc.pre(declared.capabilities !== undefined || !live.capabilities?.iotEdge);
				const written = toPathValues(mergeDesired(resourceType, { live, declared, unset: [] }));
				for (const [path, value] of toPathValues(declared))
					assert.equal(written.get(path) ?? "", value, path);
			}),
		);
	});

	test("the desired values for the same type of device change nothing that is not declared", () => {
		fc.assert(
			fc.property(devices, devices, (live, declared) => {
				const type = live.authentication?.type;
				fc.pre(declared.authentication === undefined || declared.authentication.type === type);
				fc.pre(
					!declared.capabilities || declared.capabilities.iotEdge === (live.capabilities?.iotEdge ?? false),
				);
				const asked = toPathValues(declared);
				const written = toPathValues(mergeDesired(resourceType, { live, declared, unset: [] }));
				for (const [path, value] of toPathValues(live)) {
					const parent = path === "deviceScope" || path === "parentScopes";
					if (!asked.has(path) && !parent) assert.equal(written.get(path) ?? "", value, path);
				}
			}),
		);
	});
});
