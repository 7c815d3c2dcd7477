import type { FieldDifference } from "./drift.ts";
import type { ResourceApi, Target } from "./kind.ts";
import { type ResourceContext, getDisplayName } from "./life.ts";
import { formatThreeWayDiff } from "./report.ts";

const SINCE_DEPLOYMENT = "outside Pulumi since the last deployment";

/** `Gadget a was changed outside Pulumi since the last deployment`, with a line for each difference. */
export function formatChange<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	differences: readonly FieldDifference[],
): string {
	const change = ctx.resourceType.messages.describeChange(differences.map(({ path }) => path));
	return `${getDisplayName(ctx, target)} ${change} ${SINCE_DEPLOYMENT}:\n${formatThreeWayDiff(differences)}`;
}

/** `Gadget a was deleted and created again …`, with a line for each difference, if there is any. */
export function formatRecreation<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	differences: readonly FieldDifference[] = [],
): string {
	const detail = differences.length === 0 ? "" : `:\n${formatThreeWayDiff(differences)}`;
	const { recreatedNote } = ctx.resourceType.messages;
	return `${getDisplayName(ctx, target)} was deleted and created again ${SINCE_DEPLOYMENT}; ${recreatedNote}${detail}`;
}

/** `Gadget a was deleted …`, and under which id the same thing is there again, where that is so. */
export async function describeDeletion<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	api: Pick<ResourceApi<Inputs>, "findReplacement">,
): Promise<string> {
	const replacement = await api.findReplacement?.(target).catch(() => undefined);
	const replacementNote = replacement === undefined ? "" : `, and the same one is there again as ${replacement}`;
	return `${getDisplayName(ctx, target)} was deleted ${SINCE_DEPLOYMENT}${replacementNote}`;
}

/** Something that a refresh noticed: `Gadget a had its pin changed …`. */
export function formatNotice<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	notice: string,
): string {
	return `${getDisplayName(ctx, target)} ${notice}`;
}
