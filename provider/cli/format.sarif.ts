import { isAbsolute, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { computeFingerprint } from "../auth/fingerprint.ts";
import { toPrintableJson } from "../http/printable.ts";
import type { DriftReport, ReportedResource, DriftStatus } from "./driftReport.ts";
import { SARIF_RULES } from "./format.sarifRules.ts";
import type { ReportFormatOptions } from "./format.ts";
import { readPackageVersion } from "./version.ts";
import { formatResourceMessage } from "./words.ts";

const RULE_STATUSES = Object.keys(SARIF_RULES) as DriftStatus[];

/** The report as SARIF 2.1.0 (OASIS), which code scanning takes. */
export function formatAsSarif(report: DriftReport, { sourceFile }: ReportFormatOptions): string {
	const driver = {
		name: "device-identity",
		semanticVersion: readPackageVersion(),
		rules: RULE_STATUSES.map((status) => SARIF_RULES[status]),
	};
	const run = {
		tool: { driver },
		// Code scanning keeps the alerts of runs with other ids apart: one stack's upload closes none of another's.
		automationDetails: { id: `device-identity/drift/${report.stack ?? "state"}/` },
		invocations: [{ executionSuccessful: report.failed === 0 }],
		columnKind: "utf16CodeUnits",
		results: report.resources.map((resource) => createSarifResult(resource, toSarifUri(sourceFile))),
	};
	return `${toPrintableJson({ $schema: SARIF_SCHEMA_URL, version: "2.1.0", runs: [run] }, "\t")}\n`;
}

const SARIF_SCHEMA_URL = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

function createSarifResult(resource: ReportedResource, uri: string): object {
	const { urn, name, status } = resource;
	const { id, defaultConfiguration } = SARIF_RULES[status];
	const alertFingerprint = computeFingerprint(`${id} ${urn}`);
	return {
		ruleId: id,
		ruleIndex: RULE_STATUSES.indexOf(status),
		level: defaultConfiguration.level,
		message: { text: escapeSarifText(formatResourceMessage(resource)) },
		locations: [
			{
				// There is no line in which an object is declared; code scanning shows nothing without one.
				physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
				logicalLocations: [{ name, fullyQualifiedName: urn, kind: "resource" }],
			},
		],
		// All stand in one line; the second name is the one by which code scanning tells them apart.
		partialFingerprints: { "drift/v1": alertFingerprint, primaryLocationLineHash: `${alertFingerprint}:1` },
	};
}

/** A text without placeholders and links, which a message may have (SARIF 2.1.0 §3.11.5, §3.11.6). */
function escapeSarifText(text: string): string {
	return text.replaceAll(/[{}]/g, "$&$&").replaceAll(/\[(?=[^\]]*\]\()/g, "\\[");
}

/** A path as SARIF writes it: relative to the repository, with slashes, characters of other meanings escaped. */
function toSarifUri(sourceFile: string): string {
	if (isAbsolute(sourceFile)) return pathToFileURL(sourceFile).href;
	return sourceFile.split(sep).map(encodeURIComponent).join("/");
}
