import type { FieldValue } from "../lifecycle/facets.ts";
import { computeFingerprint } from "../auth/fingerprint.ts";
import { toPrintable } from "../http/printable.ts";
import type { FieldDifference } from "../lifecycle/drift.ts";
import type { InspectResult } from "../lifecycle/inspect.ts";
import type { Consistency } from "../lifecycle/kind.ts";
import { prepareErrorForUser } from "../presentable.ts";
import { inspect } from "../runtime.ts";
import { mapConcurrentlyOrThrow } from "./atMost.ts";
import { getErrorMessage } from "./command.ts";
import type { ManagedObject } from "./deployment.ts";
import type { DriftReport, ReportedDifference, ReportedResource } from "./driftReport.ts";
import { createSecretRedactor } from "./secrets.ts";
import type { StackState } from "./stackState.ts";

/** How many objects are looked at at a time. */
const MAX_CONCURRENT_READS = 16;

/** Looks at all objects of a stack. One that can't be read is reported as such, and the others go on. */
export async function createDriftReport(state: StackState, consistency: Consistency): Promise<DriftReport> {
	const { stack, objects } = state;
	const reports = await mapConcurrentlyOrThrow(MAX_CONCURRENT_READS, objects, (object) => reportObject(object, state, consistency));
	const resources = reports.filter((resource) => resource !== undefined).sort((a, b) => (a.urn < b.urn ? -1 : 1));
	const failed = resources.filter(({ status }) => status === "unreadable").length;
	return {
		version: 1,
		...(stack === undefined ? {} : { stack }),
		checked: objects.length,
		drifted: resources.length - failed,
		failed,
		withheld: objects.reduce((sum, { encryptedPaths }) => sum + encryptedPaths.length, 0),
		resources,
	};
}

/** An object as the report has it; undefined where it is as it was deployed. */
async function reportObject(
	object: ManagedObject,
	state: StackState,
	consistency: Consistency,
): Promise<ReportedResource | undefined> {
	const { urn, type, name, id } = object;
	const redactKnownSecrets = createSecretRedactor([...object.secretTexts, ...state.secrets]);
	const cleanText = (text: string): string => toPrintable(redactKnownSecrets(text));
	const resource = { urn, type, name, id };
	try {
		const { status, label, differences, successor, message } = await inspectObject(object, state, consistency);
		if (status === "unchanged") return undefined;
		return {
			...resource,
			label: cleanText(label),
			status,
			...(successor === undefined ? {} : { successor }),
			differences: differences.map(toReportedDifference),
			...(message === undefined ? {} : { message: cleanText(message) }),
		};
	} catch (error) {
		return {
			...resource,
			label: id || name,
			status: "unreadable",
			differences: [],
			message: cleanText(getErrorMessage(prepareErrorForUser(error))),
		};
	}
}

async function inspectObject(object: ManagedObject, { config }: StackState, consistency: Consistency): Promise<InspectResult> {
	const { kind, id, values: outputs, encryptedPaths, secretPaths } = object;
	if (kind === undefined)
		throw new TypeError("State does not tell which kind of resource this is: __provider is not ours.");
	const redactIfSecret = (field: FieldValue): FieldValue => (overlapsSecret(field.path, secretPaths) ? redactFieldValue(field) : field);
	return inspect(kind, { id, outputs, consistency, encryptedPaths, redact: redactIfSecret }, config);
}

/** Whether the value at a path is a secret, lies in one or has one in it. */
function overlapsSecret(path: string, secretPaths: readonly string[]): boolean {
	return secretPaths.some((secretPath) => secretPath === path || path.startsWith(`${secretPath}.`) || secretPath.startsWith(`${path}.`));
}

/** What a kind itself takes for a secret is a fingerprint already. */
function redactFieldValue(field: FieldValue): FieldValue {
	if (field.secret || field.value === "") return field;
	return { path: field.path, value: computeFingerprint(field.value), secret: true };
}

function toReportedDifference({ path, last, live, declared }: FieldDifference): ReportedDifference {
	const isSecret = [last, live, declared].some((field) => field?.secret);
	return {
		path,
		last: toReportedValue(last),
		live: toReportedValue(live),
		declared: toReportedValue(declared),
		...(isSecret ? { secret: true } : {}),
	};
}

/** To the services an empty value is none. */
function toReportedValue(field: FieldValue | undefined): string | null {
	return field === undefined || field.value === "" ? null : field.value;
}
