import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deriveDeviceKey } from "../../../provider/keys/deviceKey.ts";
import { findLeaks } from "../harness/messages.ts";
import type { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

const createKey = (letter: string) => Buffer.alloc(64, letter).toString("base64");
const [OLD, NEW, NEXT] = [createKey("o"), createKey("n"), createKey("x")];
const createKeyPair = (primaryKey: string, secondaryKey: string) => ({ primaryKey, secondaryKey });

function declareDevice(derivedFrom: unknown, rest: Values = {}): Values {
	return { deviceId: "press", authentication: { type: "sas", derivedFrom }, ...rest };
}

function assertKeys(hub: HubStage, primaryKey: string, secondaryKey: string): void {
	assert.deepEqual(hub.getDevice("press").authentication.symmetricKey, { primaryKey, secondaryKey });
}

/** Asserts that no input contains the device's keys, and no output those of the group. */
function assertHidden(hub: HubStage, { known: { inputs, outputs } }: Resource): void {
	assert.deepEqual(findLeaks(JSON.stringify(outputs), [...hub.listSecrets(), OLD, NEW, NEXT]), []);
	for (const secret of hub.listSecrets()) assert.ok(!JSON.stringify(inputs).includes(secret));
}

const unstored = { config: { "iothub:storeCredentials": "false" } };

describe("Keys derived from those of an enrollment group", () => {
	for (const config of [{}, { "iothub:apiVersion": "2015-08-15-preview" }]) {
		test(
			`are set in the hub, are not in state, and are unchanged in a second plan ${JSON.stringify(config)}`,
			withHub(
				async (hub) => {
					const resource = await hub.deploy(declareDevice(createKeyPair(OLD, NEW)));
					assertKeys(hub, deriveDeviceKey(OLD, "press"), deriveDeviceKey(NEW, "press"));
					assertHidden(hub, resource);
					await assertDeviceInStep(hub, resource, declareDevice(createKeyPair(OLD, NEW)));
					await resource.refresh();
					assertHidden(hub, resource);
					await assertDeviceInStep(hub, resource, declareDevice(createKeyPair(OLD, NEW)));
				},
				{ config: { ...unstored.config, ...config } },
			),
		);
	}
	test(
		"are outputs if credentials are stored, as generated keys are",
		withHub(async (hub) => {
			const resource = await hub.deploy(declareDevice(OLD));
			assert.equal(resource.getOutput("primaryKey"), deriveDeviceKey(OLD, "press"));
			assert.equal(resource.getOutput("secondaryKey"), deriveDeviceKey(OLD, "press/secondary"));
			await assertDeviceInStep(hub, resource, declareDevice(OLD));
		}),
	);
	test(
		"depend on upper and lower case of the id",
		withHub(async (hub) => {
			await hub.deploy(declareDevice(createKeyPair(OLD, NEW), { deviceId: "Press-A" }));
			const { symmetricKey } = hub.getDevice("Press-A").authentication;
			assert.deepEqual(
				symmetricKey,
				createKeyPair(deriveDeviceKey(OLD, "Press-A"), deriveDeviceKey(NEW, "Press-A")),
			);
		}),
	);
	test(
		"change one at a time when those of the group do, with one write each",
		withHub(async (hub) => {
			const resource = await hub.deploy(declareDevice(OLD));
			const steps = [createKeyPair(OLD, NEW), createKeyPair(NEW, NEW), createKeyPair(NEW, NEXT), NEXT];
			for (const derivedFrom of steps) {
				hub.puts();
				assert.equal(await resource.up(declareDevice(derivedFrom)), "update");
				assert.equal(hub.puts().length, 1);
				await assertDeviceInStep(hub, resource, declareDevice(derivedFrom));
			}
			assertKeys(hub, deriveDeviceKey(NEXT, "press"), deriveDeviceKey(NEXT, "press/secondary"));
		}, unstored),
	);
	test(
		"count as changed keys in the limits of a stack, and other changes do not",
		withHub(
			async (hub) => {
				const resource = await hub.deploy(declareDevice(OLD));
				await resource.up(declareDevice(OLD, { statusReason: "moved" }));
				const { message } = await catchError(resource.plan(declareDevice(NEW)));
				assert.match(message, /^iothub:maxKeyChanges allows nothing to get new credentials/);
			},
			{ config: { ...unstored.config, "iothub:maxKeyChanges": "0" } },
		),
	);
	test(
		"are drift if somebody rotates them, reported by fingerprint, and written back",
		withHub(async (hub) => {
			const resource = await hub.deploy(declareDevice(createKeyPair(OLD, NEW)));
			hub.control.devices.rotateKeys("press", "secondary");
			assert.equal(await resource.up(declareDevice(createKeyPair(OLD, NEW))), "update");
			const said =
				/had its keys rotated.*\n {4}authentication\.symmetricKey\.secondaryKey: key [0-9a-f]{16} at/;
			assert.match(hub.words.said.join("\n"), said);
			assertKeys(hub, deriveDeviceKey(OLD, "press"), deriveDeviceKey(NEW, "press"));
			await assertDeviceInStep(hub, resource, declareDevice(createKeyPair(OLD, NEW)));
		}, unstored),
	);
	test(
		"are written back by the run after a refresh that finds them rotated, and the inputs do not change",
		withHub(async (hub) => {
			const resource = await hub.deploy(declareDevice(OLD));
			hub.control.devices.rotateKeys("press");
			const before = resource.known.inputs;
			await resource.refresh();
			assert.deepEqual(resource.known.inputs, before);
			assert.match(hub.words.said.join("\n"), /had its keys rotated outside Pulumi/);
			assertHidden(hub, resource);
			assert.equal(await resource.up(declareDevice(OLD)), "update");
			assertKeys(hub, deriveDeviceKey(OLD, "press"), deriveDeviceKey(OLD, "press/secondary"));
			await assertDeviceInStep(hub, resource, declareDevice(OLD));
		}, unstored),
	);
	test(
		"replace equal declared keys, and the reverse, without a write",
		withHub(async (hub) => {
			const symmetricKey = createKeyPair(deriveDeviceKey(OLD, "press"), deriveDeviceKey(NEW, "press"));
			const declared = { deviceId: "press", authentication: { type: "sas", symmetricKey } };
			const resource = await hub.deploy(declared);
			const before = hub.getDevice("press");
			assert.equal(await resource.up(declareDevice(createKeyPair(OLD, NEW))), "update");
			await assertDeviceInStep(hub, resource, declareDevice(createKeyPair(OLD, NEW)));
			assert.equal(await resource.up(declared), "update");
			assert.deepEqual(hub.getDevice("press"), before);
			await assertDeviceInStep(hub, resource, declared);
		}),
	);
	test(
		"stay in the hub when derivedFrom is removed",
		withHub(async (hub) => {
			const resource = await hub.deploy(declareDevice(OLD));
			const { authentication } = hub.getDevice("press");
			for (const declared of [
				{ deviceId: "press", authentication: { type: "sas" } },
				{ deviceId: "press" },
			]) {
				await resource.up(declared);
				assert.deepEqual(hub.getDevice("press").authentication, authentication);
				await assertDeviceInStep(hub, resource, declared);
			}
		}),
	);
	for (const when of ["before", "after"] as const) {
		test(
			`are read to find out whether they were written when the connection breaks ${when} the change`,
			withHub(async (hub) => {
				const resource = await hub.deploy(declareDevice(OLD));
				hub.control.faults.add({ match: { method: "PUT" }, action: { kind: "reset", when } });
				hub.puts();
				await resource.up(declareDevice(NEW));
				assert.equal(hub.puts().length, when === "before" ? 2 : 1);
				assertKeys(hub, deriveDeviceKey(NEW, "press"), deriveDeviceKey(NEW, "press/secondary"));
				await assertDeviceInStep(hub, resource, declareDevice(NEW));
			}, unstored),
		);
	}
	test(
		"require a valid key, and the error neither repeats it nor names a property to Pulumi",
		withHub(async (hub) => {
			const short = Buffer.alloc(8, "s").toString("base64");
			const { message } = await catchError(hub.createResource().plan(declareDevice(short)));
			assert.match(message, /^(: )?authentication\.derivedFrom: authentication\.derivedFrom holds 8 bytes/);
			assert.ok(!message.includes(short));
		}),
	);
});
