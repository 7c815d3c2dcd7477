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

describe("a device that is read", () => {
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

	test("with a parent has it as its device scope, for that is where a program names it", () => {
		const { values, computed } = decode("leaf-with-parent");
		assert.equal(values.deviceScope, SCOPE);
		assert.ok(!("parentScopes" in values));
		assert.deepEqual(computed["parentScopes"], [SCOPE]);
		assert.equal(computed["statusUpdatedTime"], "2026-03-01T08:05:30Z");
	});

	test("that is a gateway has its own scope as a fact, and its parent as a value", () => {
		const alone = decode("edge");
		assert.deepEqual(alone.values.capabilities, { iotEdge: true });
		assert.equal(alone.computed["deviceScope"], SCOPE);
		assert.ok(!("deviceScope" in alone.values) && !("parentScopes" in alone.values));

		const child = decode("edge-with-parent");
		assert.deepEqual(child.values.parentScopes, [SCOPE]);
		assert.equal(child.computed["deviceScope"], OTHER_SCOPE);
	});

	test("with a certificate has its thumbprints as they were given, in either spelling of the members", () => {
		assert.deepEqual(decode("self-signed").values.authentication, {
			type: "selfSigned",
			x509Thumbprint: { primaryThumbprint: SHA1 },
		});
		assert.deepEqual(decode("self-signed-capitals").values.authentication, {
			type: "selfSigned",
			x509Thumbprint: { primaryThumbprint: "ab".repeat(32), secondaryThumbprint: SHA256 },
		});
	});

	test("with a certificate and no thumbprint, or only the second, is kept as it is", () => {
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

	test("has its etag without the quotes that some clients leave on it, and without the sign of a weak one", () => {
		for (const etag of ["MTA=", '"MTA="', 'W/"MTA="']) {
			assert.equal(wire2021.decode({ ...fixture("leaf.response"), etag }, undefined)?.etag, "MTA=");
		}
	});

	test("has no age where the service's clock is not known", () => {
		assert.ok(!("age" in (wire2021.decode(fixture("leaf.response"), undefined) ?? {})));
	});

	test("is none where its id, etag or generation is missing", () => {
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
	test("says what is declared, and no more", () => {
		assert.deepEqual(wire2021.encodeCreate(createDeviceInputs()), fixture("create-minimal.request"));
	});

	test("says everything that is declared, under the service's names", () => {
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

	test("never tells the service of policies or of the hub", () => {
		const declared = createDeviceInputs({ adopt: true, onDrift: "fail", storeCredentials: false });
		assert.deepEqual(wire2021.encodeCreate(declared), { deviceId: "dev-1" });
	});

	test("of a gateway's child names the parent in parentScopes", () => {
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

	test("of a leaf name its parent, or none, in deviceScope", () => {
		const update = (rest: object) => scopes(bodies(createDeviceInputs(rest), createLiveDevice()));
		assert.deepEqual(update({ deviceScope: SCOPE }), [{ deviceScope: SCOPE, parentScopes: "left out" }]);
		assert.deepEqual(update({}), [{ deviceScope: "", parentScopes: "left out" }]);
	});

	test("of a gateway echo its own scope, and name its parent, or none, in parentScopes", () => {
		const update = (rest: object) =>
			scopes(bodies(createDeviceInputs({ capabilities: { iotEdge: true }, ...rest }), edge));
		assert.deepEqual(update({ parentScopes: [SCOPE] }), [
			{ deviceScope: OTHER_SCOPE, parentScopes: [SCOPE] },
		]);
		assert.deepEqual(update({}), [{ deviceScope: OTHER_SCOPE, parentScopes: [] }]);
	});

	test("that make a leaf a gateway never send the scope of its parent as its own", () => {
		const child = createLiveDevice({ deviceScope: SCOPE }, { deviceScope: SCOPE, parentScopes: [SCOPE] });
		const declared = createDeviceInputs({ capabilities: { iotEdge: true }, parentScopes: [SCOPE] });
		assert.deepEqual(scopes(bodies(declared, child)), [{ deviceScope: "", parentScopes: [SCOPE] }]);
	});

	test("that make a gateway a leaf are one without a parent, and two with one", () => {
		const declared = createDeviceInputs({ capabilities: { iotEdge: false } });
		assert.deepEqual(scopes(bodies(declared, edge)), [
			{ deviceScope: OTHER_SCOPE, parentScopes: "left out" },
		]);
		assert.deepEqual(scopes(bodies({ ...declared, deviceScope: SCOPE }, edge)), [
			{ deviceScope: OTHER_SCOPE, parentScopes: "left out" },
			{ deviceScope: SCOPE, parentScopes: "left out" },
		]);
	});

	test("carry the keys, for the hub makes new ones where they are missing", () => {
		const own = { primaryKey: createKey(8), secondaryKey: createKey(9) };
		const [body] = bodies(
			createDeviceInputs({ authentication: { type: "sas", symmetricKey: own } }),
			createLiveDevice(),
		);
		assert.deepEqual((body as { authentication: object }).authentication, { type: "sas", symmetricKey: own });
	});

	test("tell what each leads to, so that a lost answer can be told from somebody else's write", () => {
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
