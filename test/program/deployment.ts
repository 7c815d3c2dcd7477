import assert from "node:assert/strict";
import type { Deployment, Json, Stack } from "../engine/index.ts";
import type { Site } from "./site.ts";

/** Returns the outputs of a device in state, by its resource name; secrets are still encrypted. */
export function getOutputs({ deployment }: Deployment, name: string): Readonly<Record<string, Json>> {
	const found = deployment.resources?.find(({ urn }) => urn.endsWith(`:DeviceIdentity::${name}`));
	assert.ok(found, `${name} is not in state`);
	return found.outputs ?? {};
}

/** The id of an object; a resource has none before it is created. */
interface Identified {
	readonly id?: string | undefined;
}

/** Asserts that state and a service hold the same objects, in any order. */
export function assertSameObjects(inState: readonly Identified[], inService: readonly Identified[]): void {
	const compareIds = (a: Identified, b: Identified): number => String(a.id).localeCompare(String(b.id));
	assert.deepEqual(inState.toSorted(compareIds), inService.toSorted(compareIds));
}

/** Asserts that state and registry hold the same devices with the same etags and generations. */
export function assertSettled({ emulator }: Site, { deployment }: Deployment): void {
	const kept = (deployment.resources ?? []).filter(({ type }) => type.endsWith(":DeviceIdentity"));
	const inState = kept.map(({ id, outputs }) => ({
		id,
		etag: outputs?.["etag"],
		generation: outputs?.["generationId"],
	}));
	const live = emulator.control.devices.list();
	const inHub = live.map(({ deviceId, etag, generationId }) => ({
		id: deviceId,
		etag,
		generation: generationId,
	}));
	assertSameObjects(inState, inHub);
}

/** Returns the key of the policy with which a program signs in to the hub. */
export function getPolicyKey({ emulator: { iotHub } }: Pick<Site, "emulator">): string {
	const key = /;SharedAccessKey=(.+)$/.exec(iotHub.connectionString)?.[1];
	assert.ok(key, "the connection string has a key");
	return key;
}

/** Returns all keys of the hub's devices. */
export function listDeviceKeys({ emulator }: Pick<Site, "emulator">): string[] {
	const pairs = emulator.control.devices.list().map(({ authentication }) => authentication.symmetricKey);
	return pairs.flatMap((pair) => Object.values(pair)).filter((key) => key !== null);
}

/** Asserts that the text contains none of the hub's keys. */
export function assertNoSecrets(site: Site, text: string): void {
	for (const key of listDeviceKeys(site)) assert.ok(!text.includes(key), "a device's key is in plain text");
	assert.ok(!text.includes(getPolicyKey(site)), "the hub's key is in plain text");
}

/** Asserts that the deployed program has no changes. */
export async function assertQuiet(stack: Stack): Promise<void> {
	const { exitCode, output } = await stack.preview({ expectNoChanges: true });
	assert.equal(exitCode, 0, output);
}

/** Destroys the stack, which must succeed. */
export async function destroyStack(stack: Stack): Promise<void> {
	const { exitCode, output } = await stack.destroy();
	assert.equal(exitCode, 0, output);
}

/** Deploys the stack, which must succeed. */
export async function deployStack(stack: Stack): Promise<void> {
	const { exitCode, output } = await stack.up();
	assert.equal(exitCode, 0, output);
}
