import assert from "node:assert/strict";
import type { Deployment, Json } from "../engine/index.ts";
import type { Site } from "./site.ts";

/** The kept outputs of a device, by its resource name; secrets are still encrypted. */
export function outputsOf({ deployment }: Deployment, name: string): Readonly<Record<string, Json>> {
	const found = deployment.resources?.find(({ urn }) => urn.endsWith(`:DeviceIdentity::${name}`));
	assert.ok(found, `${name} is not in state`);
	return found.outputs ?? {};
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
	const byId = (a: { id?: string | undefined }, b: { id?: string | undefined }) =>
		String(a.id).localeCompare(String(b.id));
	assert.deepEqual(inState.sort(byId), inHub.sort(byId));
}

/** Asserts that none of the hub's keys is anywhere in the text. */
export function assertNoSecrets({ emulator }: Site, text: string): void {
	for (const { authentication } of emulator.control.devices.list()) {
		for (const key of Object.values(authentication.symmetricKey)) {
			assert.ok(key === null || !text.includes(key), "a device's key stands in plain text");
		}
	}
	const policyKey = /SharedAccessKey=(.*)$/.exec(emulator.iotHub.connectionString)?.[1] ?? "";
	assert.ok(!text.includes(policyKey), "the hub's key stands in plain text");
}
