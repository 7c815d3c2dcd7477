import { mapConcurrentlyOrThrow } from "../fleet/concurrency.ts";
import { computeFingerprint } from "../keys/fingerprint.ts";
import type { FieldDifference } from "../resource/drift.ts";
import type { InspectResult } from "../resource/inspect.ts";
import type { Consistency } from "../resource/resourceType.ts";
import type { FieldValue } from "../resource/schema.ts";
import { inspect } from "../runtime.ts";
import { toPrintable } from "../text/sanitize.ts";
import { prepareErrorForUser } from "../userErrors.ts";
import { getErrorMessage } from "./command.ts";
import type { ManagedObject, StackState } from "./stackState.ts";
import { createSecretRedactor } from "./stateSecrets.ts";

/** The objects of a stack that drifted. `--format json` prints this object: members may be added, none may be removed. */
export interface DriftReport {
	/** The version of this layout; it is increased if a member is removed or changes its meaning. */
	readonly version: 1;
	/** The stack, if `--stack` names one. */
	readonly stack?: string;
	/** How many objects the stack manages. */
	readonly checked: number;
	/** How many of them were changed, deleted or recreated. */
	readonly drifted: number;
	/** How many of them could not be read. */
	readonly failed: number;
	/** How many encrypted fields could not be compared, because the state was exported without its secrets. */
	readonly withheld: number;
	/** The objects that are not as they were deployed, in the order of their URNs. */
	readonly resources: readonly ReportedResource[];
}

/** How an object differs from its last deployment. */
export type DriftStatus = Exclude<InspectResult["status"], "unchanged"> | "unreadable";

/** An object that is not as it was deployed, or could not be read. */
export interface ReportedResource {
	readonly urn: string;
	/** The resource's type, as state has it: `pulumi-nodejs:dynamic/iothub:DeviceIdentity`. */
	readonly type: string;
	/** The resource's name in the program. */
	readonly name: string;
	/** The object's id. */
	readonly id: string;
	/** The object's name in messages: the id, with the serial number if there is one. */
	readonly label: string;
	readonly status: DriftStatus;
	/** The id of the object that replaced this one after it was deleted. */
	readonly successor?: string;
	/** The declared fields that differ; empty if only the message applies. */
	readonly differences: readonly ReportedDifference[];
	/** The message for people; it may have several lines. */
	readonly message?: string;
}

/** A field that differs. A missing value is null; a secret is a fingerprint. */
export interface ReportedDifference {
	/** Dotted path below the resource's properties. */
	readonly path: string;
	/** The value at the last deployment. */
	readonly last: string | null;
	/** The live value. */
	readonly live: string | null;
	/** The declared value. */
	readonly declared: string | null;
	/** Set on secrets. */
	readonly secret?: true;
}

/** Formats a report as text that ends with a line break. */
export type ReportFormatter = (report: DriftReport, options: ReportFormatOptions) => string;

/** Options of a format. */
export interface ReportFormatOptions {
	/** The file to which results are assigned. */
	readonly sourceFile: string;
}

/** Maximum number of objects that are read at the same time. */
const MAX_CONCURRENT_READS = 16;

/** Inspects all objects of a stack. An object that cannot be read is reported as `unreadable` and does not stop the others. */
export async function createDriftReport(state: StackState, consistency: Consistency): Promise<DriftReport> {
	const { stack, objects } = state;
	const reports = await mapConcurrentlyOrThrow(objects, MAX_CONCURRENT_READS, (object) =>
		reportObject(object, state, consistency),
	);
	const resources = reports
		.filter((resource) => resource !== undefined)
		.sort((a, b) => (a.urn < b.urn ? -1 : 1));
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

/** Reports one object; undefined if it is unchanged. */
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
		const { status, label, differences, successor, message } = await inspectObject(
			object,
			state,
			consistency,
		);
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

async function inspectObject(
	object: ManagedObject,
	{ config }: StackState,
	consistency: Consistency,
): Promise<InspectResult> {
	const { kind, id, values: outputs, encryptedPaths, secretPaths } = object;
	if (kind === undefined)
		throw new TypeError("State does not tell which kind of resource this is: __provider is not ours.");
	const redactIfSecret = (field: FieldValue): FieldValue =>
		overlapsSecret(field.path, secretPaths) ? redactFieldValue(field) : field;
	return inspect(kind, { id, outputs, consistency, encryptedPaths, redact: redactIfSecret }, config);
}

/** Whether the value at a path is a secret, is inside a secret, or contains one. */
function overlapsSecret(path: string, secretPaths: readonly string[]): boolean {
	return secretPaths.some(
		(secretPath) =>
			secretPath === path || path.startsWith(`${secretPath}.`) || secretPath.startsWith(`${path}.`),
	);
}

/** Replaces a value by its fingerprint. Values that the resource type marks as secret are fingerprints already. */
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

/** Converts a field's value; an empty one is null, because the services do not distinguish it from a missing one. */
function toReportedValue(field: FieldValue | undefined): string | null {
	return field === undefined || field.value === "" ? null : field.value;
}
