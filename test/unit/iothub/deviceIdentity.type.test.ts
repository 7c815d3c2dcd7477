import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import fc from "fast-check";
import type { DeviceInputs } from "../../../provider/iothub/deviceIdentity.inputs.ts";
import {
	createDeviceIdentityType,
	toCredentialOutputs,
} from "../../../provider/iothub/deviceIdentity.type.ts";
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

const kindOf = (storeCredentials = true) =>
	createDeviceIdentityType({
		apiVersion: "2021-04-12",
		storeCredentials,
		disableOnDelete: false,
		getDefaultHost: () => "Fleet.Example",
		connect: () => assert.fail("no kind speaks to a service by itself"),
	});
const kind = kindOf();

describe("what a user wrote is completed", () => {
	const completed = (inputs: Values): Values => kind.normalizeInputs(inputs);

	test("with the configured hub, in lower case", () => {
		assert.equal(completed({})["hubHostName"], "fleet.example");
		assert.equal(completed({ hubHostName: "Other.Example" })["hubHostName"], "other.example");
		assert.equal(completed({ hubHostName: unknownValue })["hubHostName"], unknownValue);
	});

	test("with the type that the rest of an authentication implies", () => {
		const typeOf = (authentication: Values) =>
			(completed({ authentication })["authentication"] as Values)["type"];
		assert.equal(typeOf({ symmetricKey: KEYS }), "sas");
		assert.equal(typeOf({ x509Thumbprint: { primaryThumbprint: SHA1 } }), "selfSigned");
		assert.equal(typeOf({ x509Thumbprint: unknownValue }), "selfSigned");
		assert.equal(typeOf({ type: "certificateAuthority" }), "certificateAuthority");
		assert.equal(typeOf({ type: unknownValue, symmetricKey: KEYS }), unknownValue);
	});

	test("without an authentication that says nothing, for it would make the hub change the keys", () => {
		assert.ok(!("authentication" in check(kind, { deviceId: "a", authentication: {} }).inputs));
		assert.match(JSON.stringify(check(kind, { deviceId: "a", authentication: [] }).failures), /object/);
	});

	test("without empty scopes that the hub fills in by itself", () => {
		const edge = { iotEdge: true };
		assert.ok(!("deviceScope" in completed({ capabilities: edge, deviceScope: "" })));
		assert.ok("parentScopes" in completed({ capabilities: edge, parentScopes: [] }));
		assert.ok(!("parentScopes" in completed({ parentScopes: [] })));
		assert.ok("deviceScope" in completed({ deviceScope: "" }));
		const unknown = completed({ capabilities: { iotEdge: unknownValue }, deviceScope: "", parentScopes: [] });
		assert.deepEqual([unknown["deviceScope"], unknown["parentScopes"]], ["", []]);
	});

	test("but not where the whole authentication is unknown", () => {
		assert.equal(completed({ authentication: unknownValue })["authentication"], unknownValue);
	});

	test("and then checked as a whole", () => {
		const { inputs, failures } = check(kind, { deviceId: "dev-1", authentication: { symmetricKey: KEYS } });
		assert.deepEqual(failures, []);
		assert.deepEqual(inputs, createDeviceInputs({ authentication: { type: "sas", symmetricKey: KEYS } }));
	});

	test("and a misspelt argument is told with the right one", () => {
		const { failures } = check(kind, { deviceId: "a", deviceID: "b", statusreason: "x" });
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

	test("are the live values and the stable facts, with keys and connection strings at the top", () => {
		assert.deepEqual(buildOutputs(kind, live, createDeviceInputs({ statusReason: "sold", adopt: true })), {
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
		});
	});

	test("hold no key anywhere where credentials are not stored", () => {
		const inputs = createDeviceInputs({ authentication: { type: "sas", symmetricKey: KEYS } });
		for (const outputs of [
			buildOutputs(kindOf(false), live, inputs),
			buildOutputs(kind, live, { ...inputs, storeCredentials: false }),
		]) {
			const text = JSON.stringify(outputs);
			assert.ok(!text.includes(KEYS.primaryKey) && !text.includes(KEYS.secondaryKey));
			assert.ok(!("primaryConnectionString" in outputs));
		}
	});

	test("of a device with a certificate have a connection string that says so", () => {
		const certificate = createLiveDevice({ authentication: { type: "certificateAuthority" } });
		assert.deepEqual(toCredentialOutputs(certificate, "h"), {
			primaryConnectionString: "HostName=h;DeviceId=dev-1;x509=true",
		});
	});

	test("are stale once credentials are to be stored or no longer", () => {
		const stored = buildOutputs(kind, live, createDeviceInputs());
		const bare = buildOutputs(kind, live, createDeviceInputs({ storeCredentials: false }));
		assert.equal(kind.needsStateUpdate?.(stored, createDeviceInputs()), false);
		assert.equal(kind.needsStateUpdate?.(bare, createDeviceInputs({ storeCredentials: false })), false);
		assert.equal(kind.needsStateUpdate?.(stored, createDeviceInputs({ storeCredentials: false })), true);
		assert.equal(kind.needsStateUpdate?.(bare, createDeviceInputs()), true);
	});
});

describe("a device as state has it", () => {
	const recalled = (live: LiveObject<DeviceInputs>, rest: Partial<DeviceInputs> = {}) =>
		kind.fromState(buildOutputs(kind, live, createDeviceInputs(rest)));

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
		test(`that is ${title} is the device as it was read`, () => {
			const found = recalled(live);
			assert.deepEqual(found?.values, live.values);
			assert.equal(found?.etag, live.etag);
			assert.equal(found?.uid, live.uid);
			assert.equal(found?.computed["deviceScope"], live.computed["deviceScope"]);
		});
	}

	test("without its keys is not all that a write needs", () => {
		assert.equal(recalled(createLiveDevice(), { storeCredentials: false }), undefined);
		const certificate = createLiveDevice({ authentication: { type: "certificateAuthority" } });
		assert.notEqual(recalled(certificate, { storeCredentials: false }), undefined);
	});
});

describe("what is written", () => {
	const desired = (live: Values, declared: Values, released: string[] = []): Values =>
		mergeDesired(kind, {
			live: { deviceId: "dev-1", ...live },
			declared: createDeviceInputs(declared),
			unset: released,
		});
	const sas = { type: "sas", symmetricKey: KEYS };

	test("carries the keys that nobody declares", () => {
		assert.deepEqual(desired({ authentication: sas }, { status: "disabled" })["authentication"], sas);
		assert.deepEqual(
			desired({ authentication: sas }, { authentication: { type: "sas" } })["authentication"],
			sas,
		);
	});

	test("leaves credentials of another type behind", () => {
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

	test("keeps the parent of a leaf that becomes a gateway, and the reverse", () => {
		const toEdge = desired({ deviceScope: SCOPE }, { capabilities: { iotEdge: true } });
		assert.deepEqual(toEdge["parentScopes"], [SCOPE]);
		assert.ok(!("deviceScope" in toEdge));

		const live = { capabilities: { iotEdge: true }, parentScopes: [SCOPE] };
		const toLeaf = desired(live, { capabilities: { iotEdge: false } });
		assert.equal(toLeaf["deviceScope"], SCOPE);
		assert.ok(!("parentScopes" in toLeaf));
	});

	test("takes a parent away where it is declared empty or released", () => {
		assert.ok(!("deviceScope" in desired({ deviceScope: SCOPE }, { deviceScope: "" })));
		assert.ok(!("deviceScope" in desired({ deviceScope: SCOPE }, {}, ["deviceScope"])));
		const edge = { capabilities: { iotEdge: true }, parentScopes: [SCOPE] };
		assert.ok(!("parentScopes" in desired(edge, { parentScopes: [] })));
	});

	test("has the hub's own defaults for what was released", () => {
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
	const facets = (values: Values): Map<string, string> =>
		new Map([...toFieldValues(kind.schema, values)].map(([path, { value }]) => [path, value]));

	test("what check completes is complete: checking it again changes nothing", () => {
		fc.assert(
			fc.property(devices, (inputs) => {
				const once = check(kind, inputs).inputs;
				assert.deepEqual(check(kind, once).inputs, once);
			}),
		);
	});

	test("what is written has everything that is declared", () => {
		fc.assert(
			fc.property(devices, devices, (live, declared) => {
				fc.pre(declared.capabilities !== undefined || !live.capabilities?.iotEdge);
				const written = facets(mergeDesired(kind, { live, declared, unset: [] }));
				for (const [path, value] of facets(declared)) assert.equal(written.get(path) ?? "", value, path);
			}),
		);
	});

	test("what is written over the same type of device changes nothing that was not asked", () => {
		fc.assert(
			fc.property(devices, devices, (live, declared) => {
				const type = live.authentication?.type;
				fc.pre(declared.authentication === undefined || declared.authentication.type === type);
				fc.pre(
					!declared.capabilities || declared.capabilities.iotEdge === (live.capabilities?.iotEdge ?? false),
				);
				const asked = facets(declared);
				const written = facets(mergeDesired(kind, { live, declared, unset: [] }));
				for (const [path, value] of facets(live)) {
					const parent = path === "deviceScope" || path === "parentScopes";
					if (!asked.has(path) && !parent) assert.equal(written.get(path) ?? "", value, path);
				}
			}),
		);
	});
});
