import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listRotatedDevices } from "../../../provider/iothub/rotatedDevices.ts";
import { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { HubOptions, HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const STACK = "organization/plant/dev/DeviceIdentity";
const OTHER_STACK = "organization/plant/prod/DeviceIdentity";
const THUMBPRINT = "AB".repeat(20);

const declareAdoption = (keyType: string, generation = 1, rest: Values = {}): Values => ({
	deviceId: "press",
	adopt: true,
	authentication: { rotation: { keyType, generation } },
	...rest,
});

function createPress(hub: HubStage, origin = `${STACK}/press`, options?: HubOptions): Resource {
	return new Resource(() => hub.connect(options), { origin });
}

function getKeys(hub: HubStage): { primaryKey: string; secondaryKey: string } {
	const { primaryKey, secondaryKey } = hub.getDevice("press").authentication.symmetricKey;
	return { primaryKey: String(primaryKey), secondaryKey: String(secondaryKey) };
}

/** Registers the device as somebody else, an hour ago, and returns its keys. */
function seedPress(hub: HubStage, device: Values = {}): ReturnType<typeof getKeys> {
	hub.seed({ deviceId: "press", ...device });
	return getKeys(hub);
}

const WORLDS: readonly Record<string, string>[] = [
	{},
	{ "iothub:storeCredentials": "false" },
	{ "iothub:apiVersion": "2015-08-15-preview", "iothub:storeCredentials": "false" },
];

for (const config of WORLDS) {
	describe(`The rotation of an adopted device ${JSON.stringify(config)}`, () => {
		for (const [keyType, renewed, kept] of [
			["primary", "primaryKey", "secondaryKey"],
			["secondary", "secondaryKey", "primaryKey"],
		] as const) {
			test(
				`is carried out and reported by the adopting operation (${keyType})`,
				withHub(
					async (hub) => {
						const before = seedPress(hub);
						const resource = createPress(hub);
						await resource.up(declareAdoption(keyType));
						const after = getKeys(hub);
						assert.notEqual(after[renewed], before[renewed]);
						assert.equal(after[kept], before[kept]);
						assert.match(
							hub.words.said.join("\n"),
							new RegExp(
								`^DeviceIdentity press existed already and was adopted; it got a new ${keyType} key\\. `,
							),
						);
						const rotated = listRotatedDevices(resource.known.outputs);
						assert.deepEqual(
							rotated.map((each) => [each.deviceId, each.keyType, each.generation]),
							[["press", keyType, 1]],
						);
						await assertDeviceInStep(hub, resource, declareAdoption(keyType));
						await resource.refresh();
						await assertDeviceInStep(hub, resource, declareAdoption(keyType));
						await resource.up(declareAdoption(keyType, 2));
						assert.notEqual(getKeys(hub)[renewed], after[renewed]);
					},
					{ config },
				),
			);
			for (const when of ["before", "after"] as const) {
				test(
					`is carried out once if the connection breaks ${when} the write (${keyType})`,
					withHub(
						async (hub) => {
							const before = seedPress(hub);
							const { etag } = hub.getDevice("press");
							const action = { kind: "reset", when } as const;
							hub.control.faults.add({ match: { method: "PUT" }, nth: 2, action });
							const resource = createPress(hub);
							await resource.up(declareAdoption(keyType));
							const after = getKeys(hub);
							assert.notEqual(after[renewed], before[renewed]);
							assert.equal(after[kept], before[kept]);
							assert.equal(countWrites(etag, hub.getDevice("press").etag), 1);
							await assertDeviceInStep(hub, resource, declareAdoption(keyType));
						},
						{ config },
					),
				);
			}
			test(
				`is carried out once if the run is killed before state is written (${keyType})`,
				withHub(
					async (hub) => {
						seedPress(hub);
						await createPress(hub).up(declareAdoption(keyType));
						const after = hub.getDevice("press");
						const resource = createPress(hub, `${STACK}/press`, { config: { "iothub:maxKeyChanges": "0" } });
						await resource.up(declareAdoption(keyType));
						assert.deepEqual(hub.getDevice("press"), after);
						assert.equal(listRotatedDevices(resource.known.outputs).length, 1);
						await assertDeviceInStep(hub, resource, declareAdoption(keyType));
					},
					{ config },
				),
			);
		}
	});
}

function countWrites(before: string, after: string): number {
	const [first = 0, last = 0] = [before, after].map((etag) => Number(Buffer.from(etag, "base64").toString()));
	return last - first;
}

describe("The rotation of an adopted device", () => {
	test(
		"shares one write with what else the program declares",
		withHub(async (hub) => {
			const before = seedPress(hub);
			await createPress(hub).up(declareAdoption("secondary", 1, { status: "disabled" }));
			assert.equal(hub.puts().length, 2, "the refused creation, and one write");
			assert.equal(hub.getDevice("press").status, "disabled");
			assert.notEqual(getKeys(hub).secondaryKey, before.secondaryKey);
		}),
	);
	test(
		"is left to the next run if it swaps the keys, because nothing would prove it after a killed run",
		withHub(async (hub) => {
			const before = seedPress(hub);
			await createPress(hub).up(declareAdoption("swap"));
			const resource = createPress(hub);
			await resource.up(declareAdoption("swap"));
			assert.deepEqual(getKeys(hub), before);
			assert.match(
				hub.words.said.join("\n"),
				/^DeviceIdentity press existed already and was adopted; it will get swapped keys in the next run\. /m,
			);
			assert.deepEqual(listRotatedDevices(resource.known.outputs), []);
			assert.equal(await resource.up(declareAdoption("swap")), "update");
			assert.deepEqual(getKeys(hub), {
				primaryKey: before.secondaryKey,
				secondaryKey: before.primaryKey,
			});
			await assertDeviceInStep(hub, resource, declareAdoption("swap"));
		}),
	);
	test(
		"is carried out on a device that another stack rotated, whose people know its keys",
		withHub(async (hub) => {
			seedPress(hub);
			await createPress(hub, `${OTHER_STACK}/press`).up(declareAdoption("secondary"));
			const theirs = getKeys(hub);
			await createPress(hub).up(declareAdoption("secondary"));
			assert.notEqual(getKeys(hub).secondaryKey, theirs.secondaryKey);
		}),
	);
	test(
		"counts as carried out on a device that this stack rotated in another resource, which may use its new key",
		withHub(async (hub) => {
			const first = createPress(hub);
			await first.up({ deviceId: "press" });
			await first.up(declareAdoption("secondary"));
			const ours = hub.getDevice("press");
			const resource = createPress(hub, `${STACK}/moved`);
			await resource.up(declareAdoption("secondary"));
			assert.deepEqual(hub.getDevice("press"), ours);
			assert.equal(listRotatedDevices(resource.known.outputs).length, 1);
			await resource.up(declareAdoption("secondary", 2));
			assert.notEqual(getKeys(hub).secondaryKey, ours.authentication.symmetricKey.secondaryKey);
		}),
	);
	test(
		"is done once a device with a certificate has keys, which are new",
		withHub(async (hub) => {
			const x509Thumbprint = { primaryThumbprint: THUMBPRINT };
			seedPress(hub, { authentication: { type: "selfSigned", x509Thumbprint } });
			const resource = createPress(hub);
			await resource.up(declareAdoption("secondary"));
			const made = getKeys(hub);
			assert.equal(Buffer.from(made.secondaryKey, "base64").length, 32);
			await assertDeviceInStep(hub, resource, declareAdoption("secondary"));
			assert.deepEqual(getKeys(hub), made);
		}),
	);
	test(
		"counts in the limits of the stack, before anything is written",
		withHub(
			async (hub) => {
				seedPress(hub);
				const before = hub.getDevice("press");
				const resource = createPress(hub);
				const { message } = await catchError(resource.up(declareAdoption("secondary")));
				assert.match(message, /^iothub:maxKeyChanges allows nothing to get new credentials/);
				assert.match(message, /^ {4}DeviceIdentity press$/m);
				assert.deepEqual(hub.getDevice("press"), before);
				assert.equal(resource.state, undefined);
			},
			{ config: { "iothub:maxKeyChanges": "0" } },
		),
	);
	test(
		"does not overwrite a change that is made during the adoption",
		withHub(async (hub) => {
			seedPress(hub);
			hub.control.faults.add({
				match: { method: "PUT" },
				nth: 2,
				action: { kind: "change", operation: { do: "rotateKeys", id: "press", which: "primary" } },
			});
			const before = getKeys(hub);
			const { message } = await catchError(createPress(hub).up(declareAdoption("secondary")));
			assert.match(message, /changed by somebody else while it was being adopted; nothing was written/);
			assert.equal(getKeys(hub).secondaryKey, before.secondaryKey);
		}),
	);
	test(
		"is kept in state if only the first of two writes of the adoption succeeds",
		withHub(async (hub) => {
			hub.control.devices.seed([{ deviceId: "gate", capabilities: { iotEdge: true } }]);
			seedPress(hub, { capabilities: { iotEdge: true } });
			const deviceScope = hub.getDevice("gate").deviceScope ?? "";
			const program = declareAdoption("secondary", 1, { deviceScope, capabilities: { iotEdge: false } });
			const action = { kind: "status", status: 400 } as const;
			hub.control.faults.add({ match: { method: "PUT" }, nth: 3, action });
			const resource = createPress(hub);
			await catchError(resource.up(program));
			const after = getKeys(hub);
			assert.equal(listRotatedDevices(resource.known.outputs).length, 1);
			await resource.up(program);
			assert.deepEqual(getKeys(hub), after);
			assert.equal(hub.getDevice("press").deviceScope, deviceScope);
		}),
	);
	test(
		"is announced by the preview of a new resource, which cannot know whether the device exists",
		withHub(async (hub) => {
			const provider = hub.connect();
			const inputs = { ...declareAdoption("secondary"), __preview: true, __origin: `${STACK}/press` };
			await provider.check({}, inputs);
			await provider.check({}, { ...inputs, adopt: false });
			await provider.check({}, { ...inputs, __preview: false });
			await provider.check({}, { ...inputs, ...declareAdoption("swap") });
			assert.deepEqual(hub.words.said, [
				"DeviceIdentity press gets a new secondary key if it exists already and is adopted",
				"DeviceIdentity press will get swapped keys in the next run if it exists already and is adopted",
			]);
		}),
	);
	for (const keyType of ["primary", "secondary"] as const) {
		test(
			`is carried out on a device that somebody else created again, perhaps with its old keys (${keyType})`,
			withHub(async (hub) => {
				const resource = createPress(hub);
				await resource.up({ deviceId: "press" });
				const before = getKeys(hub);
				hub.control.devices.remove("press");
				hub.control.devices.seed([
					{ deviceId: "press", authentication: { type: "sas", symmetricKey: before } },
				]);
				assert.equal(await resource.up(declareAdoption(keyType)), "update");
				assert.notEqual(getKeys(hub)[`${keyType}Key`], before[`${keyType}Key`]);
				await assertDeviceInStep(hub, resource, declareAdoption(keyType));
			}),
		);
	}
});
