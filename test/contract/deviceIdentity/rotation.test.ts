import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

type KeyType = "primary" | "secondary" | "swap";
const TYPES: readonly KeyType[] = ["primary", "secondary", "swap"];

const declareRotation = (keyType: KeyType, generation: number, rest: Values = {}): Values => ({
	deviceId: "press",
	authentication: { rotation: { keyType, generation } },
	...rest,
});

function getKeys(hub: HubStage): { primaryKey: string; secondaryKey: string } {
	const { primaryKey, secondaryKey } = hub.getDevice("press").authentication.symmetricKey;
	return { primaryKey: String(primaryKey), secondaryKey: String(secondaryKey) };
}

/** Asserts that the keys are those of `before` after exactly one rotation. */
function assertRotated(hub: HubStage, keyType: KeyType, before: ReturnType<typeof getKeys>): void {
	const now = getKeys(hub);
	if (keyType === "swap") {
		assert.deepEqual(now, { primaryKey: before.secondaryKey, secondaryKey: before.primaryKey });
		return;
	}
	const [renewed, other] =
		keyType === "primary"
			? (["primaryKey", "secondaryKey"] as const)
			: (["secondaryKey", "primaryKey"] as const);
	assert.equal(now[other], before[other]);
	assert.ok(![before.primaryKey, before.secondaryKey].includes(now[renewed]));
	assert.equal(Buffer.from(now[renewed], "base64").length, 32);
}

/** A device that was deployed without a rotation. */
async function deployPlainDevice(
	hub: HubStage,
): Promise<{ resource: Resource; before: ReturnType<typeof getKeys> }> {
	const resource = await hub.deploy({ deviceId: "press" });
	hub.puts();
	return { resource, before: getKeys(hub) };
}

const WORLDS: readonly Record<string, string>[] = [
	{},
	{ "iothub:storeCredentials": "false" },
	{ "iothub:apiVersion": "2015-08-15-preview", "iothub:storeCredentials": "false" },
];

for (const config of WORLDS) {
	describe(`A rotation of generated keys ${JSON.stringify(config)}`, () => {
		for (const keyType of TYPES) {
			test(
				`is planned, counted and performed once (${keyType})`,
				withHub(
					async (hub) => {
						const { resource, before } = await deployPlainDevice(hub);
						assert.equal(await resource.up(declareRotation(keyType, 1)), "update");
						assert.match(hub.words.said.join("\n"), /^DeviceIdentity press gets /);
						assertRotated(hub, keyType, before);
						assert.equal(hub.puts().length, 1);
						if (config["iothub:storeCredentials"] === undefined)
							assert.equal(resource.getOutput("primaryKey"), getKeys(hub).primaryKey);
						await assertDeviceInStep(hub, resource, declareRotation(keyType, 1));
						await resource.refresh();
						await assertDeviceInStep(hub, resource, declareRotation(keyType, 1));
					},
					{ config },
				),
			);
			for (const when of ["before", "after"] as const) {
				test(
					`is performed once if the connection breaks ${when} it (${keyType})`,
					withHub(
						async (hub) => {
							const { resource, before } = await deployPlainDevice(hub);
							const action = { kind: "reset", when } as const;
							hub.control.faults.add({ match: { method: "PUT" }, action });
							await resource.up(declareRotation(keyType, 1));
							assertRotated(hub, keyType, before);
							await assertDeviceInStep(hub, resource, declareRotation(keyType, 1));
						},
						{ config },
					),
				);
			}
			for (const isRefreshed of [false, true]) {
				test(
					`is performed once if the run is killed before state is written (${keyType}, refresh: ${isRefreshed})`,
					withHub(
						async (hub) => {
							const { resource, before } = await deployPlainDevice(hub);
							const { state } = resource;
							await resource.up(declareRotation(keyType, 1));
							const after = hub.getDevice("press");
							resource.state = state;
							if (isRefreshed) await resource.refresh();
							assert.equal(await resource.up(declareRotation(keyType, 1)), "update");
							assert.match(hub.words.said.join("\n"), /an interrupted run already did this/);
							assert.deepEqual(hub.getDevice("press"), after);
							assertRotated(hub, keyType, before);
							await assertDeviceInStep(hub, resource, declareRotation(keyType, 1));
						},
						{ config },
					),
				);
			}
		}
	});
}

describe("A declared rotation", () => {
	test(
		"counts as completed for a new device, and in an earlier program",
		withHub(async (hub) => {
			const resource = await hub.deploy(declareRotation("secondary", 3));
			const before = getKeys(hub);
			for (const generation of [3, 2])
				assert.equal(await resource.up(declareRotation("secondary", generation)), "same");
			assert.deepEqual(getKeys(hub), before);
			await resource.up(declareRotation("secondary", 4));
			assertRotated(hub, "secondary", before);
		}),
	);
	test(
		"changes the keys in phases, each of them once, and again for a higher generation",
		withHub(async (hub) => {
			const { resource } = await deployPlainDevice(hub);
			for (const generation of [1, 2]) {
				for (const keyType of ["secondary", "primary", "secondary", "swap"] as const) {
					const before = getKeys(hub);
					assert.equal(await resource.up(declareRotation(keyType, generation)), "update");
					assertRotated(hub, keyType, before);
				}
			}
			await assertDeviceInStep(hub, resource, declareRotation("swap", 2));
		}),
	);
	test(
		"shares one write with another change",
		withHub(async (hub) => {
			const { resource, before } = await deployPlainDevice(hub);
			await resource.up(declareRotation("secondary", 1, { status: "disabled" }));
			assert.equal(hub.puts().length, 1);
			assert.equal(hub.getDevice("press").status, "disabled");
			assertRotated(hub, "secondary", before);
		}),
	);
	test(
		"stays completed when it is removed from the program",
		withHub(async (hub) => {
			const { resource } = await deployPlainDevice(hub);
			await resource.up(declareRotation("swap", 1));
			const after = getKeys(hub);
			await resource.up({ deviceId: "press" });
			assert.equal(await resource.up(declareRotation("swap", 1)), "same");
			assert.deepEqual(getKeys(hub), after);
		}),
	);
	test(
		"is not performed before a refresh if somebody else changed a key, so that a swap cannot be proved",
		withHub(async (hub) => {
			const { resource } = await deployPlainDevice(hub);
			hub.control.devices.rotateKeys("press", "secondary");
			const before = getKeys(hub);
			const { message } = await catchError(resource.up(declareRotation("swap", 1)));
			assert.match(message, /^DeviceIdentity press has different keys than at the last deployment/);
			assert.deepEqual(getKeys(hub), before);
			await resource.refresh();
			await resource.up(declareRotation("swap", 1));
			assertRotated(hub, "swap", before);
		}),
	);
	for (const change of ["here", "elsewhere"] as const) {
		test(
			`is performed on a device of an earlier release, whose state contains no keys, after a change ${change}`,
			withHub(
				async (hub) => {
					const { resource, before } = await deployPlainDevice(hub);
					const { __keys: _, ...outputs } = resource.known.outputs;
					resource.state = { ...resource.known, outputs };
					const rest = { status: "disabled" } as const;
					if (change === "here") await resource.up({ deviceId: "press", ...rest });
					else {
						hub.control.devices.change("press", rest);
						await resource.refresh();
						const { message } = await catchError(resource.up(declareRotation("swap", 1, rest)));
						assert.match(message, /it is unknown whether they were already swapped/);
						await resource.refresh();
					}
					await resource.up(declareRotation("swap", 1, rest));
					assertRotated(hub, "swap", before);
					await assertDeviceInStep(hub, resource, declareRotation("swap", 1, rest));
				},
				{ config: { "iothub:storeCredentials": "false" } },
			),
		);
	}
	test(
		"is performed on a device that somebody else created again, because nothing proves that its keys are new",
		withHub(async (hub) => {
			const { resource } = await deployPlainDevice(hub);
			hub.control.devices.remove("press");
			hub.control.devices.seed([{ deviceId: "press" }]);
			const made = getKeys(hub);
			assert.equal(await resource.up(declareRotation("secondary", 1)), "update");
			assertRotated(hub, "secondary", made);
			await assertDeviceInStep(hub, resource, declareRotation("secondary", 1));
		}),
	);
	for (const [keyType, whose] of [
		["secondary", "by an interrupted run since"],
		["swap", "outside Pulumi or by an interrupted run since"],
	] as const) {
		test(
			`is not attributed to somebody else by a refresh after a killed run (${keyType})`,
			withHub(async (hub) => {
				const { resource } = await deployPlainDevice(hub);
				const { state } = resource;
				await resource.up(declareRotation(keyType, 3));
				resource.state = state;
				hub.words.said.splice(0);
				await resource.refresh();
				assert.match(
					hub.words.said.join("\n"),
					new RegExp(`^DeviceIdentity press had its keys rotated ${whose} `),
				);
			}),
		);
	}
	test(
		"stays completed after a refresh that writes a change to the inputs in state, which then lack the rotation",
		withHub(async (hub) => {
			const { resource } = await deployPlainDevice(hub);
			const program = declareRotation("secondary", 1, { status: "enabled" });
			await resource.up(program);
			const after = getKeys(hub);
			hub.control.devices.change("press", { status: "disabled" });
			await resource.refresh();
			assert.ok(!JSON.stringify(resource.known.inputs).includes("rotation"));
			assert.equal(await resource.up(program), "update");
			assert.deepEqual([hub.getDevice("press").status, getKeys(hub)], ["enabled", after]);
			await assertDeviceInStep(hub, resource, program);
		}),
	);
	test(
		"swaps the keys of a device that had none before",
		withHub(
			async (hub) => {
				const resource = await hub.deploy({
					deviceId: "press",
					authentication: { type: "certificateAuthority" },
				});
				await resource.up({ deviceId: "press", authentication: { type: "sas" } });
				const before = getKeys(hub);
				await resource.up(declareRotation("swap", 1));
				assertRotated(hub, "swap", before);
			},
			{ config: { "iothub:storeCredentials": "false" } },
		),
	);
	test(
		"does not overwrite a change that is made after the plan",
		withHub(async (hub) => {
			const { resource } = await deployPlainDevice(hub);
			const plan = await resource.plan(declareRotation("primary", 1));
			const { authentication } = hub.control.devices.rotateKeys("press", "primary");
			await assert.rejects(plan.apply(), /nothing was written/);
			assert.deepEqual(hub.getDevice("press").authentication, authentication);
		}),
	);
	test(
		"counts in the limits of a stack",
		withHub(
			async (hub) => {
				const { resource } = await deployPlainDevice(hub);
				const { message } = await catchError(resource.plan(declareRotation("secondary", 1)));
				assert.match(message, /^iothub:maxKeyChanges allows nothing to get new credentials/);
			},
			{ config: { "iothub:maxKeyChanges": "0" } },
		),
	);
	test(
		"requires generated keys, a key type and a whole number",
		withHub(async (hub) => {
			const checkRefusal = async (authentication: Values) =>
				(await catchError(hub.createResource().plan({ deviceId: "press", authentication }))).message;
			const rotation = { keyType: "swap", generation: 1 };
			const derivedFrom = Buffer.alloc(32).toString("base64");
			assert.match(
				await checkRefusal({ derivedFrom, rotation }),
				/rotation cannot be used with declared or derived keys/,
			);
			assert.match(
				await checkRefusal({ type: "certificateAuthority", rotation }),
				/rotation cannot be used with type/,
			);
			assert.match(
				await checkRefusal({ rotation: { keyType: "both", generation: 1 } }),
				/keyType must be .*, got "both"/,
			);
			assert.match(
				await checkRefusal({ rotation: { keyType: "swap", generation: 0.5 } }),
				/must be a whole number/,
			);
			assert.match(await checkRefusal({ rotation: { keyType: "swap" } }), /generation is missing/);
		}),
	);
});
