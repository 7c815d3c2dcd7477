import { normalizeHubName } from "../hubName.ts";
import { computeFingerprint } from "../keys/fingerprint.ts";
import type { FieldDifference } from "../resource/drift.ts";
import type { InspectOptions, InspectResult } from "../resource/inspect.ts";
import type { Consistency } from "../resource/resourceType.ts";
import type { FieldValue } from "../resource/schema.ts";
import { inspect, inspectMembers, type MemberInspections } from "../runtime.ts";
import { MEMBERS_OUTPUT } from "../stateKeys.ts";
import { sortByName } from "../text/naturalOrder.ts";
import { listFirst } from "../text/quantities.ts";
import { toPrintable } from "../text/sanitize.ts";
import { prepareErrorForUser } from "../userErrors.ts";
import { CommandError, getErrorMessage } from "./command.ts";
import type { ReportedDifference, ReportedObject, ReportedResource } from "./drift.report.ts";
import { countObjects, formatMemberMessage, formatUnreadableCount, SEVERITIES } from "./drift.summary.ts";
import {
	getObjectConfig,
	isAutopilotType,
	type ManagedObject,
	type StackState,
	TYPE_TOKENS,
} from "./stackState.ts";
import { createSecretRedactor } from "./stateSecrets.ts";

/** Maximum number of members' messages in the message of a fleet. The report lists all members. */
const MAX_JOINED_MESSAGES = 20;

/** An object to inspect, the settings of its stack, and how recent the responses must be. */
interface InspectionContext {
	readonly object: ManagedObject;
	readonly state: StackState;
	readonly consistency: Consistency;
	/** Removes secrets and control characters from a text. */
	readonly cleanText: (text: string) => string;
}

/** Inspects an object of a stack, each member of a fleet by itself. Returns undefined if it is as it was deployed. */
export async function inspectManagedObject(
	object: ManagedObject,
	state: StackState,
	consistency: Consistency,
): Promise<ReportedResource | undefined> {
	const redactKnownSecrets = createSecretRedactor([...object.secretTexts, ...state.secrets]);
	const cleanText = (text: string): string => toPrintable(redactKnownSecrets(text));
	const context = { object, state, consistency, cleanText };
	const { urn, type, name, id, values } = object;
	const hubHostName =
		typeof values["hubHostName"] === "string" ? normalizeHubName(values["hubHostName"]) : undefined;
	const identity = { urn, type, name, id, ...(hubHostName === undefined ? {} : { hubHostName }) };
	try {
		const kind = requireKind(object);
		const members = await inspectFleet(kind, context);
		if (members !== undefined) {
			const fleet = summarizeFleet(members, context);
			return fleet && { ...identity, label: cleanText(id || name), ...fleet };
		}
		const config = getObjectConfig(state, object);
		const result = await inspect(kind, { id, outputs: values, ...createOptions(context) }, config);
		const reported = toReportedObject(name, result, cleanText);
		return reported && { ...identity, ...reported };
	} catch (error) {
		return { ...identity, ...toUnreadableObject(name, id || name, cleanText(describeError(error))) };
	}
}

/** Returns the kind that the stored text names. Throws a CommandError if there is none, or if this release does not know it. */
function requireKind({ kind, type, name }: ManagedObject): keyof typeof TYPE_TOKENS {
	const title = `${type.split(":").at(-1)} "${name}"`;
	if (kind === undefined) {
		throw new CommandError(
			`The state of ${title} does not say how to read it: its property __provider is missing, or pulumi-device-identity ` +
				"did not write it. Run `pulumi up`, which writes the property, and then this command again.",
		);
	}
	if (isKnownKind(kind)) return kind;
	throw new CommandError(
		`The state of ${title} is of the kind "${kind}", which this release of pulumi-device-identity does not know. ` +
			"Install the release that deployed it, or a later one.",
	);
}

function isKnownKind(kind: string): kind is keyof typeof TYPE_TOKENS {
	return Object.hasOwn(TYPE_TOKENS, kind);
}

/** Inspects the members of a fleet; returns undefined if the object is not a fleet, or if the members are encrypted. */
async function inspectFleet(
	kind: string,
	context: InspectionContext,
): Promise<MemberInspections | undefined> {
	const { object, state } = context;
	// The provider's own inspection refuses encrypted members with an error that says what to do.
	if (object.encryptedPaths.includes(MEMBERS_OUTPUT)) return undefined;
	return inspectMembers(
		{ kind, outputs: object.values },
		(memberName) => createOptions(context, `${MEMBERS_OUTPUT}.${memberName}.`),
		getObjectConfig(state, object),
	);
}

/**
 * Returns how to inspect an object.
 *
 * @param prefix the path of the object within the resource's outputs; empty for the resource itself
 */
function createOptions({ object, consistency }: InspectionContext, prefix = ""): InspectOptions {
	// State keeps all machines of a fleet as one secret because of their hashes, which are never compared. Other fields of
	// theirs are shown as in a preview.
	const secretPaths = isAutopilotType(object.type)
		? object.secretPaths.filter((path) => path !== MEMBERS_OUTPUT)
		: object.secretPaths;
	const redact = (field: FieldValue): FieldValue =>
		overlapsSecret(`${prefix}${field.path}`, secretPaths) ? redactFieldValue(field) : field;
	return { consistency, redact, ...(prefix === "" ? { encryptedPaths: object.encryptedPaths } : {}) };
}

/** Summarizes the members of a fleet as one resource; undefined if all are as they were deployed. */
function summarizeFleet(
	{ done, failed }: MemberInspections,
	{ object, cleanText }: InspectionContext,
): Omit<ReportedResource, "urn" | "type" | "id" | "name" | "label"> | undefined {
	const drifted = [...done].map(([name, result]) => toReportedObject(name, result, cleanText));
	const unreadable = [...failed].map(([name, error]) =>
		toUnreadableObject(name, name, cleanText(describeError(error))),
	);
	const members = sortMembers([...drifted.filter((member) => member !== undefined), ...unreadable]);
	const [worst] = members;
	if (worst === undefined) return undefined;
	const counts = countObjects(done.size + failed.size, members);
	return {
		status: unreadable.length > 0 ? "unreadable" : "changed",
		severity: worst.severity,
		differences: members.flatMap(({ name, differences }) =>
			differences.map((difference) => ({ ...difference, path: `${name}.${difference.path}` })),
		),
		message: joinMessages(members, unreadable.length > 0 ? formatUnreadableCount(object, counts) : undefined),
		counts,
		members,
	};
}

/** Sorts the severe members first, and then in natural order of their names, as a plan lists them. */
function sortMembers(members: readonly ReportedObject[]): ReportedObject[] {
	return (["error", "warning"] as const).flatMap((severity) =>
		sortByName(
			members.filter((member) => member.severity === severity),
			({ name }) => name,
		),
	);
}

function joinMessages(members: readonly ReportedObject[], heading: string | undefined): string {
	const lines = listFirst(members, MAX_JOINED_MESSAGES, (member) => formatMemberMessage(member));
	return [...(heading === undefined ? [] : [`${heading}:`]), ...lines].join("\n");
}

function toReportedObject(
	name: string,
	{ status, label, differences, successor, message }: InspectResult,
	cleanText: (text: string) => string,
): ReportedObject | undefined {
	if (status === "unchanged") return undefined;
	return {
		name,
		label: cleanText(label),
		status,
		severity: SEVERITIES[status],
		...(successor === undefined ? {} : { successor }),
		differences: differences.map(toReportedDifference),
		...(message === undefined ? {} : { message: cleanText(message) }),
	};
}

function toUnreadableObject(name: string, label: string, message: string): ReportedObject {
	return {
		name,
		label,
		status: "unreadable",
		severity: SEVERITIES.unreadable,
		differences: [],
		message,
	};
}

function describeError(error: unknown): string {
	return getErrorMessage(prepareErrorForUser(error));
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
