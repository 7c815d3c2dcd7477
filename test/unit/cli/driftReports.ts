import type { DriftReport, ReportedObject, ReportedResource } from "../../../provider/cli/drift.report.ts";
import { countObjects, NO_OBJECTS, SEVERITIES, sumCounts } from "../../../provider/cli/drift.summary.ts";

const TYPE = "pulumi-nodejs:dynamic/iothub:DeviceIdentity";

/** Creates the report of a device that drifted. */
export function createReportedResource(name: string, rest: Partial<ReportedResource> = {}): ReportedResource {
	const { status = "changed" } = rest;
	return {
		urn: `urn:pulumi:dev::fleet::${TYPE}::${name}`,
		type: TYPE,
		name,
		id: name,
		label: name,
		status,
		severity: SEVERITIES[status],
		differences: [{ path: "status", last: "enabled", live: "disabled", declared: "enabled" }],
		message:
			`DeviceIdentity ${name} was changed outside Pulumi since the last deployment:\n` +
			'    status: "enabled" at the last deployment, "disabled" now, "enabled" declared',
		...rest,
	};
}

/** Creates the report of a fleet's member, which was changed unless `rest` says otherwise. */
export function createReportedMember(name: string, rest: Partial<ReportedObject> = {}): ReportedObject {
	const { status = "changed" } = rest;
	return {
		name,
		label: name,
		status,
		severity: SEVERITIES[status],
		differences:
			status === "changed"
				? [{ path: "status", last: "enabled", live: "disabled", declared: "enabled" }]
				: [],
		message:
			status === "changed"
				? `Device ${name} was changed outside Pulumi since the last deployment:\n    status: "enabled" at …`
				: `Device ${name} was ${status} outside Pulumi since the last deployment`,
		...rest,
	};
}

/** Creates the report of a fleet of devices in a hub, or of machines, with these members among `checked`. */
export function createReportedFleet(
	name: string,
	members: readonly ReportedObject[],
	{ checked = members.length, isMachines = false } = {},
): ReportedResource {
	const type = `pulumi-nodejs:dynamic/${isMachines ? "autopilot:AutopilotFleet" : "iothub:DeviceFleet"}`;
	const id = isMachines ? "autopilot" : "my-hub.azure-devices.net";
	return {
		urn: `urn:pulumi:dev::fleet::${type}::${name}`,
		type,
		name,
		id,
		...(isMachines ? {} : { hubHostName: id }),
		label: id,
		status: members.some(({ status }) => status === "unreadable") ? "unreadable" : "changed",
		severity: members[0]?.severity ?? "warning",
		differences: members.flatMap(({ differences, name: memberName }) =>
			differences.map((difference) => ({ ...difference, path: `${memberName}.${difference.path}` })),
		),
		message: members.map(({ message }) => message).join("\n"),
		counts: countObjects(checked, members),
		members,
	};
}

/** Creates a report of these resources, with matching counts. */
export function createReport(
	resources: readonly ReportedResource[],
	rest: Partial<DriftReport> = {},
): DriftReport {
	const failed = resources.filter(({ status }) => status === "unreadable").length;
	const { checked = resources.length } = rest;
	const counts = { devices: NO_OBJECTS, machines: NO_OBJECTS };
	for (const resource of resources) {
		const kind = resource.type.includes("autopilot") ? "machines" : "devices";
		counts[kind] = sumCounts([counts[kind], resource.counts ?? countObjects(1, [resource])]);
	}
	counts.devices = sumCounts([counts.devices, countObjects(checked - resources.length, [])]);
	return {
		version: 1,
		checked,
		drifted: resources.length - failed,
		failed,
		withheld: 0,
		...counts,
		resources,
		...rest,
	};
}

/** A fleet of devices of which each drifted in another way. */
export const FLEET = createReportedFleet(
	"plant",
	[
		createReportedMember("gw", { status: "deleted", successor: "gw-2" }),
		createReportedMember("tank", { status: "recreated" }),
		createReportedMember("dev-9"),
		createReportedMember("dev-10"),
	],
	{ checked: 2_040 },
);

/** A fleet of machines of which one drifted and one could not be read. */
export const KIOSKS = createReportedFleet(
	"kiosks",
	[
		createReportedMember("5CG-1", {
			label: "5CG-1 (a1)",
			differences: [{ path: "groupTag", last: "Kiosk", live: "Office", declared: "Kiosk" }],
			message:
				"Machine 5CG-1 (a1) was changed outside Pulumi since the last deployment:\n" +
				'    groupTag: "Kiosk" at the last deployment, "Office" now, "Kiosk" declared',
		}),
		createReportedMember("5CG-2", { status: "unreadable", message: "403 Forbidden" }),
	],
	{ checked: 3, isMachines: true },
);

/** A report with an object of each status. */
export const EVERYTHING: DriftReport = createReport(
	[
		createReportedResource("pump"),
		createReportedResource("keys", {
			differences: [{ path: "lock.pin", last: "aa11", live: "bb22", declared: null, secret: true }],
		}),
		createReportedResource("gone", {
			status: "deleted",
			differences: [],
			successor: "gone-2",
			message: "DeviceIdentity gone was deleted outside Pulumi since the last deployment",
		}),
		createReportedResource("again", {
			status: "recreated",
			differences: [],
			message:
				"DeviceIdentity again was deleted and created again outside Pulumi since the last deployment; its keys are new",
		}),
		createReportedResource("dark", {
			status: "unreadable",
			differences: [],
			message: "reading failed: 403 Forbidden",
		}),
	],
	{ stack: "dev", checked: 40, withheld: 1 },
);
