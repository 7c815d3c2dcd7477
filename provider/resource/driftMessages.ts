import { isUnknown } from "../values.ts";
import { getDisplayName, type ResourceContext } from "./context.ts";
import type { FieldDifference } from "./drift.ts";
import type { ResourceApi, Target } from "./resourceType.ts";
import type { FieldValue } from "./schema.ts";

const SINCE_DEPLOYMENT = "outside Pulumi since the last deployment";

/** Formats `Gadget a was changed outside Pulumi since the last deployment`, with a line for each difference. */
export function formatChange<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	differences: readonly FieldDifference[],
): string {
	const change = ctx.resourceType.messages.describeChange(differences.map(({ path }) => path));
	return `${getDisplayName(ctx, target)} ${change} ${SINCE_DEPLOYMENT}:\n${formatThreeWayDiff(differences)}`;
}

/** Formats `Gadget a was deleted and created again …`, with a line for each difference. */
export function formatRecreation<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	differences: readonly FieldDifference[] = [],
): string {
	const detail = differences.length === 0 ? "" : `:\n${formatThreeWayDiff(differences)}`;
	const { recreatedNote } = ctx.resourceType.messages;
	return `${getDisplayName(ctx, target)} was deleted and created again ${SINCE_DEPLOYMENT}; ${recreatedNote}${detail}`;
}

/** A message about an object that somebody deleted. */
export interface DeletionReport {
	readonly message: string;
	/** Whether the same device or machine exists again under another id. */
	readonly hasReplacement: boolean;
}

/** Formats `Gadget a was deleted …`. If the service has the same device or machine under another id, adds that id. */
export async function describeDeletion<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	api: Pick<ResourceApi<Inputs>, "findReplacement">,
): Promise<DeletionReport> {
	const replacement = await api.findReplacement?.(target).catch(() => undefined);
	const replacementNote =
		replacement === undefined ? "" : `, and the same one exists again as ${replacement}`;
	const message = `${getDisplayName(ctx, target)} was deleted ${SINCE_DEPLOYMENT}${replacementNote}`;
	return { message, hasReplacement: replacement !== undefined };
}

/** Formats the note of a refresh: `Gadget a had its pin changed …`. */
export function formatNotice<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	notice: string,
): string {
	return `${getDisplayName(ctx, target)} ${notice}`;
}

/** Formats one line for each field: the deployed, the live and the declared value. */
export function formatThreeWayDiff(differences: readonly FieldDifference[]): string {
	return differences.map(formatDifference).join("\n");
}

function formatDifference({ path, last, live, declared }: FieldDifference): string {
	return `    ${path}: ${formatFieldValue(last)} at the last deployment, ${formatFieldValue(live)} now, ${formatFieldValue(declared)} declared`;
}

/** Formats a value for reports; a secret is shown only by its fingerprint. */
function formatFieldValue(fieldValue: FieldValue | undefined): string {
	if (fieldValue === undefined || fieldValue.value === "") return "none";
	if (isUnknown(fieldValue.value)) return "not yet known";
	return fieldValue.secret ? `key ${fieldValue.value}` : JSON.stringify(fieldValue.value);
}
