import assert from "node:assert/strict";
import type { Deployment, Json, Stack } from "../engine/index.ts";
import type { Site } from "./site.ts";

/** The kept outputs of a device, by its resource name; secrets are still encrypted. */
export function getOutputs({ deployment }: Deployment, name: string): Readonly<Record<string, Json>> {
	const found = deployment.resources?.find(({ urn }) => urn.endsWith(`:DeviceIdentity::${name}`));
	assert.ok(found, `${name} is not in state`);
	return found.outputs ?? {};
}

/** What a resource's id finds; a resource has none before it is made. */
interface Identified {
	readonly id?: string | undefined;
}

/** Asserts that state and a service hold the same objects, each in its own order. */
export function assertSameObjects(inState: readonly Identified[], inService: readonly Identified[]): void {
	const compareIds = (a: Identified, b: Identified): number => String(a.id).localeCompare(String(b.id));
	assert.deepEqual(inState.toSorted(compareIds), inService.toSorted(compareIds));
}

/** Asserts that state and registry hold the same devices under the same etags and generations. */
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

/** The key of the policy by which a program signs in to the hub. */
export function getPolicyKey({ emulator: { iotHub } }: Pick<Site, "emulator">): string {
	const key = /;SharedAccessKey=(.+)$/.exec(iotHub.connectionString)?.[1];
	assert.ok(key, "the connection string has a key");
	return key;
}

/** All keys that the hub's devices have. */
export function listDeviceKeys({ emulator }: Pick<Site, "emulator">): string[] {
	const pairs = emulator.control.devices.list().map(({ authentication }) => authentication.symmetricKey);
	return pairs.flatMap((pair) => Object.values(pair)).filter((key) => key !== null);
}

/** Asserts that none of the hub's keys is anywhere in the text. */
export function assertNoSecrets(site: Site, text: string): void {
	for (const key of listDeviceKeys(site))
		assert.ok(!text.includes(key), "a device's key stands in plain text");
	assert.ok(!text.includes(getPolicyKey(site)), "the hub's key stands in plain text");
}

/** Asserts that the program as it is deployed finds nothing to do. */
export async function assertQuiet(stack: Stack): Promise<void> {
	const { exitCode, output } = await stack.preview({ expectNoChanges: true });
	assert.equal(exitCode, 0, output);
}

/** Takes away what is deployed, which must go well. */
export async function destroyStack(stack: Stack): Promise<void> {
	const { exitCode, output } = await stack.destroy();
	assert.equal(exitCode, 0, output);
}

/** Deploys, which must go well. */
export async function deployStack(stack: Stack): Promise<void> {
	const { exitCode, output } = await stack.up();
	assert.equal(exitCode, 0, output);
}
