import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";
import { withHub } from "./withHub.ts";

const KEYS = {
	primaryKey: Buffer.alloc(32, "a").toString("base64"),
	secondaryKey: Buffer.alloc(32, "b").toString("base64"),
};
const GROUP_KEY = Buffer.alloc(32, "g").toString("base64");
const THUMBPRINTS = { primaryThumbprint: "A1".repeat(20), secondaryThumbprint: "B2".repeat(20) };

async function deployIgnoring(
	hub: HubStage,
	paths: readonly string[],
	inputs: Values,
): Promise<{ resource: Resource; declared: Values }> {
	const declared = { deviceId: "press", ...inputs };
	const resource = hub.createResource();
	resource.ignoring = paths;
	await resource.up(declared);
	hub.puts();
	return { resource, declared };
}

/** Asserts that neither a plan nor a refresh shows a change, and that nothing was written. */
async function assertIgnored(hub: HubStage, resource: Resource, declared: Values): Promise<void> {
	hub.words.said.splice(0);
	hub.puts();
	assert.equal((await resource.plan(declared)).step, "same");
	assert.equal(await resource.refreshAndCompare(), false);
	assert.equal(await resource.up(declared), "same");
	assert.deepEqual(hub.words.said, []);
	assert.deepEqual(hub.puts(), []);
}

describe("Ignored paths of a device", () => {
	for (const path of [
		"authentication",
		"authentication.symmetricKey",
		'authentication["symmetricKey"]',
		'["authentication"].symmetricKey',
		"authentication.*",
		"authentication[*].primaryKey",
		"*",
	]) {
		test(
			`${path} covers keys that somebody rotated`,
			withHub(async (hub) => {
				const { resource, declared } = await deployIgnoring(hub, [path], {
					authentication: { symmetricKey: KEYS },
					status: "enabled",
				});
				hub.control.devices.change("press", {
					authentication: { symmetricKey: { ...KEYS, primaryKey: Buffer.alloc(32, "x").toString("base64") } },
				});
				const live = hub.getDevice("press").authentication;
				await assertIgnored(hub, resource, declared);
				if (path === "*") return;
				assert.equal(await resource.up({ ...declared, status: "disabled" }), "update");
				assert.deepEqual(hub.getDevice("press").authentication, live);
				await assertIgnored(hub, resource, { ...declared, status: "disabled" });
			}),
		);
	}

	test(
		"a key beside an ignored one is put back, and the ignored one stays",
		withHub(async (hub) => {
			const { resource, declared } = await deployIgnoring(hub, ["authentication.symmetricKey.primaryKey"], {
				authentication: { symmetricKey: KEYS },
			});
			hub.control.devices.rotateKeys("press");
			const { primaryKey } = hub.getDevice("press").authentication.symmetricKey;
			assert.equal(await resource.up(declared), "update");
			const { secondaryKey } = KEYS;
			assert.deepEqual(hub.getDevice("press").authentication.symmetricKey, { primaryKey, secondaryKey });
			await assertIgnored(hub, resource, declared);
		}),
	);

	test(
		"an ignored group key covers the keys that derive from it",
		withHub(async (hub) => {
			const { resource, declared } = await deployIgnoring(hub, ["authentication.derivedFrom"], {
				authentication: { derivedFrom: GROUP_KEY },
			});
			hub.control.devices.rotateKeys("press");
			const live = hub.getDevice("press").authentication;
			await assertIgnored(hub, resource, declared);
			const other = { ...declared, authentication: { derivedFrom: KEYS.primaryKey }, status: "disabled" };
			assert.equal(await resource.up(other), "update");
			assert.deepEqual(hub.getDevice("press").authentication, live);
		}),
	);

	test(
		"generated keys of an ignored authentication can be rotated elsewhere without a note, and are not rotated here",
		withHub(async (hub) => {
			const rotation = (generation: number) => ({
				authentication: { rotation: { keyType: "primary", generation } },
			});
			const { resource, declared } = await deployIgnoring(hub, [], rotation(1));
			assert.equal(await resource.up({ ...declared, ...rotation(2) }), "update");
			resource.ignoring = ["authentication"];
			assert.equal(
				await resource.up({ ...declared, ...rotation(3) }),
				"update",
				"state takes note of the option",
			);
			hub.puts();
			hub.control.devices.rotateKeys("press");
			await assertIgnored(hub, resource, { ...declared, ...rotation(4) });
			resource.ignoring = [];
			const { primaryKey } = hub.getDevice("press").authentication.symmetricKey;
			assert.equal(await resource.up({ ...declared, ...rotation(4) }), "update");
			assert.notEqual(hub.getDevice("press").authentication.symmetricKey.primaryKey, primaryKey);
		}),
	);

	test(
		"a device of another type gets the declared credentials, because it has none to keep",
		withHub(async (hub) => {
			const { resource, declared } = await deployIgnoring(hub, ["authentication.symmetricKey"], {
				authentication: { type: "sas", symmetricKey: KEYS },
			});
			const x509 = { type: "selfSigned", x509Thumbprint: THUMBPRINTS } as const;
			hub.control.devices.change("press", { authentication: x509 });
			assert.equal(await resource.up(declared), "update");
			assert.match(hub.words.said.join("\n"), /authentication\.type: "sas" at the last deployment/);
			const { type, symmetricKey } = hub.getDevice("press").authentication;
			assert.deepEqual({ type, symmetricKey }, { type: "sas", symmetricKey: KEYS });
			hub.puts();
			await assertIgnored(hub, resource, declared);
		}),
	);

	test(
		"an ignored type covers the credentials that belong to it",
		withHub(async (hub) => {
			const { resource, declared } = await deployIgnoring(hub, ["authentication.type"], {
				authentication: { type: "sas", symmetricKey: KEYS },
			});
			hub.control.devices.change("press", {
				authentication: { type: "selfSigned", x509Thumbprint: THUMBPRINTS },
			});
			await assertIgnored(hub, resource, declared);
			assert.equal(await resource.up({ ...declared, status: "disabled" }), "update");
			assert.equal(hub.getDevice("press").authentication.type, "selfSigned");
			await assertIgnored(hub, resource, { ...declared, status: "disabled" });
		}),
	);

	for (const path of ["capabilities.iotEdge", "capabilities", "capabilities.*", "*.iotEdge"]) {
		test(
			`${path} covers a device that somebody made a gateway, even if the program no longer declares it`,
			withHub(async (hub) => {
				const { resource, declared } = await deployIgnoring(hub, [path], {
					capabilities: { iotEdge: false },
					status: "enabled",
				});
				hub.control.devices.change("press", { capabilities: { iotEdge: true } });
				await assertIgnored(hub, resource, declared);
				const { capabilities: _, ...without } = declared;
				await assertIgnored(hub, resource, without);
				assert.equal(await resource.up({ ...without, status: "disabled" }), "update");
				assert.equal(hub.getDevice("press").capabilities.iotEdge, true);
				await assertIgnored(hub, resource, { ...without, status: "disabled" });
			}),
		);
	}

	test(
		"an ignored parent is neither put back nor removed",
		withHub(async (hub) => {
			const gates = ["north", "south"].map((deviceId) =>
				hub.seed({ deviceId, capabilities: { iotEdge: true } }),
			);
			const [north, south] = gates.map(({ deviceScope }) => String(deviceScope));
			const { resource, declared } = await deployIgnoring(hub, ["deviceScope"], { deviceScope: north });
			hub.control.devices.change("press", { deviceScope: String(south) });
			await assertIgnored(hub, resource, declared);
			assert.equal(await resource.up({ deviceId: "press", status: "disabled" }), "update");
			assert.deepEqual(hub.getDevice("press").parentScopes, [south]);
		}),
	);

	test(
		"a disabled device that an ignored status enables does not count towards the limit",
		withHub(
			async (hub) => {
				const { resource, declared } = await deployIgnoring(hub, ["status"], { status: "disabled" });
				hub.control.devices.change("press", { status: "enabled" });
				await assertIgnored(hub, resource, declared);
				assert.equal(await resource.up({ ...declared, statusReason: "spare" }), "update");
				assert.equal(hub.getDevice("press").status, "enabled");
				resource.ignoring = [];
				const error = await catchError(resource.plan({ ...declared, statusReason: "spare" }));
				assert.match(error.message, /maxDisables allows nothing to be disabled/);
			},
			{ config: { "iothub:maxDisables": "0" } },
		),
	);

	test(
		"an ignored id or hub does not replace the device",
		withHub(async (hub) => {
			const { resource, declared } = await deployIgnoring(hub, ["deviceId", "hubHostName"], {});
			const moved = { ...declared, deviceId: "drill", hubHostName: "other.azure-devices.net" };
			await assertIgnored(hub, resource, moved);
		}),
	);

	test(
		"a value that is not known yet is kept as it was",
		withHub(async (hub) => {
			const { resource, declared } = await deployIgnoring(hub, ["statusReason"], { statusReason: "new" });
			const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
			assert.equal((await resource.plan({ ...declared, statusReason: unknown })).step, "same");
		}),
	);

	test(
		"the option leaves no trace in the state of a device without it, and its paths no secret",
		withHub(async (hub) => {
			const { resource, declared } = await deployIgnoring(hub, [], { status: "enabled" });
			const hasTrace = () => JSON.stringify(resource.known).includes("__ignored");
			assert.equal(hasTrace(), false);
			resource.ignoring = ["authentication.symmetricKey"];
			await resource.up({ ...declared, authentication: { symmetricKey: KEYS } });
			assert.equal(resource.getOutput("__ignored"), '[["authentication","symmetricKey"]]');
			resource.ignoring = [];
			await resource.up(declared);
			assert.equal(hasTrace(), false);
		}),
	);
});
