import type { DriftReport, ReportedResource } from "../../../provider/cli/drift.report.ts";

const TYPE = "pulumi-nodejs:dynamic/iothub:DeviceIdentity";

/** Creates the report of a device that drifted. */
export function createReportedResource(name: string, rest: Partial<ReportedResource> = {}): ReportedResource {
	return {
		urn: `urn:pulumi:dev::fleet::${TYPE}::${name}`,
		type: TYPE,
		name,
		id: name,
		label: name,
		status: "changed",
		differences: [{ path: "status", last: "enabled", live: "disabled", declared: "enabled" }],
		message:
			`DeviceIdentity ${name} was changed outside Pulumi since the last deployment:\n` +
			'    status: "enabled" at the last deployment, "disabled" now, "enabled" declared',
		...rest,
	};
}

/** Creates a report of these resources, with matching counts. */
export function createReport(
	resources: readonly ReportedResource[],
	rest: Partial<DriftReport> = {},
): DriftReport {
	const failed = resources.filter(({ status }) => status === "unreadable").length;
	return {
		version: 1,
		checked: resources.length,
		drifted: resources.length - failed,
		failed,
		withheld: 0,
		resources,
		...rest,
	};
}

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
