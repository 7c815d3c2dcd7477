import { IdleClock } from "../../contract/harness/clocks.ts";
import type { Resource } from "../../contract/harness/resource.ts";
import { createMachineElsewhere } from "../../contract/subject/autopilotIdentity.ts";
import type { Sample, Values } from "../../contract/subject/subject.ts";
import { TenantStage } from "../../contract/subject/tenantStage.ts";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import type { Field, Ground } from "./ground.ts";

const SERIAL = "5CG1234ABC";
const OTHER = "5CG5678DEF";
const USER = "ada@contoso.com";
const TAG = { declared: "Kiosk", changed: "Front desk", foreign: "seized by the auditors" };

/** Duration of an import, in milliseconds. */
const IMPORT = 45_000;

/** Declares two machines that stay as they are, and one whose field the operations change. */
function declareMachines(groupTag: string, serial = SERIAL, own: Values = {}): string {
	const machine = (serialNumber: string, tag: string) => ({
		hardwareIdentifier: generateHardwareHash(serialNumber),
		groupTag: tag,
	});
	return JSON.stringify({
		[serial]: { ...machine(serial, groupTag), ...own },
		"5CG0001": machine("5CG0001", TAG.declared),
		"5CG0002": machine("5CG0002", TAG.declared),
	});
}

const SAMPLE: Sample = {
	label: SERIAL,
	inputs: { machines: declareMachines(TAG.declared) },
	changed: { machines: declareMachines(TAG.changed) },
	moved: { inputs: { machines: declareMachines(TAG.declared, OTHER) }, replaces: [] },
	other: {
		name: "assignedUserPrincipalName",
		value: USER,
		inputs: { machines: declareMachines(TAG.declared, SERIAL, { assignedUserPrincipalName: USER }) },
	},
	ignored: "machines[*].groupTag",
	path: "groupTag",
	values: TAG,
};

/** Creates a ground for a fleet of three machines. Its clock advances only while everything waits. */
export function createMachineFleetGround(): Ground {
	return {
		title: "AutopilotFleet",
		start: async (place) => createField(await TenantStage.start({}, { importDelay: IMPORT }, place), place),
	};
}

function createField(tenant: TenantStage, { network }: Parameters<Ground["start"]>[0]): Field {
	return {
		sample: SAMPLE,
		size: 3,
		labels: [SERIAL, OTHER, "5CG0001", "5CG0002"],
		connect: (options) => {
			const shared = new IdleClock(tenant.control.clock);
			const watched = network && { network: shared.watch(network) };
			return tenant.words.listenTo(tenant.open({ ...options, ...watched, shared }).autopilotFleet);
		},
		clock: { jump: (milliseconds) => tenant.pass(milliseconds), now: () => tenant.control.clock.now() },
		words: tenant.words,
		elsewhere: createMachineElsewhere(tenant, {
			serialNumber: SERIAL,
			groupTag: TAG.declared,
			strategy: "live",
		}),
		listSecrets: () => tenant.listSecrets(),
		otherTenant: tenant.otherTenant,
		listProblems: () => tenant.problems,
		listRemains: () =>
			tenant.listRecords().map(({ id, state }) => `the import record ${id} in state ${state.status}`),
		close: () => tenant.close(),
		findContradictions: (resource) => findContradictions(tenant, resource),
	};
}

/** Compares the members in state with the service. State keeps only the ids that the service assigns. */
function findContradictions({ control }: TenantStage, { known: { outputs } }: Resource): string[] {
	const live = new Map(control.machines.list().map(({ id, serialNumber }) => [serialNumber, id]));
	const members = JSON.parse(String(outputs["__members"])) as Record<string, Values>;
	const kept = new Map(Object.entries(members).map(([serial, { i }]) => [serial, i]));
	return [...new Set([...live.keys(), ...kept.keys()])]
		.filter((serial) => live.get(serial) !== kept.get(serial))
		.map(
			(serial) =>
				`${serial} is ${live.get(serial) ?? "not there"} at the service, and ${String(kept.get(serial) ?? "not there")} in state`,
		);
}
