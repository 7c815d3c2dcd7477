import { isAbsolute, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { computeFingerprint } from "../keys/fingerprint.ts";
import { formatQuantity } from "../text/quantities.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { readPackageVersion } from "./command.ts";
import type {
	DriftReport,
	DriftSeverity,
	DriftStatus,
	ReportedObject,
	ReportedResource,
	ReportFormatOptions,
} from "./drift.report.ts";
import { formatMemberMessage, formatResourceMessage, SEVERITIES } from "./drift.summary.ts";

/** A rule: a `reportingDescriptor` (SARIF 2.1.0 §3.49). */
export interface SarifRule {
	readonly id: string;
	readonly name: string;
	readonly shortDescription: { readonly text: string };
	readonly fullDescription: { readonly text: string };
	readonly help: { readonly text: string };
	readonly defaultConfiguration: { readonly level: DriftSeverity };
}

/** The rule of each status. The ids must never change, because code scanning identifies alerts by them. */
const SARIF_RULES: Readonly<Record<DriftStatus, SarifRule>> = {
	changed: createSarifRule("changed", {
		name: "DeviceIdentityChanged",
		short: "A declared field was changed outside Pulumi",
		full: "Since the last deployment, somebody changed a field that the program declares, or rotated the keys that state keeps.",
		help: "`pulumi up` writes the declared value back. To keep the change, declare it in the program. If keys were rotated, `pulumi refresh` records the new ones in state.",
	}),
	deleted: createSarifRule("deleted", {
		name: "DeviceIdentityDeleted",
		short: "A managed object was deleted outside Pulumi",
		full: "The service reports that an object of the stack no longer exists.",
		help: "`pulumi up` creates it again. To leave it deleted, remove it from the program and run `pulumi refresh`. If it exists again under another id, declare `adopt: true`.",
	}),
	recreated: createSarifRule("recreated", {
		name: "DeviceIdentityRecreated",
		short: "A managed object was deleted and created again outside Pulumi",
		full: "Somebody deleted an object of the stack and created another one under the same id. Values that the service generates are new.",
		help: "`pulumi up` takes over the new object and updates it to its declaration. Replace the credentials and scopes of the old object wherever they are used.",
	}),
	unreadable: createSarifRule("unreadable", {
		name: "DeviceIdentityUnreadable",
		short: "A managed object could not be read",
		full: "An object could not be read, because of the service or its settings. It is not known whether it drifted.",
		help: "The message gives the cause: a setting, a permission, or the service itself. Fix it and run the report again.",
	}),
};

function createSarifRule(
	status: DriftStatus,
	texts: Readonly<Record<"name" | "short" | "full" | "help", string>>,
): SarifRule {
	return {
		id: `drift/${status}`,
		name: texts.name,
		shortDescription: { text: texts.short },
		fullDescription: { text: texts.full },
		help: { text: texts.help },
		defaultConfiguration: { level: SEVERITIES[status] },
	};
}

const RULE_STATUSES = Object.keys(SARIF_RULES) as DriftStatus[];

/** Maximum number of results that code scanning accepts of one run; it rejects the upload if there are more. */
const MAX_SARIF_RESULTS = 25_000;

/** Formats the report as SARIF 2.1.0 (OASIS), for code scanning: one result for each device or machine. */
export function formatAsSarif(report: DriftReport, { sourceFile }: ReportFormatOptions): string {
	const driver = {
		name: "device-identity",
		semanticVersion: readPackageVersion(),
		rules: RULE_STATUSES.map((status) => SARIF_RULES[status]),
	};
	const objects = report.resources.flatMap(listSarifObjects);
	const shownObjects = objects.slice(0, MAX_SARIF_RESULTS);
	const run = {
		tool: { driver },
		// Code scanning separates runs by id, so the upload of one stack does not close alerts of another.
		automationDetails: { id: `device-identity/drift/${report.stack ?? "state"}/` },
		invocations: [
			{
				executionSuccessful: report.failed === 0,
				...createRemainderNotice(objects.length - shownObjects.length),
			},
		],
		columnKind: "utf16CodeUnits",
		results: shownObjects.map((object) => createSarifResult(object, toSarifUri(sourceFile))),
	};
	return `${toPrintableJson({ $schema: SARIF_SCHEMA_URL, version: "2.1.0", runs: [run] }, "\t")}\n`;
}

function createRemainderNotice(count: number): object {
	if (count === 0) return {};
	const text = `${formatQuantity(count, "more result")} did not fit into this log. Use --format json for all of them.`;
	return { toolExecutionNotifications: [{ level: "warning", message: { text } }] };
}

const SARIF_SCHEMA_URL =
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** What one result is about: a resource, or a member of a fleet. */
interface SarifObject {
	readonly status: DriftStatus;
	readonly message: string;
	/** Where the object is declared. */
	readonly logicalLocation: {
		readonly name: string;
		readonly fullyQualifiedName: string;
		readonly kind: "resource" | "member";
	};
}

function listSarifObjects(resource: ReportedResource): SarifObject[] {
	const { urn, name, status, members } = resource;
	if (members !== undefined) return members.map((member) => toSarifMember(resource, member));
	const logicalLocation = { name, fullyQualifiedName: urn, kind: "resource" } as const;
	return [{ status, message: formatResourceMessage(resource), logicalLocation }];
}

function toSarifMember({ urn, name: fleetName }: ReportedResource, member: ReportedObject): SarifObject {
	const { name, status } = member;
	return {
		status,
		message: formatMemberMessage(member),
		logicalLocation: {
			name: `${fleetName}/${name}`,
			fullyQualifiedName: `${urn}/${name}`,
			kind: "member",
		},
	};
}

function createSarifResult({ status, message, logicalLocation }: SarifObject, uri: string): object {
	const { id, defaultConfiguration } = SARIF_RULES[status];
	const alertFingerprint = computeFingerprint(`${id} ${logicalLocation.fullyQualifiedName}`);
	return {
		ruleId: id,
		ruleIndex: RULE_STATUSES.indexOf(status),
		level: defaultConfiguration.level,
		message: { text: escapeSarifText(message) },
		locations: [
			{
				// The line of the declaration is not known, but code scanning shows no result without a line.
				physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
				logicalLocations: [logicalLocation],
			},
		],
		// All results are on the same line; code scanning distinguishes them by `primaryLocationLineHash`.
		partialFingerprints: { "drift/v1": alertFingerprint, primaryLocationLineHash: `${alertFingerprint}:1` },
	};
}

/** Escapes placeholders and links, which a message may contain (SARIF 2.1.0 §3.11.5, §3.11.6). */
function escapeSarifText(text: string): string {
	return text.replaceAll(/[{}]/g, "$&$&").replaceAll(/\[(?=[^\]]*\]\()/g, "\\[");
}

/** Converts a path to a URI: relative to the repository, with slashes, other characters percent-encoded. */
function toSarifUri(sourceFile: string): string {
	if (isAbsolute(sourceFile)) return pathToFileURL(sourceFile).href;
	return sourceFile.split(sep).map(encodeURIComponent).join("/");
}
