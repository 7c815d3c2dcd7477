import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { catchError } from "../scene.ts";
import { ASK, assertMachineInStep, PRESS, SERIAL, UPLOAD, withTenant } from "./withTenant.ts";

const ADOPT = { adopt: true };

describe("A machine that is already registered", () => {
	test(
		"is adopted by its serial number alone, without a hardware hash, and nothing is written",
		withTenant(async (tenant) => {
			const [before] = tenant.control.machines.seed([
				{ serialNumber: SERIAL, groupTag: "Kiosk", displayName: "FRONT-1" },
			]);
			const declared = { serialNumber: SERIAL, groupTag: "Kiosk", ...ADOPT };
			const resource = await tenant.deploy(declared);
			assert.equal(resource.known.id, before?.id);
			assert.deepEqual(tenant.getMachine(SERIAL), before);
			assert.equal(
				tenant.requests.list().every(({ method }) => method === "GET"),
				true,
			);
			await assertMachineInStep(tenant, resource, declared);
		}),
	);
	test(
		"is adopted with its hash, and updated as declared in one write",
		withTenant(async (tenant) => {
			const hardwareIdentifier = generateHardwareHash(SERIAL);
			tenant.control.machines.seed([
				{ serialNumber: SERIAL, hardwareIdentifier, groupTag: "Lab", displayName: "FRONT-1" },
			]);
			const resource = await tenant.deploy({ ...PRESS, ...ADOPT });
			assert.equal(tenant.requests.count(ASK.change), 1);
			assert.equal(tenant.requests.count(ASK.queue), 1);
			assert.equal(tenant.getMachine(SERIAL).displayName, "FRONT-1");
			await assertMachineInStep(tenant, resource, { ...PRESS, ...ADOPT });
		}),
	);
	const serials: readonly (readonly [string, string])[] = [
		["ABC", "ABC1"],
		["ABC-12", "ABC-123"],
		["VMware-56 4d 9f", "VMware-56 4d 9f 01"],
		["it's", "it's 2"],
		['"quoted"', '"quoted" 2'],
		["Ünïcode", "Ünïcode2"],
		["abc", "ABC"],
	];
	for (const [serialNumber, longer] of serials) {
		test(
			`is found by exactly ${JSON.stringify(serialNumber)}, not by ${JSON.stringify(longer)}`,
			withTenant(async (tenant) => {
				const seeds = [longer, serialNumber, `x${longer}`].map((serial) => ({ serialNumber: serial }));
				const [, wanted] = tenant.control.machines.seed(seeds);
				const resource = await tenant.deploy({ serialNumber, ...ADOPT });
				assert.equal(resource.known.id, wanted?.id);
				await assertMachineInStep(tenant, resource, { serialNumber, ...ADOPT });
			}),
		);
	}
	test(
		"is not chosen among several with its serial number, unless the product key distinguishes them",
		withTenant(async (tenant) => {
			const serialNumber = "Default string";
			const [first, second] = tenant.control.machines.seed([
				{ serialNumber, hardwareIdentifier: generateHardwareHash("one"), productKey: "PK-1" },
				{ serialNumber, hardwareIdentifier: generateHardwareHash("two"), productKey: "PK-2" },
			]);
			const { message } = await catchError(tenant.deploy({ serialNumber, ...ADOPT }));
			assert.match(message, /"Default string" does not identify one of 2 registered machines/);
			for (const { id = "?" } of [first ?? {}, second ?? {}]) assert.ok(message.includes(id));
			assert.match(message, /`productKey`/);
			const declared = { serialNumber, productKey: "PK-2", ...ADOPT };
			const resource = await tenant.deploy(declared);
			assert.equal(resource.known.id, second?.id);
			await assertMachineInStep(tenant, resource, declared);
		}),
	);
	test(
		"must exist to be adopted without a hash, and the error says what to declare",
		withTenant(async (tenant) => {
			tenant.control.machines.seed([{ serialNumber: `${SERIAL}X` }]);
			const { message } = await catchError(tenant.deploy({ serialNumber: SERIAL, ...ADOPT }));
			assert.match(message, /The machine "5CG1234ABC" is not registered, so it cannot be adopted/);
			assert.match(message, /`hardwareIdentifier`/);
			assert.equal(tenant.requests.count(ASK.queue), 0);
		}),
	);
	test(
		"cannot be changed with strategy upload without its import record, and the error names the strategy that can",
		withTenant(async (tenant) => {
			const hardwareIdentifier = generateHardwareHash(SERIAL);
			const seed = { serialNumber: SERIAL, hardwareIdentifier, groupTag: "Lab" };
			const [before] = tenant.control.machines.seed([seed]);
			const { message } = await catchError(tenant.deploy({ ...PRESS, ...ADOPT }));
			assert.match(message, /"5CG1234ABC" is not possible with autopilot:strategy upload/);
			assert.match(message, /Set autopilot:strategy to live/);
			assert.deepEqual(tenant.getMachine(SERIAL), before);
		}, UPLOAD),
	);
});
