import { createHash } from "node:crypto";
import {
	type AutopilotSwitches,
	generateHardwareHash,
	type LoggedRequest,
	type MachineView,
} from "../../emulator/emulator.ts";
import { formatEtag } from "../../emulator/graph/etag.ts";
import type { Elsewhere, Sample, Stage, Subject, View } from "./subject.ts";
import { TenantStage } from "./tenantStage.ts";

const SERIAL = "5CG1234ABC";
const HASH = generateHardwareHash(SERIAL);
const TAG = { declared: "Kiosk", changed: "Front desk", foreign: "seized by the auditors" };
const INPUTS = { serialNumber: SERIAL, hardwareIdentifier: HASH, groupTag: TAG.declared };

const OTHER = "5CG5678DEF";
const USER = "ada@contoso.com";

const SAMPLE: Sample = {
	label: SERIAL,
	inputs: INPUTS,
	changed: { ...INPUTS, groupTag: TAG.changed },
	moved: {
		inputs: { ...INPUTS, serialNumber: OTHER, hardwareIdentifier: generateHardwareHash(OTHER) },
		replaces: ["serialNumber", "hardwareIdentifier"],
	},
	other: {
		name: "assignedUserPrincipalName",
		value: USER,
		inputs: { ...INPUTS, assignedUserPrincipalName: USER },
	},
	ignored: "groupTag",
	path: "groupTag",
	values: TAG,
};

const MACHINES = "/v1.0/deviceManagement/windowsAutopilotDeviceIdentities";
const RECORDS = "/v1.0/deviceManagement/importedWindowsAutopilotDeviceIdentities";
const UPLOADS = "/beta/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads";

/** How long an import takes, in milliseconds: less than a minute, after which an operation begins to say how it goes. */
const IMPORT = 45_000;

/** One way to reach Autopilot, and how the service behaves there. */
export interface Approach {
	/** The setting `autopilot:strategy`. */
	readonly strategy: "live" | "upload" | "upload-rooted";
	readonly switches: Partial<Pick<AutopilotSwitches, "profile" | "etags">>;
	readonly costs: Subject["costs"];
	readonly leads: Subject["leads"];
}

/** The requests by which each strategy makes and changes machines. */
const WRITES: Readonly<Record<Approach["strategy"], Pick<Stage["match"], "create" | "update">>> = {
	live: {
		create: { method: "POST", path: `^${RECORDS}$` },
		update: { method: "POST", path: "/updateDeviceProperties$" },
	},
	upload: {
		create: { method: "POST", path: `^${RECORDS}$` },
		update: {
			method: "PATCH",
			path: "^/beta/importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities$",
		},
	},
	"upload-rooted": {
		create: { method: "POST", path: `^${UPLOADS}/[^/]+/deviceIdentities$` },
		update: { method: "PATCH", path: `^${UPLOADS}/[^/]+/deviceIdentities/[^/]+$` },
	},
};

/** Machines of Windows Autopilot by one strategy. */
export function createMachineSubject({ strategy, switches, costs, leads }: Approach): Subject {
	const etags = switches.etags ? ", with etags" : "";
	return {
		title: `AutopilotIdentity by ${strategy}${etags}`,
		traits: {
			ids: "given",
			etags: switches.etags ? "revision" : "content",
			births: "in time",
			refresh: "words",
		},
		costs,
		leads,
		patience: { silence: "1800s", failure: "600s" },
		start: async (place) => {
			const config = { "autopilot:strategy": strategy };
			const behaviour = { ...switches, importDelay: IMPORT };
			return createStage(await TenantStage.start(config, behaviour, place), strategy);
		},
	};
}

function createStage(tenant: TenantStage, strategy: Approach["strategy"]): Stage {
	const seen = trackEtags(tenant);
	const machine = { path: `^${MACHINES}/[^/]+$` };
	const read = {
		method: "GET",
		path: "^/v1\\.0/deviceManagement/(?:importedW|w)indowsAutopilotDeviceIdentities",
	};
	return {
		sample: SAMPLE,
		connect: (options) => tenant.connect(options),
		get clock() {
			return tenant.clock;
		},
		createClock: () => tenant.createClock(),
		words: tenant.words,
		elsewhere: createMachineElsewhere(tenant, { serialNumber: SERIAL, groupTag: TAG.declared, strategy }),
		faults: tenant.control.faults,
		requests: tenant.requests,
		match: { ...WRITES[strategy], read, delete: { ...machine, method: "DELETE" } },
		adoptionRace: { match: { ...machine, method: "GET" }, nth: 3 },
		listConditions: (write) => [
			seen(write),
			...(write.method === "DELETE" && write.ifMatch ? [write.ifMatch] : []),
		],
		listSecrets: () => tenant.listSecrets(),
		otherTenant: tenant.otherTenant,
		listProblems: () => tenant.problems,
		listRemains: () => listRemains(tenant, strategy),
		close: () => tenant.close(),
	};
}

/** Remembers the etag that each read of the machine showed, and says which one was seen last before a write. */
function trackEtags(tenant: TenantStage): (write: LoggedRequest) => string {
	const reads: { readonly number: number; readonly etag: string }[] = [];
	tenant.control.onRequest(({ number, method, path }) => {
		const id = method === "GET" && path.startsWith(`${MACHINES}/`) ? path.slice(MACHINES.length + 1) : "";
		const machine = id === "" ? undefined : tenant.control.machines.get(id);
		if (machine !== undefined) reads.push({ number, etag: computeEtag(tenant, machine) });
	});
	return ({ number }) => reads.filter((read) => read.number < number).at(-1)?.etag ?? "no read came before";
}

/** Somebody at the service, whose doings concern one machine: made, it has this tag, and what the strategy leaves of an import. */
export function createMachineElsewhere(
	tenant: TenantStage,
	{
		serialNumber,
		groupTag: declared,
		strategy,
	}: { serialNumber: string; groupTag: string; strategy: Approach["strategy"] },
): Elsewhere {
	const { machines } = tenant.control;
	const hardwareIdentifier = generateHardwareHash(serialNumber);
	const getMachineId = () => tenant.getMachine(serialNumber).id;
	return {
		getView: () => {
			const [machine] = machines.find(serialNumber);
			return machine && toView(tenant, machine);
		},
		count: () => machines.list().length,
		make: () => {
			const [{ id = "" } = {}] = machines.seed([{ serialNumber, hardwareIdentifier, groupTag: declared }]);
			if (strategy !== "live") machines.leaveImport(id, { upload: strategy === "upload-rooted" });
		},
		change: (groupTag) => machines.change(getMachineId(), { groupTag }),
		changeUndeclared: () => machines.change(getMachineId(), { displayName: "FRONT-1" }),
		rewrite: () => machines.change(getMachineId(), {}),
		simulateActivity: () => machines.contact(getMachineId()),
		remove: () => void machines.remove(getMachineId()),
		recreate: () => machines.recreate(getMachineId()),
	};
}

function toView(tenant: TenantStage, machine: MachineView): View {
	const { id, serialNumber, groupTag, displayName, userPrincipalName, revision } = machine;
	const fields = { serialNumber, groupTag, displayName, assignedUserPrincipalName: userPrincipalName };
	return { id, etag: computeEtag(tenant, machine), uid: id, revision, fields };
}

/**
 * The service's own etag where it sends one, else one of what is written to the machine and shown. State marks the etag of a machine
 * whose user is not shown.
 */
function computeEtag(tenant: TenantStage, machine: MachineView): string {
	const { profile, etags, readUsers } = tenant.control.machines.switches;
	if (profile === "seed" && etags) return formatEtag(machine);
	if (readUsers === "shown" || machine.userPrincipalName === "") return computeContentEtag(machine);
	return `${computeContentEtag({ ...machine, userPrincipalName: "" })}~user-unread`;
}

/** By `live` no import record outlives its operation; by the others each machine may keep one. */
export function listRemains(tenant: TenantStage, strategy: Approach["strategy"]): string[] {
	const records = tenant.listRecords();
	const machines = records.map(({ state }) => state.registrationId).filter((id) => id !== "");
	return records
		.filter(
			({ state: { status, registrationId: id } }) =>
				strategy === "live" || status !== "complete" || machines.indexOf(id) !== machines.lastIndexOf(id),
		)
		.map(({ id, state }) => `the import record ${id}, which is ${state.status}`);
}

/** The etag of a machine whose service sends none: a hash over what is written to it. */
export function computeContentEtag(machine: MachineView): string {
	const { addressableUserName, displayName, groupTag, id, productKey, purchaseOrderIdentifier } = machine;
	const { serialNumber, userPrincipalName } = machine;
	const canonical = JSON.stringify({
		...{ addressableUserName, displayName, groupTag, id, productKey, purchaseOrderIdentifier },
		...{ serialNumber, userPrincipalName: userPrincipalName.toLowerCase() },
	});
	return `W/"sha256-${createHash("sha256").update(canonical).digest("base64url")}"`;
}
