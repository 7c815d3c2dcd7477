import assert from "node:assert/strict";
import { type AutopilotSwitches, generateHardwareHash } from "../../emulator/emulator.ts";
import type { Resource } from "../harness/resource.ts";
import { checkAfterwards } from "../scene.ts";
import type { Values } from "../subject/subject.ts";
import { TenantStage } from "../subject/tenantStage.ts";

/** How a test's tenant is set up. */
export interface TenantSetup {
	/** Configuration of every process. */
	readonly config?: Readonly<Record<string, string>>;
	/** How the service behaves. An import takes 45 seconds unless this says otherwise. */
	readonly autopilot?: Partial<AutopilotSwitches>;
	/** The number of import records at the end. Default: none. */
	readonly records?: number;
}

/** The paths of machines and of import records. */
export const MACHINES = "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities";
export const RECORDS = "/v1.0/deviceManagement/importedWindowsAutopilotDeviceIdentities";

/** Requests by what they are for. */
export const ASK = {
	queue: { method: "POST", path: `^${RECORDS}$` },
	queueMany: { method: "POST", path: `^${RECORDS}/import$` },
	findRecord: { method: "GET", path: `^${RECORDS}$` },
	readRecord: { method: "GET", path: `^${RECORDS}/[^/]+$` },
	discard: { method: "DELETE", path: `^${RECORDS}/[^/]+$` },
	list: { method: "GET", path: `^${MACHINES}$` },
	read: { method: "GET", path: `^${MACHINES}/[^/]+$` },
	change: { method: "POST", path: "/updateDeviceProperties$" },
	unassign: { method: "POST", path: "/unassignUserFromDevice$" },
	remove: { method: "DELETE", path: `^${MACHINES}/[^/]+$` },
} as const;

/** The settings of a program that uses the routes of strategy upload, if the service has them. */
export const UPLOAD = {
	config: { "autopilot:strategy": "upload" },
	autopilot: { profile: "seed", etags: true },
} as const;

/** The serial number of most tests' machine. */
export const SERIAL = "5CG1234ABC";

/** A machine as most tests declare it. */
export const PRESS: Values = {
	serialNumber: SERIAL,
	hardwareIdentifier: generateHardwareHash(SERIAL),
	groupTag: "Kiosk",
};

/** Runs a test with a tenant of its own; afterwards no message may hold a secret, and nothing is left half-imported. */
export function withTenant(
	test: (tenant: TenantStage) => Promise<void>,
	{ config, autopilot, records = 0 }: TenantSetup = {},
): () => Promise<void> {
	return async () => {
		const tenant = await TenantStage.start(config, { importDelay: 45_000, ...autopilot });
		try {
			await test(tenant);
			const { words, problems } = tenant;
			checkAfterwards({
				words,
				listSecrets: () => tenant.listSecrets(),
				listProblems: () => problems,
				listRemains: () => [],
			});
			assert.equal(tenant.listRecords().length, records, "import records in the tenant");
		} finally {
			await tenant.close();
		}
	};
}

/** Asserts that state and service have the same machine, and that the same program changes and logs nothing. */
export async function assertMachineInStep(
	tenant: TenantStage,
	resource: Resource,
	declared: Values,
): Promise<void> {
	const machine = tenant.control.machines.get(resource.known.id);
	assert.ok(machine, "the machine is there");
	assert.equal(resource.getOutput("serialNumber"), machine.serialNumber);
	assert.equal(resource.getOutput("groupTag"), machine.groupTag);
	assert.equal(resource.getOutput("assignedUserPrincipalName") ?? "", machine.userPrincipalName);
	assert.equal(resource.getOutput("displayName") ?? "", machine.displayName);
	assert.deepEqual(resource.known.initErrors, []);
	const said = tenant.words.said.length;
	assert.equal((await resource.plan(declared)).step, "same");
	assert.deepEqual(tenant.words.said.slice(said), []);
}
