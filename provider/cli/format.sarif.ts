import { isAbsolute, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { fingerprint } from "../auth/fingerprint.ts";
import { printableJson } from "../http/printable.ts";
import type { DriftReport, ReportedResource, Status } from "./driftReport.ts";
import { SARIF_RULES } from "./format.sarifRules.ts";
import type { FormatOptions } from "./format.ts";
import { packageVersion } from "./version.ts";
import { told } from "./words.ts";

const RULES = Object.keys(SARIF_RULES) as Status[];

/** The report as SARIF 2.1.0 (OASIS), which code scanning takes. */
export function sarifOf(report: DriftReport, { source }: FormatOptions): string {
	const driver = {
		name: "device-identity",
		semanticVersion: packageVersion(),
		rules: RULES.map((status) => SARIF_RULES[status]),
	};
	const run = {
		tool: { driver },
		// Code scanning keeps the alerts of runs with other ids apart: one stack's upload closes none of another's.
		automationDetails: { id: `device-identity/drift/${report.stack ?? "state"}/` },
		invocations: [{ executionSuccessful: report.failed === 0 }],
		columnKind: "utf16CodeUnits",
		results: report.resources.map((resource) => resultOf(resource, uriOf(source))),
	};
	return `${printableJson({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, "\t")}\n`;
}

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

function resultOf(resource: ReportedResource, uri: string): object {
	const { urn, name, status } = resource;
	const { id, defaultConfiguration } = SARIF_RULES[status];
	const identity = fingerprint(`${id} ${urn}`);
	return {
		ruleId: id,
		ruleIndex: RULES.indexOf(status),
		level: defaultConfiguration.level,
		message: { text: literal(told(resource)) },
		locations: [
			{
				// There is no line in which an object is declared; code scanning shows nothing without one.
				physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
				logicalLocations: [{ name, fullyQualifiedName: urn, kind: "resource" }],
			},
		],
		// All stand in one line; the second name is the one by which code scanning tells them apart.
		partialFingerprints: { "drift/v1": identity, primaryLocationLineHash: `${identity}:1` },
	};
}

/** A text without placeholders and links, which a message may have (SARIF 2.1.0 §3.11.5, §3.11.6). */
function literal(text: string): string {
	return text.replaceAll(/[{}]/g, "$&$&").replaceAll(/\[(?=[^\]]*\]\()/g, "\\[");
}

/** A path as SARIF writes it: relative to the repository, with slashes, characters of other meanings escaped. */
function uriOf(source: string): string {
	if (isAbsolute(source)) return pathToFileURL(source).href;
	return source.split(sep).map(encodeURIComponent).join("/");
}
