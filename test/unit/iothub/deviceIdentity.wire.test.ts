import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DeviceInputs } from "../../../provider/iothub/deviceIdentity.inputs.ts";
import { wire2021 } from "../../../provider/iothub/deviceIdentity.wire.ts";
import type { LiveObject } from "../../../provider/resource/resourceType.ts";
import { fixture } from "../../fixtures/iot-hub/fixtures.ts";
import { START_TIME } from "../doubles.ts";
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

const decode = (name: string) => {
	const live = wire2021.decode(fixture(`${name}.response`), START_TIME + 5_000);
	assert.ok(live);
	return live;
};
const GENERATION = "639079488000000000";

describe("a decoded device", () => {
	test("right after a minimal creation has the hub's defaults and keys", () => {
		const { computed, ...live } = decode("create-minimal");
		assert.deepEqual(live, {
			etag: "MTIzNDU2Nzg5",
			uid: GENERATION,
			ageMs: 5_000,
			values: {
				deviceId: "dev-1",
				status: "enabled",
				authentication: { type: "sas", symmetricKey: KEYS },
				capabilities: { iotEdge: false },
			},
		});
		assert.deepEqual(computed, {
			generationId: GENERATION,
			deviceScope: undefined,
			parentScopes: undefined,
			statusUpdatedTime: undefined,
			connectionState: "Disconnected",
			connectionStateUpdatedTime: undefined,
			lastActivityTime: undefined,
			cloudToDeviceMessageCount: 0,
		});
	});

	test("without a parent has no scopes", () => {
		const { values, computed } = decode("leaf");
		assert.equal(values.status, "disabled");
		assert.equal(values.statusReason, "not yet sold");
		assert.equal(computed["statusUpdatedTime"], "2026-03-01T08:05:30.4812204Z");
		assert.ok(!("deviceScope" in values) && !("parentScopes" in values));
	});

	test("with a parent has it as deviceScope, where a program declares it", () => {
		const { values, computed } = decode("leaf-with-parent");
		assert.equal(values.deviceScope, SCOPE);
		assert.ok(!("parentScopes" in values));
		assert.deepEqual(computed["parentScopes"], [SCOPE]);
		assert.equal(computed["statusUpdatedTime"], "2026-03-01T08:05:30Z");
	});

	test("that is a gateway has its own scope as a computed field, and its parent as a value", () => {
		const alone = decode("edge");
		assert.deepEqual(alone.values.capabilities, { iotEdge: true });
		assert.equal(alone.computed["deviceScope"], SCOPE);
		assert.ok(!("deviceScope" in alone.values) && !("parentScopes" in alone.values));

		const child = decode("edge-with-parent");
		assert.deepEqual(child.values.parentScopes, [SCOPE]);
		assert.equal(child.computed["deviceScope"], OTHER_SCOPE);
	});

	test("with a certificate has its thumbprints unchanged, in either spelling of the members", () => {
		assert.deepEqual(decode("self-signed").values.authentication, {
			type: "selfSigned",
			x509Thumbprint: { primaryThumbprint: SHA1 },
		});
		assert.deepEqual(decode("self-signed-capitals").values.authentication, {
			type: "selfSigned",
			x509Thumbprint: { primaryThumbprint: "ab".repeat(32), secondaryThumbprint: SHA256 },
		});
	});

	test("with a certificate and no thumbprint, or only the secondary one, is unchanged", () => {
		const selfSigned = (x509Thumbprint: object) =>
			wire2021.decode(
				{ ...fixture("self-signed.response"), authentication: { type: "selfSigned", x509Thumbprint } },
				undefined,
			)?.values.authentication;
		assert.deepEqual(selfSigned({ primaryThumbprint: null }), { type: "selfSigned" });
		assert.deepEqual(selfSigned({ primaryThumbprint: "", secondaryThumbprint: SHA1 }), {
			type: "selfSigned",
			x509Thumbprint: { secondaryThumbprint: SHA1 },
		});
	});

	test("with an authority has a type and nothing else", () => {
		assert.deepEqual(decode("authority").values.authentication, { type: "certificateAuthority" });
	});

	test("has its etag without quotes, and without the prefix of a weak one", () => {
		for (const etag of ["MTA=", '"MTA="', 'W/"MTA="']) {
			assert.equal(wire2021.decode({ ...fixture("leaf.response"), etag }, undefined)?.etag, "MTA=");
		}
	});

	test("has no age if the service's time is unknown", () => {
		assert.ok(!("age" in (wire2021.decode(fixture("leaf.response"), undefined) ?? {})));
	});

	test("is undefined if its id, etag or generation is missing", () => {
		const device = fixture("leaf.response");
		for (const member of ["deviceId", "etag", "generationId"]) {
			assert.equal(wire2021.decode({ ...device, [member]: null }, START_TIME), undefined);
		}
		for (const nothing of [undefined, null, [], "text", 5]) {
			assert.equal(wire2021.decode(nothing, START_TIME), undefined);
		}
	});
});

describe("a body that creates", () => {
	test("contains what is declared, and nothing else", () => {
		assert.deepEqual(wire2021.encodeCreate(createDeviceInputs()), fixture("create-minimal.request"));
	});

	test("contains everything that is declared, under the service's names", () => {
		assert.deepEqual(
			wire2021.encodeCreate(
				createDeviceInputs({
					status: "disabled",
					statusReason: "not yet sold",
					authentication: { type: "sas", symmetricKey: KEYS },
					capabilities: { iotEdge: false },
					deviceScope: "",
				}),
			),
			fixture("create-full.request"),
		);
	});

	test("never contains provider options or the host name", () => {
		const declared = createDeviceInputs({ adopt: true, onDrift: "fail", storeCredentials: false });
		assert.deepEqual(wire2021.encodeCreate(declared), { deviceId: "dev-1" });
	});

	test("has the parent of a gateway in parentScopes", () => {
		const declared = createDeviceInputs({ capabilities: { iotEdge: true }, parentScopes: [SCOPE] });
		assert.deepEqual(wire2021.encodeCreate(declared), {
			deviceId: "dev-1",
			capabilities: { iotEdge: true },
			parentScopes: [SCOPE],
		});
	});
});

const bodies = (desired: DeviceInputs, base: LiveObject<DeviceInputs>): readonly object[] =>
	wire2021.encodeUpdates(desired, base).map(({ body }) => body);

describe("the bodies that update", () => {
	const edge = createLiveDevice({ capabilities: { iotEdge: true } }, { deviceScope: OTHER_SCOPE });
	const scopes = (bodies: readonly object[]): object[] =>
		bodies.map((body) => {
			const { deviceScope, parentScopes } = { deviceScope: "left out", parentScopes: "left out", ...body };
			return { deviceScope, parentScopes };
		});

	test("of a leaf device have its parent, or none, in deviceScope", () => {
		const update = (rest: object) => scopes(bodies(createDeviceInputs(rest), createLiveDevice()));
		assert.deepEqual(update({ deviceScope: SCOPE }), [{ deviceScope: SCOPE, parentScopes: "left out" }]);
		assert.deepEqual(update({}), [{ deviceScope: "", parentScopes: "left out" }]);
	});

	test("of a gateway have its own scope in deviceScope, and its parent, or none, in parentScopes", () => {
		const update = (rest: object) =>
			scopes(bodies(createDeviceInputs({ capabilities: { iotEdge: true }, ...rest }), edge));
		assert.deepEqual(update({ parentScopes: [SCOPE] }), [
			{ deviceScope: OTHER_SCOPE, parentScopes: [SCOPE] },
		]);
		assert.deepEqual(update({}), [{ deviceScope: OTHER_SCOPE, parentScopes: [] }]);
	});

	test("that make a leaf device a gateway never send the scope of its parent as its own", () => {
		const child = createLiveDevice({ deviceScope: SCOPE }, { deviceScope: SCOPE, parentScopes: [SCOPE] });
		const declared = createDeviceInputs({ capabilities: { iotEdge: true }, parentScopes: [SCOPE] });
		assert.deepEqual(scopes(bodies(declared, child)), [{ deviceScope: "", parentScopes: [SCOPE] }]);
	});

	test("that make a gateway a leaf device are one without a parent, and two with one", () => {
		const declared = createDeviceInputs({ capabilities: { iotEdge: false } });
		assert.deepEqual(scopes(bodies(declared, edge)), [
			{ deviceScope: OTHER_SCOPE, parentScopes: "left out" },
		]);
		assert.deepEqual(scopes(bodies({ ...declared, deviceScope: SCOPE }, edge)), [
			{ deviceScope: OTHER_SCOPE, parentScopes: "left out" },
			{ deviceScope: SCOPE, parentScopes: "left out" },
		]);
	});

	test("contain the keys, because the hub would generate new ones", () => {
		const own = { primaryKey: createKey(8), secondaryKey: createKey(9) };
		const [body] = bodies(
			createDeviceInputs({ authentication: { type: "sas", symmetricKey: own } }),
			createLiveDevice(),
		);
		assert.deepEqual((body as { authentication: object }).authentication, { type: "sas", symmetricKey: own });
	});

	test("come with the resulting inputs, which distinguish a lost response from a write of another client", () => {
		const declared = createDeviceInputs({ capabilities: { iotEdge: false }, deviceScope: SCOPE });
		const { deviceScope: _, ...orphaned } = declared;
		assert.deepEqual(
			wire2021.encodeUpdates(declared, edge).map(({ resultingInputs }) => resultingInputs),
			[orphaned, declared],
		);
		assert.deepEqual(
			wire2021.encodeUpdates(declared, createLiveDevice()).map(({ resultingInputs }) => resultingInputs),
			[declared],
		);
	});
});
