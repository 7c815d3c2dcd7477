import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateNames } from "../../contract/drift/fleet.ts";
import { withEmulator } from "../../emulator/testing/useEmulator.ts";
import { writeInBulk, writeSingly } from "./ways.ts";

const IDS = generateNames("device", 120);

describe("creating, updating and deleting devices", () => {
	for (const [name, way, registry, twinRead, requests] of [
		["a request each", writeSingly, 360, 0, 360],
		["bulk calls", writeInBulk, 480, 120, 246],
	] as const) {
		test(`with ${name} updates each device under its etag, keeps its keys and leaves nothing`, async () => {
			await withEmulator({}, async ({ emulator }) => {
				const { control, iotHub } = emulator;
				const keys: string[] = [];
				const states: string[] = [];
				control.onRequest(({ method, ifMatch, body }) => {
					const isBulk = /"importMode":"(update|delete)IfMatchETag"/.test(JSON.stringify(body ?? ""));
					if (method === "GET" || (ifMatch === undefined && !isBulk)) return;
					const device = control.devices.get("device-119");
					if (device === undefined) return;
					keys.push(String(device.authentication.symmetricKey.primaryKey));
					states.push(device.status);
				});
				const { url, connectionString } = iotHub;
				const { refused } = await way(IDS, { url, connectionString, width: 8 });
				assert.equal(new Set(keys).size, 1);
				assert.deepEqual([...new Set(states)], ["enabled", "disabled"]);
				assert.equal(refused, 0);
				assert.deepEqual(control.devices.list(), []);
				assert.equal(control.requests.count(), requests);
				assert.deepEqual(control.hub.operations, { registry, twinRead, query: 0, twinWrite: 0 });
			});
		});
	}
	test("waits after a 429 response and counts it", async () => {
		await withEmulator(
			{ sku: "S1", timeScale: 0, switches: { throttleBacklog: 0 } },
			async ({ emulator }) => {
				const { clock } = emulator.control;
				const pause = async () => clock.advance(60_000);
				const { url, connectionString } = emulator.iotHub;
				const { refused } = await writeSingly(IDS, { url, connectionString, width: 1, pause });
				assert.ok(refused >= 3, String(refused));
			},
		);
	});
});
