import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTransport } from "../../../provider/http/transport.ts";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { IdleClock } from "../harness/clocks.ts";
import { PRESS, withTenant } from "./withTenant.ts";

const MINUTE = 60_000;

describe("The progress report of long operations", () => {
	test(
		"has one line a minute for many imports together",
		withTenant(
			async (tenant) => {
				const shared = new IdleClock(tenant.control.clock);
				const life = tenant.connect({ shared, network: shared.watch(createTransport()) });
				const serials = Array.from({ length: 5 }, (_, at) => `5CG-${at}`);
				const began = shared.now();
				await Promise.all(
					serials.map((serialNumber) => {
						return life.create({ serialNumber, hardwareIdentifier: generateHardwareHash(serialNumber) });
					}),
				);
				assert.equal(Math.floor((shared.now() - began) / MINUTE), 5);
				const { said } = tenant.words;
				assert.ok(said.length === 4 || said.length === 5, `${said.length} lines in five minutes`);
				for (const text of said)
					assert.match(text, /^Autopilot: 5 imports .*in progress, the longest for \d min/);
			},
			{ autopilot: { importDelay: 5 * MINUTE } },
		),
	);
	test(
		"is empty within the first minute",
		withTenant(async (tenant) => {
			await tenant.deploy(PRESS);
			assert.deepEqual(tenant.words.said, []);
		}),
	);
	test(
		"counts deletions separately",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				await resource.destroy();
				assert.equal(tenant.words.said.length, 4);
				assert.match(
					String(tenant.words.said[0]),
					/^Autopilot: one deletion .*in progress.* for 1 min; .*half an hour/,
				);
			},
			{ autopilot: { deleteDelay: 4 * MINUTE } },
		),
	);
});
