import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DeviceView } from "../../emulator/emulator.ts";
import type { Resource } from "../harness/resource.ts";
import type { HubStage } from "../subject/hubStage.ts";
import type { Values } from "../subject/subject.ts";
import { assertDeviceInStep, withHub } from "./withHub.ts";

type Authentication = DeviceView["authentication"];

/** One way to declare how a device authenticates. */
interface Declared {
	readonly what: string;
	/** Undefined if the program does not declare it. */
	readonly authentication: Values | undefined;
	/** The credentials that the device must have after it had `before`, which is undefined for a new device. */
	assertMet(now: Authentication, before: Authentication | undefined): void;
}

const createKey = (byte: number) => Buffer.alloc(32, byte).toString("base64");
const OLD_KEYS = { primaryKey: createKey(1), secondaryKey: createKey(2) };
const NEW_KEYS = { primaryKey: createKey(3), secondaryKey: createKey(4) };
const SHORT_KEYS = {
	primaryKey: Buffer.alloc(16, 5).toString("base64"),
	secondaryKey: Buffer.alloc(64, 6).toString("base64"),
};
const FIRST_PRINT = "A1".repeat(20);
const SECOND_PRINT = "b2".repeat(20);
const LONG_PRINT = "0C".repeat(32);

const WAYS: readonly Declared[] = [
	{ what: "nothing", authentication: undefined, assertMet: assertKept },
	{ what: "keys that the hub created", authentication: { type: "sas" }, assertMet: assertKeysKeptOrMinted },
	withKeys("own keys", OLD_KEYS),
	withKeys("other keys of one's own", NEW_KEYS),
	withKeys("the shortest and the longest key", SHORT_KEYS),
	withThumbprints("one certificate", { primaryThumbprint: FIRST_PRINT }),
	withThumbprints("two certificates", { primaryThumbprint: FIRST_PRINT, secondaryThumbprint: SECOND_PRINT }),
	withThumbprints("a SHA-256 certificate", { primaryThumbprint: LONG_PRINT }),
	{
		what: "an authority's certificate",
		authentication: { type: "certificateAuthority" },
		assertMet: ({ type }) => assert.equal(type, "certificateAuthority"),
	},
];

describe("The authentication of a device", () => {
	for (const stored of [true, false]) {
		describe(stored ? "with credentials in state" : "without credentials in state", () => {
			for (const way of WAYS) {
				test(
					`A new device declared with ${way.what} has it`,
					withHub(async (hub) => {
						const declared = declareDevice(way, stored);
						const resource = await hub.deploy(declared);
						way.assertMet(hub.getDevice("press").authentication, undefined);
						await assertDeployed(hub, resource, { declared, stored });
					}),
				);
				test(
					`An update of another field does not change a device with ${way.what}`,
					withHub(async (hub) => {
						const resource = await hub.deploy(declareDevice(way, stored));
						const before = hub.getDevice("press").authentication;
						const declared = { ...declareDevice(way, stored), status: "disabled" };
						await resource.up(declared);
						assert.deepEqual(hub.getDevice("press").authentication, before);
						assert.equal(hub.getDevice("press").status, "disabled");
						await assertDeployed(hub, resource, { declared, stored });
					}),
				);
				for (const next of WAYS.filter((other) => other !== way)) {
					test(
						`A change from ${way.what} to ${next.what} needs at most one write`,
						withHub((hub) => changeAuthentication(hub, { from: way, to: next, stored })),
					);
				}
			}
		});
	}
});

describe("Credentials that somebody else changes", () => {
	test(
		"Changed keys that are declared are drift, reported by fingerprint, and written back",
		withHub(async (hub) => {
			const declared = { deviceId: "press", authentication: { type: "sas", symmetricKey: OLD_KEYS } };
			const resource = await hub.deploy(declared);
			hub.control.devices.rotateKeys("press", "secondary");
			assert.equal(await resource.up(declared), "update");
			assert.match(
				hub.words.said.join("\n"),
				/authentication\.symmetricKey\.secondaryKey: key [0-9a-f]{16} at the last deployment, key [0-9a-f]{16} now/,
			);
			assert.deepEqual(hub.getDevice("press").authentication.symmetricKey, OLD_KEYS);
			await assertDeviceInStep(hub, resource, declared);
		}),
	);
	test(
		"Rotated keys that the hub generated are not drift, and a refresh stores the new ones in state",
		withHub(async (hub) => {
			const declared = { deviceId: "press" };
			const resource = await hub.deploy(declared);
			const { primaryKey } = hub.control.devices.rotateKeys("press").authentication.symmetricKey;
			assert.equal((await resource.plan(declared)).step, "same");
			await resource.refresh();
			assert.equal(resource.getOutput("primaryKey"), primaryKey);
			await assertDeviceInStep(hub, resource, declared);
		}),
	);
	test(
		"A rotation between plan and write is not reverted by an update of another field",
		withHub(async (hub) => {
			const resource = await hub.deploy({ deviceId: "press" });
			const plan = await resource.plan({ deviceId: "press", status: "disabled" });
			const { authentication } = hub.control.devices.rotateKeys("press");
			await assert.rejects(plan.apply(), /nothing was written/);
			assert.deepEqual(hub.getDevice("press").authentication, authentication);
			await resource.up({ deviceId: "press", status: "disabled" });
			assert.deepEqual(hub.getDevice("press").authentication, authentication);
			assert.equal(resource.getOutput("primaryKey"), authentication.symmetricKey.primaryKey);
		}),
	);
	test(
		"Thumbprints that differ only in case are equal",
		withHub(async (hub) => {
			const declareThumbprint = (primaryThumbprint: string) => ({
				deviceId: "press",
				authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint } },
			});
			const resource = await hub.deploy(declareThumbprint(FIRST_PRINT));
			assert.equal((await resource.plan(declareThumbprint(FIRST_PRINT.toLowerCase()))).step, "same");
		}),
	);
	test(
		"A secondary thumbprint that somebody else set without a primary one is kept by an update",
		withHub(async (hub) => {
			const x509Thumbprint = { secondaryThumbprint: SECOND_PRINT };
			hub.seed({ deviceId: "press", authentication: { type: "selfSigned", x509Thumbprint } });
			const resource = await hub.deploy({ deviceId: "press", status: "disabled", adopt: true });
			const { x509Thumbprint: now } = hub.getDevice("press").authentication;
			assert.deepEqual(now, { primaryThumbprint: null, secondaryThumbprint: SECOND_PRINT });
			assert.equal(resource.getOutput("primaryKey"), undefined);
		}),
	);
});

interface Change {
	readonly from: Declared;
	readonly to: Declared;
	readonly stored: boolean;
}

async function changeAuthentication(hub: HubStage, { from, to, stored }: Change): Promise<void> {
	const resource = await hub.deploy(declareDevice(from, stored));
	const before = hub.getDevice("press");
	const declared = declareDevice(to, stored);
	hub.control.requests.reset();
	await resource.up(declared);
	const after = hub.getDevice("press");
	to.assertMet(after.authentication, before.authentication);
	const isNew = JSON.stringify(after.authentication) !== JSON.stringify(before.authentication);
	assert.equal(hub.puts().length, isNew ? 1 : 0);
	assert.equal(after.generationId, before.generationId);
	assert.deepEqual(hub.words.listTexts(), []);
	await assertDeployed(hub, resource, { declared, stored });
}

function declareDevice({ authentication }: Declared, storeCredentials: boolean): Values {
	return { deviceId: "press", storeCredentials, ...(authentication && { authentication }) };
}

async function assertDeployed(
	hub: HubStage,
	resource: Resource,
	{ declared, stored }: { declared: Values; stored: boolean },
): Promise<void> {
	const { type, symmetricKey } = hub.getDevice("press").authentication;
	const { primaryKey, secondaryKey } = symmetricKey;
	assert.deepEqual((resource.getOutput("authentication") as Values)["type"], type);
	assert.equal(resource.getOutput("primaryKey"), (stored ? primaryKey : null) ?? undefined);
	assert.equal(resource.getOutput("secondaryKey"), (stored ? secondaryKey : null) ?? undefined);
	assert.equal(
		resource.getOutput("primaryConnectionString"),
		formatConnectionString(hub, stored, primaryKey),
	);
	const withSecond = stored && secondaryKey !== null;
	assert.equal(
		resource.getOutput("secondaryConnectionString"),
		formatConnectionString(hub, withSecond, secondaryKey),
	);
	const state = JSON.stringify(resource.known.outputs);
	if (!stored && primaryKey) assert.ok(!state.includes(primaryKey), "a key is in state");
	await assertDeviceInStep(hub, resource, declared);
}

function formatConnectionString(hub: HubStage, stored: boolean, key: string | null): string | undefined {
	const proof = key === null ? "x509=true" : `SharedAccessKey=${key}`;
	return stored ? `HostName=${hub.emulator.iotHub.hostName};DeviceId=press;${proof}` : undefined;
}

function withKeys(what: string, symmetricKey: typeof OLD_KEYS): Declared {
	return {
		what,
		authentication: { type: "sas", symmetricKey },
		assertMet: (now) => assert.deepEqual(now.symmetricKey, symmetricKey),
	};
}

function withThumbprints(
	what: string,
	x509Thumbprint: { primaryThumbprint: string; secondaryThumbprint?: string },
): Declared {
	return {
		what,
		authentication: { type: "selfSigned", x509Thumbprint },
		assertMet: ({ type, x509Thumbprint: now }) => {
			assert.equal(type, "selfSigned");
			assert.deepEqual(now, { secondaryThumbprint: null, ...x509Thumbprint });
		},
	};
}

function assertKept(now: Authentication, before: Authentication | undefined): void {
	if (before === undefined) assertKeysKeptOrMinted(now, before);
	else assert.deepEqual(now, before);
}

function assertKeysKeptOrMinted(now: Authentication, before: Authentication | undefined): void {
	assert.equal(now.type, "sas");
	if (before?.type === "sas") assert.deepEqual(now.symmetricKey, before.symmetricKey);
	else assert.equal(now.symmetricKey.primaryKey?.length, 44);
}
